"""What qualifies a customer for a segment, as the study says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.research.phrases import FALLBACK
from app.research.segments.attributes import AttributeTest, plain_name
from app.vocabulary import Dimension


@dataclass(frozen=True)
class Criterion:
    """One thing that qualifies for a segment.

    `ask` is by language what to ask, so that a yes meets it. Where a code of `speaks_for` is affirmed, or one of
    `speaks_against` is denied, that speaks for it; `unknown_codes` are indicators that the study has no more.
    `attributes` are by plain name what is to be true of what is known of somebody.
    """

    id: str
    dimension: Dimension | None
    statement: str
    ask: Mapping[str, str]
    speaks_for: frozenset[str]
    speaks_against: frozenset[str]
    unknown_codes: tuple[str, ...] = ()
    attributes: Mapping[str, AttributeTest] = field(default_factory=dict)

    @property
    def indicators(self) -> frozenset[str]:
        """The codes that tell something of it."""
        return self.speaks_for | self.speaks_against


@dataclass(frozen=True)
class Segment:
    """A segment with its names by language, and its criteria."""

    slug: str
    labels: Mapping[str, str]
    aliases: tuple[str, ...]
    description: str | None
    participants: int
    criteria: tuple[Criterion, ...]

    def label(self, language: str) -> str:
        """Its name in a language, else in another."""
        return in_language(self.labels, language) or self.slug


def in_language(texts: Mapping[str, str], language: str) -> str | None:
    """A text in a language, else in English, else in whichever there is."""
    return texts.get(language) or texts.get(FALLBACK) or next(iter(texts.values()), None)


def read_criteria(slug: str, stored: Sequence[Mapping[str, Any]], codes: Mapping[str, str]) -> tuple[Criterion, ...]:
    """Read the criteria of a segment.

    Args:
        slug: of the segment; a criterion without an id is called by it and its place, `careful/2`.
        stored: as the segment holds them.
        codes: what each code of the study is called now.
    """
    return tuple(_criterion(f"{slug}/{place}", each, codes) for place, each in enumerate(stored, start=1))


def _criterion(place: str, stored: Mapping[str, Any], codes: Mapping[str, str]) -> Criterion:
    indicators = stored.get("indicators") or {}
    speaks_for, speaks_against = (tuple(indicators.get(side, ())) for side in ("speaks_for", "speaks_against"))
    dimension = stored.get("dimension")
    return Criterion(
        id=stored.get("id") or place,
        dimension=Dimension(dimension) if dimension in list(Dimension) else None,
        statement=stored["statement"],
        ask=stored.get("ask") or {},
        speaks_for=frozenset(codes[code] for code in speaks_for if code in codes),
        speaks_against=frozenset(codes[code] for code in speaks_against if code in codes),
        unknown_codes=tuple(code for code in (*speaks_for, *speaks_against) if code not in codes),
        attributes={plain_name(name): AttributeTest.of(test) for name, test in stored.get("attributes", {}).items()},
    )
