"""Sources and insights of a study folder: stored once, brought up to date, each failing by itself alone."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, text

from app.answering.answer import answer_question
from app.answering.schemas import Question
from app.evidence.insights.balances import all_insights
from app.evidence.insights.places import NOBODY
from app.evidence.sources.arrivals import Arrival
from app.evidence.sources.facts import SourceFacts
from app.evidence.sources.intake import add_document
from app.library.counts import count_people_by
from app.models import Insight, InsightEvidence, Interview, Source, SourceChunk, SourceVersion, Study, Utterance
from app.research.saturation.read import Wanted, read_saturation
from app.scope import Filters
from app.services import Services
from app.vocabulary import SourceKind
from ingest.pipeline import IngestReport, ingest_study
from ingest.status import study_status

MANIFEST = """\
study: shop
languages: [de, es]
competitors: [Valora]
team:
  - {id: anna, name: Anna Brandt, role: researcher}
participants:
  - {id: P01, language: de}
interviews:
  - {id: I01, participant: P01, files: [P01.txt]}
sources:
  - {file: june.md, kind: competitor, title: "Valora: Preise", url: "https://valora.example/", date: 2026-06-01}
  - {file: notes.md, kind: article, title: Notes}
  - {file: january.md, kind: competitor, title: "Valora: Preise", url: "https://valora.example/", date: 2026-01-01}
insights: insights.csv
"""
TALK = "Anna: Was war der Anlass?\nP01: Die Bank wollte Gebühren. Da war ich sauer.\nAnna: Wirklich?\nP01: Ja.\n"
INSIGHTS = """\
id,author,date,segment,statement,evidence
IN1,anna,2026-04-01,,Fees start the search.,Die Bank wollte Gebühren. | Da war ich sauer.
IN2,anna,,,Anna asks.,Was war der Anlass? | Das sagt niemand.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A study folder with one interview, a page at two times, notes, and two insights."""
    files = {
        "study.yaml": MANIFEST,
        "P01.txt": TALK,
        "insights.csv": INSIGHTS,
        "january.md": "Eine Order kostet einen Euro.",
        "june.md": "Eine Order kostet zwei Euro.",
        "notes.md": "# Notes\n\nPeople save on the first of the month.",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def run(folder: Path, services: Services) -> IngestReport:
    """Ingest without showing progress."""
    return ingest_study(folder, services, lambda *_: None)


def losses(services: Services) -> dict[str, tuple[str, ...]]:
    """Why each insight is stale."""
    with services.database.sessions() as session:
        study_id = session.scalars(select(Study.id)).one()
        return {each.insight.code: tuple(each.balance.losses) for each in all_insights(session, study_id)}


def words_of(services: Services, code: str) -> list[str]:
    """The words that an insight rests on and that may be quoted."""
    with services.database.sessions() as session:
        study_id = session.scalars(select(Study.id)).one()
        return [
            link.words for each in all_insights(session, study_id) for link in each.quotes if each.insight.code == code
        ]


def test_a_folder_is_stored_with_sources_and_insights(folder: Path, services: Services) -> None:
    """Pages of one address are versions of one source, by their dates; insights rest on what participants said."""
    report = run(folder, services)
    assert report.succeeded
    assert [(each.source, each.file, each.status) for each in report.sources] == [
        ("S01", "january.md", "added"),
        ("S01", "june.md", "changed"),
        ("S02", "notes.md", "added"),
    ]
    assert [(each.insight, each.status, each.linked) for each in report.insights] == [
        ("IN1", "added", 2),
        ("IN2", "added", 0),
    ]
    assert report.insights[1].warnings == (
        "insights.csv:3: evidence 1: that is not said by a participant → only what participants say is evidence",
        f"insights.csv:3: evidence 2: {NOBODY.problem} → {NOBODY.remedy}",
    )
    assert words_of(services, "IN1") == ["Die Bank wollte Gebühren.", "Da war ich sauer."]
    assert losses(services) == {"IN1": (), "IN2": ("not_found",)}
    with services.database.sessions() as session:
        seen = select(SourceVersion.text).join(Source, Source.version_id == SourceVersion.id).order_by(Source.code)
        assert session.scalars(seen).first() == "Eine Order kostet zwei Euro."
        assert session.scalars(select(Source.competitor).order_by(Source.code)).all() == ["Valora", None]


def test_the_same_folder_again_changes_nothing(folder: Path, services: Services) -> None:
    """No row of a source, a chunk or an insight is written anew; that the sources were seen is."""
    run(folder, services)
    tables = ("source", "source_chunk", "insight", "insight_evidence")
    with services.database.sessions() as session:
        before = [session.execute(text(f"SELECT ctid, xmin, * FROM {table}")).all() for table in tables]  # noqa: S608
    report = run(folder, services)
    with services.database.sessions() as session:
        after = [session.execute(text(f"SELECT ctid, xmin, * FROM {table}")).all() for table in tables]  # noqa: S608
    assert before == after
    assert {each.status for each in report.sources} | {each.status for each in report.insights} == {"unchanged"}


def test_a_broken_source_fails_alone(folder: Path, services: Services) -> None:
    """The interviews and other sources are stored, the reason stands in report and status, and mending it mends it."""
    (folder / "notes.md").write_bytes(b"{\\rtf1 words")
    report = run(folder, services)
    assert not report.succeeded
    assert [each.status for each in report.interviews] == ["published"]
    failed = report.sources[2]
    assert (failed.source, failed.status, failed.problem) == (
        "S02",
        "failed",
        "a rich text document → save it as PDF, Word (.docx), HTML, Markdown or text",
    )
    assert run(folder, services).sources[2].source == "S02"
    with services.database.sessions() as session:
        status = study_status(session, "shop")
    assert [(each.source, each.status, each.problem is None) for each in status.sources] == [
        ("S01", "published", True),
        ("S02", "failed", False),
    ]
    (folder / "notes.md").write_text("Now words.", encoding="utf-8")
    assert [(each.source, each.status) for each in run(folder, services).sources][2] == ("S02", "added")


def test_insights_are_linked_anew_with_a_new_version(folder: Path, services: Services) -> None:
    """What stands in the new transcript is linked there; what does not is superseded, and comes back with its words."""
    run(folder, services)
    (folder / "P01.txt").write_text(TALK.replace("Da war ich sauer.", "Da war ich wütend."), encoding="utf-8")
    (report, _) = run(folder, services).insights
    assert (report.status, report.linked) == ("changed", 1)
    assert losses(services)["IN1"] == ("superseded",)
    assert words_of(services, "IN1") == ["Die Bank wollte Gebühren."]
    (folder / "P01.txt").write_text(TALK, encoding="utf-8")
    run(folder, services)
    assert losses(services)["IN1"] == ()
    assert words_of(services, "IN1") == ["Die Bank wollte Gebühren.", "Da war ich sauer."]


def test_between_versions_an_insight_is_stale(folder: Path, services: Services) -> None:
    """Before anybody looks for its evidence anew, its words are superseded, or withdrawn, and none is shown."""
    run(folder, services)
    with services.database.sessions.begin() as session:
        session.execute(text("DELETE FROM passage"))
    assert losses(services)["IN1"] == ("withdrawn",)
    with services.database.sessions.begin() as session:
        session.execute(text("UPDATE interview SET transcript_id = NULL"))
    assert losses(services)["IN1"] == ("superseded",)
    assert words_of(services, "IN1") == []


def test_what_was_erased_is_told_and_not_found_again(folder: Path, services: Services) -> None:
    """An insight whose words were erased says so, also after the folder was ingested again without them."""
    run(folder, services)
    with services.database.sessions.begin() as session:
        session.execute(delete(Utterance).where(Utterance.text.contains("Gebühren")))
    assert losses(services)["IN1"] == ("erased",)
    run(folder, services)
    assert losses(services)["IN1"] == ("erased",)


def test_what_a_person_edited_no_file_changes(folder: Path, services: Services) -> None:
    """The report says so."""
    run(folder, services)
    with services.database.sessions.begin() as session:
        session.scalars(select(Insight).where(Insight.code == "IN1")).one().origin = "person"
    (folder / "insights.csv").write_text(INSIGHTS.replace("Fees start", "Charges start"), encoding="utf-8")
    (report, _) = run(folder, services).insights
    assert (report.status, report.warnings) == (
        "kept",
        ("insights.csv:2: it was edited since; the file does not change it any more",),
    )
    with services.database.sessions() as session:
        assert session.scalars(select(Insight.statement).where(Insight.code == "IN1")).one() == "Fees start the search."


def test_evidence_that_is_taken_out_of_the_file_is_unlinked(folder: Path, services: Services) -> None:
    """The file says what an insight rests on."""
    run(folder, services)
    (folder / "insights.csv").write_text(INSIGHTS.replace(" | Da war ich sauer.", ""), encoding="utf-8")
    run(folder, services)
    assert words_of(services, "IN1") == ["Die Bank wollte Gebühren."]
    assert losses(services)["IN1"] == ()


def test_documents_are_no_people(folder: Path, services: Services) -> None:
    """Twenty documents that say what a participant said change no count: of people, answers, saturation.

    What answers say of the documents themselves may change.
    """
    run(folder, services)
    question = Question(question="Did the bank want fees?", study="shop")

    def counts() -> tuple[object, ...]:
        answer = answer_question(question, services)
        with services.database.sessions() as session:
            study_id = session.scalars(select(Study.id)).one()
            people = session.execute(text("SELECT count(*), count(DISTINCT participant_id) FROM passage")).one()
            saturation = read_saturation(session, "shop", Wanted())
            interviews = session.scalar(select(func.count()).select_from(Interview))
            return (
                [(claim.text, claim.support) for claim in answer.claims if claim.evidence != "external"],
                [citation.quote for citation in answer.citations if citation.evidence != "external"],
                {claim.support.participants for claim in answer.claims if claim.evidence == "external"} <= {0},
                tuple(people),
                count_people_by(session, "shop", "kind", Filters(), 50),
                saturation,
                interviews,
                session.scalar(select(func.count()).select_from(InsightEvidence)),
                study_id,
            )

    before = counts()
    assert before[1]
    study_id = before[-1]
    for number in range(20):
        words = f"Die Bank wollte Gebühren. Da war ich sauer. Fassung {number} von vielen."
        add_document(services, study_id, SourceFacts(SourceKind.REVIEW), Arrival(f"{number}.md", words.encode()))  # type: ignore[arg-type]
    with services.database.sessions() as session:
        assert (session.scalar(select(func.count()).select_from(SourceChunk)) or 0) >= 20
    assert counts() == before


def test_a_study_folder_of_another_name_shares_nothing(folder: Path, services: Services, tmp_path: Path) -> None:
    """The same folder under another slug has sources and insights of its own, linked with its own utterances."""
    run(folder, services)
    other = shutil.copytree(folder, tmp_path / "other")
    (other / "study.yaml").write_text(MANIFEST.replace("study: shop", "study: store"), encoding="utf-8")
    run(other, services)
    with services.database.sessions() as session:
        linked = session.execute(
            select(Insight.study_id, Utterance.study_id)
            .join(InsightEvidence, InsightEvidence.insight_id == Insight.id)
            .join(Utterance, Utterance.id == InsightEvidence.utterance_id)
        ).all()
        assert len(linked) == 4
        assert all(insight == utterance for insight, utterance in linked)
        assert session.scalars(select(func.count(Source.id)).group_by(Source.study_id)).all() == [2, 2]
