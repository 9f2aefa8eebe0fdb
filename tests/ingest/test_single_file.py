"""The files of one conversation, without a study folder."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.errors import InvalidInputError
from app.models import Interview, Participant, Passage, Recording, Study, Transcript, Utterance
from app.services import Services
from ingest.file_facts import SingleFileError, read_facts
from ingest.pipeline import IngestReport, ingest_study
from ingest.recorded import UNSET_MODEL
from ingest.single_file import free_code, ingest_file

RECORDING = Path(__file__).resolve().parents[2] / "examples" / "nido" / "recordings" / "P01.opus"

GERMAN = """\
WEBVTT

00:01.000 --> 00:04.000
<v Anna>Was war der Anlass?</v>

00:04.500 --> 00:08.000
<v P24>Die Bank wollte plötzlich Gebühren für das Konto.</v>
"""


@pytest.fixture
def call(tmp_path: Path) -> Path:
    """A transcript."""
    (tmp_path / "call.vtt").write_text(GERMAN, encoding="utf-8")
    return tmp_path / "call.vtt"


def ingest(path: Path, services: Services, *more: Path, **given: object) -> IngestReport:
    """Ingest files of P24 in the study `shop`, which speaks German."""
    facts = {"study": "shop", "participant": "P24", "language": "de", **given}
    return ingest_file(read_facts([path, *more], facts), services)


def statuses(report: IngestReport) -> list[tuple[str, str]]:
    """Code and status of each interview."""
    return [(interview.interview, interview.status) for interview in report.interviews]


def test_a_file_makes_study_participant_and_interview(call: Path, services: Services) -> None:
    """The words of the participant can be found at once, those of the interviewer cannot."""
    assert statuses(ingest(call, services)) == [("I24", "published")]
    with services.database.sessions() as session:
        assert session.scalars(select(Study.languages)).one() == ["de"]
        assert session.scalars(select(Participant.code)).one() == "P24"
        quotable = session.scalars(select(Utterance.text).join(Passage, Passage.utterance_id == Utterance.id)).all()
    assert quotable == ["Die Bank wollte plötzlich Gebühren für das Konto."]


def test_the_same_file_twice_changes_nothing(call: Path, services: Services) -> None:
    """No second version, no second interview."""
    ingest(call, services)
    assert statuses(ingest(call, services)) == [("I24", "unchanged")]
    with services.database.sessions() as session:
        assert session.scalars(select(Transcript.version)).all() == [1]


def test_a_corrected_file_is_the_next_version(call: Path, services: Services) -> None:
    """The name says which interview it belongs to."""
    ingest(call, services)
    call.write_text(GERMAN.replace("plötzlich", "auf einmal"), encoding="utf-8")
    assert statuses(ingest(call, services)) == [("I24", "published")]
    with services.database.sessions() as session:
        assert sorted(session.scalars(select(Transcript.version)).all()) == [1, 2]
        published = session.scalars(
            select(Transcript.version).join(Interview, Interview.transcript_id == Transcript.id)
        ).one()
    assert published == 2


def test_another_file_of_the_same_person_is_another_interview(call: Path, services: Services) -> None:
    """Its code is the next free one."""
    ingest(call, services)
    second = call.with_name("second.vtt")
    second.write_text(GERMAN.replace("Konto", "Depot"), encoding="utf-8")
    assert statuses(ingest(second, services)) == [("I01", "published")]


def test_another_way_of_reading_is_another_version(call: Path, services: Services) -> None:
    """Who said that an interview was interpreted gets it read anew."""
    ingest(call, services)
    report = ingest(call, services, mode="interpreted", interviewer_language="en")
    assert statuses(report) == [("I24", "published")]


def test_a_study_with_a_folder_keeps_what_its_folder_says(call: Path, services: Services, tmp_path: Path) -> None:
    """Title, languages and the other people of the study stay as they are."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "P01.vtt").write_text(GERMAN.replace("P24", "P01"), encoding="utf-8")
    (folder / "study.yaml").write_text(
        "study: shop\ntitle: Why people come back\nlanguages: [de, es]\n"
        "participants: [{id: P01, language: de, attributes: {age: 34}}]\n"
        "interviews: [{id: I24, participant: P01, files: [P01.vtt]}]\n",
        encoding="utf-8",
    )
    ingest_study(folder, services, lambda *_: None)
    assert statuses(ingest(call, services)) == [("I01", "published")]
    with services.database.sessions() as session:
        study = session.scalars(select(Study)).one()
        assert (study.title, study.languages) == ("Why people come back", ["de", "es"])
        assert session.scalars(select(Participant.attributes).where(Participant.code == "P01")).one() == {"age": "34"}
    assert [report.status for report in ingest_study(folder, services, lambda *_: None).interviews] == ["unchanged"]


def test_a_broken_transcript_says_why_and_can_be_mended(call: Path, services: Services) -> None:
    """The interview fails alone, and the mended file is published under the same code."""
    call.write_text("WEBVTT\n\nno times at all\n", encoding="utf-8")
    report = ingest(call, services)
    assert statuses(report) == [("I24", "failed")]
    assert "call.vtt" in str(report.interviews[0].problem)
    assert not report.succeeded
    call.write_text(GERMAN, encoding="utf-8")
    assert statuses(ingest(call, services)) == [("I24", "published")]


def test_a_recording_is_kept_and_waits_for_a_speech_model(services: Services) -> None:
    """It has an interview, and on each side of a stereo recording somebody; the same bytes are the same interview."""
    channels = "left=interviewer, right=participant"
    report = ingest(RECORDING, services, channels=channels)
    assert [(entry.status, entry.problem) for entry in report.interviews] == [("waiting", UNSET_MODEL)]
    assert statuses(ingest(RECORDING, services, channels=channels)) == [("I24", "waiting")]
    with services.database.sessions() as session:
        kept = session.scalars(select(Recording)).one()
        assert session.scalars(select(Interview.speakers)).one() == {"left": "interviewer", "right": "P24"}
    with services.blobs.open(kept.sha256) as file:
        assert file.read() == RECORDING.read_bytes()


def test_a_transcript_with_its_recording_is_one_interview(call: Path, services: Services) -> None:
    """It is published at once, and the recording belongs to it, also when it comes later or again by itself."""
    assert statuses(ingest(call, services)) == [("I24", "published")]
    assert statuses(ingest(call, services, RECORDING)) == [("I24", "unchanged")]
    assert statuses(ingest(RECORDING, services)) == [("I24", "unchanged")]
    with services.database.sessions() as session:
        assert len(session.scalars(select(Recording)).all()) == 1
        assert session.scalars(select(Transcript.version)).all() == [1]


def test_weights_that_are_missing_keep_a_recording_waiting(services: Services, tmp_path: Path) -> None:
    """The report names the remedy."""
    settings = services.settings.model_copy(update={"whisper_model": str(tmp_path / "nowhere")})
    (entry,) = ingest(RECORDING, replace(services, settings=settings)).interviews
    assert entry.status == "waiting"
    assert "VERBATIM_WHISPER_MODEL" in str(entry.problem)


@pytest.mark.parametrize(
    ("channels", "problem"), [("left", "does not say who speaks"), ("left=boss", "`boss`"), ("top=other", "`top`")]
)
def test_wrong_channels_are_named(channels: str, problem: str) -> None:
    """A side and who speaks there, each one of a few words."""
    with pytest.raises(SingleFileError) as caught:
        read_facts([RECORDING], {"study": "shop", "participant": "P24", "channels": channels})
    (fault,) = caught.value.faults
    assert fault.place.startswith("the command line")
    assert problem in str(fault)


def test_all_wrong_options_are_named_at_once(call: Path) -> None:
    """Each with what to write instead."""
    with pytest.raises(SingleFileError) as caught:
        read_facts([call], {"study": "My Shop", "language": "german", "mode": "interpreted"})
    told = "\n".join(map(str, caught.value.faults))
    assert "`my-shop`" in told
    assert "`--participant P24`" in told
    assert "--language: `german`" in told
    assert "`--interviewer-language en`" in told


@pytest.mark.parametrize(("name", "advice"), [("call.pdf", ".vtt"), ("nothing.vtt", "there is no file")])
def test_a_file_that_is_no_transcript_is_refused(name: str, advice: str, tmp_path: Path) -> None:
    """The suffixes that can be read are listed."""
    (tmp_path / "call.pdf").write_bytes(b"%PDF")
    with pytest.raises(InvalidInputError) as caught:
        read_facts([tmp_path / name], {"study": "shop", "participant": "P24"})
    assert advice in str(caught.value.faults[0])


def test_a_language_is_asked_for_where_it_cannot_be_known(call: Path, services: Services) -> None:
    """A new study needs one; in a study of one language the next person speaks that."""
    with pytest.raises(SingleFileError, match="nothing was ingested"):
        ingest(call, services, language=None)
    ingest(call, services)
    other = call.with_name("other.vtt")
    other.write_text(GERMAN.replace("P24", "P25"), encoding="utf-8")
    assert statuses(ingest(other, services, participant="P25", language=None)) == [("I25", "published")]
    with pytest.raises(SingleFileError) as caught:
        ingest(call, services, language="es")
    assert "speaks `de`" in caught.value.faults[0].problem


@given(st.from_regex(r"\w[\w.-]{0,20}", fullmatch=True), st.sets(st.from_regex(r"I\d{2,4}", fullmatch=True)))
def test_a_code_is_free_and_can_be_written_in_a_manifest(participant: str, taken: set[str]) -> None:
    """Whatever the participant is called, the code of the interview is new and has the form of one."""
    code = free_code(participant, sorted(taken))
    assert code not in taken
    assert re.fullmatch(r"I\d+", code)
