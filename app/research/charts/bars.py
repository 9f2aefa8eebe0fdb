"""Bars: of each group one or two shares, the second one hatched; labels and numbers beside them."""

from dataclasses import dataclass
from itertools import accumulate, pairwise

from app.research.charts.drawing import Drawing, Link, label, line, linked, rectangle, words, wrap

WIDTH = 720
_LABELS = 190
_NUMBERS = 110
_LEFT = 16
_BAR = 13
_GAP = 14
_GROUP = 26
_HEAD = 20
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Bar:
    """The shares of one group, of which each is said in words too: `56 %`, `4 of 10`; `under` heads bars in a row.

    `links` are where the shares lead, none or one for each.
    """

    name: str
    shares: tuple[float, ...]
    labels: tuple[str, ...]
    under: str = ""
    links: tuple[Link | None, ...] = ()


@dataclass(frozen=True)
class BarChart:
    """Bars of the same one or two series."""

    key: str
    title: str
    series: tuple[str, ...]
    bars: tuple[Bar, ...]

    @property
    def description(self) -> str:
        """What the bars say, in words; a single series goes without its name."""
        names = [f"{name} " for name in self.series] if len(self.series) > 1 else [""]
        return "; ".join(
            f"{bar.name}: " + ", ".join(f"{name}{said}" for name, said in zip(names, bar.labels, strict=True))
            for bar in self.bars
        )


def draw_bars(chart: BarChart) -> Drawing:
    """Lay the bars out from above; the longest fills the width."""
    heading = wrap(chart.title, WIDTH - 2 * _LEFT, 16)
    top = 14 + _HEAD * len(heading) + 26
    row = len(chart.series) * (_BAR + 2) + _GAP
    headed = [before != under for before, under in pairwise(["", *(bar.under for bar in chart.bars)])]
    starts = [top + place * row + _GROUP * heads for place, heads in enumerate(accumulate(map(int, headed)))]
    height = (starts[-1] if starts else top) + row + 14
    longest = max((share for bar in chart.bars for share in bar.shares), default=0.0)
    scale = (WIDTH - _LABELS - _NUMBERS) / (longest if longest > 0 else 1)
    body = [words(_LEFT, 26 + _HEAD * place, text, size=16) for place, text in enumerate(heading)]
    body += _legend(chart, top - 22)
    body += [
        line(_LABELS + tick * scale, top - 6, _LABELS + tick * scale, height - 10, "grid")
        for tick in _TICKS
        if tick <= max(longest, 0)
    ]
    for bar, is_first, y in zip(chart.bars, headed, starts, strict=True):
        body += [words(_LEFT, y - 8, bar.under, "quiet", 12)] if is_first else []
        body += _bar(chart.key, bar, y, scale)
    return Drawing(chart.key, chart.title, chart.description, WIDTH, height, tuple(body))


def _legend(chart: BarChart, y: float) -> list[str]:
    if len(chart.series) < 2:
        return [words(_LABELS, y + 10, series, "quiet", 12) for series in chart.series]
    drawn, x = [], float(_LABELS)
    for place, series in enumerate(chart.series):
        drawn.append(_filled(chart.key, x, y, 14, 10, place))
        drawn.append(words(x + 20, y + 10, series, "quiet", 12, most_px=230))
        x += 40 + min(len(series) * 8, 230)
    return drawn


def _bar(key: str, bar: Bar, y: float, scale: float) -> list[str]:
    middle = y + len(bar.shares) * (_BAR + 2) / 2
    drawn = label(_LABELS - 10, middle, bar.name, _LABELS - 10 - _LEFT, anchor="end")
    links = bar.links or (None,) * len(bar.shares)
    for place, (share, said, link) in enumerate(zip(bar.shares, bar.labels, links, strict=True)):
        top, width = y + place * (_BAR + 2), max(share, 0) * scale
        shapes = (
            _filled(key, _LABELS, top, width, _BAR, place),
            words(_LABELS + width + 6, top + _BAR - 2, said, "quiet", 12, most_px=_NUMBERS),
        )
        drawn += linked(shapes, link)
    return drawn


def _filled(key: str, x: float, y: float, width: float, height: float, series: int) -> str:
    if series == 0:
        return rectangle(x, y, width, height, "one")
    return rectangle(x, y, width, height, "hatched", f"url(#{key}-hatch)")
