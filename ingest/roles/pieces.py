"""Turns cut into pieces before roles are known, and put together again afterwards.

Where a transcript has no labels, or one label may cover two mouths (an interpreter's and another's), a turn as the file
shows it can hold the words of several people. Its cues are then attributed one by one and joined by what was found.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from app.language import CERTAIN, LanguageGuess
from app.vocabulary import Mode, Role
from ingest.roles.attribution import Attribution
from ingest.transcript import LONG_SILENCE_MS, CueSpan, Turn

SENTENCE_END = re.compile(r"[.!?…。！？][\"'”“’»«)\]]*$")

# A transcript in which fewer cues than this end a sentence was not punctuated: every cue may then change the speaker.
PUNCTUATED_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Spoken:
    """One stretch of speech with its language and whose words it holds."""

    turn: Turn
    language: LanguageGuess
    attribution: Attribution


def split_turns(turns: Sequence[Turn], mode: Mode) -> tuple[Turn, ...]:
    """Cut turns that may hold several people's words into pieces, between cues and at the ends of sentences.

    These are turns without a label, and all turns of an interpreted interview; the others stay whole. Pieces are
    numbered anew.
    """
    ends = [_ends_sentence(turn, span) for turn in turns for span in turn.cues]
    punctuated = sum(ends) >= PUNCTUATED_SHARE * len(ends)
    pieces = [
        piece
        for turn in turns
        for piece in (_split(turn, punctuated) if mode is Mode.INTERPRETED or not turn.speaker else [turn])
    ]
    return tuple(piece if piece.index == index else replace(piece, index=index) for index, piece in enumerate(pieces))


def join_pieces(
    pieces: Sequence[Turn], languages: Sequence[LanguageGuess], attributions: Sequence[Attribution]
) -> tuple[Spoken, ...]:
    """Join neighbours of the same label, role, participant and language to one stretch; stretches are numbered anew."""
    groups: list[list[Spoken]] = []
    for spoken in map(Spoken, pieces, languages, attributions):
        if groups and _belong_together(groups[-1][-1], spoken):
            groups[-1].append(spoken)
        else:
            groups.append([spoken])
    return tuple(_join(index, group) for index, group in enumerate(groups))


def _split(turn: Turn, punctuated: bool) -> list[Turn]:
    pieces: list[list[CueSpan]] = []
    for span in turn.cues:
        if pieces and punctuated and not _ends_sentence(turn, pieces[-1][-1]):
            pieces[-1].append(span)
        else:
            pieces.append([span])
    return [_piece(turn, spans) for spans in pieces] or [turn]


def _ends_sentence(turn: Turn, span: CueSpan) -> bool:
    return SENTENCE_END.search(turn.text[span.start : span.end]) is not None


def _piece(turn: Turn, spans: Sequence[CueSpan]) -> Turn:
    start = spans[0].start
    return replace(
        turn,
        text=turn.text[start : spans[-1].end],
        start_ms=min((span.start_ms for span in spans if span.start_ms is not None), default=None),
        end_ms=max((span.end_ms for span in spans if span.end_ms is not None), default=None),
        cues=tuple(replace(span, start=span.start - start, end=span.end - start) for span in spans),
    )


def _belong_together(before: Spoken, after: Spoken) -> bool:
    if _voice(before) != _voice(after) or _silence_ms(before.turn, after.turn) > LONG_SILENCE_MS:
        return False
    unsure = min(before.language.confidence, after.language.confidence) < CERTAIN
    return unsure or before.language.language == after.language.language


def _silence_ms(before: Turn, after: Turn) -> int:
    return 0 if before.end_ms is None or after.start_ms is None else after.start_ms - before.end_ms


def _voice(spoken: Spoken) -> tuple[str | None, Role, str | None]:
    return spoken.turn.speaker, spoken.attribution.role, spoken.attribution.participant


def _join(index: int, group: Sequence[Spoken]) -> Spoken:
    """One stretch of several; the longest piece gives language and basis, confidences are means weighted by length."""
    longest = max(group, key=lambda spoken: len(spoken.turn.text))
    return Spoken(
        _join_turns(index, [spoken.turn for spoken in group]),
        LanguageGuess(longest.language.language, _mean(group, [spoken.language.confidence for spoken in group])),
        replace(longest.attribution, confidence=_mean(group, [spoken.attribution.confidence for spoken in group])),
    )


def _join_turns(index: int, turns: Sequence[Turn]) -> Turn:
    """One turn of several, their texts joined by single spaces and the places of their cues moved along."""
    starts = [0, *accumulate(len(turn.text) + 1 for turn in turns)]
    cues = [
        replace(span, start=span.start + start, end=span.end + start) if start else span
        for turn, start in zip(turns, starts, strict=False)
        for span in turn.cues
    ]
    heard = [(turn.confidence, len(turn.text)) for turn in turns if turn.confidence is not None]
    return replace(
        turns[0],
        index=index,
        text=" ".join(turn.text for turn in turns),
        start_ms=min((turn.start_ms for turn in turns if turn.start_ms is not None), default=None),
        end_ms=max((turn.end_ms for turn in turns if turn.end_ms is not None), default=None),
        confidence=sum(c * n for c, n in heard) / sum(n for _, n in heard) if heard else None,
        language=turns[0].language if len({turn.language for turn in turns}) == 1 else None,
        cues=tuple(cues),
    )


def _mean(group: Sequence[Spoken], values: Sequence[float]) -> float:
    lengths = [len(spoken.turn.text) for spoken in group]
    return sum(value * length for value, length in zip(values, lengths, strict=True)) / sum(lengths)
