"""The process that listens to decoded sound, interview after interview: run as `python -m ingest.speech.listener`.

Its models are loaded once, when somebody speaks; the parent starts another listener where other models are wanted.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TypeVar

from app.confinement import limit_cpu, limit_memory
from ingest.speech.child import Tell, serve
from ingest.speech.diarization import Diarizer, load_diarizer
from ingest.speech.messages import ListenOrder, Progress, read_listen_order
from ingest.speech.sound import TrackSound, open_sound, sound_path
from ingest.speech.task import SpeechTask
from ingest.speech.transcriber import transcribe
from ingest.speech.transcription import Transcription
from ingest.speech.whisper import SpeechModel, choose_device, load_whisper

Model = TypeVar("Model")


def listen(
    load_speech_model: Callable[[SpeechTask], SpeechModel],
    load_diarizer: Callable[[SpeechTask], Diarizer | None] = load_diarizer,
) -> None:
    """Listen for as long as there is a parent."""
    serve(partial(_carry_out, _once(load_speech_model), _once(load_diarizer)))


def _carry_out(
    load_speech_model: Callable[[SpeechTask], SpeechModel],
    load_diarizer: Callable[[SpeechTask], Diarizer | None],
    line: bytes,
    tell: Tell,
) -> Transcription:
    order = read_listen_order(line)
    sounds = [_open(order, number) for number in range(len(order.decoded))]
    sound_s = sum(sound.duration_ms * len(sound.channels) for sound in sounds) // 1000
    limit_cpu(order.task.limits.decode_cpu_s + sound_s * order.task.limits.cpu_per_audio)
    _limit_memory(order.task)
    return transcribe(
        sounds,
        order.task,
        load_speech_model,
        load_diarizer,
        lambda done_ms, total_ms: tell(Progress(done_ms, total_ms)),
    )


def _open(order: ListenOrder, number: int) -> TrackSound:
    """Open the sound of a recording, and take its name away where that can be done, so that it goes with the work."""
    path = sound_path(order.folder, number)
    decoded = order.decoded[number]
    channels = open_sound(path, decoded.channel_count)
    with suppress(OSError):
        path.unlink()
    return TrackSound(order.labels[number], channels, decoded.warnings)


def _once(load: Callable[[SpeechTask], Model]) -> Callable[[SpeechTask], Model]:
    """Load a model on first demand, whatever its size, and limit anew what the work may take beside it."""
    kept: list[Model] = []

    def get(task: SpeechTask) -> Model:
        if not kept:
            limit_memory(None)
            kept.append(load(task))
            _limit_memory(task)
        return kept[0]

    return get


def _limit_memory(task: SpeechTask) -> None:
    limit_memory(None if choose_device(task.device) == "cuda" else task.limits.memory_bytes)


if __name__ == "__main__":
    listen(load_whisper)
