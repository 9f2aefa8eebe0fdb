"""Segments, their cards, the form that qualifies a customer, and the matrix as pages over a study counted by hand."""

from urllib.parse import parse_qs, urlsplit

from fastapi.testclient import TestClient
from lxml import html
from page_reading import holds_no_markup_of_others, links_in, read
from sqlalchemy import update
from sqlalchemy.orm import Session
from study_factory import MadeStudy

from app.database import Database
from app.models import Code, Segment

EVIL = '<script>alert(1)</script><img src=x onerror="alert(1)">'


def row_of(page: html.HtmlElement, name: str) -> html.HtmlElement:
    """The row of a table that begins with a name."""
    (row,) = [row for row in page.xpath("//tr[th]") if row.xpath("normalize-space(th)") == name]
    return row


def test_segments_tell_people_and_quotes(client: TestClient, market: Session) -> None:
    """Who may not be quoted counts nowhere; the picture and the table lead to the card and to the quotes."""
    page = read(client, "/segments?study=market&lang=de")
    assert [cell.text_content().strip() for cell in row_of(page, "Ruhige").xpath("td")][:3] == ["2", "5", "2"]
    assert {"/segments/calm?study=market", "/quotes?study=market&segment=calm"} <= set(links_in(page, "svg"))
    assert "/segments/qualify?study=market" in page.xpath("//main//a/@href")


def test_a_card_opens_the_quotes_of_one_side(client: TestClient, market: Session) -> None:
    """The bars and cells of a code lead to what the segment says of it, and to what the others say."""
    page = read(client, "/segments/calm?study=market&lang=de")
    own, others = row_of(page, "CR1 Gebühren vorher sichtbar").xpath(".//a/@href")
    assert parse_qs(urlsplit(own).query) == {"study": ["market"], "code": ["CR1"], "segment": ["calm"]}
    assert parse_qs(urlsplit(others).query) == {"study": ["market"], "code": ["CR1"], "segment": ["keen"]}
    assert {own, others} <= set(links_in(page, "svg"))
    assert "Die Gebühren wollte ich vorher sehen." in page.text_content()
    assert [address.partition("?")[0] for address in links_in(page, "figcaption")] == ["/v1/segments/calm"] * 3
    assert client.get("/segments/nobody?study=market").status_code == 404


def test_a_study_without_segments_says_how_to_get_some(client: TestClient, shop: Session) -> None:
    """There is no picture and no form, but what to do."""
    page = read(client, "/segments?study=shop")
    assert not page.xpath("//svg[@class='chart']")
    assert "segments.yaml" in page.text_content()
    assert "segments.yaml" in read(client, "/segments/qualify?study=shop").text_content()


def test_a_customer_is_qualified_by_a_click_and_by_words(client: TestClient, market: Session) -> None:
    """A button of the next question, a radio button and free words count; the address holds all that was told."""
    start = read(client, "/segments/qualify?study=market&lang=de")
    assert start.xpath("//section//p[@class='question']")[0].text_content() == "Schauen Sie einmal im Monat nach?"
    assert start.xpath("//button[@name='criterion.calm-routine']/@value") == ["yes", "no", "unknown"]
    # Enter in a text field presses the first button of the form: it must answer nothing.
    assert start.xpath("(//form[contains(@class,'qualify')]//button)[1]/@name") == []
    told = read(client, "/segments/qualify?study=market&criterion.calm-routine=yes&criterion.calm-routine=&lang=de")
    assert told.xpath("//input[@name='criterion.calm-routine'][@checked]/@value") == ["yes"]
    (calm,) = [item for item in told.xpath("//ul[@class='verdicts']/li") if "Ruhige" in item.text_content()]
    assert "1 erfüllt" in calm.text_content()
    said = read(client, "/segments/qualify?study=market&answer.calm-routine=Nein&lang=de")
    assert said.xpath("//input[@name='answer.calm-routine']/@value") == ["Nein"]
    (calm,) = [item for item in said.xpath("//ul[@class='verdicts']/li") if "Ruhige" in item.text_content()]
    assert "1 nicht erfüllt" in calm.text_content()


def test_what_is_told_wrongly_is_said_beside_the_form(client: TestClient, market: Session) -> None:
    """An unknown participant keeps what was entered; an answer that is none is refused."""
    response = client.get("/segments/qualify?study=market&participant=P99&said=hm")
    page = html.document_fromstring(response.text)
    assert response.status_code == 422
    assert "P99" in page.xpath("//p[@role='alert']")[0].text_content()
    assert page.xpath("//input[@name='said']/@value") == ["hm"]
    assert client.get("/segments/qualify?study=market&criterion.calm-routine=perhaps").status_code == 422


def test_each_cell_of_the_matrix_opens_its_quotes(client: TestClient, market: Session) -> None:
    """The cell in the picture and in the table lead to exactly the words behind it, each side by itself."""
    page = read(client, "/matrix?study=market&by_persons=true&lang=de")
    (cell,) = row_of(page, "CR1 Gebühren vorher sichtbar").xpath("td[1]//a")
    assert cell.text_content() == "1 / 1"
    address = cell.get("href")
    assert address in links_in(page, "svg")
    assert parse_qs(urlsplit(address).query)["by_persons"] == ["true"]
    quotes = [quote.text_content() for quote in read(client, address).xpath("//blockquote")]
    assert quotes == ["Die Gebühren wollte ich vorher sehen.", "Bei Valora waren die Kosten versteckt."]
    against = read(client, f"{address}&side=against")
    assert [quote.text_content() for quote in against.xpath("//blockquote")] == quotes[1:]
    assert against.xpath("//nav[@class='choices']/a[@aria-current]")[0].text_content() == "Dagegen"
    assert all("by_persons=true" in link for link in links_in(page, "figcaption"))
    assert client.get("/matrix/quotes?study=market&criterion=XX9").status_code == 422


def test_names_and_labels_are_shown_not_done(client: TestClient, study: MadeStudy, database: Database) -> None:
    """Markup in the label of a code, in the name, the description and the criteria of a segment is text."""
    criteria = [{"id": "one", "statement": EVIL, "ask": {"en": EVIL}, "indicators": {"speaks_for": ["AX1"]}}]
    with database.sessions.begin() as session:
        session.execute(update(Code).values(labels={"en": EVIL}, kind="criterion"))
        session.execute(update(Segment).values(labels={"en": EVIL}, description=EVIL, criteria=criteria))
    for path in ("/segments", "/segments/careful", "/segments/qualify?participant=P01", "/matrix", "/saturation"):
        page = read(client, f"{path}{'&' if '?' in path else '?'}study=acme")
        assert "alert(1)" in page.text_content()
        assert holds_no_markup_of_others(page)
