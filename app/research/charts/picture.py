"""Any chart as a drawing, several of them below each other."""

from collections.abc import Sequence
from dataclasses import replace

from app.research.charts.bars import BarChart, draw_bars
from app.research.charts.curve import CurveChart, draw_curve
from app.research.charts.drawing import Drawing
from app.research.charts.grid import GridChart, draw_grid

Chart = BarChart | CurveChart | GridChart


def draw(chart: Chart) -> Drawing:
    """Draw a chart, whatever it is of."""
    match chart:
        case BarChart():
            return draw_bars(chart)
        case CurveChart():
            return draw_curve(chart)
        case GridChart():
            return draw_grid(chart)


def stack(drawings: Sequence[Drawing]) -> Drawing:
    """Put drawings below each other; they keep the patterns of the first."""
    first, *others = drawings
    body, height = list(first.body), first.height
    for drawing in others:
        shapes = "".join(drawing.body).replace(f"url(#{drawing.key}-", f"url(#{first.key}-")
        body.append(f'<g transform="translate(0 {height:g})">{shapes}</g>')
        height += drawing.height
    description = " ".join(f"{drawing.title}: {drawing.description}." for drawing in drawings)
    width = max(drawing.width for drawing in drawings)
    return replace(first, description=description, width=width, height=height, body=tuple(body))
