"""A curve over interviews: what they tell in order, within what random orders would have told."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.research.charts.drawing import Drawing, Link, dot, line, linked, path, words, wrap

WIDTH, HEIGHT = 720, 400
_LEFT, _RIGHT, _BOTTOM = 56, 24, 56
_HEAD = 20
_MOST_TICKS = 12
_REACH = 9
"""Radius around a point within which a pointer meets it."""


@dataclass(frozen=True)
class CurveChart:
    """A curve and the range around it, shape (n,) each; `marked` is a place on it, counted from 1, with its label.

    `links` are where its points lead, none or one for each.
    """

    key: str
    title: str
    description: str
    across: str
    up: str
    values: tuple[int, ...]
    lower: tuple[int, ...]
    median: tuple[int, ...]
    upper: tuple[int, ...]
    names: tuple[str, str, str]
    """What curve, median and range are called."""
    marked: tuple[int, str] | None = None
    links: tuple[Link | None, ...] = ()


def draw_curve(chart: CurveChart) -> Drawing:
    """Draw the curve over its range, with axes that begin at nothing."""
    heading = wrap(chart.title, WIDTH - 2 * 16, 16)
    top = 26 + _HEAD * len(heading) + 24
    count, most = len(chart.values), max((*chart.values, *chart.upper), default=0) or 1
    wide, high = (WIDTH - _LEFT - _RIGHT) / max(count - 1, 1), (HEIGHT - top - _BOTTOM) / most

    def placed(values: Sequence[int]) -> list[tuple[float, float]]:
        return [(_LEFT + place * wide, HEIGHT - _BOTTOM - value * high) for place, value in enumerate(values)]

    body = [words(16, 26 + _HEAD * place, text, size=16) for place, text in enumerate(heading)]
    body += _axes(chart, top, count, most)
    body.append(path([*placed(chart.upper), *reversed(placed(chart.lower))], "range", closed=True))
    body += [path(placed(chart.median), "median"), path(placed(chart.values), "curve")]
    for (x, y), link in zip(placed(chart.values), chart.links or (None,) * count, strict=True):
        body += linked((dot(x, y, "one"), *([dot(x, y, "reach", _REACH)] if link else [])), link)
    if chart.marked and 1 <= chart.marked[0] <= count:
        x = _LEFT + (chart.marked[0] - 1) * wide
        anchor = "end" if chart.marked[0] > count / 2 else "start"
        body.append(line(x, top, x, HEIGHT - _BOTTOM, "mark"))
        body.append(
            words(x + (-6 if anchor == "end" else 6), HEIGHT - _BOTTOM - 10, chart.marked[1], "quiet", 12, anchor)
        )
    body += _legend(chart, top - 22)
    return Drawing(chart.key, chart.title, chart.description, WIDTH, HEIGHT, tuple(filter(None, body)))


def ticks(most: int, at_most: int = 6) -> list[int]:
    """Round numbers from 0 up to `most`, not more than so many steps: steps of 1, 2 or 5 times a power of ten."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if most / step <= at_most:
                return list(range(0, most + 1, step))
        power *= 10


def _axes(chart: CurveChart, top: float, count: int, most: int) -> list[str]:
    wide, high = (WIDTH - _LEFT - _RIGHT) / max(count - 1, 1), (HEIGHT - top - _BOTTOM) / most
    drawn = []
    for value in ticks(most):
        y = HEIGHT - _BOTTOM - value * high
        drawn += [line(_LEFT, y, WIDTH - _RIGHT, y, "grid"), words(_LEFT - 8, y + 4, str(value), "quiet", 12, "end")]
    step = ticks(max(count, 1), _MOST_TICKS)[1] if count > 1 else 1
    for number in range(1, count + 1):
        if number == 1 or number % step == 0:
            x = _LEFT + (number - 1) * wide
            drawn.append(words(x, HEIGHT - _BOTTOM + 18, str(number), "quiet", 12, "middle"))
    drawn.append(words((WIDTH + _LEFT - _RIGHT) / 2, HEIGHT - 12, chart.across, "quiet", 12, "middle"))
    drawn.append(words(16, top - 6, chart.up, "quiet", 12))
    return drawn


def _legend(chart: CurveChart, y: float) -> list[str]:
    curve, median, spread = chart.names
    x = _LEFT + 120.0
    drawn = []
    for name, look in ((curve, "curve"), (median, "median"), (spread, "range")):
        if look == "range":
            drawn.append(path([(x, y + 1), (x + 22, y + 1), (x + 22, y + 11), (x, y + 11)], look, closed=True))
        else:
            drawn.append(path([(x, y + 6), (x + 22, y + 6)], look))
        drawn.append(words(x + 28, y + 10, name, "quiet", 12, most_px=200))
        x += 44 + min(len(name) * 7.2, 200)
    return drawn
