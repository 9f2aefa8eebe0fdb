"""The segments of a study as they are told: their criteria, what their people say, and how they say it."""

from app.answering.schemas import Citation
from app.frozen import Frozen
from app.vocabulary import Dimension, Kind


class AttributeRange(Frozen):
    """An attribute is to be a number from `at_least` to `at_most`."""

    at_least: float | None
    at_most: float | None


class AttributeWords(Frozen):
    """An attribute is to be one of some words."""

    one_of: tuple[str, ...]


class CriterionEntry(Frozen):
    """A criterion as the study has it."""

    id: str
    dimension: Dimension | None
    statement: str
    ask: dict[str, str]
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    unknown_codes: tuple[str, ...]
    attributes: dict[str, AttributeRange | AttributeWords]


class SegmentDefinition(Frozen):
    """A segment with its number of participants and its criteria."""

    slug: str
    labels: dict[str, str]
    aliases: tuple[str, ...]
    description: str | None
    participants: int
    criteria: tuple[CriterionEntry, ...]


class SegmentList(Frozen):
    """The segments of a study in the order of their slugs."""

    study: str
    segments: tuple[SegmentDefinition, ...]


class People(Frozen):
    """How many people affirm a code and how many deny it, of how many."""

    affirmed: int
    denied: int
    of: int


class ProfileCode(Frozen):
    """What people of the segment say, beside everybody else, with the most typical quotes, one a person."""

    code: str
    label: str
    segment: People
    elsewhere: People
    quotes: tuple[Citation, ...]


class ProfileGroup(Frozen):
    """What people of the segment say of one kind, most people first."""

    kind: Kind
    label: str
    codes: tuple[ProfileCode, ...]


class TypicalPhrase(Frozen):
    """A phrase that people of the segment say and others who speak the language do not, or less.

    `z` is its weighted log-odds over their standard deviation: beyond 1.96 chance is rare.
    """

    phrase: str
    z: float
    people: int
    of: int
    elsewhere: int
    elsewhere_of: int
    quote: Citation


class SegmentProfile(Frozen):
    """A segment: its criteria, what its people say by kind, and how they say it in each language."""

    study: str
    segment: SegmentDefinition
    people: int
    groups: tuple[ProfileGroup, ...]
    typical_language: dict[str, tuple[TypicalPhrase, ...]]
