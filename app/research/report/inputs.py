"""What the sections of a report are made of; fields beyond these are ignored, so that whole artefacts fit in."""

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict

from app.answering.schemas import Citation
from app.research.economics.schemas import Economics
from app.research.saturation.schemas import Saturation, SaturationGroups


class Given(BaseModel):
    """A value that is handed to the report, which takes from it what it shows."""

    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True)


class People(Given):
    """How many people affirm something and how many deny it, of how many."""

    affirmed: int
    denied: int
    of: int


class CardCode(Given):
    """What people of a segment say, with quotes."""

    code: str
    label: str
    segment: People
    quotes: tuple[Citation, ...]


class CardGroup(Given):
    """What people of a segment say of one kind, most people first."""

    kind: str
    label: str
    codes: tuple[CardCode, ...]


class CardPhrase(Given):
    """A phrase that is typical of how people of a segment talk."""

    phrase: str
    people: int
    of: int


class CardSegment(Given):
    """What a segment is called, and what it is."""

    slug: str
    labels: dict[str, str]
    description: str | None


class SegmentCard(Given):
    """A segment on a card."""

    segment: CardSegment
    people: int
    groups: tuple[CardGroup, ...]
    typical_language: dict[str, tuple[CardPhrase, ...]] = {}


class MatrixOption(Given):
    """What can be chosen."""

    option: str
    label: str


class MatrixSegment(Given):
    """A group of people; `segment` is `null` for everybody."""

    segment: str | None
    label: str


class MatrixCell(Given):
    """How many people of a segment named a criterion of an option, for or against it, and who was never asked."""

    segment: str | None
    option: str
    of: int
    named_for: int
    named_against: int
    asked_without_mention: int
    never_asked: int


class MatrixRow(Given):
    """A criterion with its cells."""

    code: str
    label: str
    cells: tuple[MatrixCell, ...]


class MatrixCounts(Given):
    """Criteria by segments and options."""

    options: tuple[MatrixOption, ...]
    segments: tuple[MatrixSegment, ...]
    rows: tuple[MatrixRow, ...]


class InsightNote(Given):
    """A conclusion and whose it is; `caveat` is what is wrong with its evidence, `made_by` the model that wrote it."""

    statement: str
    author: str
    status: str
    segments: tuple[str, ...] = ()
    caveat: str | None = None
    made_by: str | None = None
    quotes: tuple[Citation, ...] = ()


class CodeQuotes(Given):
    """What people say of a code: with how many it came up, how many affirm and deny it, quotes of different people."""

    code: str
    label: str
    kind: str
    raised_with: int
    affirmed: int
    denied: int
    of: int
    quotes: tuple[Citation, ...]


@dataclass(frozen=True)
class Report:
    """All that a report shows; a section that has nothing is left out, with a word about why where that helps."""

    study: str
    title: str
    product: str | None
    made_on: date
    host: str
    participants: int
    interviews: int
    languages: tuple[str, ...]
    economics: Economics
    saturation: Saturation
    saturation_groups: tuple[SaturationGroups, ...]
    topics: tuple[CodeQuotes, ...]
    cards: tuple[SegmentCard, ...] = ()
    matrix: MatrixCounts | None = None
    insights: tuple[InsightNote, ...] = ()
