"""The saturation of a study, read in one short transaction."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import accumulate
from typing import Literal

from sqlalchemy.orm import Session

from app.answering.queries import StudyVocabulary, check_filters, read_vocabulary
from app.research.saturation.curves import (
    Codes,
    StoppingRule,
    count_distinct,
    forecast,
    last_news,
    measure_runs,
    saturated_at,
    shuffle_orders,
    steady_since,
)
from app.research.saturation.queries import Told, read_told
from app.research.saturation.schemas import (
    Conclusion,
    Saturation,
    SaturationGroup,
    SaturationGroups,
    SaturationRun,
    SaturationStep,
    Verdict,
)
from app.research.saturation.sentences import Findings, say_saturation
from app.scope import Filters

ORDERS = 500

Grouping = Literal["segment", "language"]


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

    @property
    def filters(self) -> Filters:
        """Whose interviews."""
        segments, languages = ((value,) if value else () for value in (self.segment, self.language))
        return Filters(segments=segments, languages=languages)


def read_saturation(session: Session, study: str, wanted: Wanted) -> Saturation:
    """How much each further interview still tells, and whether the study can stop.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: the study has no such segment or language.
    """
    told = _read(session, read_vocabulary(session, study), wanted)
    interviews = [each.codes for each in told]
    return Saturation(
        study=study,
        segment=wanted.segment,
        language=wanted.language,
        base=wanted.rule.base,
        run=wanted.rule.run,
        threshold=wanted.rule.threshold,
        steps=_steps(told, wanted.seed),
        runs=tuple(SaturationRun(**asdict(run)) for run in measure_runs(interviews, wanted.rule)),
        **dict(conclude(interviews, wanted)),
    )


def read_groups(session: Session, study: str, by: Grouping, wanted: Wanted) -> SaturationGroups:
    """The saturation of each segment, or of what was said in each language; raises what `read_saturation` raises."""
    vocabulary = read_vocabulary(session, study)
    names = sorted(vocabulary.segments) if by == "segment" else vocabulary.languages
    groups = []
    for name in names:
        narrowed = replace(wanted, segment=name) if by == "segment" else replace(wanted, language=name)
        interviews = [each.codes for each in _read(session, vocabulary, narrowed)]
        codes = len(frozenset[str]().union(*interviews))
        concluded = dict(conclude(interviews, wanted))
        groups.append(SaturationGroup(name=name, interviews=len(interviews), codes=codes, **concluded))
    rule = asdict(wanted.rule)
    return SaturationGroups(study=study, by=by, groups=tuple(groups), **rule)


def conclude(interviews: Sequence[Codes], wanted: Wanted) -> Conclusion:
    """What interviews, each with the codes that it tells, come to by the rule."""
    steady, last, expected = steady_since(interviews, wanted.rule), last_news(interviews), forecast(interviews)
    verdict: Verdict
    if not last:
        verdict = "untagged" if interviews else "none"
    elif not measure_runs(interviews, wanted.rule):
        verdict = "insufficient"
    else:
        verdict = "open" if steady is None else "saturated"
    findings = Findings(
        held=len(interviews),
        last=last,
        verdict=verdict,
        rule=wanted.rule,
        steady_since=steady,
        more=expected.more_interviews,
        unheard=round(expected.codes) - len(frozenset[str]().union(*interviews)),
        planned=wanted.planned,
    )
    return Conclusion(
        verdict=verdict,
        saturated_at=saturated_at(interviews, wanted.rule),
        steady_since=steady,
        last_new=last,
        codes_expected=round(expected.codes, 1),
        more_interviews=expected.more_interviews,
        sentence=say_saturation(findings, wanted.told_in),
    )


def _read(session: Session, vocabulary: StudyVocabulary, wanted: Wanted) -> tuple[Told, ...]:
    check_filters(vocabulary, wanted.filters)
    return read_told(session, vocabulary.study_id, wanted.filters, by_persons=wanted.by_persons)


def _steps(told: Sequence[Told], seed: int) -> tuple[SaturationStep, ...]:
    interviews = [each.codes for each in told]
    band, distinct = shuffle_orders(interviews, ORDERS, seed), count_distinct(interviews)
    before = list(accumulate(interviews, frozenset.union, initial=frozenset[str]()))
    return tuple(
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
    )
