"""Turns with placeholders in the place of personal data: before they are tagged, embedded and stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.pseudonyms.find import Finder, Known, Said, find_personal
from app.pseudonyms.findings import without_overlaps
from app.pseudonyms.registered import Person, find_registered, is_personal_label, person_of
from app.pseudonyms.replace import Mark, Placeholders, Replaced, replace_findings
from app.vocabulary import Role
from ingest.transcript import Turn


@dataclass(frozen=True)
class Spoken:
    """A turn with what is known of it: its language, its role and the participant who speaks it."""

    turn: Turn
    language: str
    role: Role
    participant: str | None


@dataclass(frozen=True)
class Pseudonyms:
    """What is known of people before a conversation is read.

    `private` are attributes that say who a participant is, by code; `known` the placeholders that stand somewhere,
    from which `placeholders` are numbered on; `before` are the marks of this version where it is stored already, by the
    index of the turn: words that are stored never change.
    """

    private: dict[str, dict[str, str]]
    keep: frozenset[str]
    known: Mapping[str, str]
    placeholders: Placeholders
    before: dict[int, tuple[Mark, ...]]


@dataclass(frozen=True)
class Marked:
    """A turn with placeholders, and what they stand for."""

    turn: Turn
    marks: tuple[Mark, ...] = ()


def pseudonymise(
    spoken: Sequence[Spoken], pseudonyms: Pseudonyms | None, finders: tuple[Finder, ...] = ()
) -> tuple[Marked, ...]:
    """Replace personal data in the turns of one conversation; without pseudonyms they stay as they are.

    `finders` find more of it than our own rules.
    """
    if pseudonyms is None:
        return tuple(Marked(said.turn) for said in spoken)
    labels = _labels(spoken)
    persons = tuple(
        person_of(code, private, labels.get(code, ())) for code, private in sorted(pseudonyms.private.items())
    )
    said = [Said(each.turn.text, each.language) for each in spoken]
    findings = find_personal(said, Known(persons, pseudonyms.keep, finders))
    marked = []
    for each, found in zip(spoken, findings, strict=True):
        before = pseudonyms.before.get(each.turn.index)
        replaced = (
            replace_findings(each.turn.text, found, pseudonyms.placeholders)
            if before is None
            else with_marks(each.turn.text, before)
        )
        marked.append(Marked(_moved(each.turn, replaced), replaced.marks))
    return tuple(_without_label(each, persons, pseudonyms.placeholders) for each in marked)


def with_marks(text: str, marks: Sequence[Mark]) -> Replaced:
    """Put placeholders where they stood before."""
    pieces, position, shift = [], 0, 0
    for mark in marks:
        start = mark.start - shift
        pieces += [text[position:start], mark.label]
        position = start + len(mark.original)
        shift += (mark.end - mark.start) - len(mark.original)
    return Replaced("".join([*pieces, text[position:]]), tuple(marks))


def _labels(spoken: Sequence[Spoken]) -> dict[str, list[str]]:
    """The labels under which participants speak."""
    labels: dict[str, list[str]] = {}
    for each in spoken:
        if each.role is Role.PARTICIPANT and each.participant and each.turn.speaker:
            labels.setdefault(each.participant, []).append(each.turn.speaker)
    return {code: list(dict.fromkeys(names)) for code, names in labels.items()}


def _moved(turn: Turn, replaced: Replaced) -> Turn:
    """A turn with placeholders, whose cues stand where they stand now."""
    if not replaced.marks:
        return turn
    cues = tuple(
        replace(cue, start=start, end=end) for cue in turn.cues for start, end in [replaced.moved(cue.start, cue.end)]
    )
    return replace(turn, text=replaced.text, cues=cues)


def _without_label(marked: Marked, persons: Sequence[Person], placeholders: Placeholders) -> Marked:
    """A turn whose label, where it names a participant, is the placeholder of that person."""
    label = marked.turn.speaker
    if label is None:
        return marked
    named = next(
        (person for person in persons if label in person.names and is_personal_label(label, person.code)), None
    )
    if named is None:
        return marked
    findings = without_overlaps(find_registered(label, [named]))
    replaced = replace_findings(label, findings, placeholders)
    return replace(marked, turn=replace(marked.turn, speaker=replaced.text))
