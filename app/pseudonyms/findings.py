"""What the finders hand on: where personal data stands, of which kind it is, and whose."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class PersonalKind(StrEnum):
    """A kind of personal data; its placeholder is called so."""

    NAME = "Name"
    COMPANY = "Company"
    ADDRESS = "Address"
    EMAIL = "E-Mail"
    PHONE = "Phone"
    IBAN = "IBAN"
    LINK = "Link"
    PRIVATE = "Private"


@dataclass(frozen=True, slots=True)
class Finding:
    """Personal data at `text[start:end]`; findings with a key in common are of the same person or thing."""

    start: int
    end: int
    kind: PersonalKind
    keys: tuple[str, ...]


def participant_key(code: str) -> str:
    """The key that findings of a registered participant have in common."""
    return f"participant {code}"


def without_overlaps(findings: Iterable[Finding]) -> list[Finding]:
    """Of findings that overlap only the longest is kept, of equally long ones the first given; in order of the text."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda each: each.start - each.end):
        if all(finding.end <= other.start or other.end <= finding.start for other in kept):
            kept.append(finding)
    return sorted(kept, key=lambda each: each.start)
