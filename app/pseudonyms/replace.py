"""Findings to placeholders: which one stands for whom, and where everything else stands afterwards."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count

from app.pseudonyms.findings import Finding, PersonalKind, participant_key

NUMBERED = frozenset({PersonalKind.NAME, PersonalKind.COMPANY})


@dataclass(frozen=True, slots=True)
class Mark:
    """A placeholder at `text[start:end]` of the pseudonymised text, and the words that it stands for."""

    start: int
    end: int
    label: str
    original: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Replaced:
    """A text with placeholders; offsets of the original text lead to it, and back."""

    text: str
    marks: tuple[Mark, ...] = ()

    @property
    def original(self) -> str:
        """The text without placeholders."""
        pieces, position = [], 0
        for mark in self.marks:
            pieces += [self.text[position : mark.start], mark.original]
            position = mark.end
        return "".join([*pieces, self.text[position:]])

    def moved(self, start: int, end: int) -> tuple[int, int]:
        """Where a span of the original text stands now; one that touches replaced words has the whole placeholder."""
        return self._moved(start, at_end=False), self._moved(end, at_end=True)

    def _moved(self, offset: int, *, at_end: bool) -> int:
        shift = 0
        for mark in self.marks:
            start = mark.start - shift
            end = start + len(mark.original)
            if offset <= start:
                break
            if offset < end:
                return mark.end if at_end else mark.start
            shift += (mark.end - mark.start) - len(mark.original)
        return offset + shift


@dataclass
class Placeholders:
    """Which placeholder stands for whom, within everything that one participant said; new ones are numbered on.

    `known` leads from hashes of keys to placeholders; keys themselves are never kept.
    """

    hash_key: Callable[[str], str]
    known: dict[str, str] = field(default_factory=dict)

    def label_of(self, finding: Finding) -> tuple[str, tuple[str, ...]]:
        """The placeholder of a finding, and the hashes of its keys; the same for all that have a key in common."""
        if finding.kind not in NUMBERED:
            return f"[{finding.kind}]", tuple(map(self.hash_key, finding.keys))
        hashes = tuple(map(self.hash_key, finding.keys))
        label = next((self.known[each] for each in hashes if each in self.known), None) or self._next(finding.kind)
        for each in hashes:
            self.known.setdefault(each, label)
        return label, hashes

    def of_participant(self, code: str) -> str | None:
        """The placeholder of a registered participant, if it stands anywhere."""
        return self.known.get(self.hash_key(participant_key(code)))

    def _next(self, kind: PersonalKind) -> str:
        taken = set(self.known.values())
        return next(label for number in count(1) if (label := f"[{kind} {number}]") not in taken)


def replace_findings(text: str, findings: Iterable[Finding], placeholders: Placeholders) -> Replaced:
    """Put placeholders in the place of findings, which are in order and do not overlap."""
    pieces: list[str] = []
    marks: list[Mark] = []
    position = length = 0
    for finding in findings:
        label, keys = placeholders.label_of(finding)
        before = text[position : finding.start]
        start = length + len(before)
        marks.append(Mark(start, start + len(label), label, text[finding.start : finding.end], keys))
        pieces += [before, label]
        length, position = start + len(label), finding.end
    return Replaced("".join([*pieces, text[position:]]), tuple(marks))


def revealed(text: str, marks: Sequence[Mark], label: str | None) -> str:
    """A pseudonymised text with what one placeholder stands for; all others stay."""
    pieces, position = [], 0
    for mark in marks:
        pieces += [text[position : mark.start], mark.original if mark.label == label else mark.label]
        position = mark.end
    return "".join([*pieces, text[position:]])
