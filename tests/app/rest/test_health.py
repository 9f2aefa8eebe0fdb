"""Liveness asks nothing; readiness asks for the schema and for the embedder of the index."""

from dataclasses import replace

from fastapi.testclient import TestClient
from sqlalchemy import text
from study_factory import MadeStudy

from app.database import Database
from app.index import activate_model
from app.services import Services


def test_a_fresh_service_is_alive_and_ready(client: TestClient) -> None:
    """Before the first ingest there is nothing that could not be answered."""
    assert client.get("/livez").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_an_older_schema_is_not_ready(client: TestClient, database: Database) -> None:
    """A schema that this version has still to migrate is a 503 with the remedy."""
    with database.sessions.begin() as session:
        session.execute(text("DELETE FROM alembic_version"))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "verbatim migrate" in response.json()["detail"]
    assert client.get("/livez").status_code == 200


def test_an_index_of_another_embedder_is_not_ready(
    client: TestClient, study: MadeStudy, services: Services, database: Database
) -> None:
    """While the vectors are another embedder's, nothing is ready and a question is a conflict, not a wrong answer."""
    assert client.get("/readyz").status_code == 200
    other = replace(services.embedder.identity, revision="other")
    with database.sessions.begin() as session:
        activate_model(session, other)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "verbatim reembed" in response.json()["detail"]
    asked = client.post("/v1/answers", json={"question": "Were people afraid?", "study": "acme"})
    assert (asked.status_code, asked.json()["type"]) == (409, "/problems#conflict")
    assert client.get("/v1/quotes?study=acme&q=fear").status_code == 409
    assert client.get("/v1/quotes?study=acme").status_code == 200
