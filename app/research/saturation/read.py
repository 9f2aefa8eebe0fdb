"""The saturation of a study, read in one short transaction."""

from dataclasses import asdict, dataclass, field
from itertools import accumulate

from sqlalchemy.orm import Session

from app.library.queries import find_study
from app.research.saturation.curves import (
    StoppingRule,
    count_distinct,
    forecast,
    last_news,
    measure_runs,
    saturated_at,
    shuffle_orders,
)
from app.research.saturation.queries import read_told
from app.research.saturation.schemas import Saturation, SaturationRun, SaturationStep
from app.research.saturation.sentences import say_saturation
from app.scope import Filters

ORDERS = 500


@dataclass(frozen=True)
class Wanted:
    """Which saturation is wanted: of whose interviews, by which rule, told in which language."""

    segment: str | None = None
    language: str | None = None
    rule: StoppingRule = field(default_factory=StoppingRule)
    planned: int | None = None
    by_persons: bool = False
    seed: int = 0
    told_in: str = "en"


def read_saturation(session: Session, study: str, wanted: Wanted) -> Saturation:
    """How much each further interview still tells, and whether the study can stop.

    Raises:
        NotFoundError: there is no such study.
    """
    filters = Filters(
        segments=(wanted.segment,) if wanted.segment else (), languages=(wanted.language,) if wanted.language else ()
    )
    told = read_told(session, find_study(session, study), filters, by_persons=wanted.by_persons)
    interviews = [each.codes for each in told]
    band = shuffle_orders(interviews, ORDERS, wanted.seed)
    distinct = count_distinct(interviews)
    before = list(accumulate(interviews, frozenset.union, initial=frozenset[str]()))
    expected, saturated, last = forecast(interviews), saturated_at(interviews, wanted.rule), last_news(interviews)
    return Saturation(
        study=study,
        segment=wanted.segment,
        language=wanted.language,
        base=wanted.rule.base,
        run=wanted.rule.run,
        threshold=wanted.rule.threshold,
        steps=tuple(
            SaturationStep(
                number=place + 1,
                interview=each.interview,
                new=tuple(sorted(each.codes - before[place])),
                distinct=distinct[place],
                lower=band.lower[place],
                median=band.median[place],
                upper=band.upper[place],
            )
            for place, each in enumerate(told)
        ),
        runs=tuple(SaturationRun(**asdict(run)) for run in measure_runs(interviews, wanted.rule)),
        saturated_at=saturated,
        last_new=last,
        codes_expected=round(expected.codes, 1),
        more_interviews=expected.more_interviews,
        sentence=say_saturation(len(told), last, saturated, expected.more_interviews, wanted.planned, wanted.told_in),
    )
