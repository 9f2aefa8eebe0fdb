"""A report as one HTML file, which fetches nothing and runs nothing, or as Markdown: the same in both."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.library.export import block_quote, escape_markdown
from app.research.charts.drawing import to_svg
from app.research.charts.picture import Chart, draw
from app.research.charts.style import ADAPTIVE, hash_of
from app.research.economics.figures import economics_charts
from app.research.hypotheses.examine import BY_CODES
from app.research.matrix.figures import matrix_chart, shown_rows
from app.research.report.read import Report
from app.research.report.wording import Wording
from app.research.saturation.figures import saturation_chart
from app.research.segments.figures import MOST_CODES, name_of, profile_chart

_FOLDER = Path(__file__).parent / "templates"
STYLE = (_FOLDER / "report.css").read_text(encoding="utf-8") + ADAPTIVE
MOST_QUOTES = 3
"""An insight and each side of a hypothesis show so many quotes; how many more there are is said."""

_BLANK_LINES = re.compile(r"\n{3,}")
_SPACE = re.compile(r"\s+")


def report_html(report: Report) -> str:
    """Write a report as a page in the language that is wanted, in English where it is not known."""
    wording = Wording.of(report.wanted.language)
    return _PAGES.get_template("report.html").render(
        **_values(report, wording),
        style=Markup(STYLE),  # noqa: S704 our own style sheet
        style_hash=hash_of(STYLE),
        figure=_figure,
        charts=_charts(report, wording.language),
    )


def report_markdown(report: Report) -> str:
    """Write a report as Markdown, with tables in place of charts; its only links lead to the transcripts."""

    def link(url: str) -> Markup:
        return Markup(f"{report.wanted.host}{url}")  # noqa: S704 made by the service

    wording = Wording.of(report.wanted.language)

    def number(value: Decimal | float | None, digits: int) -> Markup:
        return Markup(wording.number(value, digits))  # noqa: S704 digits and marks alone

    written = _TEXTS.get_template("report.md").render(
        **_values(report, wording), block=_block, link=link, number=number
    )
    return _BLANK_LINES.sub("\n\n", written)


def _values(report: Report, wording: Wording) -> dict[str, Any]:
    return {
        "report": report,
        "language": wording.language,
        "wording": wording,
        "say": wording.say,
        "matrix_rows": tuple(shown_rows(report.matrix, wording.language)),
        "name_of": name_of,
        "most_codes": MOST_CODES,
        "most_quotes": MOST_QUOTES,
        "by_codes": BY_CODES,
    }


def _charts(report: Report, language: str) -> dict[str, tuple[Chart, ...]]:
    charts: dict[str, tuple[Chart, ...]] = {
        "economics": economics_charts(report.economics, language) if report.economics.customers else (),
        "saturation": (saturation_chart(report.saturation, language),) if report.saturation.steps else (),
        "matrix": (matrix_chart(report.matrix, language),) if report.matrix.rows or report.matrix.reasons else (),
    }
    profiles = {profile.segment.slug: profile for profile in report.segments if profile.groups}
    return charts | {f"segment-{slug}": (profile_chart(each, language),) for slug, each in profiles.items()}


def _figure(chart: Chart) -> Markup:
    """A chart as a part of the page, whose texts were escaped where it was drawn."""
    return Markup(to_svg(draw(chart), style=None))  # noqa: S704 escaped by app.research.charts


def _block(text: str) -> Markup:
    return Markup(block_quote(text))  # noqa: S704 escaped as Markdown


def _as_markdown(value: object) -> Markup:
    """A value on one line, escaped as Markdown, unless it was."""
    if isinstance(value, Markup):
        return value
    return Markup(escape_markdown(_SPACE.sub(" ", str(value))))  # noqa: S704 escaped as Markdown


_PAGES, _TEXTS = (
    Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for finalize in (None, _as_markdown)
)
