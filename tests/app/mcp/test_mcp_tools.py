"""What each tool gives, what it refuses and how it says so; nothing of another study, nothing without consent."""

import uuid
from typing import Any

import anyio
import pytest
from mcp import Client
from mcp_types import TextContent
from sqlalchemy.orm import sessionmaker
from study_factory import MadeStudy, Person, add_study, people

from app.database import Database, make_engine
from app.mcp.arguments import Artefact
from app.mcp.results import NOTE
from app.mcp.server import make_server
from app.mcp.tools import TOOLS
from app.services import Services
from app.settings import Settings

ORIGIN = "http://127.0.0.1:8321"
OWN, FOREIGN = "zebra", "heron"
LISTED = tuple(set(Artefact) - {Artefact.ANSWER, Artefact.SEGMENT, Artefact.STORY})


def call(services: Services, tool: str, **arguments: Any) -> tuple[bool, Any]:
    """Call a tool in this process: whether it failed, and what it gave or said."""

    async def do() -> tuple[bool, Any]:
        async with Client(make_server(services, ORIGIN)) as client:
            result = await client.call_tool(tool, arguments)
        (text,) = result.content
        assert isinstance(text, TextContent)
        return bool(result.is_error), text.text if result.is_error else result.structured_content

    return anyio.run(do)


def given(services: Services, tool: str, **arguments: Any) -> Any:
    """What a tool gives."""
    failed, result = call(services, tool, **arguments)
    assert not failed, result
    return result


def refused(services: Services, tool: str, **arguments: Any) -> str:
    """What a tool says when it refuses."""
    failed, message = call(services, tool, **arguments)
    assert failed
    return str(message)


def test_quotes_are_cut_out_of_what_was_said(services: Services, study: MadeStudy) -> None:
    """A search gives the words of participants with their place; the note says that they are data."""
    found = given(services, "search_quotes", query="¿Miedo de perder el dinero?", languages=["es"])
    (quote,) = found["quotes"]
    assert quote["quote"] in people()[1].turns[2].text
    assert (quote["participant"], quote["said_at"], quote["untrusted"]) == ("P02", "00:20", True)
    assert quote["url"] == f"{ORIGIN}/interviews/I02?study=acme#u-{quote['utterance']}"
    assert found["note"] == NOTE


def test_quotes_are_listed_in_pages(services: Services, study: MadeStudy) -> None:
    """Without a query everything comes, page by page, nothing twice."""
    seen, cursor = [], None
    while True:
        page = given(services, "search_quotes", limit=1, cursor=cursor)
        seen += [quote["utterance"] for quote in page["quotes"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 4


def test_the_context_of_a_quote_has_roles(services: Services, study: MadeStudy) -> None:
    """Only the participant may be quoted, and the utterance that was asked for is marked."""
    utterance = study.utterances["I02", 2]
    context = given(services, "get_quote_context", utterance=str(utterance), before=2, after=1)
    assert [turn["role"] for turn in context["utterances"]] == [
        "interviewer",
        "interpreter",
        "participant",
        "interpreter",
    ]
    assert [turn["quotable"] for turn in context["utterances"]] == [False, False, True, False]
    assert [turn["utterance"] for turn in context["utterances"] if turn["is_quoted"]] == [str(utterance)]
    nearer = given(services, "get_quote_context", utterance=str(utterance), before=0, after=0)
    assert len(nearer["utterances"]) == 1


def test_without_consent_no_words_are_given(services: Services) -> None:
    """What a participant did not consent to be quoted with is not read either, whoever runs the client."""
    first = people()[0]
    silent = Person(first.code, first.name, "de", first.segment, 1, "A", first.turns, quotes_allowed=False)
    with services.database.sessions.begin() as session:
        made = add_study(session, services.embedder, "acme", (silent, *people()[1:]))
    assert "consent" in refused(services, "get_quote_context", utterance=str(made.utterances["I01", 1]))
    assert given(services, "search_quotes", participants=["P01"])["quotes"] == []


@pytest.mark.parametrize(
    ("arguments", "total", "groups"),
    [
        ({"by": "code"}, (3, 3, 2, 1), [("AX1", 3, 3, 2, 1)]),
        ({"by": "kind"}, (3, 3, 2, 1), [("anxiety", 3, 3, 2, 1)]),
        ({"by": "code", "languages": ["es"]}, (1, 1, 1, 0), [("AX1", 1, 1, 1, 0)]),
        (
            {"by": "segment", "codes": ["AX1"]},
            (3, 3, 2, 1),
            [("careful", 2, 2, 1, 1), ("starter", 1, 1, 1, 0)],
        ),
        (
            {"by": "language"},
            (3, None, None, None),
            [("de", 1, None, None, None), ("en", 1, None, None, None), ("es", 1, None, None, None)],
        ),
        (
            {"by": "class", "kinds": ["trigger"]},
            (3, 0, 0, 0),
            [("A", 2, 0, 0, 0), ("C", 1, 0, 0, 0)],
        ),
        (
            {"by": "band", "segments": ["starter"]},
            (1, None, None, None),
            [("other", 1, None, None, None)],
        ),
    ],
)
def test_people_are_counted(
    services: Services, study: MadeStudy, arguments: dict[str, Any], total: tuple[Any, ...], groups: list[Any]
) -> None:
    """Distinct people: in scope, with whom it came up, who affirm it, who deny it."""
    fields = ("of", "raised_with", "affirmed", "denied")
    counts = given(services, "count_people", **arguments)
    assert tuple(counts["total"][field] for field in fields) == total
    assert [tuple(group[field] for field in ("value", *fields)) for group in counts["groups"]] == groups


def test_repeating_oneself_does_not_count(services: Services) -> None:
    """One person who says it ten times is one person."""
    person = people()[1]
    loud = Person(person.code, person.name, "es", person.segment, 1, "C", person.turns * 10)
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "acme", (loud,))
    counts = given(services, "count_people", by="code")
    assert (counts["total"]["of"], counts["total"]["affirmed"]) == (1, 1)


def test_groups_beyond_the_limit_are_counted(services: Services, study: MadeStudy) -> None:
    """A short list says how many groups it leaves out."""
    counts = given(services, "count_people", by="language", limit=2)
    assert (len(counts["groups"]), counts["left_out"]) == (2, 1)


def test_the_names_of_filters_are_listed(services: Services, study: MadeStudy) -> None:
    """Segments with their people, codes with their labels, by kind and in pages."""
    segments = given(services, "list_segments", study="acme")["segments"]
    assert [(segment["slug"], segment["participants"]) for segment in segments] == [("careful", 2), ("starter", 1)]
    codes = given(services, "read_artefact", artefact="codebook")["content"]
    assert ([code["code"] for code in codes["codes"]], codes["next_cursor"]) == (["AX1"], None)


def test_what_the_research_came_to_is_read(nido: Services) -> None:
    """Every artefact of the sample study, listed and one by one, with links that a client can follow."""
    content = {each: given(nido, "read_artefact", artefact=each, limit=5)["content"] for each in LISTED}
    assert content[Artefact.ECONOMICS]["study"] == "nido"
    assert [len(content[Artefact.INSIGHTS]["insights"]), len(content[Artefact.SOURCES]["sources"])] == [5, 5]
    alone = {"insights": "IN08", "sources": "S01", "segment": "careful", "story": "I07", "codebook": "AX1"}
    for artefact, code in alone.items():
        assert code in str(given(nido, "read_artefact", artefact=artefact, code=code)["content"])
    profile = str(given(nido, "read_artefact", artefact="segment", code="careful")["content"])
    assert profile.count("'url': ") == profile.count(f"'url': '{ORIGIN}/interviews/") > 0


def test_a_customer_is_qualified_while_talking(nido: Services) -> None:
    """By what was said, and what is known; each verdict with what it rests on and what to ask next."""
    facts = {"codes": {"AX1": "affirmed"}, "criteria": {"careful-learning": True}}
    qualified = given(nido, "qualify_customer", facts=facts, answers=[{"text": "Ich habe Angst um mein Geld."}])
    assert {segment["segment"] for segment in qualified["segments"]} >= {"careful"}
    assert qualified["study"] == "nido"


def test_lists_may_be_written_as_models_write_them(services: Services, study: MadeStudy) -> None:
    """A list as JSON text, one value without a list, `null` for what is left out: all are understood."""
    expected = given(services, "search_quotes", languages=["es"])
    for written in ('["es"]', "es"):
        assert given(services, "search_quotes", languages=written, segments=None, cursor=None) == expected


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask_interviews", {}, "question: Field required"),
        ("ask_interviews", {"question": "?!"}, "question: is no question → write a question with words in it"),
        ("ask_interviews", {"question": "Why?", "limit": 51}, "limit: Input should be less than or equal to 50"),
        ("ask_interviews", {"question": "Why?", "segment": "careful"}, "segment: Extra inputs are not permitted"),
        ("ask_interviews", {"question": "Why?", "study": "nido"}, "there is no study 'nido'; known: acme"),
        ("ask_interviews", {"question": "Why?\0"}, "NUL"),
        ("ask_interviews", {"question": "Why?", "segments": ["carful"]}, "did you mean 'careful'?"),
        ("search_quotes", {"query": "x" * 2001}, "query: String should have at most 2000 characters"),
        ("search_quotes", {"query": "why", "cursor": "abc"}, "leave the cursor out"),
        ("search_quotes", {"cursor": "abc"}, "use next_cursor of the page before"),
        ("search_quotes", {"segments": ["x"] * 101}, "segments: Tuple should have at most 100 items"),
        ("get_quote_context", {"utterance": "u1"}, "utterance: Input should be a valid UUID"),
        ("get_quote_context", {"utterance": str(uuid.UUID(int=1))}, "no such utterance"),
        ("count_people", {"by": "age"}, "by: Input should be 'code', 'kind', 'segment'"),
        ("count_people", {"by": "code", "codes": ["AX9"]}, "did you mean 'AX1'?"),
        ("list_segments", {"study": "nobody"}, "there is no such study"),
        ("read_artefact", {"artefact": "moods"}, "artefact: Input should be 'answer', 'codebook'"),
        ("read_artefact", {"artefact": "answer", "code": str(uuid.UUID(int=1))}, "there is no answer"),
        ("read_artefact", {"artefact": "answer", "code": "A1"}, "give the `id` that `ask_interviews` gave"),
        ("read_artefact", {"artefact": "story"}, "name the segment, interview or answer to read"),
        ("read_artefact", {"artefact": "insights", "code": "IN99"}, "there is no such insight in this study"),
        ("qualify_customer", {"answers": [{"text": ""}]}, "answers.0.text: String should have at least 1 character"),
        ("qualify_customer", {"participant": "P99"}, "P99"),
        ("say_hello", {}, "there is no tool 'say_hello'; there are ask_interviews"),
    ],
)
def test_wrong_use_is_told_with_its_remedy(
    services: Services, study: MadeStudy, tool: str, arguments: dict[str, Any], said: str
) -> None:
    """Each wrong value is an error of the tool that a model can correct, with the place and what would do."""
    assert said in refused(services, tool, **arguments)


@pytest.mark.parametrize("tool", sorted(set(TOOLS) - {"list_studies"}))
def test_one_of_several_studies_must_be_named(services: Services, tool: str) -> None:
    """With one study its name may be left out; with two the tool says which there are."""
    least: dict[str, dict[str, Any]] = {
        "ask_interviews": {"question": "Who was afraid?"},
        "count_people": {"by": "code"},
        "get_quote_context": {"utterance": str(uuid.UUID(int=1))},
        "read_artefact": {"artefact": "economics"},
    }
    assert "there is no study yet" in refused(services, tool, **least.get(tool, {}))
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "acme")
        add_study(session, services.embedder, "rival")
    assert "study: is missing → name one of acme, rival" in refused(services, tool, **least.get(tool, {}))


def test_no_tool_shows_another_study(services: Services) -> None:
    """Neither words nor ids of the other study are in what any tool gives, and its utterances do not exist here."""
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "acme", people(OWN), OWN)
        rival = add_study(session, services.embedder, "rival", people(FOREIGN), FOREIGN)
    given_all = [
        given(services, "ask_interviews", study="acme", question="Were people afraid of losing their money?", limit=50),
        given(services, "search_quotes", study="acme", query="heron money", limit=50),
        given(services, "search_quotes", study="acme", limit=50),
        given(services, "count_people", study="acme", by="code"),
        given(services, "count_people", study="acme", by="segment", codes=["AX1"]),
        given(services, "list_segments", study="acme"),
        *(given(services, "read_artefact", study="acme", artefact=artefact) for artefact in LISTED),
        given(services, "read_artefact", study="acme", artefact="segment", code="careful"),
        given(services, "read_artefact", study="acme", artefact="story", code="I01"),
        given(services, "qualify_customer", study="acme", participant="P01"),
    ]
    assert all(OWN in str(result) for result in (*given_all[:4], given_all[5]))
    foreign = {FOREIGN, *map(str, (*rival.utterances.values(), *rival.transcripts.values(), rival.study_id))}
    assert not [word for word in foreign for result in given_all if word in str(result)]
    assert given_all[3]["total"]["of"] == 3
    foreign_answer = given(services, "ask_interviews", study="rival", question="Were people afraid?")["id"]
    assert "has no such answer" in refused(
        services, "read_artefact", study="acme", artefact="answer", code=foreign_answer
    )
    elsewhere = str(rival.utterances["I01", 1])
    assert "no such utterance in this study" in refused(
        services, "get_quote_context", study="acme", utterance=elsewhere
    )


def test_a_database_that_is_away_is_told(services: Services) -> None:
    """The message says to try again, and nothing of where the database is."""
    engine = make_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing", Settings())
    away = Services(services.settings, Database(engine, sessionmaker(engine)), services.embedder, services.blobs)
    message = refused(away, "list_studies")
    assert message == "the database cannot be reached, or is busy: try again in a few seconds"


def test_a_fault_of_ours_tells_nothing_of_the_inside(services: Services) -> None:
    """An unexpected error is for the log; the client learns that there was one."""
    broken = Services(services.settings, None, services.embedder, services.blobs)  # type: ignore[arg-type]
    assert refused(broken, "list_studies").startswith("a fault of Verbatim")
