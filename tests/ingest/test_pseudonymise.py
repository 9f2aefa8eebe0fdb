"""Names are gone before anything is stored; they stand sealed in one table, and only the key opens them."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.embedding import Embedder
from app.errors import UnavailableError
from app.privacy.originals import read_originals
from app.services import Services
from app.settings import Settings
from app.vault import open_vault
from ingest.manifest import read_study
from ingest.pipeline import begin, ingest_study, process_run, register_interview
from ingest.reading import Reading, read_utterances
from ingest.speech.recordings import SpeechProcess

MANIFEST = """
study: shop
languages: [de]
participants: [{id: P01, language: de, attributes: {name: Katrin Zyxvogel, age: 34}}]
interviews: [{id: I01, participant: P01, files: [call.vtt]}]
taggings: taggings.csv
insights: insights.csv
codebook: codebook.yaml
"""
CALL = """WEBVTT

00:00.000 --> 00:04.000
<v Anna Brandt>Hallo Katrin, wie ging es weiter?

00:04.000 --> 00:09.000
<v Katrin Zyxvogel>Ich hatte Angst um mein Geld, sagte ich zu Selin. Dann

00:09.000 --> 00:14.000
<v Katrin Zyxvogel>rief ich Selins Bank an, unter 0152 28817386. Katrin, sagte ich mir, nein.
"""
SAID = (
    "Ich hatte Angst um mein Geld, sagte ich zu [Name 2]. Dann rief ich [Name 2]s Bank an, unter [Phone]. "
    "[Name 1], sagte ich mir, nein."
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An interview with a participant whose name is registered, about somebody who is not."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "study.yaml").write_text(MANIFEST, "utf-8")
    (folder / "call.vtt").write_text(CALL, "utf-8")
    (folder / "codebook.yaml").write_text("codes: [{code: AX1, kind: anxiety, label: Fear}]\n", "utf-8")
    (folder / "taggings.csv").write_text(
        "interview,quote,code,polarity,author\nI01,sagte ich zu Selin.,AX1,affirmed,anna\n", "utf-8"
    )
    (folder / "insights.csv").write_text(
        "id,author,date,segment,statement,evidence\nIN01,anna,2026-02-01,,They tell friends,sagte ich zu Selin.\n",
        "utf-8",
    )
    return folder


@pytest.fixture
def ingested(services: Services, folder: Path, tmp_path: Path, embedder: Embedder) -> Services:
    """That study, ingested with a key of its own."""
    own = Services(Settings(data_dir=tmp_path / "data"), services.database, embedder, services.blobs)
    report = ingest_study(folder, own, lambda *_: None)
    assert report.succeeded, report.faults
    return own


def test_what_was_said_has_placeholders(ingested: Services) -> None:
    """Of the same person the same one, registered or not, in the words of whoever says it, and in labels."""
    with ingested.database.sessions() as session:
        rows = session.execute(text("SELECT speaker, role, text FROM utterance ORDER BY index")).all()
    assert rows[0].text == "Hallo [Name 1], wie ging es weiter?"
    assert (rows[1].role, rows[1].text) == ("participant", SAID)
    assert "Zyxvogel" not in (rows[1].speaker or "")


def test_cues_stand_where_their_words_stand(ingested: Services) -> None:
    """Times of spans are those of the words beside placeholders."""
    with ingested.database.sessions() as session:
        cues = session.scalar(text("SELECT cues FROM utterance WHERE role = 'participant'"))
    assert [SAID[cue["start"] : cue["end"]][:12] for cue in cues] == ["Ich hatte An", "rief ich [Na"]
    assert [cue["end_ms"] for cue in cues] == [9_000, 14_000]


def test_a_persons_tagging_finds_its_quote_with_the_name(ingested: Services) -> None:
    """Files of the researcher still have the words as they were said."""
    statement = "SELECT start, \"end\" FROM tagging WHERE author <> 'model' AND basis = 'person'"
    with ingested.database.sessions() as session:
        start, end = session.execute(text(statement)).one()
    assert SAID[start:end] == "sagte ich zu [Name 2]."


def test_nothing_readable_is_left_of_names(ingested: Services) -> None:
    """Not in any column of any table: the file of the transcript is sealed too, and the register."""
    tables = (
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    )
    with ingested.database.sessions() as session:
        for table in session.scalars(text(tables)).all():
            for row in session.scalars(text(f'SELECT to_jsonb("{table}")::text FROM "{table}"')):  # noqa: S608
                hexadecimal = [word.encode().hex() for word in ("Zyxvogel", "Selin", "28817386")]
                readable = row.replace('"Katrin Zyxvogel": "P01"', "")
                assert not any(word in readable for word in ("Zyxvogel", "Selin", "28817386", *hexadecimal)), table


def test_only_the_key_opens_them(ingested: Services, tmp_path: Path) -> None:
    """With it they are listed; another one opens nothing, and says so."""
    with ingested.database.sessions() as session:
        found = read_originals(session, ingested.vault, "shop", "P01")
        with pytest.raises(UnavailableError, match="another key"):
            read_originals(session, open_vault(Settings(data_dir=tmp_path / "other")), "shop", "P01")
    assert found.identity == {"name": "Katrin Zyxvogel"}
    assert {each.label: each.originals for each in found.placeholders} == {
        "[Name 1]": ("Katrin",),
        "[Name 2]": ("Selin",),
        "[Phone]": ("0152 28817386",),
    }


def test_another_version_has_the_same_placeholders(ingested: Services, folder: Path) -> None:
    """Also where the names come in another order."""
    (folder / "call.vtt").write_text(CALL.replace("Hallo Katrin", "Hallo Selin, hallo Katrin"), "utf-8")
    assert ingest_study(folder, ingested, lambda *_: None).succeeded
    statement = """
    SELECT text FROM utterance JOIN interview ON interview.transcript_id = utterance.transcript_id ORDER BY index
    """
    with ingested.database.sessions() as session:
        first, second = session.scalars(text(statement)).all()
    assert first == "Hallo [Name 2], hallo [Name 1], wie ging es weiter?"
    assert second == SAID


def test_a_study_may_keep_names(ingested: Services, folder: Path) -> None:
    """Where its manifest says so, the next version has them."""
    (folder / "study.yaml").write_text(MANIFEST + "privacy: {pseudonyms: false}\n", "utf-8")
    assert ingest_study(folder, ingested, lambda *_: None).succeeded
    statement = "SELECT text FROM utterance JOIN interview USING (transcript_id) WHERE role = 'participant'"
    with ingested.database.sessions() as session:
        assert "Selin" in session.scalars(text(statement)).one()


def test_without_presidio_that_is_asked_for_interviews_wait(services: Services, folder: Path, tmp_path: Path) -> None:
    """Nothing is stored with names in it because a package or a model is not there."""
    settings = Settings(data_dir=tmp_path / "data", presidio_models={"de": "no_such_model"})
    own = Services(settings, services.database, services.embedder, services.blobs)
    (report,) = ingest_study(folder, own, lambda *_: None).interviews
    assert report.status == "waiting"
    assert "VERBATIM_PRESIDIO_MODELS" in (report.problem or "")
    with services.database.sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM utterance")) == 0


def test_evidence_of_insights_finds_its_quote_with_names_in_it(ingested: Services) -> None:
    """It is linked with the words that are stored, and the name is kept nowhere beside it."""
    found = """SELECT substr(text, start + 1, "end" - start) FROM insight_evidence
        JOIN utterance ON utterance.id = utterance_id"""
    with ingested.database.sessions() as session:
        assert session.scalars(text(found)).all() == ["sagte ich zu [Name 2]."]
        assert "Selin" not in str(session.execute(text("SELECT to_jsonb(insight) FROM insight")).all())


def test_two_interviews_at_once_give_nobody_the_name_of_another(
    services: Services, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one is read, another interview of the participant is published: what came second is numbered on from it."""
    second = "{id: I02, participant: P01, files: [second.vtt]}"
    (folder / "study.yaml").write_text(MANIFEST.replace("[call.vtt]}", f"[call.vtt]}}, {second}"), "utf-8")
    (folder / "second.vtt").write_text(CALL.replace("Selin", "Mehmet"), "utf-8")
    study = read_study(folder)
    begin(study, services, lambda *_: None)
    runs = [register_interview(study, entry, services) for entry in study.interviews]
    other = iter(runs[1:])
    with SpeechProcess() as speech:

        def read_beside(*arguments: Any) -> Reading:
            reading = read_utterances(*arguments)
            for run_id in other:
                process_run(run_id, "I02", services, speech)  # type: ignore[arg-type]
            return reading

        monkeypatch.setattr("ingest.pipeline.read_utterances", read_beside)
        report = process_run(runs[0], "I01", services, speech)  # type: ignore[arg-type]
    assert report.status == "published"
    with services.database.sessions() as session:
        named = read_originals(session, services.vault, "shop", "P01").placeholders
    assert {each.label: each.originals for each in named if each.label.startswith("[Name")} == {
        "[Name 1]": ("Katrin",),
        "[Name 2]": ("Mehmet",),
        "[Name 3]": ("Selin",),
    }
