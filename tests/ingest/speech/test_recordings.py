"""Transcription in a child process that may die, hang and lie."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest
from sounds import SPOKEN, tone, write_sound

from ingest.speech.messages import Order, Progress, read_answer, read_order, write_answer, write_order
from ingest.speech.recordings import transcribe_recordings
from ingest.speech.refusal import RecordingError, SpeechModelError, TranscriberError, refusal
from ingest.speech.task import MediaLimits, SpeechTask, Track
from ingest.speech.transcription import Transcription

CHILD = "scripted_child"


def task(model: str = "scripted", limits: MediaLimits | None = None) -> SpeechTask:
    """A German interview."""
    return SpeechTask(
        languages=("de", "en"),
        interview_languages=("de", "de"),
        alternating=False,
        split_channels=False,
        model=model,
        limits=limits or MediaLimits(),
    )


def transcribe(
    path: Path = SPOKEN,
    model: str = "scripted",
    limits: MediaLimits | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Transcription:
    """Transcribe one file by the scripted child."""
    return transcribe_recordings([Track(path)], task(model, limits), progress, CHILD)


def children() -> list[psutil.Process]:
    """The transcribers that were left behind, among the other processes of a test run."""
    found = psutil.Process().children(recursive=True)
    return [child for child in found if child.status() != psutil.STATUS_ZOMBIE and CHILD in " ".join(child.cmdline())]


def test_a_recording_is_transcribed() -> None:
    """The child answers with a transcription, and tells how far it is until all is done."""
    told: list[tuple[int, int]] = []
    transcription = transcribe(progress=lambda done_ms, total_ms: told.append((done_ms, total_ms)))
    assert transcription.cues
    assert transcription.duration_ms == 16_947
    assert transcription.model is not None
    assert transcription.model.name == "scripted"
    assert told == sorted(told)
    assert told[-1] == (16_947, 16_947)
    assert not children()


def test_the_child_has_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings and keys in the environment do not reach the process that reads foreign files."""
    monkeypatch.setenv("VERBATIM_DATABASE_URL", "postgresql://secret")
    assert not any("secret" in warning for warning in transcribe().warnings)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="leaving the network needs privileges")
def test_the_child_has_no_network() -> None:
    """Where the system allows it, the child has no network interface but its own loopback."""
    assert not any("network" in warning for warning in transcribe().warnings)


@pytest.mark.parametrize(("model", "cause"), [("crashes", "SIGSEGV"), ("raises", "exit status 1")])
def test_a_child_that_dies(model: str, cause: str) -> None:
    """A crash is one clear error of ours."""
    with pytest.raises(TranscriberError, match=rf"brought the decoder down \({cause}\)"):
        transcribe(model=model)
    assert not children()


def test_too_much_memory() -> None:
    """Asking for more memory than there may be is told as what it is."""
    with pytest.raises(RecordingError, match="bytes of memory are needed"):
        transcribe(model="hungry")


def test_memory_while_decoding(tmp_path: Path) -> None:
    """Sound that does not fit into the memory that decoding may take is refused."""
    path = write_sound(tmp_path / "a.flac", tone(1800), codec="flac")
    with pytest.raises((RecordingError, TranscriberError)):
        transcribe(path, limits=MediaLimits(memory_bytes=30_000_000))


def test_a_child_that_spins() -> None:
    """Processor time ends."""
    with pytest.raises(TranscriberError, match="more processor time than allowed"):
        transcribe(model="spins", limits=MediaLimits(decode_cpu_s=2, cpu_per_audio=0))


def test_a_child_that_hangs() -> None:
    """A child without any news is given up and killed."""
    with pytest.raises(TranscriberError, match="no progress for 1 seconds"):
        transcribe(model="hangs", limits=MediaLimits(stall_s=1))
    assert not children()


def test_a_progress_that_says_stop() -> None:
    """Whoever is told of the progress ends the work by raising, also while there is no news."""

    class StopError(Exception):
        """The lease is lost."""

    def stop(done_ms: int, total_ms: int) -> None:
        raise StopError

    for model in ("scripted", "hangs"):
        with pytest.raises(StopError):
            transcribe(model=model, progress=stop)
        assert not children()


def test_a_child_does_not_outlive_its_parent() -> None:
    """When the worker is killed, the child ends by itself, also in the middle of work."""
    script = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_recordings import transcribe
transcribe(model="hangs", progress=lambda done_ms, total_ms: print(done_ms, flush=True))
"""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        orphans = psutil.Process(parent.pid).children()
        parent.kill()
    assert len(orphans) == 1
    assert psutil.wait_procs(orphans, timeout=30)[1] == []


def test_what_libraries_print_is_no_answer() -> None:
    """Output of others does not mix with the answers."""
    assert transcribe(model="babbles").cues


def test_refusals_cross_the_border(tmp_path: Path) -> None:
    """What the child refuses is refused with the same words here."""
    path = tmp_path / "a.wav"
    path.write_bytes(b"")
    with pytest.raises(RecordingError, match="an empty file → record or upload it again") as caught:
        transcribe(path)
    assert caught.value.faults[0].place == "the recording"


def test_a_model_that_is_not_there() -> None:
    """A missing model says what to do about it, and is no fault of the recording."""
    with pytest.raises(SpeechModelError, match=r"verbatim models fetch large-v3 --to DIR"):
        transcribe_recordings([Track(SPOKEN)], task("large-v3"), lambda _done, _total: None)


def test_silence_needs_no_model(tmp_path: Path) -> None:
    """Where nobody speaks, no model is loaded, and nothing is said."""
    path = write_sound(tmp_path / "a.wav", tone(3), codec="pcm_s16le")
    transcription = transcribe_recordings([Track(path)], task("large-v3"), lambda _done, _total: None)
    assert (transcription.cues, transcription.model) == ((), None)
    assert transcription.warnings == ("no words were made out",)


def test_lines_of_nobody() -> None:
    """Lines that the child could not have written are an error of ours."""
    for line in (b"", b"hello", b"done {}", b"progress [1]", b"refused {}", b"\xff\xfe\n"):
        with pytest.raises(TranscriberError):
            read_answer(line)


def test_messages_are_read_as_written() -> None:
    """Orders and answers keep what they hold."""
    order = Order((Track(Path("/a"), "Anna"),), task())
    assert read_order(write_order(order)) == order
    assert read_answer(write_answer(Progress(1, 2))) == Progress(1, 2)
    with pytest.raises(RecordingError, match="cut off"):
        read_answer(write_answer(refusal("cut off", "upload it again")))
