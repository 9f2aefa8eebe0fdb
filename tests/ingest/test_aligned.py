"""A transcript and a recording of the same interview: the words of the one, at the times of the other."""

import shutil
import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from scripted_speech import RECORDINGS, ScriptedSpeech, transcription, truth
from sqlalchemy import select, update

from app.main import create_app
from app.models import Alignment, IngestRun, Interview, Recording, Transcript, Utterance
from app.services import Services
from ingest.aligned import NOT_HEARD, UNSET_MODEL, requeue_unheard
from ingest.pipeline import IngestReport, InterviewReport, ingest_study, process_run, round_off
from ingest.speech.recordings import SpeechProcess
from ingest.speech.refusal import model_refusal, refusal, unavailable
from ingest.speech.transcription import Transcription
from ingest.status import interview_statuses
from ingest.store import register_recordings

SPEECH_MODEL = Path(__file__).resolve().parents[1] / "fixtures" / "speech_model"
CLOSE_MS = 300
SHIFT_MS = 7_000
TRACKS = {"interviewer": "left", "participant": "right"}
MANIFEST = """\
study: heard
title: What was heard
privacy: {pseudonyms: false}
languages: [de]
participants: [{id: P01, language: de}]
interviews:
  - id: I01
    participant: P01
    interviewer_language: de
    files: [P01.vtt, P01.opus]
    channels: {left: interviewer, right: P01}
"""


def clock(time_ms: int) -> str:
    """A time as WebVTT writes it."""
    return f"{time_ms // 60_000:02}:{time_ms // 1000 % 60:02}.{time_ms % 1000:03}"


def webvtt(said: Sequence[dict[str, Any]]) -> str:
    """A transcript that is seven seconds late."""
    cues = [
        f"{clock(each['start_ms'] + SHIFT_MS)} --> {clock(each['end_ms'] + SHIFT_MS)}\n"
        f"<v {'P01' if each['role'] == 'participant' else 'Interviewer'}>{each['text']}</v>"
        for each in said
    ]
    return "\n\n".join(["WEBVTT", *cues]) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A study of one interview, with a late transcript and the recording."""
    (tmp_path / "study.yaml").write_text(MANIFEST, encoding="utf-8")
    (tmp_path / "P01.vtt").write_text(webvtt(truth("P01")), encoding="utf-8")
    shutil.copy(RECORDINGS / "P01.opus", tmp_path)
    return tmp_path


@pytest.fixture
def hearing(services: Services) -> Services:
    """The services with a speech model set."""
    return listening(services, "scripted")


def listening(services: Services, model: Path | str) -> Services:
    """The same services with a speech model."""
    return replace(services, settings=services.settings.model_copy(update={"whisper_model": str(model)}))


def run(folder: Path, services: Services) -> IngestReport:
    """Ingest without showing progress."""
    return ingest_study(folder, services, lambda *_: None)


def hear(services: Services, speech: SpeechProcess) -> InterviewReport | None:
    """Process the published interview once more if it has recordings that were not heard yet."""
    with services.database.sessions.begin() as session:
        run_id = requeue_unheard(session, session.scalars(select(Interview)).one(), services.settings)
    return process_run(run_id, "I01", services, speech) if run_id else None


def utterances(services: Services) -> list[Utterance]:
    """What questions see of the interview, in order."""
    published = select(Utterance).join(Interview, Interview.transcript_id == Utterance.transcript_id)
    with services.database.sessions() as session:
        return list(session.scalars(published.order_by(Utterance.index)))


def assert_playable(found: Sequence[Utterance]) -> None:
    """Every utterance starts within 300 ms of its first word."""
    for row, true in zip(found, truth("P01"), strict=True):
        assert row.text == true["text"]
        assert abs((row.start_ms or 0) - true["start_ms"]) <= CLOSE_MS


def test_without_a_model_the_transcript_is_published_at_its_own_times(folder: Path, services: Services) -> None:
    """It does not wait; the report and the status say what its times are worth, and what helps."""
    report = run(folder, services).interviews[0]
    assert (report.status, report.warnings) == ("published", (UNSET_MODEL,))
    assert [row.start_ms for row in utterances(services)] == [each["start_ms"] + SHIFT_MS for each in truth("P01")]
    with services.database.sessions() as session:
        assert interview_statuses(session, "heard")[0].warnings == (UNSET_MODEL,)
    assert run(folder, services).interviews[0].status == "unchanged"


def test_the_same_version_gets_the_times_of_the_recording_once(
    folder: Path, services: Services, hearing: Services
) -> None:
    """With a model, the next time: ids and words stay, so that citations survive; then nothing is left to do."""
    run(folder, services)
    before = utterances(services)
    speech = ScriptedSpeech(transcription("P01"))
    report = hear(hearing, speech)
    assert report is not None
    assert (report.status, report.warnings) == ("published", ())
    after = utterances(services)
    assert [(row.id, row.text, row.role, row.speaker) for row in after] == [
        (row.id, row.text, row.role, row.speaker) for row in before
    ]
    assert_playable(after)
    assert [[track.label for track in tracks] for tracks in speech.tracks] == [[None]]
    assert [task.candidates for task in speech.tasks] == [("de",)]
    assert hear(hearing, speech) is None
    with services.database.sessions() as session:
        assert session.scalars(select(Transcript.version)).all() == [1]
        assert session.scalars(select(Alignment.maker)).one().endswith("scripted int8")
        assert session.scalars(select(IngestRun.stage)).all() == ["published"]


def test_a_quote_from_the_middle_is_played_from_its_first_word(
    folder: Path, services: Services, hearing: Services
) -> None:
    """The citation of one sentence of a long answer has the times of just this sentence."""
    run(folder, services)
    hear(hearing, ScriptedSpeech(transcription("P01")))
    inside = [each for each in ask(services, "Wie oft wechselt man den Zahnarzt?") if each["span"][0] > 0]
    assert inside
    for citation in inside:
        said = next(each for each in truth("P01") if each["text"] == citation["utterance_text"])
        words_before = len(said["text"][: citation["span"][0]].split())
        first = said["words"][words_before]
        assert citation["quote"].split()[0] == first["text"]
        assert abs(citation["start_ms"] - first["start_ms"]) <= CLOSE_MS
        assert citation["audio_url"].endswith(f"#t={citation['start_ms'] / 1000:.1f},{citation['end_ms'] / 1000:.1f}")


def test_a_mended_transcript_is_aligned_without_listening_again(
    folder: Path, services: Services, hearing: Services
) -> None:
    """A new version of the text is another version; what was heard for the former one serves it too."""
    run(folder, services)
    speech = ScriptedSpeech(transcription("P01"))
    hear(hearing, speech)
    (folder / "P01.vtt").write_text(webvtt(truth("P01")).replace("Hausbank", "Nordbank"), encoding="utf-8")
    assert run(folder, hearing).interviews[0].status == "published"
    found = utterances(services)
    assert any("Nordbank" in row.text for row in found)
    for row, true in zip(found, truth("P01"), strict=True):
        assert abs((row.start_ms or 0) - true["start_ms"]) <= CLOSE_MS
    assert len(speech.tracks) == 1


def test_a_recording_that_comes_later_gives_the_transcript_its_times(
    folder: Path, services: Services, hearing: Services
) -> None:
    """Sent over HTTP to an interview of which there is a transcript: its words stay, its version too."""
    (folder / "study.yaml").write_text(MANIFEST.replace("[P01.vtt, P01.opus]", "[P01.vtt]"), encoding="utf-8")
    assert run(folder, services).interviews[0].warnings == ()
    before = utterances(services)
    with TestClient(create_app(services, require_keys=False), base_url="http://127.0.0.1") as client:
        sent = client.post(
            "/v1/recordings",
            data={"study": "heard", "participant": "P01", "interview": "I01"},
            files={"file": ("call.opus", (RECORDINGS / "P01.opus").read_bytes(), "audio/ogg")},
        ).json()
    run_id = uuid.UUID(sent["job"])
    assert process_run(run_id, "I01", hearing, ScriptedSpeech(transcription("P01"))).warnings == ()
    after = utterances(services)
    assert [(row.id, row.text) for row in after] == [(row.id, row.text) for row in before]
    assert_playable(after)


def test_a_recording_that_was_exported_anew_takes_the_place_of_the_former(
    folder: Path, services: Services, hearing: Services
) -> None:
    """One recording is listened to, not both, and what was heard in the former one does not count."""
    run(folder, services)
    hear(hearing, ScriptedSpeech(transcription("P15")))
    shutil.copy(RECORDINGS / "P15.participant.opus", folder / "P01.opus")
    run(folder, services)
    speech = ScriptedSpeech(transcription("P01"))
    report = hear(hearing, speech)
    assert report is not None
    assert report.warnings == ()
    assert [len(tracks) for tracks in speech.tracks] == [1]
    assert_playable(utterances(services))


def test_another_recording_leaves_the_transcript_as_it_is(folder: Path, services: Services, hearing: Services) -> None:
    """That the recording is of somebody else is said by the job, the status and the report; it is not asked again."""
    run(folder, services)
    report = hear(hearing, ScriptedSpeech(transcription("P15")))
    assert report is not None
    assert report.status == "published"
    assert report.warnings[0].startswith("the recording and the transcript do not match")
    assert [row.start_ms for row in utterances(services)] == [each["start_ms"] + SHIFT_MS for each in truth("P01")]
    with services.database.sessions() as session:
        assert interview_statuses(session, "heard")[0].warnings == report.warnings
        run_id = session.scalars(select(IngestRun.id)).one()
    with TestClient(create_app(services, require_keys=False), base_url="http://127.0.0.1") as client:
        assert tuple(client.get(f"/v1/jobs/{run_id}").json()["warnings"]) == report.warnings
    assert hear(hearing, ScriptedSpeech(transcription("P15"))) is None


@pytest.mark.parametrize(
    "fault",
    [
        model_refusal("there are no weights", "fetch them"),
        refusal("it ends in the middle", "export it again"),
        unavailable("it stalled", "try it again"),
    ],
)
def test_whatever_is_wrong_with_a_recording_the_transcript_is_published(
    folder: Path, services: Services, hearing: Services, fault: Exception
) -> None:
    """At its own times, with the reason; and the next time it is tried again."""
    run(folder, services)
    report = hear(hearing, ScriptedSpeech(fault))
    assert report is not None
    assert (report.status, report.warnings) == ("published", (f"{NOT_HEARD}: {fault}",))
    assert [row.start_ms for row in utterances(services)] == [each["start_ms"] + SHIFT_MS for each in truth("P01")]
    mended = hear(hearing, ScriptedSpeech(transcription("P01")))
    assert mended is not None
    assert mended.warnings == ()
    assert_playable(utterances(services))


def test_missing_weights_do_not_keep_a_transcript_waiting(folder: Path, services: Services, tmp_path: Path) -> None:
    """The true path: a model that is not there, a new study."""
    report = run(folder, listening(services, tmp_path / "nowhere")).interviews[0]
    assert report.status == "published"
    assert report.warnings[0].startswith(NOT_HEARD)
    assert "VERBATIM_WHISPER_MODEL" in report.warnings[0]


@pytest.mark.parametrize("has_transcript", [True, False])
def test_who_lost_the_lease_while_listening_stores_nothing(
    folder: Path, services: Services, hearing: Services, has_transcript: bool
) -> None:
    """Another process took over meanwhile: neither what was heard nor a transcript of it is kept."""
    run(folder, services)
    with services.database.sessions.begin() as session:
        versions = session.scalars(select(Transcript.id)).all()
        interview = session.scalars(select(Interview)).one()
        requeued = requeue_unheard(session, interview, hearing.settings) if has_transcript else None
        run_id = requeued or register_recordings(session, interview, "recordings alone")
    assert run_id is not None

    def take_over() -> None:
        with services.database.sessions.begin() as session:
            session.execute(update(IngestRun).where(IngestRun.id == run_id).values(lease_token=run_id))

    speech = ScriptedSpeech(transcription("P01"), take_over, tells=False)
    assert process_run(run_id, "I01", hearing, speech).status == "waiting"
    assert len(speech.tracks) == 1
    with services.database.sessions() as session:
        assert session.scalars(select(Alignment.transcript_id)).all() == []
        assert session.scalars(select(Transcript.id)).all() == versions


def test_what_was_hardly_understood_is_marked_in_the_citation(
    folder: Path, services: Services, hearing: Services
) -> None:
    """The confidence of the model reaches whoever reads the quote; so do its warnings."""
    (folder / "study.yaml").write_text(MANIFEST.replace("[P01.vtt, P01.opus]", "[P01.opus]"), encoding="utf-8")
    run(folder, services)
    for confidence, is_low in ((0.9, False), (0.4, True)):
        heard = replace(transcription("P01", confidence, TRACKS), warnings=("a minute is damaged",))
        with services.database.sessions.begin() as session:
            interview = session.scalars(select(Interview)).one()
            run_id = register_recordings(session, interview, f"heard with {confidence}")
        assert run_id is not None
        report = process_run(run_id, "I01", hearing, ScriptedSpeech(heard))
        assert (report.status, report.warnings) == ("published", ("a minute is damaged",))
        round_off(interview.study_id, services)
        citations = ask(services, "Wie oft wechselt man den Zahnarzt?")
        assert citations
        assert {citation["low_confidence"] for citation in citations} == {is_low}
    with services.database.sessions() as session:
        assert interview_statuses(session, "heard")[0].warnings == ("a minute is damaged",)


def test_a_quote_is_played_from_the_track_of_who_says_it(folder: Path, services: Services, hearing: Services) -> None:
    """Of several recordings of an interview, the one in which it was heard, whoever the roles say it was."""
    for side in ("interviewer", "participant"):
        shutil.copy(RECORDINGS / f"P15.{side}.opus", folder)
    files = MANIFEST.replace("P01.vtt, P01.opus", "P15.interviewer.opus, P15.participant.opus")
    (folder / "study.yaml").write_text(files.replace("P01", "P15").partition("    channels")[0], "utf-8")
    run(folder, services)
    with services.database.sessions.begin() as session:
        interview = session.scalars(select(Interview)).one()
        run_id = register_recordings(session, interview, "two tracks")
        tracks = dict(session.execute(select(Recording.label, Recording.id)).all())
    assert run_id is not None
    labels = {"participant": "P15.participant", "interviewer": "P15.interviewer"}
    process_run(run_id, "I01", hearing, ScriptedSpeech(transcription("P15", 0.9, labels)))
    round_off(interview.study_id, services)
    with TestClient(create_app(services, require_keys=False), base_url="http://127.0.0.1") as client:
        listed = client.get("/v1/quotes", params={"study": "heard"}).json()["quotes"]
        found = client.get("/v1/quotes", params={"study": "heard", "q": "Scheidung"}).json()["quotes"]
    assert listed
    assert found
    voices = {each["text"]: each["role"] for each in truth("P15")}
    for citation in (*listed, *found):
        track = tracks[f"P15.{voices[citation['utterance_text']]}"]
        assert citation["audio_url"].startswith(f"/v1/recordings/{track}/audio#t=")


def test_a_recording_in_which_nobody_speaks_is_named_as_it_came(
    folder: Path, services: Services, hearing: Services
) -> None:
    """The reason names the file that was given, none of ours."""
    (folder / "study.yaml").write_text(MANIFEST.replace("[P01.vtt, P01.opus]", "[P01.opus]"), encoding="utf-8")
    run(folder, services)
    with services.database.sessions.begin() as session:
        run_id = register_recordings(session, session.scalars(select(Interview)).one(), "silence")
    assert run_id is not None
    report = process_run(run_id, "I01", hearing, ScriptedSpeech(Transcription((), 9_000, None)))
    assert report.status == "failed"
    assert str(report.problem).startswith("P01.opus: nobody was heard to speak in the recording")


def ask(services: Services, question: str) -> list[dict[str, Any]]:
    """The citations of an answer over HTTP."""
    with TestClient(create_app(services, require_keys=False), base_url="http://127.0.0.1") as client:
        asked = {"question": question, "study": "heard", "language": "de"}
        citations: list[dict[str, Any]] = client.post("/v1/answers", json=asked).json()["citations"]
    return citations


@pytest.mark.models
def test_the_speech_model_of_the_tests_hears_enough(folder: Path, services: Services) -> None:
    """The whole way with a real model: turns are played from their first word, but for those that it leaves out."""
    report = run(folder, listening(services, SPEECH_MODEL)).interviews[0]
    assert (report.status, report.warnings) == ("published", ())
    found = zip(utterances(services), truth("P01"), strict=True)
    close = [abs((row.start_ms or 0) - true["start_ms"]) <= CLOSE_MS for row, true in found]
    assert sum(close) >= 0.7 * len(close)
    assert run(folder, listening(services, SPEECH_MODEL)).interviews[0].status == "unchanged"
