"""Transcription in child processes that may die, hang and lie."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest
from sounds import SPOKEN, tone, write_sound

from app.errors import InsufficientStorageError
from ingest.speech.messages import (
    DecodeOrder,
    ListenOrder,
    Progress,
    read_answer,
    read_decode_order,
    read_listen_order,
    write_answer,
    write_order,
)
from ingest.speech.recordings import SpeechProcess
from ingest.speech.refusal import RecordingError, SpeechModelError, TranscriberError, refusal
from ingest.speech.sound import Decoded
from ingest.speech.task import MediaLimits, SpeechTask, Track
from ingest.speech.transcription import Transcription

DECODER, LISTENER = "poisoned_decoder", "scripted_listener"


@pytest.fixture
def speech() -> Iterator[SpeechProcess]:
    """A process for speech with a scripted model."""
    with SpeechProcess(DECODER, LISTENER) as process:
        yield process
    assert not children()


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
    speech: SpeechProcess,
    path: Path = SPOKEN,
    model: str = "scripted",
    limits: MediaLimits | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Transcription:
    """Transcribe one file."""
    return speech.transcribe([Track(path)], task(model, limits), progress)


def children(*modules: str) -> list[psutil.Process]:
    """The children that decode or listen, among the other processes of a test run."""
    modules = modules or (DECODER, LISTENER)
    found = psutil.Process().children(recursive=True)
    running = [(child, child.cmdline()) for child in found if child.status() != psutil.STATUS_ZOMBIE]
    return [child for child, command in running if any(module in command for module in modules)]


def listener_of(transcription: Transcription) -> int:
    """The process that heard it."""
    assert transcription.model is not None
    return int(transcription.model.revision)


def poison(folder: Path, kind: str) -> Path:
    """A recording that brings its decoder down."""
    path = folder / f"{kind}.ogg"
    path.write_bytes(SPOKEN.read_bytes())
    return path


def test_a_recording_is_transcribed(speech: SpeechProcess) -> None:
    """What comes back is a transcription, and it is told how far it is until all is done."""
    told: list[tuple[int, int]] = []
    transcription = transcribe(speech, progress=lambda done_ms, total_ms: told.append((done_ms, total_ms)))
    assert transcription.cues
    assert transcription.duration_ms == 16_947
    assert transcription.model is not None
    assert transcription.model.name == "scripted"
    assert told == sorted(told)
    assert told[-1] == (16_947, 16_947)


def test_one_process_listens_to_all(speech: SpeechProcess) -> None:
    """The model stays loaded from interview to interview; the one that decodes is gone each time."""
    assert listener_of(transcribe(speech)) == listener_of(transcribe(speech))
    assert [child.pid for child in children()] == [listener_of(transcribe(speech))]


def test_another_model_is_loaded_anew(speech: SpeechProcess) -> None:
    """Whoever asks for another model, device or arithmetic gets it."""
    first = transcribe(speech)
    other = transcribe(speech, model="other")
    assert other.model is not None
    assert other.model.name == "other"
    assert listener_of(other) != listener_of(first)
    in_floats = speech.transcribe([Track(SPOKEN)], replace(task("other"), compute_type="float32"), lambda *_: None)
    assert listener_of(in_floats) != listener_of(other)


def test_poison_kills_the_decoder_alone(speech: SpeechProcess, tmp_path: Path) -> None:
    """A recording that crashes its decoder is one clear error; whoever listens goes on."""
    before = listener_of(transcribe(speech))
    with pytest.raises(TranscriberError, match=r"brought the decoder down \(SIGSEGV\)"):
        transcribe(speech, poison(tmp_path, "crash"))
    with pytest.raises(TranscriberError, match="no progress for 1 seconds"):
        transcribe(speech, poison(tmp_path, "hang"), limits=MediaLimits(stall_s=1))
    with pytest.raises(TranscriberError, match="an answer that cannot be read"):
        transcribe(speech, poison(tmp_path, "lie"))
    assert listener_of(transcribe(speech)) == before


def test_a_listener_that_is_killed(speech: SpeechProcess) -> None:
    """Killed between two recordings, another one listens to the next."""
    before = listener_of(transcribe(speech))
    psutil.Process(before).kill()
    psutil.wait_procs([psutil.Process(before)], timeout=30)
    assert listener_of(transcribe(speech)) != before


def test_a_listener_that_is_killed_at_work(speech: SpeechProcess) -> None:
    """Killed while it listens, the work ends in one clear error; the next recording has another one."""

    def kill(done_ms: int, total_ms: int) -> None:
        for child in children(LISTENER):
            child.kill()

    with pytest.raises(TranscriberError, match=r"the process that listens died \(SIGKILL\)"):
        transcribe(speech, model="hangs", progress=kill)
    assert transcribe(speech).cues


def test_the_sound_leaves_nothing_behind(
    speech: SpeechProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decoded voices are gone with the work, also when it fails."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    transcribe(speech)
    with pytest.raises(TranscriberError):
        transcribe(speech, model="raises")
    assert list(tmp_path.iterdir()) == []


def test_no_secrets(speech: SpeechProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings and keys in the environment do not reach the children."""
    monkeypatch.setenv("VERBATIM_DATABASE_URL", "postgresql://secret")
    assert not any("secret" in warning for warning in transcribe(speech).warnings)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="leaving the network needs privileges")
def test_no_network(speech: SpeechProcess) -> None:
    """Where the system allows it, who listens has no network interface but its own loopback."""
    assert not any("network" in warning for warning in transcribe(speech).warnings)


@pytest.mark.parametrize(("model", "cause"), [("crashes", "SIGSEGV"), ("raises", "exit status 1")])
def test_a_listener_that_dies(speech: SpeechProcess, model: str, cause: str) -> None:
    """A crash of the model is one clear error of ours."""
    with pytest.raises(TranscriberError, match=rf"the process that listens died \({cause}\)"):
        transcribe(speech, model=model)
    assert not children()


def test_too_much_memory(speech: SpeechProcess) -> None:
    """Asking for more memory than there may be is told as what it is."""
    with pytest.raises(RecordingError, match="more memory is needed than it may take"):
        transcribe(speech, model="hungry")


def test_memory_while_decoding(speech: SpeechProcess) -> None:
    """A recording that cannot be decoded in the memory that there is for it is refused."""
    with pytest.raises((RecordingError, TranscriberError)):
        transcribe(speech, limits=MediaLimits(memory_bytes=300_000))


def test_a_listener_that_spins(speech: SpeechProcess) -> None:
    """Processor time ends."""
    with pytest.raises(TranscriberError, match="more processor time than allowed"):
        transcribe(speech, model="spins", limits=MediaLimits(decode_cpu_s=2, cpu_per_audio=0))


def test_a_listener_that_hangs(speech: SpeechProcess) -> None:
    """Whoever gives no news is given up and killed."""
    with pytest.raises(TranscriberError, match="no progress for 1 seconds"):
        transcribe(speech, model="hangs", limits=MediaLimits(stall_s=1))
    assert not children()


def test_a_progress_that_says_stop(speech: SpeechProcess, tmp_path: Path) -> None:
    """Whoever is told of the progress ends the work by raising, also while there is no news."""

    class StopError(Exception):
        """The lease is lost."""

    def stop(done_ms: int, total_ms: int) -> None:
        raise StopError

    for path, model in ((SPOKEN, "scripted"), (SPOKEN, "hangs"), (poison(tmp_path, "hang"), "scripted")):
        with pytest.raises(StopError):
            transcribe(speech, path, model, progress=stop)
        assert not children()


@pytest.mark.parametrize(("recording", "model", "orphan"), [(None, "hangs", LISTENER), ("hang", "scripted", DECODER)])
def test_children_do_not_outlive_their_parent(tmp_path: Path, recording: str | None, model: str, orphan: str) -> None:
    """When the worker is killed, its children end by themselves, also in the middle of work."""
    path = poison(tmp_path, recording) if recording else SPOKEN
    script = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_recordings import *
from pathlib import Path
progress = lambda *_: print(*[child.pid for child in children({orphan!r})], flush=True)
with SpeechProcess(DECODER, LISTENER) as speech:
    transcribe(speech, Path({str(path)!r}), {model!r}, progress=progress)
"""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        told = next(line for line in parent.stdout if line.strip())
        orphans = [psutil.Process(int(pid)) for pid in told.split()]
        parent.kill()
    assert len(orphans) == 1
    assert psutil.wait_procs(orphans, timeout=30)[1] == []


def test_what_libraries_print_is_no_answer(speech: SpeechProcess) -> None:
    """Output of others does not mix with the answers."""
    assert transcribe(speech, model="babbles").cues


def test_refusals_cross_the_border(speech: SpeechProcess, tmp_path: Path) -> None:
    """What a child refuses is refused with the same words here."""
    path = tmp_path / "a.wav"
    path.write_bytes(b"")
    with pytest.raises(RecordingError, match="an empty file → record or upload it again") as caught:
        transcribe(speech, path)
    assert caught.value.faults[0].place == "the recording"


def test_a_model_that_is_not_there() -> None:
    """A missing model says what to do about it, and is no fault of the recording."""
    with SpeechProcess() as speech, pytest.raises(SpeechModelError, match=r"verbatim models fetch large-v3 --to DIR"):
        transcribe(speech, model="large-v3")


def test_silence_needs_no_model(tmp_path: Path) -> None:
    """Where nobody speaks, no model is loaded, and nothing is said."""
    path = write_sound(tmp_path / "a.wav", tone(3), codec="pcm_s16le")
    with SpeechProcess() as speech:
        transcription = transcribe(speech, path, "large-v3")
    assert (transcription.cues, transcription.model) == ((), None)
    assert transcription.warnings == ("no words were made out",)


def test_lines_of_nobody() -> None:
    """Lines that no child could have written are an error of ours."""
    for line in (b"", b"hello", b"heard {}", b"decoded 1", b"progress [1]", b"refused {}", b"\xff\xfe\n"):
        with pytest.raises(TranscriberError):
            read_answer(line)


def test_messages_are_read_as_written() -> None:
    """Orders and answers keep what they hold."""
    to_decode = DecodeOrder((Path("/a"),), Path("/b"), split_channels=True, limits=MediaLimits())
    assert read_decode_order(write_order(to_decode)) == to_decode
    to_hear = ListenOrder(Path("/b"), (Decoded(2, ("damaged",)),), ("Anna",), task())
    assert read_listen_order(write_order(to_hear)) == to_hear
    assert read_answer(write_answer(Progress(1, 2))) == Progress(1, 2)
    assert read_answer(write_answer((Decoded(1),))) == (Decoded(1),)
    with pytest.raises(RecordingError, match="cut off"):
        read_answer(write_answer(refusal("cut off", "upload it again")))
    with pytest.raises(InsufficientStorageError, match="no room"):
        read_answer(write_answer(InsufficientStorageError("no room")))
