"""Questions for a whole kind of thing: counted code by code, groups side by side, each with its quotes."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.answering.answer import find_answer
from app.answering.of_kinds import choose_codes
from app.answering.queries import ClaimCount, PeopleCount, read_vocabulary
from app.answering.schemas import Answer, Question
from app.answering.understand import Understanding, understand
from app.services import Services

DIFFER = {
    "en": "Do careful customers and optimisers differ in what they fear?",
    "de": "Unterscheiden sich Vorsichtige und Optimierer darin, wovor sie Angst haben?",
    "es": "¿En qué se diferencian los prudentes y los optimizadores en sus miedos?",
}


def ask(services: Services, question: str, study: str = "nido", **fields: object) -> Answer:
    """Ask without a chat model."""
    return find_answer(Question.model_validate({"question": question, "study": study, **fields}), services)


def understood(services: Services, question: str) -> Understanding:
    """A question to the sample study, understood."""
    with services.database.sessions() as session:
        return understand(Question(question=question, study="nido"), read_vocabulary(session, "nido"))


@pytest.mark.parametrize(
    ("question", "is_of_kinds"),
    [
        *((question, True) for question in DIFFER.values()),
        ("What do our best customers fear?", True),
        ("Haben Einsteiger andere Probleme als Optimierer?", True),
        ("What are the anxieties of careful customers compared to starters?", True),
        ("What made people hesitate?", True),
        ("What made people hesitate before they paid?", True),
        ("Was hat die Leute zögern lassen?", True),
        ("¿Qué les hizo dudar?", True),
        ("Why do customers leave?", True),
        ("Was gefällt den Kunden am besten?", True),
        ("¿De qué se quejan?", True),
        ("Which alternatives did they consider?", True),
        ("What do people like about the tax report?", False),
        ("Was stört Kunden am Steuerdokument?", False),
        ("¿Qué les gusta de la simulación?", False),
        ("What did people fear would happen to their money if the app disappeared?", False),
        ("Welche Angst macht die Steuer in Spanien?", False),
        ("What do they say about Valora?", False),
    ],
)
def test_only_a_kind_is_asked_for(nido: Services, question: str, is_of_kinds: bool) -> None:
    """Where nothing is left of a question but its kind, its groups and how they differ."""
    assert understood(nido, question).is_of_kinds == is_of_kinds


@pytest.mark.parametrize("language", DIFFER)
def test_groups_are_compared_by_people_with_quotes_of_each(nido: Services, language: str) -> None:
    """All of a kind, what differs most first; the counts are those of SQL, and who is quoted says it."""
    answer = ask(nido, DIFFER[language])
    assert answer.comparison is not None
    assert answer.comparison.groups == ("careful", "optimiser")
    rows = {row.code: row.counts for row in answer.comparison.rows}
    for code, counts in rows.items():
        assert counts == counted(nido, code)
    shares = [[Fraction(*pair) for pair in counts.values()] for counts in rows.values()]
    differences = [abs(careful - optimiser) for careful, optimiser in shares]
    assert differences == sorted(differences, reverse=True)
    assert {claim.kind for claim in answer.claims} == {"anxiety"}
    quotes = {quote.n: quote for quote in answer.quotes}
    for claim in answer.claims:
        assert claim.code is not None
        assert all(claim.code in quotes[n].codes for n in claim.citations)
        gave = {name for name, (people, _) in rows[claim.code].items() if people}
        assert {quotes[n].segment for n in claim.citations} == gave
        assert str(rows[claim.code]["careful"][0]) in claim.text


def counted(services: Services, code: str) -> dict[str, tuple[int, int]]:
    """Distinct people of each segment who affirm a code, and all of them, counted another way."""
    with services.database.sessions() as session:
        rows = session.execute(
            text(
                "WITH said AS (SELECT participant_id FROM passage JOIN tagging USING (utterance_id) "
                "JOIN code ON code.id = code_id WHERE code = :code AND polarity = 'affirmed') "
                "SELECT slug, count(*) AS everybody, count(*) FILTER (WHERE participant.id IN (TABLE said)) AS gave "
                "FROM participant JOIN segment ON segment.id = segment_id WHERE slug <> 'starter' GROUP BY slug"
            ),
            {"code": code},
        )
        return {row.slug: (row.gave, row.everybody) for row in rows}


def test_one_group_hears_what_most_of_it_say(nido: Services) -> None:
    """Without groups to compare the codes of the most people come first, each in the words of two of them."""
    answer = ask(nido, "What do careful customers fear?")
    assert answer.comparison is None
    gave = [claim.support.participants for claim in answer.claims]
    assert gave == sorted(gave, reverse=True)
    assert {quote.segment for quote in answer.quotes} == {"careful"}


def test_a_kind_of_which_nobody_speaks_is_searched_like_anything_else(shop: Session, services: Services) -> None:
    """There is nothing to count, and nothing is made up."""
    answer = ask(services, "What are their disappointments?", "shop")
    assert all(claim.kind != "disappointment" for claim in answer.claims)


def test_claims_of_other_questions_are_compared_too(nido: Services) -> None:
    """Two languages in the question: the counts of both stand beside each other."""
    answer = ask(nido, "What did Spanish and German customers fear would happen if the app disappeared?")
    assert answer.comparison is not None
    assert answer.comparison.groups == ("es", "de")


counts = st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=6)


@given(counts, st.booleans())
def test_codes_are_ordered_by_how_far_groups_are_apart(gave: dict[str, tuple[int, int]], is_compared: bool) -> None:
    """What nobody says is left out; of equal differences what more people say comes first; the order is one."""
    people = PeopleCount(10, {"x": 5, "y": 5}, {"de": 10})
    made = {
        code: ClaimCount(PeopleCount(x + y, {"x": x, "y": y}, {"de": x + y}), x + y) for code, (x, y) in gave.items()
    }
    chosen = choose_codes(made, people, ("x", "y") if is_compared else ())
    assert set(chosen) == {code for code, pair in gave.items() if sum(pair)}
    keys = [((-abs(gave[code][0] - gave[code][1]) if is_compared else 0), -sum(gave[code]), code) for code in chosen]
    assert keys == sorted(keys)
