"""Saturation and economics as pages: pictures whose marks lead to quotes, tables beneath, options in the address."""

import re
from pathlib import Path

from fastapi.testclient import TestClient
from page_reading import links_in, read
from sqlalchemy.orm import Session

from app.research.charts.style import RULES
from app.web import view

STYLE = Path(view.__file__).parent / "static" / "style.css"


def test_the_page_draws_charts_by_the_rules_of_charts() -> None:
    """Each rule of the charts stands in the style sheet, with the colours of the page."""
    style = re.sub(r"[\s;]", "", STYLE.read_text(encoding="utf-8"))
    rules = re.findall(r"(\.[\w-]+\{[^}]+\})", RULES)
    assert len(rules) > 10
    for rule in rules:
        assert f".chart{re.sub(r'[ ;]', '', rule)}" in style


def test_each_point_of_the_curve_leads_to_what_was_new(client: TestClient, shop: Session) -> None:
    """The point and the row of an interview that told something new lead to these words alone."""
    page = read(client, "/saturation?study=shop&by_persons=true&base=1&run=1")
    (point,) = links_in(page, "svg")
    assert point == "/saturation/I02?study=shop&base=1&run=1&by_persons=true"
    assert point in links_in(page, "table")
    assert [cell.text_content() for cell in page.xpath("//tbody/tr[1]/td")][1:3] == ["AX1, AX2", "2"]
    news = read(client, point)
    assert [quote.text_content() for quote in news.xpath("//blockquote")] == [
        "Ich hatte Angst um mein Geld.",
        "Die App war mir fremd.",
    ]
    assert client.get("/saturation/I99?study=shop").status_code == 404


def test_options_stand_in_the_address_and_in_the_files(client: TestClient, shop: Session) -> None:
    """The form shows what was chosen; an empty field is none; files are of the same choice and language."""
    page = read(client, "/saturation?study=shop&base=1&run=1&planned=&segment=&language=de&lang=de")
    assert page.xpath("//input[@name='base']/@value") == ["1"]
    assert page.xpath("//select[@name='language']/option[@selected]/@value") == ["de"]
    for address in links_in(page, "figcaption"):
        assert "told_in=de&base=1&run=1&language=de&format=" in address
        assert client.get(address).status_code == 200
    assert client.get("/saturation?study=shop&base=0").status_code == 422
    assert client.get("/saturation?study=shop&segment=nobody").status_code == 422


def test_bars_lead_to_what_the_people_of_a_band_said(client: TestClient, shop: Session) -> None:
    """Bands and classes of which somebody was interviewed; the unclassified lead nowhere."""
    page = read(client, "/economics?study=shop&planned=10")
    bands = ["/quotes?study=shop&band=50-100", "/quotes?study=shop&band=200-500"]
    assert [link for link in links_in(page, "svg") if "band" in link] == [each for each in bands for _ in range(2)]
    assert [link for link in links_in(page, "table") if "band" in link] == bands
    assert "80%" in page.xpath("//tbody/tr[th='200-500']")[0].text_content()
    assert "C3" in page.xpath("//tbody/tr[th='200-500']")[0].text_content()
    assert all("planned=10" in address for address in links_in(page, "figcaption"))


def test_nothing_to_draw_says_what_to_do(client: TestClient, market: Session) -> None:
    """Without customers there is no picture but the command that imports them; the same for interviews."""
    page = read(client, "/economics?study=market")
    assert not page.xpath("//svg[@class='chart']")
    assert "verbatim economics import" in page.text_content()
    nothing = read(client, "/saturation?study=market&language=de&segment=keen&by_persons=true")
    assert nothing.xpath("//table")
