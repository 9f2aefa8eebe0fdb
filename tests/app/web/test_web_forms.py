"""Forms: they lead on, say once what came of them, and are refused when another site sends them."""

import pytest
from fastapi.testclient import TestClient
from study_factory import MadeStudy

OWN = {"Origin": "http://127.0.0.1"}


def test_preferences_are_kept_and_lead_back(client: TestClient, study: MadeStudy) -> None:
    """Language and theme are kept in cookies that no script reads, and stand on the next page."""
    chosen = {"language": "de", "back": "/problems?study=acme"}
    answer = client.post("/preferences", data=chosen, headers=OWN, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/problems?study=acme"
    assert "httponly" in answer.headers["set-cookie"].lower()
    client.post("/preferences", data={"theme": "dark"}, headers=OWN)
    page = client.get("/problems").text
    assert '<html lang="de" data-theme="dark">' in page


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/\r\nX: 1", ""]
)
def test_forms_lead_to_this_site_alone(client: TestClient, study: MadeStudy, back: str) -> None:
    """An address of elsewhere is no way back."""
    answer = client.post("/preferences", data={"theme": "dark", "back": back}, headers=OWN, follow_redirects=False)
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_forms_of_other_sites_are_refused(client: TestClient, study: MadeStudy, headers: dict[str, str]) -> None:
    """Neither an origin of elsewhere nor a hidden one is taken; nothing is kept."""
    answer = client.post("/preferences", data={"theme": "dark"}, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_unknown_choices_are_refused(client: TestClient, study: MadeStudy) -> None:
    """A theme that there is not."""
    assert client.post("/preferences", data={"theme": "pink"}, headers=OWN).status_code == 422


def test_a_forged_message_is_not_said(client: TestClient, study: MadeStudy) -> None:
    """A cookie can only choose among the messages of the catalogue."""
    client.cookies.set("flash", "kept")
    assert 'class="flash"' in client.get("/").text
    client.cookies.set("flash", "<b>lies</b>")
    page = client.get("/").text
    assert 'class="flash"' not in page
    assert "lies" not in page
