"""Cues to turns: what one speaker says without interruption becomes one text that still knows its cues.

Files with speakers change turns with the speaker. Files without any change turns where a sentence ends and a pause or a
dash follows, and keep turns short, so that two people rarely share one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.importers.speaker_labels import changes_speaker
from ingest.transcript import LONG_SILENCE_MS, Cue, CueSpan, Turn

PAUSE_MS = 1_500
MAX_TURN_MS = 60_000
MAX_TURN_CHARACTERS = 800
"""Bounds of a turn in a file without speakers; one that is in mid-sentence may become twice as long."""

_OVERLONG = 2.0
_PUNCTUATED_SHARE = 0.05
_REPEATING_SHARE = 0.5
_MIN_REPEATED_WORDS = 2
_MAX_REPEATED_WORDS = 60
_MAX_ROLL_GAP_MS = 500

_TEAMS_IDENTIFIER = re.compile(r"(?P<utterance>[0-9a-fA-F-]{36}/\d+)-(?P<part>\d+)")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”“’»«)\]]*$")


@dataclass(frozen=True, slots=True)
class _Group:
    """Cues of one turn to be."""

    speaker: str | None
    cues: list[Cue]


def merge_cues(cues: Sequence[Cue]) -> tuple[Turn, ...]:
    """Join cues to turns; `text[start:end]` of a turn is the text of each of its cues.

    Captions that roll (each repeats the end of the one before) are first cut to what each adds.
    """
    ordered = _without_repeats(_by_utterance(cues))
    has_speakers = any(cue.speaker for cue in ordered)
    groups = _group_by_speaker(ordered) if has_speakers else _group_by_pause(ordered)
    return tuple(_to_turn(index, group) for index, group in enumerate(groups))


def _by_utterance(cues: Sequence[Cue]) -> list[Cue]:
    """Bring the cues of each Teams utterance together, utterances by their start; other files stay as they are.

    Teams names cues `GUID/N-k`, cue k of utterance N, and writes them in the order in which they were recognised.
    """
    parts = [_TEAMS_IDENTIFIER.fullmatch(cue.identifier or "") for cue in cues]
    if not all(parts) or any(cue.start_ms is None for cue in cues):
        return list(cues)
    keyed = [(part["utterance"], int(part["part"]), cue) for part, cue in zip(parts, cues, strict=True) if part]
    starts: dict[str, int] = {}
    for utterance, _, cue in keyed:
        starts[utterance] = min(starts.get(utterance, cue.start_ms or 0), cue.start_ms or 0)
    ranks = {utterance: rank for rank, utterance in enumerate(sorted(starts, key=lambda name: starts[name]))}
    return [cue for _, _, cue in sorted(keyed, key=lambda key: (ranks[key[0]], key[1]))]


def _without_repeats(cues: list[Cue]) -> list[Cue]:
    """Cut from each cue what it repeats of the cue before, if that is the way of the whole file (rolling captions)."""
    repeated = [_repeated(previous, cue) for previous, cue in pairwise(cues)]
    rolling = sum(count >= _MIN_REPEATED_WORDS for count in repeated)
    if rolling < 2 or rolling <= _REPEATING_SHARE * len(repeated):
        return cues
    added = [(cue, " ".join(cue.text.split(" ")[count:])) for cue, count in zip(cues, [0, *repeated], strict=True)]
    return [replace(cue, text=text) for cue, text in added if text]


def _repeated(previous: Cue, cue: Cue) -> int:
    """Count the words at the start of a cue that the cue just before ends with."""
    gap_ms = _pause_ms([previous], cue)
    if gap_ms is None or gap_ms > _MAX_ROLL_GAP_MS or previous.speaker != cue.speaker:
        return 0
    earlier, words = previous.text.split(" "), cue.text.split(" ")
    longest = min(len(earlier), len(words), _MAX_REPEATED_WORDS)
    return next((count for count in range(longest, 0, -1) if earlier[-count:] == words[:count]), 0)


def _group_by_speaker(cues: Sequence[Cue]) -> list[_Group]:
    """Begin a turn where the speaker or the declared language changes.

    A cue without a speaker goes on with the turn before, unless a dash says that somebody else speaks.
    """
    groups: list[_Group] = []
    for cue in cues:
        last = groups[-1] if groups else None
        begins_unnamed = cue.speaker is None and changes_speaker(cue.text)
        speaker = cue.speaker if cue.speaker or begins_unnamed or last is None else last.speaker
        if last is None or begins_unnamed or speaker != last.speaker or _changes_language(last.cues, cue):
            groups.append(_Group(speaker, []))
        groups[-1].cues.append(cue)
    return groups


def _group_by_pause(cues: Sequence[Cue]) -> list[_Group]:
    """Begin a turn at a dash, at a pause between sentences, and where it would become too long."""
    ends = sum(_SENTENCE_END.search(cue.text) is not None for cue in cues)
    is_punctuated = ends >= _PUNCTUATED_SHARE * len(cues)
    groups: list[_Group] = []
    for cue in cues:
        last = groups[-1].cues if groups else None
        if last is None or _begins_turn(last, cue, is_punctuated):
            groups.append(_Group(None, []))
        groups[-1].cues.append(cue)
    return groups


def _begins_turn(turn: Sequence[Cue], cue: Cue, is_punctuated: bool) -> bool:
    """Decide whether a cue without a speaker begins a turn or goes on with the one before.

    Without times, the end of a line is all the pause there is to see.
    """
    pause_ms = _pause_ms(turn, cue)
    if changes_speaker(cue.text) or _changes_language(turn, cue) or (pause_ms or 0) > LONG_SILENCE_MS:
        return True
    length = _length_with(turn, cue)
    if length > _OVERLONG:
        return True
    if is_punctuated and not _is_between_sentences(turn[-1], cue):
        return False
    return length > 1 or (is_punctuated if pause_ms is None else pause_ms > PAUSE_MS)


def _is_between_sentences(previous: Cue, cue: Cue) -> bool:
    """Whether a sentence ends with one cue and the next begins another."""
    if not _SENTENCE_END.search(previous.text):
        return False
    return not cue.text[0].islower() or previous.text.islower()


def _pause_ms(turn: Sequence[Cue], cue: Cue) -> int | None:
    end_ms = turn[-1].end_ms
    return None if end_ms is None or cue.start_ms is None else cue.start_ms - end_ms


def _length_with(turn: Sequence[Cue], cue: Cue) -> float:
    """Length that a turn would have with one more cue, in units of what it may have."""
    characters = sum(len(each.text) + 1 for each in turn) + len(cue.text)
    start_ms, end_ms = turn[0].start_ms, cue.end_ms
    duration_ms = 0 if start_ms is None or end_ms is None else end_ms - start_ms
    return max(characters / MAX_TURN_CHARACTERS, duration_ms / MAX_TURN_MS)


def _changes_language(turn: Sequence[Cue], cue: Cue) -> bool:
    """Whether a cue declares another language than the turn did last."""
    if cue.language is None:
        return False
    last = next((each.language for each in reversed(turn) if each.language), cue.language)
    return last != cue.language


def _to_turn(index: int, group: _Group) -> Turn:
    """Join the texts of a turn by single spaces and note where each cue lies."""
    spans: list[CueSpan] = []
    position = 0
    for cue in group.cues:
        spans.append(CueSpan(cue.index, position, position + len(cue.text), cue.start_ms, cue.end_ms))
        position += len(cue.text) + 1
    starts_ms = [cue.start_ms for cue in group.cues if cue.start_ms is not None]
    ends_ms = [cue.end_ms for cue in group.cues if cue.end_ms is not None]
    return Turn(
        index=index,
        speaker=group.speaker,
        text=" ".join(cue.text for cue in group.cues),
        start_ms=min(starts_ms, default=None),
        end_ms=max(ends_ms, default=None),
        confidence=_mean_confidence(group.cues),
        language=group.cues[0].language if all(cue.language for cue in group.cues) else None,
        cues=tuple(spans),
    )


def _mean_confidence(cues: Sequence[Cue]) -> float | None:
    """Mean of the confidences that are known, weighted by the length of the text they are about."""
    known = [(cue.confidence, len(cue.text)) for cue in cues if cue.confidence is not None]
    weight = sum(length for _, length in known)
    return sum(confidence * length for confidence, length in known) / weight if weight else None
