"""What quotes are narrowed by on their page: the values that are left, how many quotes each has, which are chosen."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.library.browse.counts import QuoteCounts
from app.library.browse.wanted import Facet, WantedQuotes
from app.vocabulary import Polarity
from app.web.facets import StudyFacets
from app.web.languages import Catalogue

PARAMETERS: Mapping[str, Facet] = {
    "segment": "segments",
    "language": "languages",
    "kind": "kinds",
    "polarity": "polarities",
    "code": "codes",
    "participant": "participants",
    "interview": "interviews",
    "band": "bands",
    "class": "classes",
}
"""Parameters of the address in the order of the page, and the facets that they choose from."""

_BY_COUNT = frozenset({"kind", "code"})


@dataclass(frozen=True)
class CountedValue:
    """A value, what it is called, and how many quotes it has under what else is chosen."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class CountedFacet:
    """One thing to narrow quotes by."""

    name: str
    values: tuple[CountedValue, ...]

    @property
    def chosen(self) -> tuple[CountedValue, ...]:
        """The values that are chosen."""
        return tuple(value for value in self.values if value.chosen)


def counted_facets(
    known: StudyFacets, texts: Catalogue, wanted: WantedQuotes, counts: QuoteCounts
) -> tuple[CountedFacet, ...]:
    """The facets with the values that are left or chosen; one without any is left out."""
    named = {facet.name: facet.labels for facet in known}
    named["code"] = known.codes
    named["polarity"] = {str(polarity): texts.text(f"quotes.polarity.{polarity}") for polarity in Polarity}
    facets = (
        _counted(name, named.get(name, {}), counts.values[facet], wanted.values(facet))
        for name, facet in PARAMETERS.items()
    )
    return tuple(facet for facet in facets if facet.values)


def _counted(name: str, labels: Mapping[str, str], counts: Mapping[str, int], chosen: tuple[str, ...]) -> CountedFacet:
    values = [
        CountedValue(value, labels.get(value, value), counts.get(value, 0), value in chosen)
        for value in dict.fromkeys((*(value for value in labels if value in counts), *sorted(counts), *chosen))
    ]
    if name in _BY_COUNT:
        values.sort(key=lambda value: (-value.count, value.label))
    return CountedFacet(name, tuple(values))
