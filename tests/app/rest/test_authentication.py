"""Where keys are required every route of `/v1` and every page with data needs one."""

import base64
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from study_factory import MadeStudy

from app.main import create_app
from app.privacy.keys import KeyRole, create_key, revoke_key
from app.services import Services

QUESTION = {"question": "Were people afraid of losing their money?", "study": "acme"}
SOMETHING = "00000000-0000-0000-0000-000000000007"
OPEN = {"/livez", "/readyz"}


@pytest.fixture
def guarded(services: Services) -> Iterator[TestClient]:
    """A client of the service with keys required."""
    with TestClient(create_app(services, require_keys=True)) as client:
        yield client


def new_key(services: Services, role: KeyRole = KeyRole.VIEWER) -> str:
    """Make a key."""
    with services.database.sessions.begin() as session:
        return create_key(session, "somebody", role)


def revoked_key(services: Services) -> str:
    """Make a key and revoke it."""
    key = new_key(services, KeyRole.ADMIN)
    with services.database.sessions.begin() as session:
        revoke_key(session, key.split("_")[1])
    return key


def operations(client: TestClient) -> list[tuple[str, str]]:
    """Every operation that the description of the service lists, as method and address."""
    paths = client.get("/openapi.json").json()["paths"]
    return [(method.upper(), re.sub(r"\{\w+\}", SOMETHING, path)) for path, item in paths.items() for method in item]


def test_no_operation_is_open(guarded: TestClient, services: Services, study: MadeStudy) -> None:
    """Without a valid key every operation but health is a 401 with a challenge, whatever else is wrong with it."""
    valid, revoked = new_key(services), revoked_key(services)
    wrong = [
        "",
        "Bearer",
        "Bearer ",
        f"Basic {valid}",
        valid,
        f"Bearer {valid}0",
        f"Bearer {revoked}",
        "Bearer vbt_0_0",
    ]
    for method, url in operations(guarded):
        for authorization in wrong:
            response = guarded.request(method, url, headers={"Authorization": authorization}, json=QUESTION)
            expected = 200 if url in OPEN else 401
            assert (method, url, response.status_code) == (method, url, expected)
            assert url in OPEN or response.headers["www-authenticate"].startswith(("Bearer", "Basic"))


def test_a_refusal_tells_nothing(guarded: TestClient, services: Services, study: MadeStudy) -> None:
    """A refused request learns neither whether the study exists nor anything of its key."""
    key = f"vbt_{'0' * 12}_{'1' * 64}"
    for slug in ("acme", "nobody"):
        response = guarded.get(f"/v1/studies/{slug}", headers={"Authorization": f"Bearer {key}"})
        assert response.status_code == 401
        assert key not in response.text
        assert "acme" not in response.text.replace("/v1/studies/acme", "")


@pytest.mark.parametrize("url", ["/", "/?study=acme&q=fear", "/interviews/I01?study=acme"])
def test_pages_are_read_with_a_key_as_password(
    guarded: TestClient, services: Services, study: MadeStudy, url: str
) -> None:
    """Who is not signed in and sends no key sees nothing; where nothing is changed, the key may be a password."""
    refused = guarded.get(url)
    assert refused.status_code == 401
    assert "acme" not in refused.text
    key = new_key(services)
    for password, status in ((key, 200), (f"{key}0", 401), ("", 401)):
        token = base64.b64encode(f"anna:{password}".encode()).decode()
        assert guarded.get(url, headers={"Authorization": f"Basic {token}"}).status_code == status
    assert guarded.get(url, headers={"Authorization": "Basic ???"}).status_code == 401


@pytest.mark.parametrize("url", ["/docs", "/openapi.json", "/problems", "/static/style.css", "/livez"])
def test_what_holds_no_data_is_open(guarded: TestClient, url: str) -> None:
    """The description of the service, explanations and files of the pages need no key."""
    assert guarded.get(url).status_code == 200
