"""Recordings come in once, whole and for the right interview; what is wrong with them is said, and nothing is left."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, text, update
from study_factory import MadeStudy, add_study

from app.main import MOST_UPLOADS, create_app
from app.models import IngestRun, Interview, InterviewParticipant, Recording, UploadKey
from app.privacy.keys import KeyRole, create_key
from app.services import Services
from app.settings import Settings

FIELDS = {"study": "acme", "participant": "P01"}
SOUND = b"RIFF" + bytes(range(256)) * 40


def send(client: TestClient, content: bytes = SOUND, headers: dict[str, str] | None = None, **fields: str) -> Any:
    """Send a recording as a form."""
    return send_form(client, {**FIELDS, **fields}, content, headers)


def send_form(
    client: TestClient, data: dict[str, str], content: bytes = SOUND, headers: dict[str, str] | None = None
) -> Any:
    """Send a recording with these fields."""
    return client.post("/v1/recordings", data=data, files={"file": ("call.wav", content, "audio/wav")}, headers=headers)


def kept(services: Services) -> list[str]:
    """The names of all files that are there."""
    root = Path(services.blobs.root)
    return sorted(path.name for path in root.rglob("*") if path.is_file()) if root.exists() else []


def test_a_recording_comes_in(client: TestClient, study: MadeStudy, services: Services) -> None:
    """It is kept byte for byte, its interview is new and queued, and the answer says where to ask for it."""
    response = send(client)
    assert response.status_code == 202
    answer = response.json()
    assert response.headers["location"] == f"/v1/jobs/{answer['job']}"
    assert int(response.headers["retry-after"]) > 0
    assert answer["interview"] == "I04"
    job = client.get(response.headers["location"]).json()
    assert (job["status"], job["stage"], job["interview"], job["error"]) == ("queued", "waiting", "I04", None)
    assert kept(services) == [hashlib.sha256(SOUND).hexdigest()]
    with services.database.sessions() as session:
        recording = session.scalars(select(Recording).where(Recording.id == answer["recording"])).one()
        assert (recording.name, recording.media_type, recording.size_bytes) == ("call.wav", "audio/wav", len(SOUND))
        jobs = session.scalars(text("SELECT args ->> 'run_id' FROM procrastinate_jobs WHERE status = 'todo'")).all()
        assert jobs == [answer["job"]]


def test_a_body_that_is_the_file_comes_in(client: TestClient, study: MadeStudy, services: Services) -> None:
    """The fields stand in the query."""
    response = client.post(
        "/v1/recordings",
        params={
            **FIELDS,
            "name": "gespräch.ogg",
            "interview": "I77",
            "mode": "interpreted",
            "interviewer_language": "en",
        },
        content=iter([SOUND[:100], SOUND[100:]]),
        headers={"Content-Type": "audio/ogg"},
    )
    assert response.status_code == 202
    with services.database.sessions() as session:
        recording = session.scalars(select(Recording).where(Recording.id == response.json()["recording"])).one()
        assert (recording.name, recording.media_type, recording.size_bytes) == ("gespräch.ogg", "audio/ogg", len(SOUND))
        interview = session.get_one(Interview, recording.interview_id)
        assert (interview.code, interview.mode, interview.interviewer_language) == ("I77", "interpreted", "en")


@pytest.mark.parametrize("channels", ['{"left": "interviewer", "right": "participant"}', "left=interviewer,right=P01"])
def test_channels_say_who_speaks(client: TestClient, study: MadeStudy, services: Services, channels: str) -> None:
    """They become what the interview knows of its speakers; the participant is known by the code."""
    code = send(client, channels=channels).json()["interview"]
    with services.database.sessions() as session:
        interview = session.scalars(select(Interview).where(Interview.code == code)).one()
        assert interview.speakers == {"left": "interviewer", "right": "P01"}


def test_tracks_of_one_interview_are_transcribed_together(
    client: TestClient, study: MadeStudy, services: Services
) -> None:
    """The run for the first track alone is cancelled in favour of the one for both."""
    first = send(client, b"one", speaker="interviewer").json()
    second = send(client, b"two", speaker="participant", interview=first["interview"]).json()
    assert second["interview"] == first["interview"]
    assert client.get(f"/v1/jobs/{first['job']}").json()["status"] == "cancelled"
    assert client.get(f"/v1/jobs/{second['job']}").json()["status"] == "queued"
    assert send(client, b"one", speaker="interviewer").json()["job"] == second["job"]
    with services.database.sessions() as session:
        labels = session.scalars(
            select(Recording.label).where(Recording.id.in_([first["recording"], second["recording"]]))
        )
        assert set(labels) == {"interviewer", "P01"}


def test_a_given_transcript_stays(client: TestClient, study: MadeStudy, services: Services) -> None:
    """A recording of an interview that has one joins it; the run of the transcript comes again."""
    with services.database.sessions.begin() as session:
        interview = session.scalars(select(Interview).where(Interview.code == "I01")).one()
        run = IngestRun(
            study_id=study.study_id, interview_id=interview.id, fingerprint="1", status="published", stage="published"
        )
        session.add(run)
    answer = send(client, interview="I01").json()
    assert answer["job"] == str(run.id)
    assert client.get(f"/v1/jobs/{run.id}").json()["status"] == "queued"


@pytest.mark.parametrize("key", [None, "upload-1"])
def test_the_same_recording_is_taken_once(client: TestClient, study: MadeStudy, services: Services, key: str) -> None:
    """Sent again it is the same recording, interview and job."""
    headers = {"Idempotency-Key": key} if key else None
    assert send(client, headers=headers).json() == send(client, headers=headers).json()
    with services.database.sessions() as session:
        sha256 = hashlib.sha256(SOUND).hexdigest()
        assert session.scalar(select(func.count()).select_from(Recording).where(Recording.sha256 == sha256)) == 1


def test_a_key_stands_for_one_upload(client: TestClient, study: MadeStudy, services: Services) -> None:
    """Another upload under it is refused for a day, and leaves no file; afterwards the key is forgotten."""
    headers = {"Idempotency-Key": "upload-1"}
    send(client, headers=headers)
    refused = send(client, b"another", headers=headers)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/header/Idempotency-Key")
    assert len(kept(services)) == 1
    with services.database.sessions.begin() as session:
        session.execute(update(UploadKey).values(created_at=func.now() - text("interval '25 hours'")))
    assert send(client, b"another", headers=headers).status_code == 202


def test_what_was_given_up_is_tried_again_when_it_comes_again(client: TestClient, study: MadeStudy) -> None:
    """Also a cancelled job is on its way again, with the same id."""
    first = send(client).json()
    client.post(f"/v1/jobs/{first['job']}/cancel")
    again = send(client).json()
    assert again == first
    assert client.get(f"/v1/jobs/{first['job']}").json()["status"] == "queued"


@pytest.mark.parametrize(
    ("fields", "status", "pointer"),
    [
        ({"study": "nowhere"}, 404, None),
        ({"participant": "P99"}, 422, "#/participant"),
        ({"participant": ""}, 422, "#/participant"),
        ({"interviewer_language": "fr"}, 422, "#/interviewer_language"),
        ({"interviewer_language": "english"}, 422, "#/interviewer_language"),
        ({"mode": "shouted"}, 422, "#/mode"),
        ({"mode": "interpreted"}, 422, "#/interviewer_language"),
        ({"channels": "left=nobody"}, 422, "#/channels"),
        ({"channels": "{"}, 422, "#/channels"),
        ({"channels": "top=interviewer"}, 422, "#/channels/top/[key]"),
        ({"interview": "../I01"}, 422, "#/interview"),
        ({"colour": "blue"}, 422, "#/colour"),
        ({"interview": "I02"}, 409, None),
        ({"interview": "I01", "mode": "interpreted", "interviewer_language": "en"}, 409, None),
    ],
)
def test_what_does_not_fit_is_refused_and_leaves_nothing(
    client: TestClient, study: MadeStudy, services: Services, fields: dict[str, str], status: int, pointer: str | None
) -> None:
    """The field is named; no interview, no recording, no file is there afterwards."""
    response = send_form(client, {**FIELDS, **fields})
    assert response.status_code == status
    assert [error["pointer"] for error in response.json()["errors"]] == ([pointer] if pointer else [])
    assert kept(services) == []
    with services.database.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Interview)) == 3
        assert session.scalar(select(func.count()).select_from(IngestRun)) == 0


def test_faults_of_a_raw_upload_point_to_the_query(client: TestClient, study: MadeStudy, services: Services) -> None:
    """What is missing is said before the body is read."""
    for query, pointer in (
        ({"study": "acme"}, "#/query/participant"),
        ({**FIELDS, "participant": "P9"}, "#/query/participant"),
    ):
        refused = client.post("/v1/recordings", params=query, content=SOUND)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
    assert kept(services) == []


def test_a_form_that_breaks_off_after_its_file_leaves_nothing(
    client: TestClient, study: MadeStudy, services: Services
) -> None:
    """Also a file that came whole is kept only with all that belongs to it."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="call.wav"\r\n\r\n'
    body = head + SOUND + b'\r\n--x\r\nContent-Disposition: form-data; name="study"\r\n\r\nac'
    refused = client.post("/v1/recordings", content=body, headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert refused.status_code == 400
    assert kept(services) == []


def test_a_refused_upload_leaves_the_same_file_of_another(
    client: TestClient, study: MadeStudy, services: Services
) -> None:
    """A file that a recording refers to stays, whoever sends it again wrongly."""
    send(client)
    assert send(client, participant="P99").status_code == 422
    assert len(kept(services)) == 1


def test_a_refused_upload_leaves_the_same_file_of_another_study(
    client: TestClient, study: MadeStudy, services: Services
) -> None:
    """Also of one that whoever sends it may not see."""
    send(client)
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "rival")
        key = create_key(session, "anna", KeyRole.RESEARCHER, studies=["rival"])
    with TestClient(create_app(services, require_keys=True), base_url="http://127.0.0.1") as confined:
        headers = {"Authorization": f"Bearer {key}"}
        assert send(confined, headers=headers, study="rival", participant="P99").status_code == 422
    assert len(kept(services)) == 1


def test_a_recording_belongs_to_one_interview(client: TestClient, study: MadeStudy) -> None:
    """Sent for another interview or another person it is refused, with the interview that it belongs to."""
    code = send(client).json()["interview"]
    refused = send(client, interview="I50")
    assert refused.status_code == 409
    assert code in refused.json()["detail"]
    assert send(client, participant="P02").status_code == 409


def test_too_long_a_recording_is_refused(services: Services, study: MadeStudy) -> None:
    """By what it declares, and by what comes when it declares nothing; other bodies keep their own limit."""
    small = Services(Settings(recording_limit_mb=1), services.database, services.embedder, services.blobs)
    with TestClient(create_app(small, require_keys=False), base_url="http://127.0.0.1") as client:
        body = bytes(1_000_001)
        declared = client.post("/v1/recordings", params=FIELDS, content=body)
        streamed = client.post("/v1/recordings", params=FIELDS, content=iter([body]))
        assert (declared.status_code, streamed.status_code) == (413, 413)
        assert send(client, body).status_code == 413
        assert send(client, body[:-1]).status_code == 202
    assert len(kept(services)) == 1


def test_uploads_leave_room_for_questions(services: Services, study: MadeStudy) -> None:
    """Only so many come in at a time; a place is free again when an upload has ended, however it ended."""
    app = create_app(services, require_keys=False)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        for _ in range(MOST_UPLOADS - 1):
            app.state.upload_places.acquire()
        assert send(client, participant="P99").status_code == 422
        assert send(client).status_code == 202
        app.state.upload_places.acquire()
        busy = send(client)
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "5")


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("researcher", 202)])
def test_viewers_send_nothing(services: Services, study: MadeStudy, role: KeyRole, status: int) -> None:
    """It takes a researcher to change a study."""
    with services.database.sessions.begin() as session:
        key = create_key(session, "anna", KeyRole(role))
    with TestClient(create_app(services, require_keys=True), base_url="http://127.0.0.1") as client:
        assert send(client).status_code == 401
        assert send(client, headers={"Authorization": f"Bearer {key}"}).status_code == status


@pytest.mark.parametrize(("origin", "status"), [("http://evil.example", 403), ("null", 403), ("http://127.0.0.1", 202)])
def test_pages_of_elsewhere_send_nothing(client: TestClient, study: MadeStudy, origin: str, status: int) -> None:
    """A browser sends forms for any page; only those of this service are taken."""
    assert send(client, headers={"Origin": origin}).status_code == status


def test_a_new_interview_is_with_the_participant(client: TestClient, study: MadeStudy, services: Services) -> None:
    """And counts as agreed to be quoted, as in a study folder where nothing else is said."""
    code = send(client, participant="P03").json()["interview"]
    found = client.get(f"/v1/interviews/{code}", params={"study": "acme"}).json()
    assert (found["participants"], found["mode"], found["consent"]["quotes"]) == (["P03"], "direct", True)
    with services.database.sessions() as session:
        assert session.scalar(select(func.count()).select_from(InterviewParticipant)) == 4
