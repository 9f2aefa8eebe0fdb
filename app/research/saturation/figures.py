"""Saturation as a table and as a chart."""

from app.library.export import write_table
from app.research.charts.curve import CurveChart
from app.research.saturation.schemas import Saturation, SaturationGroups

COLUMNS = ("number", "interview", "new", "new_codes", "distinct", "lower", "median", "upper", "run_share")
GROUP_COLUMNS = (
    "name",
    "interviews",
    "codes",
    "last_new",
    "verdict",
    "saturated_at",
    "steady_since",
    "codes_expected",
    "more_interviews",
    "sentence",
)

_PHRASES = {
    "across": {"en": "interviews, in order", "de": "Interviews der Reihe nach", "es": "entrevistas, en orden"},
    "up": {"en": "distinct codes", "de": "verschiedene Codes", "es": "códigos distintos"},
    "curve": {"en": "as held", "de": "wie geführt", "es": "como se hicieron"},
    "median": {"en": "median of random orders", "de": "Median zufälliger Folgen", "es": "mediana de órdenes al azar"},
    "range": {"en": "90 % of random orders", "de": "90 % zufälliger Folgen", "es": "90 % de órdenes al azar"},
    "last": {
        "en": "last new code: interview {}",
        "de": "letzter neuer Code: Interview {}",
        "es": "último código nuevo: entrevista {}",
    },
}


def saturation_csv(found: Saturation) -> str:
    """One line for each interview, in order; `run_share` is of the run that ends with it."""
    shares = {run.last: round(run.share, 4) for run in found.runs}
    rows = (
        (
            step.number,
            step.interview,
            len(step.new),
            " ".join(step.new),
            step.distinct,
            step.lower,
            step.median,
            step.upper,
            shares.get(step.number),
        )
        for step in found.steps
    )
    return write_table(COLUMNS, rows)


def groups_csv(found: SaturationGroups) -> str:
    """One line for each segment or language."""
    rows = [group.model_dump() for group in found.groups]
    return write_table(GROUP_COLUMNS, ([row[column] for column in GROUP_COLUMNS] for row in rows))


def saturation_chart(found: Saturation, language: str) -> CurveChart:
    """The curve with its range; empty where there are no interviews."""
    values = tuple(step.distinct for step in found.steps)
    return CurveChart(
        key="saturation",
        title=found.sentence,
        description=f"{found.sentence} {_say('up', language)}: {', '.join(map(str, values))}.",
        across=_say("across", language),
        up=_say("up", language),
        values=values,
        lower=tuple(step.lower for step in found.steps),
        median=tuple(step.median for step in found.steps),
        upper=tuple(step.upper for step in found.steps),
        names=(_say("curve", language), _say("median", language), _say("range", language)),
        marked=(found.last_new, _say("last", language).format(found.last_new)) if found.last_new else None,
    )


def _say(name: str, language: str) -> str:
    return _PHRASES[name].get(language, _PHRASES[name]["en"])
