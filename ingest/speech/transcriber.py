"""From the sound of an interview to its transcription, in this process: what the child that listens does."""

import importlib.metadata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from ingest.speech.diarization import Diarizer
from ingest.speech.listening import Account, listen
from ingest.speech.regions import Stretch
from ingest.speech.sound import TrackSound
from ingest.speech.spoken_languages import tell_languages
from ingest.speech.task import SpeechTask
from ingest.speech.transcription import Transcription
from ingest.speech.voice import load_voice_detector
from ingest.speech.voices import Voice, find_voices
from ingest.speech.whisper import OPTIONS, SpeechModel

Progress = Callable[[int, int], None]
"""Called with the milliseconds of sound that are done, and of all sound; 0 of 0 before the listening."""

LEAST_COVERAGE = 0.9
_MOST_PLACES = 5
_PACKAGES = ("faster-whisper", "ctranslate2", "onnxruntime", "av")


def transcribe(
    sounds: Sequence[TrackSound],
    task: SpeechTask,
    load_speech_model: Callable[[SpeechTask], SpeechModel],
    load_diarizer: Callable[[SpeechTask], Diarizer | None],
    progress: Progress,
) -> Transcription:
    """Transcribe the tracks of one interview, which share their clock.

    Models are loaded only when somebody speaks, a diarizer only where no track or channel tells the speakers apart.

    Raises:
        SpeechModelError: a model is not there.
    """
    voices, warnings = find_voices(sounds, load_voice_detector(), partial(progress, 0, 0))
    speaking = [voice for voice in voices if voice.stretches]
    if not speaking:
        return _assemble(voices, task, None, [], warnings)
    model = load_speech_model(task)
    diarizer = load_diarizer(task) if any(voice.label is None for voice in speaking) else None
    accounts: list[Account] = []
    for voice, tell in _with_progress(_tell_apart(speaking, task, diarizer, partial(progress, 0, 0)), progress):
        tell(0)
        languages = tell_languages(voice, task, model, partial(tell, 0))
        warnings = (*warnings, *languages.warnings)
        for piece, account in listen(voice, languages.pieces, model):
            accounts.append(account)
            tell(piece.end_ms)
    heard = _assemble(voices, task, model, accounts, warnings)
    return replace(heard, options=heard.options | {"diarizer": diarizer.identity}) if diarizer else heard


def coverage_warnings(speech_ms: int, silent: Sequence[Stretch]) -> tuple[str, ...]:
    """Say where speech was heard and no text was found, when that is more than a tenth of all speech."""
    silent_ms = sum(gap.duration_ms for gap in silent)
    if silent_ms <= (1 - LEAST_COVERAGE) * speech_ms:
        return ()
    longest = sorted(silent, key=lambda gap: -gap.duration_ms)[:_MOST_PLACES]
    places = ", ".join(f"{_clock(gap.start_ms)}–{_clock(gap.end_ms)}" for gap in sorted(longest, key=_start))
    return (f"{silent_ms / 1000:.0f} of {speech_ms / 1000:.0f} seconds of speech have no text, such as {places}",)


def _tell_apart(
    voices: Sequence[Voice], task: SpeechTask, diarizer: Diarizer | None, alive: Callable[[], None]
) -> list[Voice]:
    """Find the turns of the speakers of each voice that has no label."""
    return [
        voice
        if diarizer is None or voice.label is not None
        else replace(voice, turns=diarizer.diarize(voice.samples, task.speakers, alive))
        for voice in voices
    ]


def _with_progress(voices: Sequence[Voice], progress: Progress) -> Iterator[tuple[Voice, Callable[[int], None]]]:
    """Each voice, with a function that is told how far it is."""
    total_ms = sum(voice.duration_ms for voice in voices)
    before_ms = 0
    for voice in voices:
        yield voice, partial(_tell, progress, before_ms, total_ms)
        before_ms += voice.duration_ms
    progress(total_ms, total_ms)


def _tell(progress: Progress, before_ms: int, total_ms: int, here_ms: int) -> None:
    progress(before_ms + here_ms, total_ms)


def _assemble(
    voices: Sequence[Voice],
    task: SpeechTask,
    model: SpeechModel | None,
    accounts: Sequence[Account],
    warnings: tuple[str, ...],
) -> Transcription:
    cues = [cue for account in accounts for cue in account.cues]
    speech_ms = sum(stretch.duration_ms for voice in voices for stretch in voice.stretches)
    silent = [gap for account in accounts for gap in account.silent]
    batched = {"batch_size": model.batch_size} if model else {}
    return Transcription(
        cues=tuple(sorted(cues, key=lambda cue: (cue.start_ms, cue.end_ms))),
        duration_ms=max(voice.duration_ms for voice in voices),
        model=model.identity if model else None,
        options={**OPTIONS, "languages": " ".join(task.candidates), "alternating": task.alternating, **batched},
        versions={package: importlib.metadata.version(package) for package in _PACKAGES},
        warnings=(*warnings, *([] if cues else ["no words were made out"]), *coverage_warnings(speech_ms, silent)),
    )


def _start(stretch: Stretch) -> int:
    return stretch.start_ms


def _clock(time_ms: int) -> str:
    minutes, seconds = divmod(time_ms // 1000, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
