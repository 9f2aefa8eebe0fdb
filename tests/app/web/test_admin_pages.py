"""The pages of administrators: health, keys, erasure with its receipt, settings; for nobody else."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from study_factory import MadeStudy

from app.database import Database
from app.main import create_app
from app.models import IngestRun, Interview, Participant
from app.privacy.keys import KeyRole, create_key, list_keys, verify_key
from app.services import Services
from app.settings import Settings, in_force

OWN = {"Origin": "http://127.0.0.1"}
EVIL_NAME = "<script>alert(1)</script>"
ADDRESSES = ("/admin/health", "/admin/keys", "/admin/erasure", "/admin/settings", "/admin/consent", "/admin/audit")


@pytest.fixture
def acme(served_acme: Services) -> Iterator[TestClient]:
    """A client of a service over a database of one's own, where tables can be cleared of traces."""
    with TestClient(create_app(served_acme, require_keys=False), base_url="http://127.0.0.1") as client:
        yield client


@pytest.mark.parametrize("address", ADDRESSES)
def test_admins_alone_see_them(services: Services, study: MadeStudy, address: str) -> None:
    """Others are told that their role does not allow it, and are not led there."""
    with services.database.sessions.begin() as session:
        keys = {role: create_key(session, "somebody", role) for role in KeyRole}
    with TestClient(create_app(services, require_keys=True)) as client:
        found = {role: client.get(address, auth=("x", key)).status_code for role, key in keys.items()}
        assert found == {KeyRole.VIEWER: 403, KeyRole.RESEARCHER: 403, KeyRole.ADMIN: 200}
        assert client.get(address).status_code == 401
        led = {role: 'href="/admin' in client.get("/", auth=("x", key)).text for role, key in keys.items()}
        assert led == {KeyRole.VIEWER: False, KeyRole.RESEARCHER: False, KeyRole.ADMIN: True}


def test_an_admin_of_one_study_erases_there_alone(own_database: Database, served_acme: Services) -> None:
    """What is of the whole installation is not shown to one, and the page leads to what is."""
    with own_database.sessions.begin() as session:
        key = create_key(session, "somebody", KeyRole.ADMIN, studies=["acme"])
    with TestClient(create_app(served_acme, require_keys=True)) as client:
        found = {address: client.get(address, auth=("x", key)).status_code for address in ADDRESSES}
        own = dict.fromkeys(("/admin/erasure", "/admin/consent", "/admin/audit"), 200)
        assert found == dict.fromkeys(ADDRESSES, 403) | own
        assert str(client.get("/admin", auth=("x", key)).url.path) == "/admin/consent"
        form = {"kind": "participant", "code": "P01", "typed": "P01"}
        assert client.post("/admin/erasure?study=acme", data=form, auth=("x", key)).status_code == 401


def test_keys_hold_for_a_study_and_until_a_day(client: TestClient, study: MadeStudy, database: Database) -> None:
    """Both are said in the list; a day that is past is refused."""
    form = {"name": "Anna", "role": "viewer", "within": "acme", "expires": "2199-01-02"}
    assert client.post("/admin/keys", data=form, headers=OWN).status_code == 200
    with database.sessions() as session:
        (facts,) = list_keys(session)
    assert (facts.role, dict(facts.studies)) == (None, {"acme": KeyRole.VIEWER})
    page = client.get("/admin/keys").text
    assert "Viewer in acme" in page
    assert "until Jan 2, 2199" in page
    for wrong in ({"expires": "2019-01-02"}, {"expires": "soon"}, {"within": "nobody"}):
        assert client.post("/admin/keys", data=form | wrong, headers=OWN).status_code in (404, 422)


def test_health_names_what_is_missing(client: TestClient, study: MadeStudy, database: Database) -> None:
    """Work that waits without a worker is said with its remedy; nothing else is wrong."""
    page = client.get("/admin/health").text
    assert "Postgres 18, pgvector 0.8" in page
    assert 'class="check wrong"' not in page
    with database.sessions.begin() as session:
        interview = session.scalars(select(Interview)).first()
        assert interview is not None
        run = IngestRun(
            study_id=study.study_id, interview_id=interview.id, fingerprint="1", status="queued", stage="waiting"
        )
        session.add(run)
    assert "run `verbatim worker`" in client.get("/admin/health").text


def test_settings_hold_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets are known to be set, and a login in an address is left out; what is set here is told from defaults."""
    for name, value in {
        "DATABASE_URL": "postgresql://me:hush@h/v",
        "CHAT_API_KEY": "hush",
        "CHAT_BASE_URL": "https://me:hush@chat.example/v1",
        "PORT": "9000",
    }.items():
        monkeypatch.setenv(f"VERBATIM_{name}", value)
    found = {setting.variable: setting for setting in in_force(Settings())}
    assert "hush" not in str(found)
    assert found["VERBATIM_CHAT_BASE_URL"].value == "https://…@chat.example/v1"
    assert (found["VERBATIM_PORT"].value, found["VERBATIM_PORT"].is_default) == ("9000", False)
    assert (found["VERBATIM_HOST"].value, found["VERBATIM_HOST"].is_default) == ("127.0.0.1", True)
    assert found["VERBATIM_WHISPER_MODEL"].value is None


def test_the_settings_page_lists_every_setting(client: TestClient, study: MadeStudy) -> None:
    """Each with the variable that sets it."""
    page = client.get("/admin/settings").text
    assert set(re.findall(r"<code>(VERBATIM_\w+)</code>", page)) == {
        f"VERBATIM_{name.upper()}" for name in Settings.model_fields
    }


def test_a_key_is_shown_once_and_revoked(client: TestClient, study: MadeStudy, database: Database) -> None:
    """What is made opens, stands on no later page, and opens nothing after it was revoked."""
    made = client.post("/admin/keys", data={"name": EVIL_NAME, "role": "viewer"}, headers=OWN)
    key = re.search(r"vbt_[0-9a-f]{12}_[0-9a-f]{64}", made.text)
    assert key is not None
    with database.sessions.begin() as session:
        assert verify_key(session, key[0]).name == EVIL_NAME
    later = client.get("/admin/keys").text
    assert key[0].split("_")[2] not in later
    assert "<script>alert" not in later
    assert "&lt;script&gt;" in later
    identifier = key[0].split("_")[1]
    client.post(f"/admin/keys/{identifier}/revoke", headers=OWN)
    with database.sessions.begin() as session:
        assert [facts.revoked_at is not None for facts in list_keys(session)] == [True]
    assert client.post("/admin/keys/0123/revoke", headers=OWN).status_code == 404


@pytest.mark.parametrize(
    "data", [{"name": " ", "role": "viewer"}, {"name": "x" * 101, "role": "viewer"}, {"name": "a", "role": "owner"}]
)
def test_useless_keys_are_refused(
    client: TestClient, study: MadeStudy, database: Database, data: dict[str, str]
) -> None:
    """Without a name, with one too long, with a role that there is not."""
    assert client.post("/admin/keys", data=data, headers=OWN).status_code == 422
    with database.sessions() as session:
        assert list_keys(session) == ()


def test_an_erasure_takes_the_code_twice(acme: TestClient, served_acme: Services) -> None:
    """Mistyped, nothing goes; typed rightly, the person is gone and the receipt names nobody."""
    chosen = acme.get("/admin/erasure", params={"study": "acme", "kind": "participant", "code": "P01"})
    assert "I01" in chosen.text
    form = {"kind": "participant", "code": "P01", "typed": "P02"}
    mistyped = acme.post("/admin/erasure?study=acme", data=form, headers=OWN)
    assert (mistyped.status_code, _people(served_acme)) == (422, ["P01", "P02", "P03"])
    assert 'role="alert"' in mistyped.text
    receipt = acme.post("/admin/erasure?study=acme", data=form | {"typed": " P01 "}, headers=OWN)
    assert receipt.status_code == 200
    assert re.search(r"/admin/erasures/[0-9a-f-]{36}", str(receipt.url))
    assert _people(served_acme) == ["P02", "P03"]
    assert "P01" not in receipt.text
    assert "Nothing left on the disk" in receipt.text
    assert str(receipt.url).rpartition("/")[2][:8] in acme.get("/admin/erasure").text


def test_who_is_not_there_cannot_be_erased(client: TestClient, study: MadeStudy) -> None:
    """Neither chosen nor erased."""
    assert client.get("/admin/erasure", params={"study": "acme", "code": "P99"}).status_code == 404
    form = {"kind": "interview", "code": "I99", "typed": "I99"}
    assert client.post("/admin/erasure?study=acme", data=form, headers=OWN).status_code == 404


def test_consent_is_entered_and_withdrawn(client: TestClient, study: MadeStudy) -> None:
    """It holds at once: whoever withdrew is not quoted any more, and the page says so."""
    asked = {"study": "acme", "q": "Were people afraid of losing their money?"}
    assert 'href="/interviews/I01?study=acme' in client.get("/", params=asked).text
    client.post("/admin/consent/I01?study=acme", data={"uses": ["recording"], "until": "2199-01-02"}, headers=OWN)
    page = client.get("/admin/consent?study=acme").text
    assert page.count("not quoted today") == 1
    assert 'value="2199-01-02"' in page
    assert 'href="/interviews/I01?study=acme' not in client.get("/", params=asked).text
    assert client.post("/admin/consent/I99?study=acme", headers=OWN).status_code == 404


def test_the_audit_is_filtered_and_checked(acme: TestClient) -> None:
    """Deeds of the pages stand in it, by kind; the chain is whole, and its last hash is told."""
    acme.post("/admin/keys", data={"name": "Anna", "role": "viewer"}, headers=OWN)
    page = acme.get("/admin/audit").text
    assert "make_key" in page
    assert "Anna" not in page
    assert "make_key" not in acme.get("/admin/audit", params={"action": "erase"}).text
    assert "make_key" in acme.get("/admin/audit", params={"action": "administer", "actor": "", "of": ""}).text
    assert re.search(
        r"The chain is whole: \d+ event.*<code>[0-9a-f]{64}</code>",
        acme.get("/admin/audit?verify=true").text,
        re.DOTALL,
    )
    assert acme.get("/admin/audit", params={"action": "dream"}).status_code == 422


def _people(services: Services) -> list[str]:
    with services.database.sessions() as session:
        return list(session.scalars(select(Participant.code).order_by(Participant.code)))
