"""Codes as other tools show them, and back: a name, and a description that says all else in lines that people read."""

import re
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from app.research.codebook.schemas import LONGEST_CODE, RESERVED
from app.text import normalise
from app.vocabulary import Kind

DENIED = " (denied)"
"""What the name of the code ends with that holds denials of another: other tools know no polarity."""

_IDENTITIES = uuid.UUID("b2a40a64-6e0f-5d0a-9c39-0a5f1f6a7d21")
_APART = " · "
_RULE = "---"
_FACT = re.compile(r"(?:kind: (?P<kind>\w+)|label (?P<language>[a-z]{2}|und): (?P<label>.+)|example: (?P<example>.+))")
_IDENTIFIER = re.compile(rf"\w[\w.-]{{0,{LONGEST_CODE - 1}}}")
_UNFIT = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class Described:
    """What a description says."""

    about: str
    kind: Kind | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    examples: tuple[str, ...] = ()


def identify(study: str, *names: str) -> uuid.UUID:
    """The identity of something of a study in other tools: the same names have it always."""
    return uuid.uuid5(_IDENTITIES, "\0".join((study, *names)))


def name_code(code: str, labels: Mapping[str, str]) -> str:
    """What other tools call a code: its name and its label."""
    label = labels.get("en") or next(iter(labels.values()), code)
    return code if label == code else f"{code}{_APART}{label}"


def read_name(name: str) -> tuple[str, str]:
    """The name and the label of a code that another tool calls so; both are the same where there is but one."""
    code, apart, label = name.partition(_APART)
    return (code, label.strip()) if apart and label.strip() and _IDENTIFIER.fullmatch(code) else (name, name)


def describe(kind: Kind, about: str, labels: Mapping[str, str], examples: Sequence[str]) -> str:
    """Say in other tools what a code is about, then its kind, labels and examples, a line each."""
    facts = [
        f"kind: {kind}",
        *(f"label {language}: {label}" for language, label in labels.items()),
        *(f"example: {example}" for example in examples),
    ]
    return "\n".join([about, _RULE, *facts])


def read_description(description: str) -> Described:
    """Read what a description says; one that somebody else wrote is what its code is about."""
    about, rule, rest = f"\n{description}".rpartition(f"\n{_RULE}\n")
    facts = [_FACT.fullmatch(line) for line in rest.split("\n")]
    if not rule or not all(facts):
        return Described(description)
    found = [fact for fact in facts if fact]
    kinds = [Kind(fact["kind"]) for fact in found if fact["kind"] in set(Kind)]
    return Described(
        about=about.removeprefix("\n"),
        kind=kinds[0] if kinds else None,
        labels={fact["language"]: fact["label"] for fact in found if fact["language"]},
        examples=tuple(fact["example"] for fact in found if fact["example"]),
    )


def free_code(name: str, taken: Collection[str]) -> str:
    """A name for a code that none has yet: the one that it has elsewhere, as far as it can be used."""
    fit = _UNFIT.sub("-", normalise(name)).strip("-.")[:LONGEST_CODE] or "code"
    if fit in RESERVED or fit in set(Kind):
        fit = f"{fit}-code"
    number, free = 1, fit
    while free in taken:
        number += 1
        free = f"{fit[: LONGEST_CODE - len(str(number)) - 1]}-{number}"
    return free
