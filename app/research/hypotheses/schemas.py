"""Hypotheses as they are given and as they are told."""

import datetime as dt
from typing import Annotated

from pydantic import ConfigDict, Field, field_validator

from app.answering.schemas import Citation
from app.frozen import Frozen
from app.research.hypotheses.rule import EvidenceCounts, Verdict, VerdictRule
from app.scope import Filters
from app.vocabulary import Polarity

LONGEST_STATEMENT = 1000
MOST_NAMES = 20

Name = Annotated[str, Field(min_length=1, max_length=200)]
Identifier = Annotated[
    str, Field(pattern=r"^\w[\w.-]{0,62}$", description="unique in the study: letters, digits, `-_.`")
]


class NewHypothesis(Frozen):
    """A statement to be tested; what is left out is found in its words."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"study": "nido", "statement": "Customers do not care about deposit protection"},
                {"study": "nido", "statement": "Families come for calm", "codes": ["JE1"], "segments": ["careful"]},
            ]
        },
    )

    study: str = Field(min_length=1, max_length=63, description="slug of the study")
    statement: str = Field(min_length=1, max_length=LONGEST_STATEMENT, description="in any language of the study")
    id: Identifier | None = None
    author: Name | None = Field(None, description="who believes it; unset, whoever the key belongs to")
    codes: tuple[Name, ...] = Field((), max_length=MOST_NAMES, description="what it is about; unset, the nearest codes")
    polarity: Polarity | None = Field(None, description="whether it affirms the codes; unset, as its words do")
    segments: tuple[Name, ...] = Field(
        (), max_length=MOST_NAMES, description="of whom it speaks; unset, as its words do"
    )

    @field_validator("statement")
    @classmethod
    def _has_words(cls, statement: str) -> str:
        if not any(character.isalnum() for character in statement):
            raise ValueError("write a statement with words in it")
        return statement.strip()


class VerdictEntry(Frozen):
    """What the interviews said of a hypothesis at a time.

    `codes` are those that were looked for, in `polarity` for it and in the other against it, among whom the `filters`
    leave; `judge` tells who read further passages, if anybody did.
    """

    verdict: Verdict
    sentence: str
    counts: EvidenceCounts
    rule: VerdictRule
    codes: tuple[str, ...]
    polarity: Polarity
    filters: Filters
    judge: str
    tested_at: dt.datetime


class HypothesisEntry(Frozen):
    """A hypothesis with its current verdict; `stale` where some of its evidence cannot be quoted any more: test again.

    `codes` and `segments` are those that were given, `origin` is where it came from.
    """

    id: str
    statement: str
    author: str
    origin: str
    codes: tuple[str, ...]
    polarity: Polarity
    segments: tuple[str, ...]
    created_at: dt.datetime
    current: VerdictEntry | None
    stale: bool


class Hypothesis(HypothesisEntry):
    """A hypothesis with its evidence, one quote of each person first, and its verdicts over time, the newest first.

    `left_out` quotes were beyond what is shown.
    """

    study: str
    supporting: tuple[Citation, ...]
    contradicting: tuple[Citation, ...]
    left_out: int
    history: tuple[VerdictEntry, ...]


class HypothesisPage(Frozen):
    """Hypotheses in the order of their ids, and of all of them how many have which verdict."""

    study: str
    hypotheses: tuple[HypothesisEntry, ...]
    verdicts: dict[Verdict, int]
    sentence: str
    next_cursor: str | None


class ImportedHypotheses(Frozen):
    """What became of a list of beliefs: the ids of those that are new, that changed, that stayed as they were."""

    study: str
    created: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: tuple[str, ...]
    verdicts: dict[Verdict, int]
    sentence: str
