"""What the sample study is rendered from: themes, participants, how each interview was held, and its gold turns."""

import csv
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

WHO = re.compile(r"(?P<name>[^,]+), (?P<age>\d+), (?P<occupation>[^,]+), (?P<city>[^,]+)")


@dataclass(frozen=True, slots=True)
class GoldTurn:
    """One turn as it was written, with the codes that its words give evidence for (`!CODE`: denied)."""

    role: str
    language: str
    codes: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Theme:
    """One code of the study."""

    code: str
    kind: str
    label: str
    about: str


@dataclass(frozen=True, slots=True)
class Participant:
    """One interviewed customer."""

    id: str
    age: int
    occupation: str
    city: str
    segment: str
    language: str
    interpreted: bool
    ltv_eur: float
    purchases: int


@dataclass(frozen=True, slots=True)
class Interview:
    """How one conversation was held and exported. `labels` go by role, or by role and language ("interpreter en")."""

    id: str
    participant: str
    date: date
    interviewer: str
    format: str
    labels: Mapping[str, str]
    speakers: Mapping[str, str]
    tagged: bool
    turns: tuple[GoldTurn, ...]

    def label_of(self, turn: GoldTurn) -> str:
        """The name that the platform gives to the speaker of a turn."""
        return self.labels.get(f"{turn.role} {turn.language}") or self.labels[turn.role]


@dataclass(frozen=True, slots=True)
class StudySource:
    """Everything that the study folder is rendered from."""

    themes: tuple[Theme, ...]
    participants: tuple[Participant, ...]
    team: tuple[Mapping[str, str], ...]
    interviews: tuple[Interview, ...]


def read_study_source(folder: Path) -> StudySource:
    """Read `source/` and `gold/` of the sample study."""
    bible = yaml.safe_load((folder / "source" / "bible.yaml").read_text(encoding="utf-8"))
    plan = yaml.safe_load((folder / "source" / "interviews.yaml").read_text(encoding="utf-8"))
    return StudySource(
        themes=tuple(Theme(code=code, **theme) for code, theme in bible["themes"].items()),
        participants=tuple(_participant(entry) for entry in bible["participants"]),
        team=tuple(plan["team"]),
        interviews=tuple(_interview(entry, folder) for entry in plan["interviews"]),
    )


def read_gold_turns(path: Path) -> tuple[GoldTurn, ...]:
    """Read one gold file: role, language, codes (`-`: none) and text, separated by tabs."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return tuple(
        GoldTurn(role, language, () if codes == "-" else tuple(codes.split(",")), text)
        for role, language, codes, text in rows
    )


def seeded_random(purpose: str) -> random.Random:
    """A generator that gives the same numbers for the same purpose on every machine."""
    return random.Random(f"nido {purpose}")  # noqa: S311 - reproducible on purpose, guards nothing


def _participant(entry: dict[str, Any]) -> Participant:
    who = WHO.fullmatch(entry["who"])
    if who is None:
        raise ValueError(f"bible.yaml, {entry['id']}: {entry['who']!r} is not name, age, occupation, city")
    return Participant(
        id=entry["id"],
        age=int(who["age"]),
        occupation=who["occupation"],
        city=who["city"],
        segment=entry["segment"],
        language=entry["language"],
        interpreted=entry["mode"].startswith("live-interpreted"),
        ltv_eur=entry["ltv_eur"],
        purchases=entry["purchases"],
    )


def _interview(entry: dict[str, Any], folder: Path) -> Interview:
    participant = entry["participant"]
    return Interview(
        id=participant.replace("P", "I"),
        participant=participant,
        date=entry["date"],
        interviewer=entry["interviewer"],
        format=entry["format"],
        labels=entry["labels"],
        speakers=entry.get("speakers", {}),
        tagged=entry.get("tagged", False),
        turns=read_gold_turns(folder / "gold" / f"{participant}.tsv"),
    )
