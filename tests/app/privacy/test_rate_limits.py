"""A key goes as fast as it may, whichever replica it asks; who goes faster is told when to come again."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from study_factory import MadeStudy

from app.database import Database
from app.errors import TooManyRequestsError
from app.main import create_app
from app.privacy.erasure import premises_of
from app.privacy.keys import KeyRole, create_key
from app.privacy.rate_limits import Rate, take_turn
from app.privacy.retention import keep_promises
from app.services import Services

SLOW = Rate("requests", 1)


def test_a_bucket_empties_and_fills_again(database: Database) -> None:
    """After the burst one has to wait; time brings turns back, never more than the burst."""
    headers = [take_turn(database, "key 1", SLOW) for _ in range(SLOW.burst)]
    assert [found["RateLimit"].split(";")[1] for found in headers] == ["r=4", "r=3", "r=2", "r=1", "r=0"]
    with pytest.raises(TooManyRequestsError) as refused:
        take_turn(database, "key 1", SLOW)
    assert 55 <= int(refused.value.headers["Retry-After"]) <= 60
    take_turn(database, "key 2", SLOW)
    with database.sessions.begin() as session:
        session.execute(text("UPDATE rate_limit SET full_at = full_at - interval '2 minutes' WHERE account = 'key 1'"))
    for _ in range(2):
        take_turn(database, "key 1", SLOW)
    with pytest.raises(TooManyRequestsError):
        take_turn(database, "key 1", SLOW)
    with database.sessions.begin() as session:
        session.execute(text("UPDATE rate_limit SET full_at = full_at - interval '1 year'"))
    for _ in range(SLOW.burst):
        take_turn(database, "key 1", SLOW)
    with pytest.raises(TooManyRequestsError):
        take_turn(database, "key 1", SLOW)


def test_who_is_idle_is_forgotten(services: Services) -> None:
    """A worker takes a bucket away that is full again; one that is not holds its account back as before."""
    database = services.database
    for account in ("idle", "busy"):
        for _ in range(SLOW.burst):
            take_turn(database, account, SLOW)
    with database.sessions.begin() as session:
        session.execute(text("UPDATE rate_limit SET full_at = full_at - interval '1 year' WHERE account = 'idle'"))
    keep_promises(premises_of(services))
    with database.sessions() as session:
        assert session.scalars(text("SELECT account FROM rate_limit")).all() == ["busy"]
    with pytest.raises(TooManyRequestsError):
        take_turn(database, "busy", SLOW)


def test_replicas_share_the_bucket(own_database: Database) -> None:
    """However many ask at the same time, as many turns are given as there are."""

    def ask(_: int) -> bool:
        try:
            take_turn(own_database, "key 1", SLOW)
        except TooManyRequestsError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(ask, range(30))) == SLOW.burst


def test_who_goes_too_fast_is_told(services: Services, study: MadeStudy) -> None:
    """429 as a problem document with `Retry-After` and `RateLimit`; others go on; health is never limited."""
    settings = services.settings.model_copy(update={"requests_per_minute": 1, "questions_per_minute": 1})
    with services.database.sessions.begin() as session:
        fast, other = (create_key(session, name, KeyRole.VIEWER) for name in ("fast", "other"))
    with TestClient(create_app(replace(services, settings=settings), require_keys=True)) as client:
        headers = {"Authorization": f"Bearer {fast}"}
        found = [client.get("/v1/studies", headers=headers) for _ in range(6)]
        assert [response.status_code for response in found] == [200] * 5 + [429]
        assert found[0].headers["ratelimit-policy"] == '"requests";q=5;w=300'
        assert found[-1].headers["content-type"] == "application/problem+json"
        assert 1 <= int(found[-1].headers["retry-after"]) <= 60
        assert found[-1].headers["ratelimit"].startswith('"requests";r=0')
        assert client.get("/v1/studies", headers={"Authorization": f"Bearer {other}"}).status_code == 200
        assert client.get("/livez").status_code == 200


def test_the_local_user_is_not_limited(client: TestClient, study: MadeStudy) -> None:
    """On loopback without keys nobody counts."""
    assert "ratelimit" not in client.get("/v1/studies").headers
