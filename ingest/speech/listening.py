"""Pieces of a voice to their cues: what the model hears, without what it invents, with what it first left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.speech.faults import (
    cut_loops,
    drop_hurried,
    drop_outside_speech,
    is_invented,
    repeats,
    start_at_onsets,
    uncovered,
)
from ingest.speech.regions import Piece, Stretch
from ingest.speech.sentences import to_cues
from ingest.speech.speaker_turns import split_by_speaker
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


def listen(voice: Voice, pieces: Sequence[Piece], model: SpeechModel) -> Iterator[tuple[Piece, Account]]:
    """Transcribe pieces, several at once where the language does not alternate, and what they left out once more."""
    alternates = len({piece.language for piece in pieces}) > 1
    at_once = 1 if alternates else model.batch_size
    for batch in _batches(pieces, at_once):
        found = list(_hear(voice, batch, model, at_once))
        missed = [(words, gap) for piece, words in zip(batch, found, strict=True) for gap in _gaps(piece, words)]
        again = _hear(voice, [gap for _, gap in missed], model, at_once)
        for (words, _), heard in zip(missed, again, strict=True):
            words += [] if repeats(words, heard) else heard
        yield from ((piece, _account(voice, piece, words)) for piece, words in zip(batch, found, strict=True))


def _gaps(piece: Piece, words: Sequence[Word]) -> Iterator[Piece]:
    """The speech in a piece that has no text; where that is all of it, hearing it again would not help."""
    for gap in uncovered(piece.stretches, words, LEAST_GAP_MS):
        if gap.duration_ms < piece.duration_ms:
            yield Piece((gap,), piece.language)


def _account(voice: Voice, piece: Piece, words: list[Word]) -> Account:
    words.sort(key=lambda word: word.start_ms)
    cues = tuple(
        cue
        for speaker, said in split_by_speaker(words, voice.turns)
        for cue in to_cues(said, piece.language, voice.label or speaker)
    )
    return Account(cues, uncovered(piece.stretches, words, LEAST_GAP_MS))


def _hear(voice: Voice, pieces: Sequence[Piece], model: SpeechModel, at_once: int) -> Iterator[list[Word]]:
    """The words of each of some pieces of one language, at the times of the recording, without what was invented."""
    for batch in _batches(pieces, at_once):
        sounds = [voice.sound(piece.start_ms, piece.end_ms) for piece in batch]
        for piece, heard in zip(batch, model.transcribe(sounds, batch[0].language), strict=True):
            yield _believed_words(heard, piece)


def _batches(pieces: Sequence[Piece], size: int) -> Iterator[Sequence[Piece]]:
    for start in range(0, len(pieces), size):
        yield pieces[start : start + size]


def _believed_words(heard: Sequence[Heard], piece: Piece) -> list[Word]:
    believed = [each for each in heard if not is_invented(each.no_speech, each.likelihood)]
    ratio = max((each.compression_ratio for each in believed), default=0.0)
    words = drop_outside_speech(cut_loops(_placed(believed, piece), ratio), piece.stretches)
    speech_ms = sum(stretch.duration_ms for stretch in piece.stretches)
    return list(start_at_onsets(drop_hurried(words, speech_ms), piece.stretches))


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
