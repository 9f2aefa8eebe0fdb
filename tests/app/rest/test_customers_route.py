"""Customers come in over HTTP, and value schemes change: all of it or nothing."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy.orm import Session

from app.main import create_app
from app.privacy.keys import KeyRole, create_key
from app.research.customers.sheet import MOST_BYTES
from app.rest.gate import MOST_BODY_BYTES
from app.services import Services

FILE = "Kunden-Nr.;Kundenwert;Währung\nC1;1.600,00;EUR\nC9;10,00;USD\n"


def send(client: TestClient, content: str | bytes = FILE, **fields: Any) -> Response:
    """Send a file of customers of the study `shop`."""
    files = {"file": ("kunden.csv", content)}
    return client.post("/v1/economics/customers", data={"study": "shop", **fields}, files=files)


def test_customers_come_in_as_a_form(client: TestClient, shop: Session) -> None:
    """The report says what was used and what was done; the economics follow."""
    report = send(client, rates='{"USD": 0.9}', mapping='{"ltv_eur": "Kundenwert"}').json()
    assert (report["file"], report["added"], report["updated"]) == ("kunden.csv", 1, 1)
    assert report["mapping"] == {"customer_id": "Kunden-Nr.", "ltv_eur": "Kundenwert", "currency": "Währung"}
    found = client.get("/v1/economics?study=shop").json()
    assert (found["customers"], found["bands"][-1]["name"], found["bands"][0]["mean_ltv_eur"]) == (5, "1000+", "9.00")


def test_a_dry_run_changes_nothing(client: TestClient, shop: Session) -> None:
    """It only tells."""
    assert send(client, dry_run="true").json()["problems"][0]["kind"] == "unknown_currency"
    assert client.get("/v1/economics?study=shop").json()["customers"] == 4


def test_a_file_may_be_longer_than_other_bodies(client: TestClient, shop: Session) -> None:
    """As long as files of customers are; not longer."""
    padding = "x" * 100_000
    rows = "".join(f"C{number},{number},{padding}\n" for number in range(1, 3 + MOST_BODY_BYTES // len(padding)))
    assert send(client, "customer_id,ltv,notes\n" + rows, dry_run="1").status_code == 200
    assert send(client, bytes(MOST_BYTES + 1)).status_code == 413


@pytest.mark.parametrize(
    ("content", "fields", "pointer", "detail"),
    [
        (FILE, {"mapping": "{"}, "#/mapping", "is no JSON object"),
        (FILE, {"mapping": '{"colour": "x"}'}, "#/mapping/colour", "customer_id"),
        (FILE, {"rates": '{"USD": -1}'}, "#/rates", "how many euros"),
        (FILE, {"rates": '{"dollar": 1}'}, "#/rates/dollar", "[A-Z]"),
        (FILE, {"colour": "red"}, "#/colour", "not permitted"),
        ("", {}, "#/file", "the file is empty"),
        ("a,b\n1,2\n", {}, "#/file", "no column is recognised as customer_id"),
        ("customer_id,ltv\nA,1.234\n", {}, "#/file", "line 2: nothing says whether"),
        (FILE, {"mapping": '{"ltv_eur": "LTV"}'}, "#/mapping/ltv_eur", "there is no column 'LTV'"),
    ],
)
def test_what_is_wrong_is_said(
    client: TestClient, shop: Session, content: str, fields: dict[str, str], pointer: str, detail: str
) -> None:
    """With its place, and nothing is changed."""
    response = send(client, content, **fields)
    errors = response.json()["errors"]
    assert response.status_code == 422
    assert any(error["pointer"].startswith(pointer) and detail in error["detail"] for error in errors), errors
    assert client.get("/v1/economics?study=shop").json()["customers"] == 4


def test_what_is_no_form_is_refused(client: TestClient, shop: Session) -> None:
    """JSON, no file, an unknown study, a page of elsewhere."""
    assert client.post("/v1/economics/customers", json={}).status_code == 415
    assert client.post("/v1/economics/customers", data={}, files={"study": "shop"}).status_code == 422
    assert send(client, study="nothing").status_code == 404
    elsewhere = {"Origin": "https://evil.example"}
    files = {"file": ("a.csv", FILE)}
    response = client.post("/v1/economics/customers", data={"study": "shop"}, files=files, headers=elsewhere)
    assert response.status_code == 403


def test_changing_takes_a_researcher(services: Services, shop: Session) -> None:
    """A viewer may read the scheme and neither change it nor send customers."""
    with services.database.sessions.begin() as session:
        keys = {role: create_key(session, "somebody", role) for role in (KeyRole.VIEWER, KeyRole.RESEARCHER)}
    with TestClient(create_app(services, require_keys=True), base_url="http://127.0.0.1") as client:
        for role, status in ((KeyRole.VIEWER, 403), (KeyRole.RESEARCHER, 200)):
            client.headers["Authorization"] = f"Bearer {keys[role]}"
            assert client.get("/v1/economics/scheme?study=shop").status_code == 200
            assert client.put("/v1/economics/scheme?study=shop", json={}).status_code == status
            assert send(client, dry_run="true").status_code == status


def test_a_scheme_is_changed_and_read(client: TestClient, shop: Session) -> None:
    """All customers are valued anew, and filters know the new bands alone."""
    scheme = {"bands_eur": [100, 300], "class_limits_eur": {"A": 300, "B": 100}}
    changed = client.put("/v1/economics/scheme?study=shop", json=scheme)
    assert changed.status_code == 200
    assert client.get("/v1/economics/scheme?study=shop").json() == {**scheme, "class_shares": None}
    found = client.get("/v1/economics?study=shop").json()
    assert [band["name"] for band in found["bands"]] == ["0-100", "100-300", "300+"]
    assert [(group["name"], group["customers"]) for group in found["classes"]] == [("A", 1), ("B", 1), ("C", 1)]
    assert client.get("/v1/quotes?study=shop&band=100-300").json()["quotes"]
    assert client.get("/v1/quotes?study=shop&band=200-500").status_code == 422


@pytest.mark.parametrize(
    "scheme",
    [{"bands_eur": [5, 5]}, {"class_shares": {"A": 0.5}}, {"bands": [1]}, {"class_limits_eur": {"A": 1, "B": 2}}, []],
)
def test_a_scheme_that_makes_no_sense_is_refused(client: TestClient, shop: Session, scheme: object) -> None:
    """And what was there stays."""
    assert client.put("/v1/economics/scheme?study=shop", json=scheme).status_code == 422
    assert client.get("/v1/economics/scheme?study=shop").json()["bands_eur"] == [50, 100, 200, 500, 1000]
    assert client.put("/v1/economics/scheme?study=nothing", json={}).status_code == 404
