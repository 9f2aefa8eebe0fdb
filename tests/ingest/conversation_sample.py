"""Conversations whose roles are known, and how transcripts may spoil them, for tests of role attribution."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.language import identify_languages
from app.vocabulary import Mode, Role
from ingest.roles import Attribution, RoleContext, attribute_roles
from ingest.transcript import Turn

CONVERSATIONS = Path(__file__).parent / "conversations"
GOLD = Path(__file__).parents[2] / "examples" / "nido" / "gold"


Spoil = Callable[[Sequence["Line"]], tuple["Line", ...]]


@dataclass(frozen=True)
class Line:
    """One turn with the truth about it: who speaks, in which language, under which label."""

    role: Role
    language: str
    label: str | None
    text: str


def read_conversation(name: str) -> tuple[Line, ...]:
    """An invented conversation: role, language, label, text in each line."""
    rows = [row.split("\t") for row in (CONVERSATIONS / f"{name}.tsv").read_text("utf-8").splitlines()]
    return tuple(Line(Role(role), language, label or None, text) for role, language, label, text in rows)


def read_gold() -> dict[str, tuple[Line, ...]]:
    """The interviews of the sample study by participant; the labels are the names of the roles."""
    interviews = {}
    for path in sorted(GOLD.glob("*.tsv")):
        rows = [row.split("\t") for row in path.read_text("utf-8").splitlines()]
        interviews[path.stem] = tuple(Line(Role(row[0]), row[1], row[0], row[-1]) for row in rows)
    return interviews


def unlabelled(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines as a transcript without speakers has them."""
    return tuple(replace(line, label=None) for line in lines)


def unpunctuated(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines as a bare machine transcript has them: lower case, no marks, no speakers."""
    return tuple(
        replace(line, label=None, text=re.sub(r"[^\w\s'’]", "", line.text).lower()) for line in unlabelled(lines)
    )


def turns_of(lines: Sequence[Line]) -> tuple[Turn, ...]:
    """The lines as turns without times."""
    return tuple(Turn(index, line.label, line.text, None, None, None, None, ()) for index, line in enumerate(lines))


def attribute(lines: Sequence[Line], context: RoleContext, candidates: Sequence[str]) -> tuple[Attribution, ...]:
    """Identify the languages of the lines and attribute them."""
    texts, labels = [line.text for line in lines], [line.label for line in lines]
    languages = identify_languages(texts, candidates, context.participant_language, labels)
    return attribute_roles(turns_of(lines), languages, context)


def direct(language: str, speakers: Mapping[str, str] | None = None) -> RoleContext:
    """The context of an interview with P01 in one language."""
    return RoleContext(Mode.DIRECT, {"P01": ()}, language, language, speakers=speakers or {})


def interpreted(language: str, interviewer_language: str, speakers: Mapping[str, str] | None = None) -> RoleContext:
    """The context of an interpreted interview with P01."""
    return RoleContext(Mode.INTERPRETED, {"P01": ()}, language, interviewer_language, speakers=speakers or {})


def accuracy(lines: Sequence[Line], attributions: Sequence[Attribution]) -> float:
    """The share of lines whose role was found."""
    right = [line.role is found.role for line, found in zip(lines, attributions, strict=True)]
    return sum(right) / len(right)


def misquoted(lines: Sequence[Line], attributions: Sequence[Attribution]) -> list[str]:
    """What would be quoted as a participant's and is not."""
    return [
        line.text
        for line, found in zip(lines, attributions, strict=True)
        if found.role is Role.PARTICIPANT and line.role is not Role.PARTICIPANT
    ]
