"""Projects come in with the very words that were coded, and what cannot be taken over is told."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from codebook_factory import MODEL, add_model_tagging, stored_taggings
from refi_factory import archive, code, project, selection, source
from sqlalchemy import delete, func, select, update
from study_factory import MadeStudy, Person, Turn, add_study, people

from app.errors import InvalidInputError
from app.models import Code, Tagging
from app.research.codebook.codes import create_code
from app.research.codebook.schemas import NewCode
from app.research.codebook.tagging_schemas import NewTagging
from app.research.codebook.taggings import add_tagging
from app.research.exchange.archive import open_archive
from app.research.exchange.codes_in import Importing
from app.research.exchange.documents import PROJECT, read_document
from app.research.exchange.exports import export_project
from app.research.exchange.project_in import import_project
from app.research.exchange.schemas import ProjectImport
from app.services import Services
from app.vocabulary import Kind, Polarity

BY = Importing("tina")
KATRIN = "\n".join(f"{turn.speaker}: {turn.text}" for turn in people()[0].turns)
FEAR = "Ich hatte Angst"
RATE = "die erste Rate"
CODES = code("AX1") + code("Saving", description="x\n---\nkind: aha")


def bring(services: Services, *selections: str, text: str = KATRIN, origin: str = "NVivo") -> ProjectImport:
    """Import a project with one text that has these selections."""
    document = project(CODES, source("Katrin", *selections, path="internal://k.txt"), ("ben",), origin)
    return import_project(services, "acme", archive(document, {"Sources/k.txt": text.encode()}), BY)


def of(words: str, text: str = KATRIN) -> tuple[int, int]:
    """Where words stand in a text."""
    return text.index(words), text.index(words) + len(words)


def made(services: Services) -> list[tuple[str, str, str, str]]:
    """Words, code, polarity and author of what the study did not have before."""
    with services.database.sessions() as session:
        return [tagging[:4] for tagging in stored_taggings(session) if tagging[3] in {"tina", "ben"}]


def reason(services: Services, *selections: str) -> str:
    """Why the only coding is not taken over."""
    told = bring(services, *selections)
    assert (told.added, len(told.unplaced)) == (0, 1)
    return told.unplaced[0].reason


@pytest.mark.usefixtures("study")
def test_codings_come_in_as_taggings_of_who_made_them(services: Services) -> None:
    """One without a user is of who imports."""
    told = bring(services, selection(*of(FEAR), "AX1", user="ben"), selection(*of(RATE), "Saving"))
    assert made(services) == [(FEAR, "AX1", "affirmed", "ben"), (RATE, "Saving", "affirmed", "tina")]
    assert (told.added, told.known, told.coders, told.unplaced) == (2, 0, ("ben", "tina"), ())
    assert (told.sources[0].interview, told.sources[0].in_file) == ("I01", True)
    again = bring(services, selection(*of(FEAR), "AX1", user="ben"), selection(*of(RATE), "Saving"))
    assert (again.added, again.known, [each.outcome for each in again.codes]) == (0, 2, ["known", "known"])


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize(("origin", "width"), [("ATLAS.ti Windows", 1), ("NVivo", 2)])
def test_line_ends_count_as_the_program_counts_them(services: Services, origin: str, width: int) -> None:
    """ATLAS.ti counts CR LF as one, others as two."""
    text = KATRIN.replace("\n", "\r\n")
    start = of(RATE)[0] + KATRIN[: of(RATE)[0]].count("\n") * (width - 1)
    bring(services, selection(start, start + len(RATE), "AX1"), text=text, origin=origin)
    assert made(services) == [(RATE, "AX1", "affirmed", "tina")]


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize("width", [1, 2])
def test_emoji_count_as_one_or_two(services: Services, width: int) -> None:
    """UTF-16 counts them twice; the words decide."""
    text = f"🎙🎙🎙 Gespräch 🎙\n{KATRIN}"
    start = of(RATE, text)[0] + 4 * (width - 1)
    told = bring(services, selection(start, start + len(RATE), "AX1", name=RATE), text=text)
    assert made(services) == [(RATE, "AX1", "affirmed", "tina")]
    assert told.sources[0].counting == f"{'UTF-16 units' if width == 2 else 'code points'}, CR LF as two"


@pytest.mark.usefixtures("study")
def test_a_text_may_be_in_the_document(services: Services) -> None:
    """In place of a file beside it; XML has line ends as LF."""
    inside = source("Katrin", selection(*of(FEAR), "AX1"), content=KATRIN)
    import_project(services, "acme", archive(project(CODES, inside)), BY)
    assert made(services) == [(FEAR, "AX1", "affirmed", "tina")]


@pytest.mark.usefixtures("study")
def test_a_text_may_be_the_words_of_a_document(services: Services) -> None:
    """Of a page as PDF, with a representation in words."""
    words = f'<Representation guid="{"0" * 8}-0000-0000-0000-{"0" * 12}" plainTextPath="internal://k.txt">'
    inside = f"{words}{selection(*of(FEAR), 'AX1')}</Representation>"
    page = source("Katrin", inside, path="").replace("TextSource", "PDFSource")
    data = archive(project(CODES, page), {"sources/K.txt": KATRIN.encode()})
    assert import_project(services, "acme", data, BY).added == 1
    assert made(services) == [(FEAR, "AX1", "affirmed", "tina")]


@pytest.mark.usefixtures("study")
def test_a_selection_over_turns_is_a_tagging_on_each(services: Services) -> None:
    """Without what the interviewer says between them."""
    told = bring(services, selection(of("Meine Bank")[0], of(RATE)[1], "AX1"))
    assert (told.added, told.spread) == (2, 1)
    assert made(services) == [
        ("Als ich die erste Rate", "AX1", "affirmed", "tina"),
        ("Meine Bank kenne ich ja.", "AX1", "affirmed", "tina"),
    ]


@pytest.mark.usefixtures("study")
def test_words_are_found_that_only_one_says(services: Services) -> None:
    """In a text that is no transcript, such as somebody's notes."""
    notes = "Aus den Notizen: wenn die App verschwindet, und so weiter."
    told = bring(services, selection(*of("die App verschwindet", notes), "AX1"), text=notes)
    assert (told.sources[0].interview, made(services)[0][0]) == (None, "die App verschwindet")


@pytest.mark.usefixtures("study")
def test_words_that_a_selection_is_called_by_are_enough(services: Services) -> None:
    """Where the text itself is not in the file, and they are whole."""
    gone = source("Katrin", selection(7, 7 + len(RATE), "AX1", name=RATE), path="relative:///gone.txt")
    told = import_project(services, "acme", archive(project(CODES, gone)), BY)
    assert (told.added, told.sources[0].in_file, made(services)[0][0]) == (1, False, RATE)


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        (10, 10, "it selects no words"),
        (20, 10, "it ends before it begins"),
        (0, 100_000, "it lies outside of its text"),
        (*of("Was hat Sie"), "no participant who may be quoted says that"),
        (*of("Anna"), "no published participant says that"),
    ],
)
def test_odd_selections_are_told(services: Services, start: int, end: int, why: str) -> None:
    """Empty, reversed, outside, the interviewer's words, and who speaks."""
    assert reason(services, selection(start, end, "AX1")) == why
    assert made(services) == []


@pytest.mark.usefixtures("study")
def test_a_coding_needs_a_code_of_the_file(services: Services) -> None:
    """A reference that leads nowhere is told with its line and its words."""
    told = bring(services, selection(*of(FEAR), "Nowhere")).unplaced[0]
    assert (told.reason, told.words, told.source) == ("there is no such code in the file", FEAR, "Katrin")
    assert told.place == "project.qde:8"


@pytest.mark.usefixtures("study")
def test_what_has_no_words_is_told(services: Services) -> None:
    """The coding of a whole document; texts that are missing; areas of pages; and what else a project has."""
    whole = selection(0, 1, "AX1").partition("<Coding")[2].partition("</PlainTextSelection>")[0]
    missing = source("Gone", selection(0, 9, "AX1"), path="internal://gone.txt")
    corners = 'page="1" firstX="1" firstY="1" secondX="2" secondY="2"'
    area = f'<PDFSelection guid="{"1" * 8}-1111-1111-1111-{"1" * 12}" {corners}>'
    page = source("Page", f"{area}<Coding{whole}</PDFSelection>").replace("TextSource", "PDFSource")
    note = f'<Notes><Note guid="{"2" * 8}-2222-2222-2222-{"2" * 12}" name="memo"/></Notes>'
    document = project(CODES, missing + source("Whole", f"<Coding{whole}", content="x") + page, more=note)
    told = import_project(services, "acme", archive(document), BY)
    assert {each.source: each.reason for each in told.unplaced} == {
        "Gone": "its text is not in the file",
        "Whole": "it codes a whole document",
        "Page": "it selects an area of a page",
    }
    assert told.left_out == {"notes": 1}


@pytest.mark.usefixtures("study")
def test_codings_with_a_group_are_told(services: Services) -> None:
    """A code that only groups others is none here."""
    inside = source("Katrin", selection(*of(FEAR), "Topics"), content=KATRIN)
    told = import_project(services, "acme", archive(project(code("Topics", codable=False), inside)), BY)
    assert [each.reason for each in told.unplaced] == ["its code only groups others"]


def test_a_real_project_is_looked_at(services: Services, study: MadeStudy) -> None:
    """The standard project of ATLAS.ti: its texts are not in the file, and a dry run tells all and changes nothing."""
    data = Path("tests/conformance/refi_skyloom/TestProject.qdpx").read_bytes()
    told = import_project(services, "acme", data, replace(BY, dry_run=True))
    assert told.origin.startswith("ATLAS.ti")
    assert (told.added, told.dry_run, len(told.sources)) == (0, True, 11)
    assert len(told.unplaced) + told.more_unplaced > 0
    assert {each.outcome for each in told.codes} <= {"created", "group"}
    with services.database.sessions() as session:
        assert session.scalar(select(func.count()).where(Code.study_id == study.study_id)) == 1


@pytest.mark.usefixtures("study")
def test_a_wrong_document_changes_nothing(services: Services) -> None:
    """Each fault has its line."""
    document = project(CODES, source("Katrin", selection(*of(FEAR), "AX1"))).replace(
        b'endPosition="', b'endPosition="x'
    )
    with pytest.raises(InvalidInputError) as error:
        import_project(services, "acme", archive(document), BY)
    assert error.value.faults[0].place == "project.qde:7"
    assert made(services) == []


def coded(services: Services, study: MadeStudy) -> None:
    """Let a person deny and affirm, and a model suggest."""
    with services.database.sessions.begin() as session:
        new = NewCode(code="H1", kind=Kind.HABIT, labels={"en": "Saves", "de": "Spart"}, about="a\nb", examples=("x",))
        create_code(session, "acme", new, "tina", services.embedder)
        place = study.utterances["I01", 3]
        add_tagging(session, "acme", NewTagging(code="H1", utterance=place, quote=RATE), "tina")
        denied = NewTagging(code="H1", utterance=place, quote="automatisch", polarity=Polarity.DENIED)
        add_tagging(session, "acme", denied, "Ben & Söhne 🙂")
        add_model_tagging(session, study, ("I01", 1), "H1", 0.123456789)


@pytest.mark.parametrize("with_models", [False, True])
def test_what_was_exported_is_known(services: Services, study: MadeStudy, with_models: bool) -> None:
    """An export that comes in again changes nothing."""
    coded(services, study)
    with services.database.sessions() as session:
        before = stored_taggings(session)
        data = export_project(session, "acme", with_models=with_models)
    told = import_project(services, "acme", data, BY)
    with services.database.sessions() as session:
        assert stored_taggings(session) == before
    assert (told.added, told.known) == (0, len(before) - (not with_models))
    assert {each.outcome for each in told.codes} == {"known"}
    assert told.unplaced == ()


def test_another_study_gets_the_same(services: Services, study: MadeStudy) -> None:
    """With the same transcripts, it has identical taggings and codes after an export and an import."""
    coded(services, study)
    with services.database.sessions.begin() as session:
        session.execute(update(Code).where(Code.code == "AX1").values(labels={"en": "Fear"}))
        before = stored_taggings(session)
        data = export_project(session, "acme", with_models=True)
        plain = tuple(replace(each, turns=untagged(each)) for each in people())
        other = add_study(session, services.embedder, "other", plain)
        session.execute(delete(Code).where(Code.study_id == other.study_id))
    told = import_project(services, "other", data, BY)
    with services.database.sessions() as session:
        assert stored_taggings(session, "other") == before
        assert codes(session, study) == codes(session, other)
        assert session.scalar(select(func.count()).where(Tagging.author == MODEL)) == 2
    assert told.unplaced == ()


def untagged(person: Person) -> tuple[Turn, ...]:
    """What a person says, with no code on it."""
    return tuple(replace(turn, tagged=None) for turn in person.turns)


def codes(session: Any, study: MadeStudy) -> list[tuple[Any, ...]]:
    """All that is stored of the codes of a study."""
    found = session.scalars(select(Code).where(Code.study_id == study.study_id).order_by(Code.code))
    return [(each.code, each.kind, each.labels, each.about, each.examples) for each in found]


def test_an_export_has_what_may_be_quoted(services: Services, study: MadeStudy) -> None:
    """Transcripts as text in which the selected positions are the quotes; nobody's who forbids quotes."""
    coded(services, study)
    silent = (replace(people()[0], quotes_allowed=False), *people()[1:])
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "silent", silent)
        data = export_project(session, "acme")
        kept = export_project(session, "silent")
    with open_archive(data) as opened:
        root = read_document(opened.read_document(), opened.document, PROJECT)
        for node in root.iter(PROJECT.tag("TextSource")):
            text = (opened.read_source(node.get("plainTextPath")) or b"").decode()
            for each in node.iter(PROJECT.tag("PlainTextSelection")):
                words = text[int(each.get("startPosition")) : int(each.get("endPosition"))]
                assert " ".join(words.split()).startswith(each.get("name").removesuffix("…"))
    with open_archive(kept) as opened:
        root = read_document(opened.read_document(), opened.document, PROJECT)
        assert [node.get("name") for node in root.iter(PROJECT.tag("TextSource"))] == ["I02", "I03"]
        assert not any(b"Angst" in (opened.read_source(f"internal://{name}") or b"") for name in opened.entries)


def test_no_other_study_is_in_an_export(services: Services, study: MadeStudy) -> None:
    """Its words, codes and people."""
    coded(services, study)
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "other", marker="zebra")
        data = export_project(session, "acme", with_models=True)
    with open_archive(data) as opened:
        parts = [opened.read_document(), *(opened.archive.read(entry) for entry in opened.entries.values())]
    assert not any(b"zebra" in part for part in parts)
