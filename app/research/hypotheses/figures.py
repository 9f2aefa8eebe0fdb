"""Hypotheses as charts: which share of people speaks for each and which against it, of all, by segment and language."""

from collections.abc import Mapping, Sequence

from app.research.charts.bars import Bar, BarChart
from app.research.hypotheses.rule import Sides
from app.research.hypotheses.schemas import HypothesisEntry
from app.research.phrases import fill

_PHRASES: Mapping[str, Mapping[str, str]] = {
    "all": {
        "en": "What the interviews say of each hypothesis",
        "de": "Was die Interviews zu jeder Hypothese sagen",
        "es": "Lo que dicen las entrevistas de cada hipótesis",
    },
    "one": {
        "en": "Who speaks for it and who against it",
        "de": "Wer dafür spricht und wer dagegen",
        "es": "Quién habla a favor y quién en contra",
    },
    "for": {"en": "speak for it", "de": "sprechen dafür", "es": "hablan a favor"},
    "against": {"en": "speak against it", "de": "sprechen dagegen", "es": "hablan en contra"},
}


def hypotheses_chart(hypotheses: Sequence[HypothesisEntry], language: str) -> BarChart:
    """Hypotheses that were tested, each with the shares of people who speak for it and against it."""
    bars = (_bar(f"{each.id} {each.statement}", each.current.counts) for each in hypotheses if each.current)
    return _chart("hypotheses", fill(_PHRASES["all"], language), tuple(bars), language)


def verdict_chart(counted: Sequence[tuple[str, str, Sides]], language: str) -> BarChart:
    """The people behind a verdict.

    Args:
        counted: groups of people, each under its heading, with its name.
        language: of the labels.
    """
    bars = tuple(_bar(name, sides, heading) for heading, name, sides in counted)
    return _chart("hypothesis", fill(_PHRASES["one"], language), bars, language)


def _bar(name: str, sides: Sides, under: str = "") -> Bar:
    counted = (sides.supporting, sides.contradicting)
    return Bar(
        name,
        tuple(each / sides.of if sides.of else 0.0 for each in counted),
        tuple(f"{each} / {sides.of}" for each in counted),
        under=under,
    )


def _chart(key: str, title: str, bars: tuple[Bar, ...], language: str) -> BarChart:
    series = tuple(fill(_PHRASES[side], language) for side in ("for", "against"))
    return BarChart(key, title, series, bars)
