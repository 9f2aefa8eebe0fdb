"""Drawings as PNG: the same SVG, with a font of our own, so that a picture looks alike on every machine."""

from pathlib import Path

from resvg_py import svg_to_bytes

from app.research.charts.drawing import Drawing, to_svg
from app.research.charts.style import FIXED

ZOOM = 2.0
_FONT = Path(__file__).parent / "fonts" / "dejavu_sans_subset.ttf"
_FAMILY = "DejaVu Sans"


def to_png(drawing: Drawing) -> bytes:
    """Draw a picture of twice as many pixels as the drawing has, in light colours."""
    return bytes(
        svg_to_bytes(
            svg_string=to_svg(drawing, FIXED),
            skip_system_fonts=True,
            font_files=[str(_FONT)],
            font_family=_FAMILY,
            sans_serif_family=_FAMILY,
            zoom=ZOOM,
        )
    )
