"""Insights and hypotheses as pages: read by everybody, written, linked and tested by researchers."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import html
from page_reading import holds_no_markup_of_others, links_in, read
from sqlalchemy import delete
from sqlalchemy.orm import Session
from study_factory import MadeStudy

from app.main import create_app
from app.models import Utterance
from app.privacy.keys import KeyRole, create_key
from app.services import Services

EVIL = '<script>alert(1)</script><img src=x onerror="alert(1)"> & "quoted"'
FEAR = "Ich hatte Angst, dass mein Geld weg ist, wenn die App verschwindet."
MIEDO = "Tenía miedo de perder todo mi dinero."
NO = "No, losing money was never a worry for me."
INSIGHT = "/insights/IN01?study=acme"


def post(client: TestClient, url: str, **fields: Any) -> html.HtmlElement:
    """The page that a form leads to."""
    response = client.post(url, data=fields)
    assert response.status_code == 200, response.text
    return html.document_fromstring(response.text)


def quotes_of(page: html.HtmlElement) -> list[str]:
    """The quotes of a page."""
    return [quote.text_content() for quote in page.xpath("//blockquote")]


def write(client: TestClient, statement: str = "They fear for their money.") -> html.HtmlElement:
    """Write an insight that rests on what two people said."""
    fields = {"statement": statement, "theme": "Fears", "segments": ["careful"], "quotes": f"{FEAR}\n\n{MIEDO}\n"}
    return post(client, "/insights?study=acme", **fields)


def test_an_insight_is_written_with_its_quotes(client: TestClient, study: MadeStudy) -> None:
    """The form leads to its page with the quotes; the list draws how many people it rests on."""
    page = write(client)
    assert quotes_of(page) == [FEAR, MIEDO]
    assert page.xpath("//p[@class='flash']")
    listed = read(client, "/insights?study=acme")
    assert links_in(listed, "svg") == [INSIGHT]
    assert INSIGHT in links_in(listed, "table")
    assert "2 / 3" in listed.xpath("//svg[@class='chart']")[0].text_content()
    assert not read(client, "/insights?study=acme&status=confirmed&segment=&theme=").xpath("//tbody/tr")


def test_what_nobody_said_is_refused_and_what_was_written_stays(client: TestClient, study: MadeStudy) -> None:
    """The form comes back with the fault beside it, and nothing is kept."""
    response = client.post("/insights?study=acme", data={"statement": "They fear.", "quotes": "Nobody said this."})
    page = html.document_fromstring(response.text)
    assert response.status_code == 422
    assert page.xpath("//details[@open]//textarea[@name='quotes']/text()") == ["Nobody said this."]
    assert "evidence.0" in page.xpath("//p[@role='alert']")[0].text_content()
    assert not page.xpath("//tbody/tr")


def test_an_insight_is_changed_on_its_page(client: TestClient, study: MadeStudy) -> None:
    """Status, words, evidence for it and against it; what is left out of the form of words is taken away."""
    write(client)
    assert "confirmed" in post(client, "/insights/IN01/status?study=acme", status="confirmed").text_content()
    changed = post(client, "/insights/IN01?study=acme", statement="They fear loss.", segments=["starter"])
    assert changed.xpath("string(//h1)") == "They fear loss."
    assert changed.xpath("//input[@name='segments'][@checked]/@value") == ["starter"]
    assert changed.xpath("//input[@name='theme']/@value") == [""]
    against = post(client, "/insights/IN01/evidence?study=acme", quote=NO, stance="against")
    assert quotes_of(against) == [FEAR, MIEDO, NO]
    (form,) = against.xpath(f"//div[article//blockquote='{NO}']/form")
    fields = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
    assert quotes_of(post(client, form.get("action"), **fields)) == [FEAR, MIEDO]


@pytest.mark.parametrize("fields", [{}, {"statement": " "}, {"statement": "They fear loss.", "theme": "x" * 301}])
def test_an_impossible_change_is_refused(client: TestClient, study: MadeStudy, fields: dict[str, str]) -> None:
    """Words are not taken away, and a theme fits a line; the insight stays as it is."""
    write(client)
    assert client.post(INSIGHT, data=fields).status_code == 422
    assert read(client, INSIGHT).xpath("string(//h1)") == "They fear for their money."


def test_lost_evidence_is_said_and_forgotten_on_request(
    client: TestClient, study: MadeStudy, services: Services
) -> None:
    """The page says why it is stale; once a researcher has seen that, it is stale no more."""
    write(client)
    with services.database.sessions.begin() as session:
        session.execute(delete(Utterance).where(Utterance.id == study.utterances["I01", 1]))
    stale = read(client, INSIGHT)
    assert stale.xpath("//div[@class='notice']//span[contains(@class, 'stale')]")
    assert len(read(client, "/insights?study=acme&stale=true").xpath("//tbody/tr")) == 1
    assert not post(client, "/insights/IN01/forget-lost?study=acme").xpath("//div[@class='notice']")


def test_a_hypothesis_is_kept_tested_and_deleted(client: TestClient, market: Session) -> None:
    """The form tests it; its page has the people and quotes of both sides, by group, and its history."""
    fields = {"statement": "Alle wollen die Gebühren vorher sehen", "codes": "CR1"}
    page = post(client, "/hypotheses?study=market&lang=de", **fields)
    assert page.xpath("//h1/text()") == [fields["statement"]]
    assert len(page.xpath("//ol[@class='trials']/li")) == 1
    everybody = quotes_of(page)
    assert "Las comisiones me daban igual." in everybody
    calm = "/hypotheses/H001?study=market&segment=calm"
    assert {f"{calm}#for", f"{calm}#against"} <= set(links_in(page, "svg")) & set(links_in(page, "table"))
    of_calm = quotes_of(read(client, calm))
    assert of_calm == [quote for quote in everybody if quote in of_calm]
    assert 0 < len(of_calm) < len(everybody)
    listed = read(client, "/hypotheses?study=market")
    assert "/hypotheses/H001?study=market#for" in links_in(listed, "svg")
    again = post(client, "/hypotheses/H001/test?study=market", least_people="100", ratio="2.5")
    assert len(again.xpath("//ol[@class='trials']/li")) == 2
    assert again.xpath("//input[@name='ratio']/@value") == ["2.5"]
    assert not post(client, "/hypotheses/H001/delete?study=market").xpath("//tbody/tr")


def test_a_hypothesis_about_nothing_known_comes_back(client: TestClient, market: Session) -> None:
    """The fault stands beside what was written."""
    response = client.post("/hypotheses?study=market", data={"statement": "Sie sparen", "codes": "XX9"})
    page = html.document_fromstring(response.text)
    assert response.status_code == 422
    assert "XX9" in page.xpath("//p[@role='alert']")[0].text_content()
    assert page.xpath("//details[@open]//input[@name='codes']/@value") == ["XX9"]


def test_what_researchers_write_is_shown_not_done(client: TestClient, study: MadeStudy) -> None:
    """Markup in an insight or a hypothesis is text, in pictures too."""
    write(client, EVIL)
    post(client, "/hypotheses?study=acme", statement=EVIL)
    for address in ("/insights?study=acme", INSIGHT, "/hypotheses?study=acme", "/hypotheses/H001?study=acme"):
        page = read(client, address)
        assert "alert(1)" in page.text_content()
        assert holds_no_markup_of_others(page)


@pytest.mark.parametrize(
    ("address", "action"),
    [
        ("/insights", "/insights"),
        ("/insights/IN01", "/insights/IN01"),
        ("/hypotheses", "/hypotheses"),
        ("/hypotheses/H001", "/hypotheses/H001/delete"),
    ],
)
def test_viewers_read_and_change_nothing(services: Services, study: MadeStudy, address: str, action: str) -> None:
    """They are shown no forms that change something; what they send is refused."""
    with TestClient(create_app(services, require_keys=False), base_url="http://127.0.0.1") as client:
        write(client)
        post(client, "/hypotheses?study=acme", statement="They fear for their money")
    with services.database.sessions.begin() as session:
        key = create_key(session, "somebody", KeyRole.VIEWER)
    with TestClient(create_app(services, require_keys=True)) as client:
        response = client.get(f"{address}?study=acme", auth=("x", key))
        assert response.status_code == 200
        forms = html.document_fromstring(response.text).xpath("//main//form[@method='post']/@action")
        assert [action for action in forms if "collections" not in action] == []
        sent = client.post(f"{action}?study=acme", data={"statement": "x"}, headers={"Authorization": f"Bearer {key}"})
        assert sent.status_code == 403


def test_nothing_concluded_yet_says_what_to_do(client: TestClient, study: MadeStudy) -> None:
    """Empty lists name the commands that fill them."""
    assert "verbatim insights import" in read(client, "/insights?study=acme").text_content()
    assert "verbatim hypotheses import" in read(client, "/hypotheses?study=acme").text_content()
    assert client.get("/insights/IN99?study=acme").status_code == 404
    assert client.get("/hypotheses/H99?study=acme").status_code == 404
