"""What is told of insights."""

import datetime as dt
from enum import StrEnum

from pydantic import Field

from app.answering.schemas import Citation
from app.evidence.insights.links import Lost
from app.frozen import Frozen
from app.vocabulary import Stance


class InsightState(StrEnum):
    """How far an insight is: a first thought, agreed on, or given up."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    RETIRED = "retired"


class EvidenceBalance(Frozen):
    """How much evidence an insight was given, how much of it may be quoted, and how much is lost, by reason."""

    given: int
    current: int
    superseded: int = Field(description="of a transcript that was replaced")
    withdrawn: int = Field(description="of words that may not be quoted any more")
    erased: int
    not_found: int = Field(description="that no participant said")


class InsightEntry(Frozen):
    """A researcher's conclusion; it is stale where some of its evidence is lost, `why` says how.

    `people` are the distinct participants whose words stand for it now.
    """

    code: str
    statement: str
    author: str
    date: dt.date | None
    segments: tuple[str, ...] = Field(description="none for all customers")
    theme: str | None
    status: InsightState
    origin: str = Field(description="the file that it came with, or `person`")
    stale: bool
    why: tuple[Lost, ...]
    evidence: EvidenceBalance
    people: int
    updated_at: dt.datetime


class InsightPage(Frozen):
    """One page of the insights of a study, by code."""

    study: str
    insights: tuple[InsightEntry, ...]
    next_cursor: str | None


class InsightQuote(Frozen):
    """Words of a participant for an insight or against it."""

    stance: Stance
    citation: Citation


class InsightDetail(Frozen):
    """An insight with the quotes that it rests on."""

    study: str
    insight: InsightEntry
    quotes: tuple[InsightQuote, ...]
