"""How two texts differ, sentence by sentence, as pure functions."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from app.evidence.sources.chunks import sentence_spans

LEAST_ALIKE = 0.5
MOST_COMPARED = 200
"""Beyond so many sentences that are gone, or new, none is taken for another wording of one."""

_CURRENCY = r"(?:[€$£]|EUR|USD|GBP|CHF|[Ee]uros?|dollars?|pounds?)"
_NUMBER = re.compile(
    rf"(?:{_CURRENCY}\s?)?\d+(?:[.,'’]\d+)*(?:\s?(?:{_CURRENCY}|%|‰|per cent|percent|Prozent|por ciento)(?!\w))?"
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Rewording:
    """A sentence before and after, with the numbers of each that the other has not."""

    before: str
    after: str
    numbers_before: tuple[str, ...]
    numbers_after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two texts: sentences that changed, that are new, and that are gone."""

    changed: tuple[Rewording, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]


def compare(before: str, after: str, language: str) -> Difference:
    """Compare two texts sentence by sentence; list items and rows of tables count as sentences.

    A sentence that is gone and one that is new are taken for one that changed where at least half of their words are
    the same, in the same order; each for the one that is most alike. What only moved has not changed.
    """
    old, new = _sentences(before, language), _sentences(after, language)
    removed, added = _without(old, new), _without(new, old)
    pairs = _pairs(removed, added) if max(len(removed), len(added)) <= MOST_COMPARED else {}
    changed = [_reworded(removed[pairs[place]], sentence) for place, sentence in enumerate(added) if place in pairs]
    return Difference(
        tuple(changed),
        tuple(sentence for place, sentence in enumerate(added) if place not in pairs),
        tuple(sentence for place, sentence in enumerate(removed) if place not in pairs.values()),
    )


def numbers(text: str) -> tuple[str, ...]:
    """The numbers of a text as they are written, each with its currency or per-cent sign: `1,00 €`, `0.75 %`."""
    return tuple(" ".join(match[0].split()) for match in _NUMBER.finditer(text))


def _sentences(text: str, language: str) -> list[str]:
    return [" ".join(text[span.start : span.end].split()) for span in sentence_spans(text, language)]


def _without(sentences: Sequence[str], others: Sequence[str]) -> list[str]:
    """The sentences that others do not have, in order; one that stands here more often than there is left so often."""
    left, kept = Counter(others), []
    for sentence in sentences:
        if left[sentence]:
            left[sentence] -= 1
        else:
            kept.append(sentence)
    return kept


def _pairs(removed: Sequence[str], added: Sequence[str]) -> dict[int, int]:
    """Which of the sentences that are new is another wording of which that is gone, the most alike first."""
    old, new = [_words(sentence) for sentence in removed], [_words(sentence) for sentence in added]
    alike = [
        (-ratio, place, other)
        for place, words in enumerate(new)
        for other, others in enumerate(old)
        if (ratio := _likeness(others, words)) >= LEAST_ALIKE
    ]
    pairs: dict[int, int] = {}
    for _, place, other in sorted(alike):
        if place not in pairs and other not in pairs.values():
            pairs[place] = other
    return pairs


def _likeness(before: Sequence[str], after: Sequence[str]) -> float:
    """Twice the number of words in common, in order, over the number of all words; in [0, 1]."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= LEAST_ALIKE else 0.0


def _words(sentence: str) -> list[str]:
    return _WORD.findall(sentence.casefold())


def _reworded(before: str, after: str) -> Rewording:
    old, new = numbers(before), numbers(after)
    return Rewording(before, after, tuple(_without(old, new)), tuple(_without(new, old)))
