"""Which quotes are wanted, and in which order."""

from dataclasses import dataclass, field
from typing import Literal

from app.answering.candidates import Tag
from app.scope import Filters
from app.vocabulary import Polarity

Order = Literal["said", "newest", "longest", "shortest"]
Facet = Literal[
    "segments", "languages", "kinds", "codes", "polarities", "participants", "bands", "classes", "interviews"
]

FACETS: tuple[Facet, ...] = (
    "segments",
    "languages",
    "kinds",
    "codes",
    "polarities",
    "participants",
    "bands",
    "classes",
    "interviews",
)
"""What quotes can be narrowed by."""


@dataclass(frozen=True)
class WantedQuotes:
    """Which quotes are wanted: values of one field widen, fields narrow; each of the `words` stands in the quote.

    A code, a kind and a polarity are wanted of one and the same tagging.
    """

    filters: Filters = field(default_factory=Filters)
    interviews: tuple[str, ...] = ()
    polarities: tuple[Polarity, ...] = ()
    words: str = ""
    order: Order = "said"

    def values(self, facet: Facet) -> tuple[str, ...]:
        """The chosen values of a facet."""
        chosen = self.interviews if facet == "interviews" else self.polarities if facet == "polarities" else None
        return tuple(map(str, getattr(self.filters, facet) if chosen is None else chosen))

    def tag_of(self, tags: tuple[Tag, ...]) -> Tag | None:
        """The first tag of an utterance for which it is wanted; none where no tag is asked for."""
        codes, kinds = self.filters.codes, self.filters.kinds
        if not (codes or kinds or self.polarities):
            return None
        fitting = (
            tag
            for tag in tags
            if (not codes or tag.code in codes)
            and (not kinds or tag.kind in kinds)
            and (not self.polarities or tag.polarity in self.polarities)
        )
        return next(fitting, None)
