"""A report as one HTML file: its style and its charts are in it, nothing is fetched, nothing runs."""

from decimal import Decimal
from functools import partial
from pathlib import Path

import yaml
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.library.export import spoken_at
from app.research.charts.drawing import to_svg
from app.research.charts.picture import Chart, draw
from app.research.charts.style import ADAPTIVE, hash_of
from app.research.economics.figures import economics_charts
from app.research.economics.sentences import FALLBACK, LANGUAGES, percent
from app.research.report.inputs import Report
from app.research.report.matrix import matrix_chart
from app.research.saturation.figures import saturation_chart

_FOLDER = Path(__file__).parent
_TEMPLATES = Environment(
    loader=FileSystemLoader(_FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PHRASES: dict[str, dict[str, str]] = yaml.load(
    (_FOLDER / "phrases.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)
STYLE = (_FOLDER / "templates" / "report.css").read_text(encoding="utf-8") + ADAPTIVE


def render_report(report: Report, language: str) -> str:
    """Write a report in a language, in English where it is not known."""
    language = language if language in LANGUAGES else FALLBACK
    return _TEMPLATES.get_template("report.html").render(
        report=report,
        language=language,
        say=partial(_say, language),
        style=Markup(STYLE),  # noqa: S704 our own style sheet
        style_hash=hash_of(STYLE),
        figure=_figure,
        charts=_charts(report, language),
        number=partial(_number, language),
        percent=partial(percent, language=language),
        spoken_at=spoken_at,
    )


def _say(language: str, name: str, /, **values: object) -> str:
    return _PHRASES[name][language].format(**values)


def _number(language: str, value: Decimal | float | None, digits: int) -> str:
    """A number as the language writes it; a dash where there is none."""
    if value is None:
        return "–"
    return str(format_decimal(value, f"#,##0.{'0' * digits}" if digits else "#,##0", locale=language))


def _charts(report: Report, language: str) -> dict[str, tuple[Chart, ...]]:
    charts: dict[str, tuple[Chart, ...]] = {
        "economics": economics_charts(report.economics, language) if report.economics.customers else (),
        "saturation": (saturation_chart(report.saturation, language),) if report.saturation.steps else (),
    }
    if report.matrix:
        title, note, everybody = (_say(language, name) for name in ("matrix", "matrix_note", "everybody"))
        charts["matrix"] = (matrix_chart(report.matrix, title, note, everybody),)
    return charts


def _figure(chart: Chart) -> Markup:
    """A chart as a part of the page, whose texts were escaped where it was drawn."""
    return Markup(to_svg(draw(chart), style=None))  # noqa: S704 escaped by app.research.charts
