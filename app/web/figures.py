"""Pictures in a page: drawn by the research features, with marks that lead to the quotes behind them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from markupsafe import Markup

from app.research.charts.bars import BarChart
from app.research.charts.drawing import Link, to_svg
from app.research.charts.picture import Chart, draw
from app.rest.figures import FigureFormat

FORMATS: tuple[FigureFormat, ...] = ("csv", "svg", "png")


@dataclass(frozen=True)
class Figure:
    """Pictures of one artefact, and where it is to be had as a file, by format."""

    pictures: tuple[Markup, ...]
    downloads: dict[FigureFormat, str]


def show_figure(charts: Iterable[Chart], source: str | None = None) -> Figure:
    """Draw charts in the colours of the page.

    Args:
        charts: from above.
        source: the address of the same artefact under `/v1` with its parameters, where it is to be had as a file.
    """
    pictures = tuple(_picture(chart) for chart in charts)
    return Figure(pictures, {each: f"{source}&format={each}" for each in FORMATS} if source else {})


def link_bars(chart: BarChart, links: Iterable[tuple[Link | None, ...]]) -> BarChart:
    """Let each bar of a chart, in order, lead somewhere."""
    bars = tuple(replace(bar, links=own) for bar, own in zip(chart.bars, links, strict=True))
    return replace(chart, bars=bars)


def _picture(chart: Chart) -> Markup:
    """A chart as a part of the page, whose texts were escaped where it was drawn."""
    return Markup(to_svg(draw(chart), style=None))  # noqa: S704 escaped by app.research.charts
