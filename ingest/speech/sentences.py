"""Words to cues: a cue for each sentence, so that a quote knows when it starts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import fmean

from app.text import normalise, split_sentences
from ingest.speech.transcription import SpokenCue, Word

MAX_PAUSE_MS = 1_200
"""A longer pause begins another cue, sentence or not."""


def to_cues(words: Sequence[Word], language: str, speaker: str | None) -> Iterator[SpokenCue]:
    """Cut words at the ends of sentences and at pauses; words keep the white space that they begin with until here."""
    for group in _by_pause(words):
        for sentence in _by_sentence(group, language):
            text = _text(sentence)
            if not any(map(str.isalnum, text)):
                continue
            yield SpokenCue(
                start_ms=sentence[0].start_ms,
                end_ms=max(word.end_ms for word in sentence),
                text=text,
                language=language,
                speaker=speaker,
                confidence=round(fmean(word.confidence for word in sentence), 3),
                words=tuple(replace(word, text=normalise(word.text).strip()) for word in sentence),
            )


def _by_pause(words: Sequence[Word]) -> Iterator[list[Word]]:
    group: list[Word] = []
    for word in words:
        if group and word.start_ms - group[-1].end_ms > MAX_PAUSE_MS:
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def _by_sentence(words: Sequence[Word], language: str) -> Iterator[list[Word]]:
    """Give each word to the sentence that its last character lies in."""
    texts = [normalise(word.text) for word in words]
    ends = [sentence.end for sentence in split_sentences("".join(texts), language)]
    sentence: list[Word] = []
    position = 0
    for word, text in zip(words, texts, strict=True):
        position += len(text)
        sentence.append(word)
        if ends and position >= ends[0]:
            yield sentence
            sentence, ends = [], [end for end in ends if end > position]
    if sentence:
        yield sentence


def _text(words: Sequence[Word]) -> str:
    return " ".join(normalise("".join(word.text for word in words)).split())
