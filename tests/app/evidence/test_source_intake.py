"""Documents come into a study once, as versions of sources, and questions see what is newest."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from narrow_embedder import write_narrow_embedder
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from study_factory import MadeStudy, add_study

from app.documents.refusal import DocumentError
from app.embedding import load_embedder
from app.errors import InvalidInputError
from app.evidence.sources.arrivals import Arrival
from app.evidence.sources.facts import SourceFacts, StudyFacts, competitor_of, named_in
from app.evidence.sources.intake import Taken, add_document, add_version
from app.index import MixedIndexError
from app.models import Source, SourceChunk, SourceVersion, Study
from app.services import Services
from app.vocabulary import SourceKind

OTHER = SourceFacts(SourceKind.OTHER)
PRICES = "# Preise\n\nEine Order kostet einen Euro. Das Depot kostet nichts."


def arrival(
    words: str = PRICES, name: str = "preise.md", date: date | None = None, *, is_fetched: bool = False
) -> Arrival:
    """A document with these words."""
    return Arrival(name, words.encode(), date, is_fetched)


def test_a_document_is_stored_whole(services: Services, study: MadeStudy) -> None:
    """Bytes, text, who read it, language; and chunks that are stretches of the text, each with a vector."""
    taken = add_document(services, study.study_id, OTHER, arrival(date=date(2026, 1, 12)))
    assert taken == Taken("S01", 1, "added")
    with services.database.sessions() as session:
        source = session.scalars(select(Source)).one()
        version = session.scalars(select(SourceVersion)).one()
        chunks = session.scalars(select(SourceChunk).order_by(SourceChunk.index)).all()
        assert (source.title, source.kind, source.version_id, source.problem) == ("Preise", "other", version.id, None)
        assert (version.content, version.text, version.language) == (PRICES.encode(), PRICES, "de")
        assert (version.extractor, version.media_type, version.size_bytes) == (
            "verbatim-text/1",
            "text/markdown",
            len(PRICES.encode()),
        )
        assert version.date == date(2026, 1, 12)
        assert [version.text[chunk.start : chunk.end] for chunk in chunks] == [chunk.text for chunk in chunks]
        assert (chunks[0].heading, chunks[0].language, len(chunks[0].embedding)) == ("Preise", "de", 256)


def test_the_same_bytes_are_stored_once(services: Services, study: MadeStudy) -> None:
    """Under any name and title; only when they were seen last is renewed."""
    add_document(services, study.study_id, OTHER, arrival())
    with services.database.sessions.begin() as session:
        session.execute(text("UPDATE source_version SET seen_at = '2020-01-01'"))
    again = add_document(services, study.study_id, replace(OTHER, title="Anders"), arrival(name="other.md"))
    assert again == Taken("S01", 1, "unchanged")
    with services.database.sessions() as session:
        assert session.scalar(select(func.count()).select_from(SourceChunk)) == 1
        assert session.scalars(select(SourceVersion.seen_at)).one().year > 2020


def test_other_bytes_from_the_same_address_are_the_next_version(services: Services, study: MadeStudy) -> None:
    """What questions see changes, what the page said before stays."""
    facts = replace(OTHER, url="https://valora.example/preise")
    add_document(services, study.study_id, facts, arrival())
    assert add_document(services, study.study_id, facts, arrival("Nun zwei Euro je Order.")) == Taken(
        "S01", 2, "changed"
    )
    with services.database.sessions() as session:
        versions = session.scalars(select(SourceVersion).order_by(SourceVersion.version)).all()
        assert [version.text for version in versions] == [PRICES, "Nun zwei Euro je Order."]
        assert session.scalars(select(Source.version_id)).one() == versions[1].id


@pytest.mark.parametrize(
    ("dates", "current"),
    [
        ([None, None], 2),
        ([date(2026, 1, 1), date(2026, 6, 1)], 2),
        ([date(2026, 6, 1), date(2026, 1, 1)], 1),
        ([date(2026, 6, 1), None], 2),
        ([None, date(2026, 1, 1)], 2),
    ],
)
def test_questions_see_the_version_of_the_latest_date(
    services: Services, study: MadeStudy, dates: list[date | None], current: int
) -> None:
    """An older snapshot that comes later is kept, and not what is seen; without a date it counts as new."""
    add_document(services, study.study_id, OTHER, arrival("Fassung eins.", date=dates[0]))
    add_version(services, study.study_id, "S01", arrival("Fassung zwei.", date=dates[1]))
    assert seen(services) == current


def test_a_page_that_went_back_is_seen_as_it_was(services: Services, study: MadeStudy) -> None:
    """Fetched again with its first bytes: no third version, and the first is seen; an undated file changes nothing."""
    for words, day in (("Eins.", 1), ("Zwei.", 2), ("Eins.", 3)):
        fetched = arrival(words, date=date(2026, 1, day), is_fetched=True)
        add_document(services, study.study_id, replace(OTHER, url="https://a.example/"), fetched)
    assert seen(services) == 1
    assert add_version(services, study.study_id, "S01", arrival("Zwei.")) == Taken("S01", 2, "unchanged")
    assert seen(services) == 1


def test_a_fetched_page_whose_words_are_the_same_is_no_new_version(services: Services, study: MadeStudy) -> None:
    """Pages change in their markup with every visit; a file with other bytes is another version all the same."""
    words = "<html><body><p>Eine Order kostet einen Euro, und das Depot kostet nichts.</p>{}</body></html>"
    facts = replace(OTHER, url="https://a.example/")
    add_document(services, study.study_id, facts, arrival(words.format("<!-- 1 -->"), is_fetched=True))
    again = arrival(words.format("<!-- 2 -->"), is_fetched=True)
    assert add_document(services, study.study_id, facts, again) == Taken("S01", 1, "unchanged")
    assert add_version(services, study.study_id, "S01", replace(again, is_fetched=False)) == Taken("S01", 2, "changed")


def test_what_cannot_be_read_is_not_stored(services: Services, study: MadeStudy) -> None:
    """A new one leaves nothing; a known source keeps the reason, until it can be read again."""
    with pytest.raises(DocumentError, match="rich text"):
        add_document(services, study.study_id, OTHER, arrival("{\\rtf1 words"))
    add_document(services, study.study_id, OTHER, arrival())
    with pytest.raises(DocumentError):
        add_version(services, study.study_id, "S01", arrival("{\\rtf1 words"))
    assert problems(services) == ["a rich text document → save it as PDF, Word (.docx), HTML, Markdown or text"]
    add_version(services, study.study_id, "S01", arrival())
    assert problems(services) == [None]


def test_vectors_of_another_embedder_are_not_mixed_in(services: Services, study: MadeStudy, tmp_path: Path) -> None:
    """Who has another embedder configured than the stored vectors are of stores nothing."""
    other = replace(services, embedder=load_embedder(str(write_narrow_embedder(tmp_path / "narrow"))))
    with pytest.raises(MixedIndexError, match="verbatim reembed"):
        add_document(other, study.study_id, OTHER, arrival())
    assert problems(services) == []


def test_studies_have_sources_of_their_own(services: Services, study: MadeStudy) -> None:
    """The same document under the same address is another source in another study."""
    with services.database.sessions.begin() as session:
        rival = add_study(session, services.embedder, "rival")
    facts = replace(OTHER, url="https://a.example/")
    for owner in (study, rival):
        assert add_document(services, owner.study_id, facts, arrival()) == Taken("S01", 1, "added")


COMPETITORS = StudyFacts(Study().id, ("de",), ("Valora", "Kapitalo"))


@pytest.mark.parametrize(
    ("facts", "competitor"),
    [
        (SourceFacts(SourceKind.COMPETITOR, "Valora: Preise"), "Valora"),
        (SourceFacts(SourceKind.COMPETITOR, "Preise", url="https://www.kapitalo.example/x"), "Kapitalo"),
        (SourceFacts(SourceKind.COMPETITOR, "Valora or Kapitalo?"), None),
        (SourceFacts(SourceKind.COMPETITOR, "Valorant"), None),
        (SourceFacts(SourceKind.ARTICLE, "Valora: Preise"), None),
        (SourceFacts(SourceKind.ARTICLE, "Preise", competitor="valora"), "Valora"),
    ],
)
def test_whom_a_source_is_about(facts: SourceFacts, competitor: str | None) -> None:
    """Whom somebody says, else the one competitor that title or address of a competitor's page name."""
    assert competitor_of(COMPETITORS, facts) == competitor


def test_a_competitor_that_the_study_does_not_know_is_refused() -> None:
    """With those that it knows; a study that knows none takes any."""
    stranger = SourceFacts(SourceKind.COMPETITOR, competitor="Valara")
    with pytest.raises(InvalidInputError) as refused:
        competitor_of(COMPETITORS, stranger)
    assert refused.value.faults[0].remedy.startswith("one of Valora, Kapitalo")
    assert competitor_of(replace(COMPETITORS, competitors=()), stranger) == "Valara"


@pytest.mark.parametrize(
    ("words", "named"),
    [("What does valora charge?", ("Valora",)), ("Valoras Preise, Kapitalo's bonus", ("Valora", "Kapitalo")), ("", ())],
)
def test_competitors_are_named_as_whole_words(words: str, named: tuple[str, ...]) -> None:
    """Also in small letters and in the genitive."""
    assert named_in(words, COMPETITORS.competitors) == named


def seen(services: Services) -> int:
    """The version that questions see."""
    with services.database.sessions() as session:
        current = select(SourceVersion.version).join(Source, Source.version_id == SourceVersion.id)
        return session.scalars(current).one()


def problems(services: Services) -> list[str | None]:
    """The problem of each source."""
    with services.database.sessions() as session:
        return list(session.scalars(select(Source.problem).order_by(Source.code)))


@pytest.mark.parametrize(
    "change", ["source_version SET text = 'x'", "source_version SET content = ''", "source_chunk SET text = 'x'"]
)
def test_what_a_document_said_never_changes(services: Services, study: MadeStudy, change: str) -> None:
    """The database refuses it, whoever tries."""
    add_document(services, study.study_id, OTHER, arrival())
    with services.database.sessions() as session, pytest.raises(DBAPIError, match="never changes"):
        session.execute(text(f"UPDATE {change}"))
