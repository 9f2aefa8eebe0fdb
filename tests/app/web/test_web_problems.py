"""Problems as pages: for browsers, in their language; everybody else is given the problem document."""

import pytest
from fastapi.testclient import TestClient
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
