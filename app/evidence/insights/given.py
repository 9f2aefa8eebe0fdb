"""An insight as a file or a person gives it."""

import datetime as dt
from dataclasses import dataclass

from app.vocabulary import Stance


@dataclass(frozen=True, slots=True)
class GivenEvidence:
    """What an insight is said to rest on: words of a participant, or a reference to an utterance (`u-` and its id)."""

    words: str
    stance: Stance = Stance.FOR


@dataclass(frozen=True, slots=True)
class NewInsight:
    """A conclusion, who drew it and what it rests on; `segments` are slugs, none for all customers."""

    code: str
    author: str
    statement: str
    date: dt.date | None = None
    segments: tuple[str, ...] = ()
    theme: str | None = None
    evidence: tuple[GivenEvidence, ...] = ()
