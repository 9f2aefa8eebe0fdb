"""One piece of a voice to its cues: what the model hears, without what it invents, with what it first left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.speech.faults import cut_loops, drop_hurried, drop_outside_speech, is_invented, repeats, uncovered
from ingest.speech.regions import Piece, Stretch
from ingest.speech.sentences import to_cues
from ingest.speech.transcription import SpokenCue, Word
from ingest.speech.voices import Voice
from ingest.speech.whisper import Heard, SpeechModel

LEAST_GAP_MS = 1_500
"""Speech without text that is at least this long is listened to once more, by itself."""


@dataclass(frozen=True, slots=True)
class Account:
    """What a piece was found to say, and the speech in it that no text was found for."""

    cues: tuple[SpokenCue, ...]
    silent: tuple[Stretch, ...]


def listen(voice: Voice, piece: Piece, model: SpeechModel) -> Account:
    """Transcribe a piece, and what it left out once more."""
    words = _words(voice, piece, model)
    for gap in uncovered(piece.stretches, words, LEAST_GAP_MS):
        again = _words(voice, Piece((gap,), piece.language), model)
        words += [] if repeats(words, again) else again
    words.sort(key=lambda word: word.start_ms)
    cues = tuple(to_cues(words, piece.language, voice.label))
    return Account(cues, uncovered(piece.stretches, words, LEAST_GAP_MS))


def _words(voice: Voice, piece: Piece, model: SpeechModel) -> list[Word]:
    """The words of a piece at the times of the recording, without what the model invented."""
    heard = model.transcribe(voice.sound(piece.start_ms, piece.end_ms), piece.language)
    believed = [each for each in heard if not is_invented(each.no_speech, each.likelihood)]
    words = drop_outside_speech(_placed(believed, piece), piece.stretches)
    ratio = max((each.compression_ratio for each in believed), default=0.0)
    speech_ms = sum(stretch.duration_ms for stretch in piece.stretches)
    return list(drop_hurried(cut_loops(words, ratio), speech_ms))


def _placed(heard: Sequence[Heard], piece: Piece) -> list[Word]:
    """Bring words to the times of the recording, within their piece."""
    return [
        replace(
            word,
            start_ms=min(piece.start_ms + word.start_ms, piece.end_ms),
            end_ms=min(piece.start_ms + word.end_ms, piece.end_ms),
        )
        for each in heard
        for word in each.words
    ]
