"""Charts are well-formed, escaped, told without colours, and drawn as pictures that are not blank."""

import io
import re

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from app.research.charts.bars import Bar, BarChart
from app.research.charts.curve import CurveChart, ticks
from app.research.charts.drawing import shorten, to_svg, wrap
from app.research.charts.grid import GridCell, GridChart, GridRow
from app.research.charts.picture import Chart, draw, stack
from app.research.charts.png import ZOOM, to_png
from app.research.charts.style import FIXED

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "\"><script>alert(1)</script> & Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen 'x"
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)


def bars(name: str = "200-500", *shares: float) -> BarChart:
    """One bar of two series."""
    return BarChart("bars", name, ("revenue", name), (Bar(name, shares or (0.56, 0.48), ("56 %", name)),))


def curve(*values: int, name: str = "codes") -> CurveChart:
    """A curve with a range of one around it."""
    low, high = (tuple(max(0, value + step) for value in values) for step in (-1, 1))
    return CurveChart("curve", name, name, name, name, values, low, values, high, (name,) * 3, marked=(1, name))


def grid(name: str = "safety") -> GridChart:
    """Cells that were named, not mentioned, never asked about."""
    cells = (GridCell("4 / 1", 0.4), GridCell("–"), GridCell(name, is_open=True))
    return GridChart("grid", name, name, (name, "b", "c"), (GridRow(name, cells),), note=name)


CHARTS = [bars(), bars("0-50", -0.02, 0.0), curve(3, 5, 6), curve(), grid(), BarChart("empty", "None", (), ())]


def parsed(svg: str) -> etree._Element:
    """The elements of an SVG document."""
    return etree.fromstring(svg.encode())


def pixels(png: bytes) -> tuple[int, int, int]:
    """Width and height of a picture, and how many colours there are in it."""
    with av.open(io.BytesIO(png), "r") as media:
        frame = next(media.decode(video=0)).to_ndarray(format="rgb24")
    return frame.shape[1], frame.shape[0], len({tuple(pixel) for pixel in frame.reshape(-1, 3)[::7].tolist()})


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_can_be_read_without_seeing_it(chart: Chart) -> None:
    """It is an image with a title and a description, its texts are texts, and its ids are its own."""
    root = parsed(to_svg(draw(chart)))
    ids = root.get("aria-labelledby", "").split()
    assert root.get("role") == "img"
    assert [element.get("id") for element in root.findall(f"{SVG}title") + root.findall(f"{SVG}desc")] == ids
    assert root.find(f"{SVG}title").text == chart.title
    assert all(name.startswith(chart.key) for name in root.xpath("//@id"))
    assert "prefers-color-scheme:dark" in to_svg(draw(chart))
    assert chart.title.split()[0] in "".join(root.itertext(f"{SVG}text"))


def test_series_differ_by_more_than_colour() -> None:
    """The second series is hatched; what was never asked is hatched too, and shades have numbers in them."""
    assert "url(#bars-hatch)" in to_svg(draw(bars()))
    assert "url(#grid-open)" in to_svg(draw(grid()))
    assert {"4 / 1", "–"} <= {element.text for element in parsed(to_svg(draw(grid()))).iter(f"{SVG}text")}


@given(TEXTS)
def test_no_text_becomes_markup(text: str) -> None:
    """Whatever the names are, the document stays well-formed and has no elements but its own."""
    for chart in (bars(text), curve(1, 2, name=text), grid(text)):
        root = parsed(to_svg(draw(chart)))
        names = {etree.QName(element).localname for element in root.iter()}
        known = {"svg", "title", "desc", "style", "defs", "pattern", "rect", "line", "path", "circle", "text", "g"}
        assert names <= known


def test_long_and_hostile_names_are_shortened_and_told_whole() -> None:
    """What does not fit is cut in the picture, and there for who points at it."""
    root = parsed(to_svg(draw(bars(HOSTILE))))
    assert not root.xpath("//*[local-name()='script']")
    assert HOSTILE in root.xpath("//*[local-name()='text']/*[local-name()='title']/text()")
    assert shorten("Donaudampfschiff", 60, 12).endswith("…")
    assert wrap("one two three", 60, 12) == ["one two", "three"]


@pytest.mark.parametrize("chart", [*CHARTS, bars(HOSTILE)])
def test_pictures_are_drawn_with_a_font_of_our_own(chart: Chart) -> None:
    """Twice as many pixels as the drawing has, of several colours."""
    drawing = draw(chart)
    width, height, colours = pixels(to_png(drawing))
    assert [width, height] == pytest.approx([drawing.width * ZOOM, drawing.height * ZOOM], abs=1)
    assert colours > 4
    assert not re.search(r"var\(|@media", to_svg(drawing, FIXED))


def test_drawings_stand_below_each_other() -> None:
    """As high as both, with the patterns of the first."""
    first, second = draw(bars()), draw(grid())
    both = stack([first, second])
    assert both.height == first.height + second.height
    assert "url(#bars-open)" in to_svg(both)
    assert "url(#grid" not in to_svg(both)
    assert pixels(to_png(both))[2] > 4


@pytest.mark.parametrize(
    ("most", "steps"),
    [(0, [0]), (1, [0, 1]), (7, [0, 2, 4, 6]), (51, [0, 10, 20, 30, 40, 50]), (1000, [0, 200, 400, 600, 800, 1000])],
)
def test_ticks_are_round(most: int, steps: list[int]) -> None:
    """Steps of one, two or five times a power of ten."""
    assert ticks(most) == steps
