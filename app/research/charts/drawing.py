"""What a drawing is made of: shapes and texts as SVG, with everything escaped; whole, with title and description."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from app.research.charts.style import ADAPTIVE, FONTS

_LINK = "<a "
CHARACTER_WIDTH = 0.6
"""Mean width of a character, as a share of the size of the font."""


@dataclass(frozen=True)
class Link:
    """Where a shape leads, and what it is told to be where a pointer rests on it."""

    address: str
    title: str


@dataclass(frozen=True)
class Drawing:
    """Shapes on a canvas of so many pixels; `key` keeps its ids apart from those of other drawings on a page."""

    key: str
    title: str
    description: str
    width: float
    height: float
    body: tuple[str, ...]

    @property
    def is_linked(self) -> bool:
        """Whether some of its shapes lead somewhere; readers are then told of its parts, and not of one picture."""
        return any(_LINK in shapes for shapes in self.body)


def to_svg(drawing: Drawing, style: str | None = ADAPTIVE) -> str:
    """Write a drawing as SVG; without a style it takes that of the page around it."""
    key = escape(drawing.key)
    role = "group" if drawing.is_linked else "img"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{drawing.width:g}" height="{drawing.height:g}" '
        f'viewBox="0 0 {drawing.width:g} {drawing.height:g}" class="chart" role="{role}" '
        f'aria-labelledby="{key}-title {key}-description" font-family="{escape(FONTS)}">'
    )
    parts = [
        head,
        f'<title id="{key}-title">{escape(drawing.title)}</title>',
        f'<desc id="{key}-description">{escape(drawing.description)}</desc>',
        f"<style>{style}</style>" if style else "",
        f"<defs>{_pattern(f'{key}-hatch', 'hatch-line')}{_pattern(f'{key}-open', 'open-line')}</defs>",
        f'<rect class="paper" width="{drawing.width:g}" height="{drawing.height:g}"/>',
        *drawing.body,
        "</svg>",
    ]
    return "".join(parts)


def _pattern(key: str, look: str) -> str:
    """Slanted lines, which tell surfaces apart without colours."""
    return (
        f'<pattern id="{key}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="6" height="6" class="paper"/><rect width="3" height="6" class="{look}"/></pattern>'
    )


def rectangle(x: float, y: float, width: float, height: float, look: str, fill: str | None = None) -> str:
    """A rectangle; `look` is its class, `fill` a pattern instead."""
    filled = f' fill="{escape(fill)}"' if fill else ""
    return f'<rect class="{look}" x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}"{filled}/>'


def line(x1: float, y1: float, x2: float, y2: float, look: str) -> str:
    """A straight line."""
    return f'<line class="{look}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def path(points: Iterable[tuple[float, float]], look: str, *, closed: bool = False) -> str:
    """A line through points, or the surface within them."""
    steps = " L".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<path class="{look}" d="M{steps}{" Z" if closed else ""}"/>' if steps else ""


def linked(shapes: Iterable[str], link: Link | None) -> list[str]:
    """Shapes that lead somewhere, by pointer: the table beside a picture has the same links for the keyboard."""
    if link is None:
        return list(shapes)
    title = f"<title>{escape(link.title)}</title>"
    return [f'{_LINK}href="{escape(link.address)}" tabindex="-1">{title}{"".join(shapes)}</a>']


def dot(x: float, y: float, look: str, radius: float = 3) -> str:
    """A point."""
    return f'<circle class="{look}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"/>'


def words(
    x: float, y: float, text: str, look: str = "ink", size: float = 13, anchor: str = "start", most_px: float = 0
) -> str:
    """A text as text; one that is longer than `most_px` is shortened, and shown whole where a pointer rests on it."""
    shown = shorten(text, most_px, size) if most_px else text
    whole = f"<title>{escape(text)}</title>" if shown != text else ""
    return (
        f'<text class="{look}" x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}">'
        f"{whole}{escape(shown)}</text>"
    )


def label(x: float, middle: float, text: str, most_px: float, size: float = 13, anchor: str = "start") -> list[str]:
    """A text around a height, on two lines where it needs them; shown whole where a pointer rests on what was cut."""
    first, *rest = wrap(text, most_px, size)
    lines = [first, " ".join(rest)] if rest else [first]
    top = middle + 0.35 * size - 0.55 * size * (len(lines) - 1)
    return [
        words(x, top + 1.1 * size * place, line_, size=size, anchor=anchor, most_px=most_px)
        for place, line_ in enumerate(lines)
    ]


def shorten(text: str, most_px: float, size: float) -> str:
    """Cut a text so that it probably fits a width."""
    most = max(1, int(most_px / (CHARACTER_WIDTH * size)))
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def wrap(text: str, most_px: float, size: float) -> list[str]:
    """Break a text into lines that probably fit a width."""
    most = max(1, int(most_px / (CHARACTER_WIDTH * size)))
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return [shorten(each, most_px, size) for each in lines]
