"""Problems as pages: for browsers, in their language; everybody else is given the problem document."""

import pytest
from fastapi.testclient import TestClient
from lxml import html
from study_factory import MadeStudy

from app.main import create_app
from app.services import Services

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("path", "status", "title"),
    [
        ("/nothing", 404, "Nicht gefunden"),
        ("/interviews/I99?study=acme", 404, "Nicht gefunden"),
        ("/?study=nobody", 404, "Nicht gefunden"),
        ("/?study=acme&q=%3F", 422, "Das lässt sich nicht verwenden"),
        ("/preferences", 405, "Das hat nicht geklappt"),
    ],
)
def test_browsers_are_shown_a_page(client: TestClient, study: MadeStudy, path: str, status: int, title: str) -> None:
    """What is wrong and what to do, with the number under which the log has it."""
    answer = client.get(path, headers=BROWSER | {"Accept-Language": "de"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert f"<h1>{title}</h1>" in answer.text
    assert answer.headers["x-request-id"] in answer.text
    assert client.get(path).headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "There is no such study."), ("de", "Eine solche Studie gibt es nicht."), ("es", "No existe tal estudio.")],
)
def test_what_a_page_says_itself_is_in_its_language(
    client: TestClient, study: MadeStudy, language: str, said: str
) -> None:
    """What the service says of a problem stays in English, and is marked as that."""
    reader = BROWSER | {"Accept-Language": language}
    own = html.document_fromstring(client.get("/?study=nobody", headers=reader).text)
    assert own.xpath("//main//p[@class='facts'][not(@lang)]/text()")[0] == said
    others = html.document_fromstring(client.get("/interviews/I99?study=acme", headers=reader).text)
    assert others.xpath("//main//p[@class='facts'][@lang='en']/text()")
    form = client.post(
        "/?study=acme", data={"q": "Wer?", "thread": "x"}, headers=reader | {"Origin": "http://127.0.0.1"}
    )
    assert form.status_code == 422
    assert "is no thread" not in form.text


def test_the_api_gives_documents_to_browsers_too(client: TestClient, study: MadeStudy) -> None:
    """Whoever looks at an address of the API in a browser sees what the API says."""
    answer = client.get("/v1/studies/nobody", headers=BROWSER)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_browser_is_led_to_the_sign_in(services: Services, study: MadeStudy) -> None:
    """Whoever needs a key comes to the page that asks for it."""
    with TestClient(create_app(services, require_keys=True), base_url="http://127.0.0.1") as client:
        answer = client.get("/", headers=BROWSER)
    assert "<h1>Sign in</h1>" in answer.text


def test_what_was_wrong_is_text(client: TestClient, study: MadeStudy) -> None:
    """Markup in an address is not repeated as markup."""
    answer = client.get(
        "/", params={"study": "acme", "cursor": "<script>", "q": "<script>alert(1)</script>" * 90}, headers=BROWSER
    )
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
