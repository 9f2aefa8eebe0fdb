"""How many quotes there are under each value of each facet."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.library.browse.queries import count_all, count_values
from app.library.browse.wanted import FACETS, Facet, WantedQuotes
from app.library.queries import find_study


@dataclass(frozen=True)
class QuoteCounts:
    """How many quotes are wanted, how many people said them, and how many quotes each value of a facet would give.

    A facet is counted under all others, not under itself, so that its numbers tell what choosing another value brings.
    """

    quotes: int
    people: int
    values: Mapping[Facet, Mapping[str, int]]


def count_quotes(session: Session, study: str, wanted: WantedQuotes) -> QuoteCounts:
    """Count what is wanted, value by value.

    Raises:
        NotFoundError: there is no such study.
    """
    study_id = find_study(session, study)
    total = count_all(session, study_id, wanted)
    values: dict[Facet, dict[str, int]] = {facet: {} for facet in FACETS}
    for row in count_values(session, study_id, wanted):
        values[row["facet"]][row["value"]] = row["quotes"]
    return QuoteCounts(total["quotes"], total["people"], values)
