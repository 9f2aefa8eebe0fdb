"""Recordings over HTTP: played whole and in parts, as clips, and by those alone who may listen."""

import hashlib
import uuid
from dataclasses import replace

import fsspec
import pytest
from fastapi.testclient import TestClient
from recording_factory import HZ, heard_seconds, read_recording, tones, write_recording
from sqlalchemy import update
from study_factory import MadeStudy

from app.blobs import Blobs
from app.main import create_app
from app.models import Interview, Recording
from app.privacy.keys import KeyRole, create_key
from app.rest.problems import PROBLEM_JSON
from app.services import Services

SECONDS = 20
CONTENT = write_recording(tones(SECONDS), "mp3")
SIZE = len(CONTENT)
ETAG = f'"{hashlib.sha256(CONTENT).hexdigest()}"'


@pytest.fixture
def recording_id(services: Services, study: MadeStudy) -> uuid.UUID:
    """A recording of interview I01 with its file."""
    return add_recording(services, study, "Katrin Vogel.mp3")


@pytest.fixture
def url(recording_id: uuid.UUID) -> str:
    """Where it is played."""
    return f"/v1/recordings/{recording_id}/audio"


def add_recording(
    services: Services, study: MadeStudy, name: str, content: bytes = CONTENT, media_type: str | None = None
) -> uuid.UUID:
    """Keep a file, and register it as a recording of I01."""
    stored = services.blobs.put(iter([content]), SIZE)
    with services.database.sessions.begin() as session:
        interview_id = session.query(Interview.id).filter(Interview.code == "I01").scalar()
        recording = Recording(
            study_id=study.study_id,
            interview_id=interview_id,
            sha256=stored.sha256,
            name=name,
            size_bytes=stored.size_bytes,
            media_type=media_type,
        )
        session.add(recording)
        session.flush()
        return recording.id


def withdraw_consent(services: Services, consent: dict[str, bool]) -> None:
    """Change what the participant of I01 consented to."""
    with services.database.sessions.begin() as session:
        session.execute(update(Interview).where(Interview.code == "I01").values(consent=consent))


def test_a_recording_comes_byte_for_byte(client: TestClient, url: str) -> None:
    """The whole file comes as it was, with its strong tag, for this listener's cache alone, asked about each time."""
    response = client.get(url)
    assert (response.status_code, response.content) == (200, CONTENT)
    assert response.headers["etag"] == ETAG
    assert response.headers["content-type"] == "audio/mpeg"
    assert response.headers["content-length"] == str(SIZE)
    assert response.headers["accept-ranges"] == "bytes"
    assert response.headers["cache-control"] == "private, no-cache"
    assert response.headers["content-disposition"] == "inline; filename*=UTF-8''acme-I01.mp3"


def test_head_has_the_headers_of_get(client: TestClient, url: str) -> None:
    """Everything but the bytes; a range means nothing to HEAD."""
    for query in ("", "?start_ms=1000&end_ms=2000", "?download=true"):
        got, head = client.get(url + query), client.head(url + query, headers={"Range": "bytes=0-1"})
        assert (head.status_code, head.content) == (200, b"")
        ignored = {"x-request-id"}
        assert {name: value for name, value in head.headers.items() if name not in ignored} == {
            name: value for name, value in got.headers.items() if name not in ignored
        }


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [("bytes=0-", 0, SIZE), ("bytes=0-99", 0, 100), ("bytes=-7", SIZE - 7, SIZE), (f"bytes=9-{SIZE}", 9, SIZE)],
)
def test_a_part_is_given(client: TestClient, url: str, asked: str, start: int, stop: int) -> None:
    """A player gets the bytes that it asks for, and hears which they are."""
    response = client.get(url, headers={"Range": asked})
    assert (response.status_code, response.content) == (206, CONTENT[start:stop])
    assert response.headers["content-range"] == f"bytes {start}-{stop - 1}/{SIZE}"
    assert response.headers["content-length"] == str(stop - start)
    assert (response.headers["etag"], response.headers["content-type"]) == (ETAG, "audio/mpeg")


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "bytes=0-1,5-6"},
        {"Range": "seconds=1-2"},
        {"Range": "bytes=0-1", "If-Range": '"of-another-file"'},
        {"Range": "bytes=0-1", "If-Range": f"W/{ETAG}"},
    ],
)
def test_the_whole_is_given_where_no_part_fits(client: TestClient, url: str, headers: dict[str, str]) -> None:
    """Several parts, other units, and parts of another content give the whole."""
    response = client.get(url, headers=headers)
    assert (response.status_code, response.content) == (200, CONTENT)
    assert "content-range" not in response.headers


def test_the_rest_of_the_same_content_is_given(client: TestClient, url: str) -> None:
    """With the tag that the client has, `If-Range` goes on where it stopped."""
    response = client.get(url, headers={"Range": "bytes=100-", "If-Range": ETAG})
    assert (response.status_code, response.content) == (206, CONTENT[100:])


def test_behind_the_end_there_is_nothing(client: TestClient, url: str) -> None:
    """A part behind the end is refused with the size of the content."""
    response = client.get(url, headers={"Range": f"bytes={SIZE}-"})
    assert (response.status_code, response.headers["content-type"]) == (416, PROBLEM_JSON)
    assert response.headers["content-range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-None-Match": ETAG}, 304),
        ({"If-None-Match": f'"x", W/{ETAG}'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": ETAG, "Range": "bytes=0-1"}, 304),
        ({"If-None-Match": '"x"'}, 200),
        ({"If-Match": ETAG}, 200),
        ({"If-Match": '"x"'}, 412),
        ({"If-Match": f"W/{ETAG}", "If-None-Match": ETAG}, 412),
    ],
)
def test_conditions_come_first(client: TestClient, url: str, method: str, headers: dict[str, str], status: int) -> None:
    """What the client has is not sent again, and what it does not expect not at all."""
    response = client.request(method, url, headers=headers)
    assert response.status_code == status
    if status == 304:
        assert (response.content, response.headers["etag"]) == (b"", ETAG)
        assert response.headers["cache-control"] == "private, no-cache"


def test_a_clip_holds_what_was_said(client: TestClient, url: str) -> None:
    """Between two times, half a second more at both ends; as a small file, the same each time, also in parts."""
    response = client.get(url, params={"start_ms": 7000, "end_ms": 9000, "download": True})
    assert (response.status_code, response.headers["content-type"]) == (200, "audio/ogg")
    assert response.headers["content-disposition"] == "attachment; filename*=UTF-8''acme-I01-00-07.ogg"
    sound = read_recording(response.content)
    assert len(sound) / HZ == pytest.approx(3.0, abs=0.05)
    assert [heard_seconds(sound)[tenth] for tenth in (1, 7, 12, 17, 22, 28)] == [6, 7, 7, 8, 8, 9]
    part = client.get(url, params={"start_ms": 7000, "end_ms": 9000}, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, response.content[100:200])
    known = {"If-None-Match": response.headers["etag"]}
    assert client.get(url, params={"start_ms": 7000, "end_ms": 9000}, headers=known).status_code == 304


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("start_ms=1", "#/query/end_ms"),
        ("end_ms=1", "#/query/start_ms"),
        ("start_ms=5&end_ms=5", "#/query/end_ms"),
        ("start_ms=0&end_ms=300001", "#/query/end_ms"),
        ("start_ms=-1&end_ms=5", "#/query/start_ms"),
        ("start_ms=x&end_ms=5", "#/query/start_ms"),
        ("start_ms=0&end_ms=999999999999", "#/query/end_ms"),
        ("start_ms=60000&end_ms=61000", "#/query/start_ms"),
        ("t=1", "#/query/t"),
    ],
)
def test_a_wrong_clip_is_refused_with_its_parameter(client: TestClient, url: str, query: str, pointer: str) -> None:
    """Ends that are missing, the wrong way round, too far apart or behind the recording are named."""
    response = client.get(f"{url}?{query}")
    assert response.status_code == 422
    assert [fault["pointer"] for fault in response.json()["errors"]] == [pointer]


def test_what_cannot_be_decoded_is_played_but_not_cut(client: TestClient, services: Services, study: MadeStudy) -> None:
    """A file that is no recording comes as it is; a clip of it is refused with a message."""
    url = f"/v1/recordings/{add_recording(services, study, 'call.wav', b'no sound at all')}/audio"
    assert client.get(url).content == b"no sound at all"
    response = client.get(f"{url}?start_ms=0&end_ms=1000")
    assert (response.status_code, response.json()["errors"]) == (422, [])
    assert "decoded" in response.json()["detail"]


@pytest.mark.parametrize(
    ("name", "declared", "served", "suffix"),
    [
        ("call.M4A", None, "audio/mp4", ".m4a"),
        ("call.wav", "audio/flac", "audio/flac", ".wav"),
        ("call.html", None, "application/octet-stream", ""),
        ("call.mp3", "text/html", "audio/mpeg", ".mp3"),
        ("call", "video/mp4\r\nX-Evil: 1", "application/octet-stream", ""),
    ],
)
def test_a_recording_is_served_as_sound(
    client: TestClient,
    services: Services,
    study: MadeStudy,
    name: str,
    declared: str | None,
    served: str,
    suffix: str,
) -> None:
    """As what the decoder found, else what the name says; never as a page that a browser would run."""
    recording_id = add_recording(services, study, name, b"<script>alert(1)</script>", declared)
    response = client.get(f"/v1/recordings/{recording_id}/audio")
    assert response.headers["content-type"] == served
    assert response.headers["content-disposition"] == f"inline; filename*=UTF-8''acme-I01{suffix}"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "x-evil" not in response.headers


def test_names_stay_in_the_house(client: TestClient, url: str) -> None:
    """The file is called by the interview, not as the file of the platform, which has the participant's name."""
    assert "Vogel" not in str(client.get(url).headers)


@pytest.mark.parametrize("consent", [{"recording": True, "quotes": False}, {"recording": False, "quotes": True}])
@pytest.mark.parametrize(("role", "may"), [(KeyRole.VIEWER, False), (KeyRole.RESEARCHER, False), (KeyRole.ADMIN, True)])
def test_without_consent_only_an_admin_listens(
    services: Services, url: str, consent: dict[str, bool], role: KeyRole, may: bool
) -> None:
    """Who did not consent to be recorded or quoted is heard by an admin alone, whole, in parts and in clips."""
    withdraw_consent(services, consent)
    with services.database.sessions.begin() as session:
        key = {"Authorization": f"Bearer {create_key(session, 'somebody', role)}"}
    with TestClient(create_app(services, require_keys=True), headers=key) as client:
        for query in ("", "?start_ms=0&end_ms=1000"):
            for headers in ({}, {"Range": "bytes=0-1"}, {"If-None-Match": "*"}):
                status = client.get(url + query, headers=headers).status_code
                assert (status in (200, 206, 304)) if may else (status == 403)


def test_a_recording_needs_the_key(services: Services, url: str) -> None:
    """Where keys are required nothing is heard without one, nor is it told that there is something."""
    with TestClient(create_app(services, require_keys=True)) as client:
        for method in ("GET", "HEAD"):
            for address in (url, f"/v1/recordings/{uuid.UUID(int=7)}/audio"):
                assert client.request(method, address, headers={"If-None-Match": ETAG}).status_code == 401


def test_a_page_plays_a_recording_with_its_readers_login(services: Services, url: str) -> None:
    """A browser sends the login of the page for its player too; nothing can be changed with it."""
    with services.database.sessions.begin() as session:
        login = ("me", create_key(session, "somebody", KeyRole.ADMIN))
    with TestClient(create_app(services, require_keys=True)) as client:
        assert client.get(url, auth=login).status_code == 200
        assert client.get(url, auth=("me", "vbt_0_0")).status_code == 401
        job = f"/v1/jobs/{uuid.UUID(int=7)}"
        assert client.get(job, auth=login).status_code == 404
        assert client.post(f"{job}/cancel", auth=login).status_code == 401


def test_what_does_not_exist_is_not_found(client: TestClient, services: Services, recording_id: uuid.UUID) -> None:
    """An unknown recording is a 404, and so is one whose file is gone."""
    url = f"/v1/recordings/{recording_id}/audio"
    services.blobs.delete(ETAG.strip('"'))
    for address in (url, f"{url}?start_ms=0&end_ms=1000", f"/v1/recordings/{uuid.UUID(int=7)}/audio"):
        assert client.get(address).status_code == 404
        assert client.head(address).status_code == 404
    assert client.get("/v1/recordings/7/audio").status_code == 422


def test_other_methods_are_told_which_there_are(client: TestClient, url: str) -> None:
    """What plays takes GET and HEAD, and says so."""
    response = client.delete(url)
    assert response.status_code == 405
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_an_object_store_serves_the_same(services: Services, study: MadeStudy) -> None:
    """Parts and clips come from an object store as from a folder."""
    elsewhere = replace(services, blobs=Blobs(fsspec.filesystem("memory"), "/recordings"))
    url = f"/v1/recordings/{add_recording(elsewhere, study, 'call.mp3')}/audio"
    with TestClient(create_app(elsewhere, require_keys=False), base_url="http://127.0.0.1") as client:
        assert client.get(url, headers={"Range": "bytes=50-99"}).content == CONTENT[50:100]
        clip = client.get(f"{url}?start_ms=3000&end_ms=4000")
    assert 3 in heard_seconds(read_recording(clip.content))
