"""Signing in on the pages: by key or by a provider; cookies, forms of the session alone, signing out for good."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from openid_provider import CLIENT_ID, CLIENT_SECRET, OpenIdProvider, openid_provider
from pydantic import SecretStr
from sqlalchemy import select, update
from study_factory import MadeStudy

from app.errors import InvalidInputError
from app.main import create_app
from app.models import LoginSession
from app.privacy.keys import KeyRole, create_key, revoke_key
from app.rest.session_cookie import SESSION_COOKIE
from app.services import Services
from app.settings import read_settings

HTML = {"Accept": "text/html"}


@pytest.fixture
def browser(services: Services) -> Iterator[TestClient]:
    """A browser in front of a service with keys, which goes nowhere by itself."""
    app = create_app(services, require_keys=True)
    with TestClient(app, base_url="https://verbatim.example", follow_redirects=False, headers=HTML) as client:
        yield client


def new_key(services: Services, role: KeyRole = KeyRole.RESEARCHER) -> str:
    """Make a key."""
    with services.database.sessions.begin() as session:
        return create_key(session, "Anna", role)


def sign_in(browser: TestClient, key: str, back: str = "/") -> Any:
    """Send the form of the sign-in page."""
    return browser.post("/sign-in", data={"key": key, "back": back})


def token_of(browser: TestClient) -> str:
    """The token in the forms of a page."""
    found = re.search(r'name="csrf_token" value="([0-9a-f]{64})"', browser.get("/").text)
    assert found
    return found[1]


def test_a_page_leads_to_the_sign_in_and_back(browser: TestClient, services: Services, study: MadeStudy) -> None:
    """Whoever is not signed in comes to the page by way of the sign-in."""
    led = browser.get("/interviews/I01?study=acme")
    assert (led.status_code, led.headers["location"]) == (303, "/sign-in?back=%2Finterviews%2FI01%3Fstudy%3Dacme")
    page = browser.get(led.headers["location"])
    assert 'value="/interviews/I01?study=acme"' in page.text
    assert "provider" not in page.text
    response = sign_in(browser, new_key(services), "/interviews/I01?study=acme")
    assert (response.status_code, response.headers["location"]) == (303, "/interviews/I01?study=acme")
    assert "Anna" in browser.get("/interviews/I01?study=acme").text


@pytest.mark.parametrize("missing", ["/nothing", "/interviews/I99?study=acme"])
def test_a_problem_is_told_to_who_is_signed_in(
    browser: TestClient, services: Services, study: MadeStudy, missing: str
) -> None:
    """Nobody is called nobody, whether or not the address was known enough to ask who reads it."""
    sign_in(browser, new_key(services))
    page = browser.get(missing)
    assert page.status_code == 404
    assert "nobody" not in page.text
    assert ("Anna" in page.text) is missing.startswith("/interviews")


def test_the_cookie_is_out_of_reach(browser: TestClient, services: Services, study: MadeStudy) -> None:
    """Neither scripts nor other sites nor plain HTTP get it; the database has its digest alone."""
    cookie = sign_in(browser, new_key(services)).headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", "Secure", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    with services.database.sessions.begin() as session:
        stored = session.scalars(select(LoginSession)).one()
        values = [str(getattr(stored, column.name)) for column in LoginSession.__table__.columns]
    assert not any(browser.cookies[SESSION_COOKIE] in value for value in values)


def test_a_wrong_key_signs_nobody_in(browser: TestClient, services: Services, study: MadeStudy) -> None:
    """The page says so, without the key, and gives no cookie."""
    response = sign_in(browser, f"{new_key(services)}0")
    assert response.status_code == 401
    assert "not valid" in response.text
    assert "vbt_0" not in response.text
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(browser: TestClient, services: Services, study: MadeStudy, back: str) -> None:
    """After the sign-in a browser stays on this site."""
    assert sign_in(browser, new_key(services), back).headers["location"] == "/"


def test_each_sign_in_has_a_cookie_of_its_own(browser: TestClient, services: Services, study: MadeStudy) -> None:
    """Signing in again ends the session before; a cookie that somebody planted is never taken over."""
    browser.cookies.set(SESSION_COOKIE, "planted")
    sign_in(browser, new_key(services))
    first = browser.cookies.get(SESSION_COOKIE, domain="verbatim.example")
    assert first not in (None, "planted")
    browser.cookies.clear()
    browser.cookies.set(SESSION_COOKIE, str(first))
    sign_in(browser, new_key(services))
    browser.cookies.clear()
    browser.cookies.set(SESSION_COOKIE, str(first))
    assert browser.get("/").status_code == 303


def test_signing_out_holds_on_the_server(browser: TestClient, services: Services, study: MadeStudy) -> None:
    """A copy of the cookie opens nothing afterwards."""
    sign_in(browser, new_key(services))
    copied = str(browser.cookies[SESSION_COOKIE])
    response = browser.post("/sign-out", data={"csrf_token": token_of(browser)})
    assert (response.status_code, response.headers["location"]) == (303, "/sign-in")
    assert SESSION_COOKIE not in browser.cookies
    browser.cookies.set(SESSION_COOKIE, copied)
    assert browser.get("/").status_code == 303
    assert browser.get("/v1/studies").status_code == 401


def test_a_session_ends_with_its_key_and_its_time(browser: TestClient, services: Services, study: MadeStudy) -> None:
    """Revoking a key signs out who signed in with it; nobody stays signed in for ever."""
    key = new_key(services)
    sign_in(browser, key)
    assert browser.get("/").status_code == 200
    with services.database.sessions.begin() as session:
        revoke_key(session, key.split("_")[1])
    assert browser.get("/").status_code == 303
    sign_in(browser, new_key(services))
    with services.database.sessions.begin() as session:
        session.execute(update(LoginSession).values(expires_at=LoginSession.created_at - timedelta(seconds=1)))
    assert browser.get("/").status_code == 303


def test_forms_of_elsewhere_change_nothing(browser: TestClient, services: Services, study: MadeStudy) -> None:
    """A form without the token of the session, or from another site, is refused; so is a script of another page."""
    sign_in(browser, new_key(services))
    token, code = token_of(browser), {"study": "acme", "code": "NEW1", "kind": "anxiety", "labels": {"en": "Fear"}}
    for sent in ({}, {"csrf_token": ""}, {"csrf_token": "0" * 64}):
        assert browser.post("/sign-out", data=sent).status_code == 403
    elsewhere = {"Origin": "https://evil.example"}
    assert browser.post("/sign-out", data={"csrf_token": token}, headers=elsewhere).status_code == 403
    assert browser.post("/sign-in", data={"key": new_key(services)}, headers=elsewhere).status_code == 403
    assert browser.post("/v1/codebook", json=code).status_code == 403
    assert browser.post("/v1/codebook", json=code, headers={"X-CSRF-Token": "0" * 64}).status_code == 403
    assert browser.post("/v1/codebook", json=code, headers={"X-CSRF-Token": token, **elsewhere}).status_code == 403
    assert browser.post("/v1/codebook", json=code, headers={"X-CSRF-Token": token}).status_code == 201


def test_every_form_of_the_pages_is_guarded(browser: TestClient, services: Services, study: MadeStudy) -> None:
    """No page changes anything for a session without its token."""
    sign_in(browser, new_key(services, KeyRole.ADMIN))
    posting = {
        (method, route.path)
        for route in routes_of(browser)
        for method in route.methods or ()
        if method not in ("GET", "HEAD") and not route.path.startswith(("/v1/", "/mcp", "/sign-in"))
    }
    assert ("POST", "/preferences") in posting
    for method, path in posting:
        url = re.sub(r"\{\w+\}", "7", path)
        form = {"files": ("call.vtt", b"WEBVTT\n", "text/vtt")}
        assert (path, browser.request(method, url, params={"study": "acme"}, files=form).status_code) == (path, 403)


def routes_of(browser: TestClient) -> Iterator[Any]:
    """All routes of the application."""
    from fastapi.routing import iter_route_contexts

    for context in iter_route_contexts(browser.app.routes):  # type: ignore[attr-defined]
        if getattr(context, "methods", None):
            yield context


def test_without_keys_nobody_signs_in(client: TestClient) -> None:
    """On loopback without keys everything is as it was: no sign-in, no token, no cookie."""
    assert client.get("/sign-in", follow_redirects=False).headers["location"] == "/"
    assert "csrf" not in client.get("/").text


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    """An OpenID provider."""
    with openid_provider() as provider:
        yield provider


@pytest.fixture
def led(services: Services, provider: OpenIdProvider) -> Iterator[TestClient]:
    """A browser in front of a service with that provider."""
    settings = services.settings.model_copy(
        update={
            "oidc_issuer": provider.url,
            "oidc_client_id": CLIENT_ID,
            "oidc_client_secret": SecretStr(CLIENT_SECRET),
            "oidc_roles": {"ux": "researcher@acme", "sales": "viewer", "lead": "admin@acme"},
        }
    )
    app = create_app(replace(services, settings=settings), require_keys=True)
    with TestClient(app, base_url="https://verbatim.example", follow_redirects=False, headers=HTML) as client:
        yield client


def through_provider(browser: TestClient, back: str = "/") -> Any:
    """Go to the provider and come back; what the service says then."""
    gone = browser.get("/sign-in/provider", params={"back": back})
    assert gone.status_code == 303
    returned = httpx2.get(gone.headers["location"])
    return browser.get(returned.headers["location"])


def test_a_provider_signs_in(led: TestClient, provider: OpenIdProvider, study: MadeStudy) -> None:
    """With code, PKCE, state and nonce; the role follows from the groups, in the study that they name."""
    assert "Sign in with your organisation" in led.get("/sign-in").text
    response = through_provider(led, "/interviews/I01?study=acme")
    assert (response.status_code, response.headers["location"]) == (303, "/interviews/I01?study=acme")
    assert "Anna" in led.get("/").text
    code = {"study": "acme", "code": "NEW1", "kind": "anxiety", "labels": {"en": "Fear"}}
    assert led.post("/v1/codebook", json=code, headers={"X-CSRF-Token": token_of(led)}).status_code == 201


def test_the_strongest_of_several_groups_counts(led: TestClient, provider: OpenIdProvider, study: MadeStudy) -> None:
    """Groups add up; nobody without a known group comes in."""
    provider.claims["groups"] = ["sales", "ux", "lead", "nobody knows"]
    assert through_provider(led).status_code == 303
    with led.app.state.services.database.sessions.begin() as session:  # type: ignore[attr-defined]
        assert session.scalars(select(LoginSession.grants)).one() == {"": "viewer", "acme": "admin"}
    provider.claims["groups"] = "sales"
    assert through_provider(led).status_code == 303
    for groups in ([], ["nobody knows"], "ux2", 7, None, {"ux": True}):
        provider.claims["groups"] = groups
        assert through_provider(led).status_code == 403


@pytest.mark.parametrize(
    "lies",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another service"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"sub": None},
        {"aud": [CLIENT_ID, "another"], "azp": "another"},
    ],
)
def test_an_identity_that_is_not_for_us_is_refused(
    led: TestClient, provider: OpenIdProvider, study: MadeStudy, lies: dict[str, Any]
) -> None:
    """An identity of another time, for another service, from another provider, or for another attempt opens nothing."""
    provider.lies = lies
    provider.claims = {name: value for name, value in provider.claims.items() if lies.get(name, "") is not None}
    response = through_provider(led)
    assert (lies, response.status_code) == (lies, 303)
    assert response.headers["location"].startswith("/sign-in")
    assert SESSION_COOKIE not in led.cookies


def test_a_forged_identity_is_refused(led: TestClient, provider: OpenIdProvider, study: MadeStudy) -> None:
    """What another key signed is not the provider's; a provider that calls itself otherwise is not asked."""
    from joserfc.jwk import RSAKey

    provider.key = RSAKey.generate_key(2048, {"kid": "1"})
    assert through_provider(led).headers["location"].startswith("/sign-in")
    provider.key, provider.issuer = None, "https://evil.example"
    assert led.get("/sign-in/provider").status_code == 503


def test_an_answer_to_another_attempt_is_refused(led: TestClient, provider: OpenIdProvider, study: MadeStudy) -> None:
    """Neither a foreign state, nor a code twice, nor no attempt at all, nor the provider's refusal signs in."""
    gone = led.get("/sign-in/provider")
    returned = httpx2.get(gone.headers["location"]).headers["location"]
    foreign = re.sub(r"state=[^&]+", "state=foreign", returned)
    refused = re.sub(r"code=[^&]+", "error=access_denied", returned)
    other = TestClient(led.app, base_url="https://verbatim.example", follow_redirects=False, headers=HTML)
    for attempt, address in ((led, foreign), (led, refused), (other, returned)):
        assert attempt.get(address).headers["location"].startswith("/sign-in?back")
    assert led.get(returned).headers["location"] == "/"
    led.cookies.clear()
    assert led.get(returned).headers["location"].startswith("/sign-in?back")


def test_a_provider_that_is_away_is_told(led: TestClient, services: Services, study: MadeStudy) -> None:
    """Signing in with a key goes on."""
    settings = led.app.state.services.settings.model_copy(update={"oidc_issuer": "http://127.0.0.1:9"})  # type: ignore[attr-defined]
    led.app.state.services = replace(services, settings=settings)  # type: ignore[attr-defined]
    assert led.get("/sign-in/provider").status_code == 503
    assert sign_in(led, new_key(services)).status_code == 303


@pytest.mark.parametrize(
    ("name", "value"),
    [("OIDC_ISSUER", "accounts.example"), ("OIDC_ROLES", '{"ux": "boss"}'), ("OIDC_CLIENT_ID", "verbatim")],
)
def test_settings_of_a_provider_are_checked(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """What cannot work is said when the service starts."""
    monkeypatch.setenv(f"VERBATIM_{name}", value)
    with pytest.raises(InvalidInputError):
        read_settings()
