"""What an insight rests on and what it lost, as pure functions over its links."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.evidence.insights.places import Place, plain_words
from app.text import Span
from app.vocabulary import Stance


class Lost(StrEnum):
    """Why a piece of evidence of an insight is not there to be quoted."""

    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Link:
    """Words that an insight rests on, and who said them.

    Those of a `superseded` transcript, or that may not be quoted any more (`quotable`), are kept, and not shown.
    """

    utterance_id: uuid.UUID
    span: Span
    stance: Stance
    words: str
    participant: str | None
    quotable: bool
    superseded: bool

    @property
    def stands(self) -> bool:
        """Whether the words may be shown."""
        return self.quotable and not self.superseded


@dataclass(frozen=True, slots=True)
class Balance:
    """How much evidence an insight was given, how much of it stands, and how much is lost, and why."""

    given: int
    current: int
    superseded: int = 0
    withdrawn: int = 0
    erased: int = 0
    not_found: int = 0

    @property
    def losses(self) -> tuple[Lost, ...]:
        """Why the insight is stale; nothing where all of its evidence stands."""
        return tuple(lost for lost in Lost if getattr(self, lost))


@dataclass(frozen=True, slots=True)
class Relinked:
    """What an insight rests on once its evidence was looked for again: links to add, to take away, and those linked."""

    added: tuple[tuple[Place, Stance], ...]
    removed: tuple[Link, ...]
    linked: int


def weigh(links: Sequence[Link], given: int, linked: int) -> Balance:
    """Count what stands and what is lost.

    Args:
        links: those that are there.
        given: how many pieces of evidence the insight was given.
        linked: how many of them were found; fewer links than these mean that words were erased.
    """
    superseded = sum(link.superseded for link in links)
    withdrawn = sum(not link.superseded and not link.quotable for link in links)
    return Balance(
        given=max(given, len(links)),
        current=len(links) - superseded - withdrawn,
        superseded=superseded,
        withdrawn=withdrawn,
        erased=max(0, linked - len(links)),
        not_found=max(0, given - max(linked, len(links))),
    )


def relink(
    links: Sequence[Link], linked: int, found: Sequence[tuple[Place, Stance]], unfound: Sequence[str], given: int
) -> Relinked:
    """Bring the links of an insight in line with the evidence that it is given now.

    What stands is linked anew. Words that are not to be quoted any more stay linked while they are given and stand
    nowhere else, and what was erased stays known as erased.

    Args:
        links: those that are there.
        linked: how many there were before some were erased.
        found: where the evidence stands in what is published, each place once.
        unfound: the words of evidence that stands nowhere.
        given: how many pieces of evidence there are.
    """
    wanted = {(place.utterance_id, place.span): stance for place, stance in found}
    missing = {plain_words(words) for words in unfound}
    kept = [
        link for link in links if _is_wanted(link, wanted) or (not link.stands and plain_words(link.words) in missing)
    ]
    there = {(link.utterance_id, link.span) for link in kept}
    added = tuple((place, stance) for place, stance in found if (place.utterance_id, place.span) not in there)
    removed = tuple(link for link in links if link not in kept)
    erased = max(0, linked - len(links))
    return Relinked(added, removed, min(given, len(kept) + len(added) + erased))


def _is_wanted(link: Link, wanted: dict[tuple[uuid.UUID, Span], Stance]) -> bool:
    return wanted.get((link.utterance_id, link.span)) == link.stance
