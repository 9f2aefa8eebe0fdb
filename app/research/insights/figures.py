"""Insights as a chart: how many people each rests on."""

from collections.abc import Mapping, Sequence

from app.research.charts.bars import Bar, BarChart
from app.research.insights.schemas import InsightEntry
from app.research.phrases import fill

_PHRASES: Mapping[str, Mapping[str, str]] = {
    "title": {
        "en": "How many people each conclusion rests on",
        "de": "Auf wie vielen Personen jeder Schluss beruht",
        "es": "En cuántas personas se apoya cada conclusión",
    },
    "people": {"en": "people", "de": "Personen", "es": "personas"},
}


def insights_chart(insights: Sequence[InsightEntry], of: int, language: str) -> BarChart:
    """Of each insight the share of people whose words stand for it.

    Args:
        insights: from above.
        of: the people of the study, > 0 where an insight has any.
        language: of the labels.
    """
    bars = tuple(
        Bar(f"{each.code} {each.statement}", (each.people / of if of else 0.0,), (f"{each.people} / {of}",))
        for each in insights
    )
    return BarChart("insights", fill(_PHRASES["title"], language), (fill(_PHRASES["people"], language),), bars)
