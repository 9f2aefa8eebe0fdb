"""A grid: rows of labels, columns of groups, in each cell what was counted; shades follow the numbers."""

from dataclasses import dataclass

from app.research.charts.drawing import Drawing, Link, label, linked, rectangle, words, wrap

_LEFT = 16
_LABELS = 220
_COLUMN = 84
_ROW = 32
_INDENT = 14
_HEAD = 20
_HEADER_LINES = 3
_LEAST_WIDTH = 480
_SHADES = 3


@dataclass(frozen=True)
class GridCell:
    """What stands in a cell, and how much that is in [0, 1]; one that is `open` was never asked about, and hatched.

    `link` is where it leads.
    """

    text: str
    weight: float = 0.0
    is_open: bool = False
    link: Link | None = None


@dataclass(frozen=True)
class GridRow:
    """A label and a cell for every column; without cells it heads those below; `inside`, it is part of one above."""

    label: str
    cells: tuple[GridCell, ...]
    inside: bool = False


@dataclass(frozen=True)
class GridChart:
    """The whole grid; `note` says how cells are read."""

    key: str
    title: str
    description: str
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]
    note: str = ""


def draw_grid(chart: GridChart) -> Drawing:
    """Lay the cells out in a table."""
    width = max(_LEAST_WIDTH, _LEFT + _LABELS + _COLUMN * len(chart.columns) + _LEFT)
    heading = wrap(chart.title, width - 2 * _LEFT, 16)
    top = 14 + _HEAD * len(heading) + 16 * _HEADER_LINES + 12
    body = [words(_LEFT, 26 + _HEAD * place, text, size=16) for place, text in enumerate(heading)]
    for place, column in enumerate(chart.columns):
        lines = wrap(column, _COLUMN - 6, 12)[:_HEADER_LINES]
        x = _LEFT + _LABELS + (place + 0.5) * _COLUMN
        first = top - 8 - 14 * (len(lines) - 1)
        body += [words(x, first + 14 * row, text, "quiet", 12, "middle") for row, text in enumerate(lines)]
    for place, row in enumerate(chart.rows):
        body += _row(chart.key, row, top + place * _ROW)
    bottom = top + len(chart.rows) * _ROW
    notes = wrap(chart.note, width - 2 * _LEFT, 12) if chart.note else []
    body += [words(_LEFT, bottom + 20 + 16 * place, text, "quiet", 12) for place, text in enumerate(notes)]
    return Drawing(chart.key, chart.title, chart.description, width, bottom + 16 * len(notes) + 20, tuple(body))


def _row(key: str, row: GridRow, y: float) -> list[str]:
    if not row.cells:
        return [words(_LEFT, y + 22, row.label, "quiet", 12)]
    indent = _INDENT if row.inside else 0
    drawn = label(_LEFT + indent, y + _ROW / 2, row.label, _LABELS - 8 - indent, 12 if row.inside else 13)
    for place, cell in enumerate(row.cells):
        x = _LEFT + _LABELS + place * _COLUMN
        shade = min(_SHADES, 1 + int(cell.weight * _SHADES)) if cell.weight > 0 else 0
        look, fill = ("cell", f"url(#{key}-open)") if cell.is_open else (f"cell shade{shade}", None)
        shapes = (
            rectangle(x, y, _COLUMN, _ROW, look, fill),
            words(x + _COLUMN / 2, y + 21, cell.text, size=13, anchor="middle", most_px=_COLUMN - 6),
        )
        drawn += linked(shapes, cell.link)
    return drawn
