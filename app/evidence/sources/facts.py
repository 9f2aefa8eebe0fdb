"""What is said of an external document, and what its study knows to say of it."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import Fault, InvalidInputError
from app.vocabulary import SourceKind


@dataclass(frozen=True)
class SourceFacts:
    """What is said of an external document; without a title it has that which it gives itself."""

    kind: SourceKind
    title: str | None = None
    competitor: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class StudyFacts:
    """What sources have to know of their study."""

    id: uuid.UUID
    languages: tuple[str, ...]
    competitors: tuple[str, ...]


def competitor_of(study: StudyFacts, facts: SourceFacts) -> str | None:
    """The competitor that a source is about: the one that is said, else the one that its title or address names.

    Raises:
        InvalidInputError: the study has competitors, and not this one.
    """
    if facts.competitor is not None:
        known = {name.casefold(): name for name in study.competitors}
        if known and facts.competitor.casefold() not in known:
            remedy = f"one of {', '.join(study.competitors)}, or add it to `competitors` of the study"
            raise InvalidInputError("the source does not fit the study", (Fault("competitor", "unknown", remedy),))
        return known.get(facts.competitor.casefold(), facts.competitor)
    if facts.kind is not SourceKind.COMPETITOR:
        return None
    named = (named_in(told or "", study.competitors) for told in (facts.title, facts.url))
    return next((names[0] for names in named if len(names) == 1), None)


def named_in(text: str, competitors: Sequence[str]) -> tuple[str, ...]:
    """The competitors that a text names, each as a whole word, also in the genitive."""
    words = text.casefold()
    return tuple(name for name in competitors if re.search(rf"\b{re.escape(name.casefold())}(?:['’]?s)?\b", words))
