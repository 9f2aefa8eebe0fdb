"""Economics and saturation as JSON, CSV, SVG and PNG, by `format` and by `Accept`."""

import csv
import io

import pytest
from fastapi.testclient import TestClient
from lxml import etree
from sqlalchemy.orm import Session

from app.research.charts.style import ADAPTIVE, hash_of


@pytest.mark.parametrize("path", ["/v1/economics", "/v1/saturation"])
@pytest.mark.parametrize(
    ("wanted", "media_type", "start"),
    [
        ("json", "application/json", b"{"),
        ("csv", "text/csv", b""),
        ("svg", "image/svg+xml", b"<svg "),
        ("png", "image/png", b"\x89PNG"),
    ],
)
def test_every_format_is_given(
    client: TestClient, shop: Session, path: str, wanted: str, media_type: str, start: bytes
) -> None:
    """The same by `format` and by `Accept`."""
    by_format = client.get(path, params={"study": "shop", "format": wanted})
    by_accept = client.get(path, params={"study": "shop"}, headers={"Accept": media_type})
    assert by_format.headers["content-type"].partition(";")[0] == media_type
    assert by_format.content == by_accept.content
    assert by_format.content.startswith(start)


def test_other_formats_are_refused(client: TestClient, shop: Session) -> None:
    """As a problem."""
    assert client.get("/v1/economics?study=shop", headers={"Accept": "application/pdf"}).status_code == 406
    assert client.get("/v1/economics?study=shop&format=pdf").status_code == 422
    assert client.get("/v1/economics?study=shop&colour=red").status_code == 422


def test_the_table_of_the_economics(client: TestClient, shop: Session) -> None:
    """Bands and classes with their shares, whom to invite, the unclassified last."""
    response = client.get("/v1/economics?study=shop&format=csv")
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert "attachment" in response.headers["content-disposition"]
    assert [(row["grouping"], row["name"], row["customers"]) for row in rows] == [
        ("band", "50-100", "1"),
        ("band", "200-500", "2"),
        ("band", "unclassified", "1"),
        ("class", "A", "1"),
        ("class", "B", "1"),
        ("class", "C", "2"),
    ]
    rich = rows[1]
    assert (rich["revenue_eur"], rich["revenue_share"], rich["coverage"]) == ("800.00", "0.8", "0.625")
    assert (rich["wanting"], rich["invite"]) == ("1", "C3")


def test_the_table_of_saturation(client: TestClient, shop: Session) -> None:
    """One line for each interview, with the share of the run that ends there."""
    url = "/v1/saturation?study=shop&format=csv&by_persons=true&base=1&run=1"
    rows = list(csv.DictReader(io.StringIO(client.get(url).text)))
    assert [(row["interview"], row["new"], row["new_codes"], row["run_share"]) for row in rows] == [
        ("I02", "2", "AX1 AX2", ""),
        ("I01", "0", "", "0.0"),
        ("I03", "0", "", "0.0"),
    ]


def test_a_chart_may_be_opened_by_itself(client: TestClient, shop: Session) -> None:
    """Its policy allows its own style sheet, and nothing else; the texts are in the language that is wanted."""
    response = client.get("/v1/economics?study=shop&format=svg&told_in=de")
    assert hash_of(ADAPTIVE) in response.headers["content-security-policy"]
    texts = "".join(etree.fromstring(response.content).itertext())
    assert "Anteil am Umsatz" in texts
    assert "200-500: Anteil am Umsatz 80" in texts


def test_the_matrix_and_segments_are_figures_too(client: TestClient, market: Session) -> None:
    """As tables and charts, by `format` and by `Accept`; the labels are in the language that is wanted."""
    for path, start in (("/v1/matrix", "about,code,label"), ("/v1/segments/calm", "segment,people,about")):
        table = client.get(path, params={"study": "market", "format": "csv"})
        assert table.text.startswith(start)
        assert client.get(path, params={"study": "market"}, headers={"Accept": "text/csv"}).text == table.text
        chart = client.get(path, params={"study": "market", "format": "svg", "told_in": "de"})
        assert hash_of(ADAPTIVE) in chart.headers["content-security-policy"]
        assert "Ruhige" in "".join(etree.fromstring(chart.content).itertext())
        picture = client.get(path, params={"study": "market", "format": "png"})
        assert picture.content.startswith(b"\x89PNG")
        assert client.get(path, params={"study": "market", "told_in": "de"}).json()["study"] == "market"
        assert client.get(path, params={"study": "market", "format": "pdf"}).status_code == 422


def test_the_table_of_the_matrix_tells_silence_from_denial(client: TestClient, market: Session) -> None:
    """Of two calm people one names CR1 both ways; the other was asked about it and did not mention it."""
    text = client.get("/v1/matrix?study=market&format=csv&by_persons=true").text
    cells = {(row["code"], row["segment"], row["option"]): row for row in csv.DictReader(io.StringIO(text))}
    calm = cells["CR1", "calm", "any"]
    counts = ("of", "named_for", "named_against", "named_both", "asked_without_mention", "never_asked")
    assert [calm[name] for name in counts] == ["2", "1", "1", "1", "1", "0"]
    assert {row["about"] for row in cells.values()} == {"criterion", "any_criterion", "competitor_reason"}


def test_the_table_of_a_segment_has_people_and_quotes(client: TestClient, market: Session) -> None:
    """Here and elsewhere; typical phrases with how far from chance they are."""
    text = client.get("/v1/segments/calm?study=market&format=csv").text
    first, *others = csv.DictReader(io.StringIO(text))
    assert (first["code"], first["affirmed"], first["denied"], first["of"]) == ("CR1", "1", "1", "2")
    assert (first["affirmed_elsewhere"], first["of_elsewhere"]) == ("2", "3")
    assert first["quote"] == "Die Gebühren wollte ich vorher sehen."
    assert any(row["about"] == "typical_language" and row["label"] == "Sonntag" and row["z"] for row in others)
