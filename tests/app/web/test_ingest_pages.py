"""Files come in over the page: checked first, started by a person, followed; hostile ones leave nothing."""

import io
import re
import uuid
import zipfile
from collections.abc import Mapping

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update
from study_factory import MadeStudy

from app.library.deliveries.archives import MOST_RATIO
from app.main import create_app
from app.models import Delivery, IngestRun, Study
from app.privacy.keys import KeyRole, create_key
from app.services import Services
from ingest.deliveries import deliver

OWN = {"Origin": "http://127.0.0.1"}
EVIL = "<script>alert(1)</script>"
MANIFEST = f"""
study: shop
title: "{EVIL}"
languages: [de]
participants: [{{id: P01, language: de}}]
interviews: [{{id: I01, participant: P01, files: [P01.txt]}}]
"""
TRANSCRIPT = "Anna: Und dann?\nP01: Ich hatte Angst um mein Geld, jeden Tag.\n"
FOLDER = {"shop/study.yaml": MANIFEST, "shop/P01.txt": TRANSCRIPT, "shop/.DS_Store": "x"}


def zipped(contents: Mapping[str, str | bytes], *, link: str | None = None) -> bytes:
    """An archive."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
        if link:
            entry = zipfile.ZipInfo(link)
            entry.external_attr = 0o120777 << 16
            archive.writestr(entry, "/etc/passwd")
    return written.getvalue()


def send(client: TestClient, contents: Mapping[str, str | bytes], **fields: str) -> tuple[int, str, str]:
    """Send files; the status, the page and its address."""
    files = [("files", (name, content)) for name, content in contents.items()]
    answer = client.post("/ingest?study=acme", files=files, data=fields, headers=OWN)
    return answer.status_code, answer.text, answer.url.path


def worked_on(services: Services, path: str) -> None:
    """Let a worker do what the delivery of a page waits for."""
    deliver(uuid.UUID(path.rpartition("/")[2]), services)


def kept(services: Services) -> int:
    """How many files are kept or on their way in, and deliveries there are."""
    incoming = services.blobs.files.glob(f"{services.blobs.root}/incoming/*")
    with services.database.sessions() as session:
        return len(services.blobs.names()) + len(incoming) + len(session.scalars(select(Delivery)).all())


@pytest.mark.parametrize("archived", [False, True])
def test_a_folder_is_checked_then_started(
    client: TestClient, study: MadeStudy, services: Services, archived: bool
) -> None:
    """The page says what would be ingested, and nothing is until somebody says so; litter is left out."""
    status, page, path = send(client, {"shop.zip": zipped(FOLDER)} if archived else FOLDER)
    assert (status, "data-under-way" in page) == (200, True)
    assert 'http-equiv="refresh"' in page
    worked_on(services, path)
    page = client.get(path).text
    assert 'data-status="ready"' in page
    assert re.findall(r"<li>([\w./]+)</li>", page)[-2:] == ["P01.txt", "study.yaml"]
    with services.database.sessions() as session:
        assert session.scalar(select(Study).where(Study.slug == "shop")) is None
    started = client.post(f"{path}/start", headers=OWN)
    assert 'data-status="starting"' in started.text
    worked_on(services, path)
    page = client.get(path).text
    assert 'data-status="running"' in page
    assert "0 of 1 interview is published" in page


def test_markup_in_names_and_titles_is_text(client: TestClient, study: MadeStudy, services: Services) -> None:
    """Of studies, files, faults and problems."""
    _, _, path = send(client, FOLDER)
    worked_on(services, path)
    client.post(f"{path}/start", headers=OWN)
    worked_on(services, path)
    with services.database.sessions.begin() as session:
        session.execute(update(IngestRun).values(status="failed", error=EVIL))
    wrong = {"study.yaml": f"study: shop\n'{EVIL}': 1\n", f"{EVIL[:8]}.txt": TRANSCRIPT}
    _, _, refused = send(client, wrong)
    worked_on(services, refused)
    _, told, _ = send(client, {f"../{EVIL}": "x"})
    for page in (client.get(path).text, client.get(refused).text, client.get("/ingest?study=acme").text, told):
        assert EVIL not in page
        assert "&lt;script&gt;" in page


def test_faults_are_told_with_place_and_remedy(client: TestClient, study: MadeStudy, services: Services) -> None:
    """All of them, before anything starts; there is nothing to start."""
    _, _, path = send(client, {"study.yaml": MANIFEST.replace("P01.txt", "P02.txt"), "P01.txt": TRANSCRIPT})
    worked_on(services, path)
    page = client.get(path).text
    assert "<code>study.yaml:6</code>" in page
    assert "there is no file `P02.txt`" in page
    assert "write `P01.txt`" in page
    assert f"{path}/start" not in page
    assert client.post(f"{path}/start", headers=OWN).status_code == 409


def test_single_files_are_of_whom_the_form_says(client: TestClient, study: MadeStudy, services: Services) -> None:
    """The facts of the form take the place of a manifest."""
    _, _, path = send(client, {"call.txt": TRANSCRIPT}, study="acme", participant="P01", language="de", mode="direct")
    worked_on(services, path)
    page = client.get(path).text
    assert 'data-status="ready"' in page
    assert "exists already" in page
    assert send(client, {"call.txt": TRANSCRIPT}, participant="P01", mode="telepathy")[0] == 422


def test_an_interview_is_cancelled_and_tried_again(client: TestClient, study: MadeStudy, services: Services) -> None:
    """Each by itself; then the whole is given up."""
    _, _, path = send(client, FOLDER)
    worked_on(services, path)
    client.post(f"{path}/start", headers=OWN)
    worked_on(services, path)
    for act, status in (("cancel", "cancelled"), ("retry", "queued")):
        address = re.search(rf"{path}/jobs/[0-9a-f-]+/{act}", client.get(path).text)
        assert address is not None
        client.post(address[0], headers=OWN)
        with services.database.sessions() as session:
            assert session.scalars(select(IngestRun.status)).all() == [status]
    assert 'data-status="cancelled"' in client.post(f"{path}/cancel", headers=OWN).text


HOSTILE: dict[str, dict[str, str | bytes]] = {
    "leads out": {"../evil.txt": "x"},
    "absolute": {"/etc/passwd": "x"},
    "drive": {"C:/evil.txt": "x"},
    "reversed": {"a\u202etxt.exe": "x"},
    "too deep": {"/".join("abcdefghijkl"): "x"},
    "too long": {"a" * 301: "x"},
    "file and folder": {"a": "x", "a/b": "x"},
    "no archive": {"study.zip": b"PK\x03\x04 no archive"},
    "archive leads out": {"study.zip": zipped({"../evil.txt": "x"})},
    "archive with a link": {"study.zip": zipped({"study.yaml": MANIFEST}, link="P01.txt")},
    "bomb": {"study.zip": zipped({"bomb.txt": b"\0" * (MOST_RATIO * 100_000)})},
    "cut off": {"good.txt": "x", "study.zip": zipped(FOLDER)[:-30]},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_leave_nothing(client: TestClient, study: MadeStudy, services: Services, name: str) -> None:
    """Whatever is wrong with one of them, none is kept, and the page says what to do."""
    status, page, _ = send(client, HOSTILE[name])
    assert status == 422
    assert 'role="alert"' in page
    assert kept(services) == 0


def test_a_form_without_files_asks_for_some(client: TestClient, study: MadeStudy, services: Services) -> None:
    """As browsers send one in which nothing was chosen."""
    body = b'--x\r\nContent-Disposition: form-data; name="files"; filename=""\r\n\r\n\r\n--x--\r\n'
    headers = {**OWN, "Content-Type": "multipart/form-data; boundary=x"}
    answer = client.post("/ingest?study=acme", content=body, headers=headers)
    assert answer.status_code == 422
    assert "send 1 to 2,000 files" in answer.text
    assert kept(services) == 0


def test_too_much_leaves_nothing(client: TestClient, study: MadeStudy, services: Services) -> None:
    """More bytes than are taken at once, declared or in pieces, also packed into an archive."""
    object.__setattr__(services.settings, "delivery_limit_mb", 1)
    much = {"a.txt": b"a" * 600_000, "b.txt": b"b" * 600_000}
    assert send(client, much)[0] == 413
    assert send(client, {"much.zip": zipped(much)})[0] == 422
    assert kept(services) == 0


def test_what_another_site_sends_is_refused(client: TestClient, study: MadeStudy, services: Services) -> None:
    """A page of elsewhere cannot make a browser send files here."""
    files = {"files": ("P01.txt", TRANSCRIPT)}
    assert client.post("/ingest", files=files, headers={"Origin": "https://evil.example"}).status_code == 403
    assert kept(services) == 0


def test_researchers_and_admins_alone_send_files(services: Services, study: MadeStudy) -> None:
    """Viewers are not led there, and refused."""
    with services.database.sessions.begin() as session:
        keys = {role: create_key(session, "somebody", role) for role in KeyRole}
    with TestClient(create_app(services, require_keys=True)) as client:
        found = {role: client.get("/ingest", auth=("x", key)).status_code for role, key in keys.items()}
    assert found == {KeyRole.VIEWER: 403, KeyRole.RESEARCHER: 200, KeyRole.ADMIN: 200}


def test_a_delivery_that_is_not_there(client: TestClient, study: MadeStudy) -> None:
    """Is not found, whatever is wanted of it."""
    path = f"/ingest/{uuid.UUID(int=0)}"
    assert client.get(path).status_code == 404
    assert client.post(f"{path}/start", headers=OWN).status_code == 404
