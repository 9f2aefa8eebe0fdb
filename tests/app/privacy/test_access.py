"""Access: the archive of a person is whole, can be read by machines, and holds nothing of others."""

import io
import json
import zipfile
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update
from study_factory import MadeStudy, add_study

from app.errors import NotFoundError
from app.main import create_app
from app.models import (
    Answer,
    Code,
    CollectedQuote,
    Collection,
    ConsentChange,
    Delivery,
    Hypothesis,
    HypothesisEvidence,
    HypothesisVerdict,
    Interview,
    InterviewParticipant,
    Participant,
    Recording,
    TaggingReview,
    Utterance,
)
from app.privacy.access import export_participant
from app.privacy.erasure import premises_of
from app.privacy.keys import KeyRole, create_key
from app.services import Services


def read(path: Path) -> dict[str, str]:
    """The files of an archive, by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_an_archive_holds_all_of_one_person_and_nothing_of_others(
    services: Services, study: MadeStudy, tmp_path: Path
) -> None:
    """The words with what was asked, the codes on them, the sound; no word of another participant."""
    kept = services.blobs.put(io.BytesIO(b"sound of P01"), 1000)
    with services.database.sessions.begin() as session:
        session.execute(update(Recording).values(sha256=kept.sha256))
    facts = export_participant(premises_of(services), "acme", "P01", tmp_path / "P01.zip")
    files = read(tmp_path / "P01.zip")
    assert (facts.interviews, facts.utterances) == (1, 2)
    told = json.loads(files["interviews/I01.json"])
    assert [said["role"] for said in told["utterances"]] == ["interviewer", "participant"] * 2
    assert "Participant" not in files["interviews/I01.txt"]
    assert "P01: Als ich die erste Rate automatisch gespart habe." in files["interviews/I01.txt"]
    assert json.loads(files["made.json"])["taggings"][0]["code"] == "AX1"
    assert json.loads(files["participant.json"])["segment"] == "careful"
    everything = "".join(files.values())
    assert "Tenía miedo" not in everything
    assert "losing money was never a worry" not in everything


def test_an_archive_holds_what_people_decided(services: Services, study: MadeStudy, tmp_path: Path) -> None:
    """Verdicts on codes, evidence of hypotheses, lists of quotes, changes of consent."""
    with services.database.sessions.begin() as session:
        said = session.scalars(select(Utterance).join(Participant).where(Participant.code == "P01")).first()
        assert said is not None
        place = {"utterance_id": said.id, "start": 0, "end": 3}
        code_id = session.scalars(select(Code.id)).one()
        decided = {"verdict": "accepted", "polarity": "affirmed", "basis": "model", "confidence": 0.5}
        belief = Hypothesis(
            study_id=study.study_id,
            code="H001",
            statement="They fear",
            author="ben",
            origin="person",
            codes=[],
            polarity="affirmed",
            segments=[],
        )
        shared = Collection(study_id=study.study_id, title="Fears", author="ben")
        session.add_all((belief, shared))
        session.flush()
        verdict = HypothesisVerdict(hypothesis_id=belief.id, verdict="supported", counts={}, rule={}, judge="words")
        session.add(verdict)
        session.flush()
        session.add_all(
            (
                TaggingReview(study_id=study.study_id, code_id=code_id, tagger="x", author="ben", **place, **decided),
                HypothesisEvidence(verdict_id=verdict.id, stance="for", **place),
                CollectedQuote(collection_id=shared.id, author="ben", note="for the campaign", **place),
                ConsentChange(
                    study_id=study.study_id, interview_id=said.interview_id, consent={"quotes": False}, author="ben"
                ),
                Answer(study_id=study.study_id, question="Why?", body={"filters": {"participants": ["P01", "P09"]}}),
                Delivery(
                    study_id=study.study_id,
                    author="ben",
                    status="ready",
                    files=[{"name": "call.vtt", "sha256": "0" * 64, "size_bytes": 1}],
                    facts={"study": "acme", "participant": "P01"},
                ),
            )
        )
    for person, held in (("P01", 1), ("P02", 0)):
        export_participant(premises_of(services), "acme", person, tmp_path / "one.zip")
        made = json.loads(read(tmp_path / "one.zip")["made.json"])
        kinds = ("reviews", "hypotheses", "collections", "consent", "questions", "deliveries")
        assert {kind: len(made[kind]) for kind in kinds} == dict.fromkeys(kinds, held)
        assert [quote["note"] for quote in made["collections"]] == ["for the campaign"] * held
        assert [question["question"] for question in made["questions"]] == ["Why?"] * held
        assert [delivery["files"] for delivery in made["deliveries"]] == [["call.vtt"]] * held


def test_an_archive_names_what_the_person_is_called_and_nobody_else(
    services: Services, study: MadeStudy, tmp_path: Path
) -> None:
    """Labels of the person's own, names of recordings in which nobody else was interviewed."""
    with services.database.sessions.begin() as session:
        session.execute(
            update(Interview).values(speakers={"Lena": "P01", "Lena Vogt": "participant", "Ben": "interviewer"})
        )
        session.execute(update(Recording).values(name="lena-vogt.mp3"))
        session.execute(update(Utterance).where(Utterance.role == "participant").values(speaker="Lena Vogt"))
        session.execute(update(Utterance).where(Utterance.role != "participant").values(speaker="Ben"))
    export_participant(premises_of(services), "acme", "P01", tmp_path / "P01.zip")
    told = json.loads(read(tmp_path / "P01.zip")["interviews/I01.json"])
    assert (told["labels"], told["recordings"][0]["name"]) == (["Lena", "Lena Vogt"], "lena-vogt.mp3")
    assert [said["speaker"] for said in told["utterances"]] == [None, "Lena Vogt"] * 2


def test_of_a_shared_interview_only_the_persons_own_words_are_given(
    services: Services, study: MadeStudy, tmp_path: Path
) -> None:
    """No recording either, because others are in it."""
    with services.database.sessions.begin() as session:
        other = session.query(Participant).filter_by(study_id=study.study_id, code="P02").one()
        interview = session.query(InterviewParticipant).join(Participant).filter(Participant.code == "P01").one()
        session.add(InterviewParticipant(interview_id=interview.interview_id, participant_id=other.id))
    facts = export_participant(premises_of(services), "acme", "P01", tmp_path / "P01.zip")
    told = json.loads(read(tmp_path / "P01.zip")["interviews/I01.json"])
    assert {said["role"] for said in told["utterances"]} == {"participant"}
    assert (told["with_other_participants"], facts.recordings) == (True, 0)
    assert not {"name", "label"} & set(told["recordings"][0])


def test_who_is_not_known_has_no_archive(services: Services, study: MadeStudy, tmp_path: Path) -> None:
    """Neither in this study nor in another one; no file is left."""
    for slug, code in (("acme", "P09"), ("other", "P01")):
        with pytest.raises(NotFoundError):
            export_participant(premises_of(services), slug, code, tmp_path / "none.zip")
    assert not (tmp_path / "none.zip").exists()


@pytest.mark.parametrize("role", [KeyRole.VIEWER, KeyRole.RESEARCHER])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/participants/P01/export?study=acme"),
        ("DELETE", "/v1/participants/P01?study=acme"),
        ("DELETE", "/v1/interviews/I01?study=acme"),
        ("GET", "/v1/erasures"),
    ],
)
def test_only_an_admin_exports_and_erases(
    services: Services, study: MadeStudy, role: KeyRole, method: str, path: str
) -> None:
    """Whoever may read or correct may not do that."""
    with services.database.sessions.begin() as session:
        key = create_key(session, "somebody", role)
    with TestClient(create_app(services, require_keys=True)) as client:
        assert client.request(method, path, headers={"Authorization": f"Bearer {key}"}).status_code == 403


def test_an_archive_comes_over_http(client: TestClient, study: MadeStudy) -> None:
    """As a file that a browser keeps; the name of the file does not say of whom."""
    response = client.get("/v1/participants/P01/export?study=acme")
    assert response.headers["content-type"] == "application/zip"
    assert "P01" not in response.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert "participant.json" in archive.namelist()
    assert client.get("/v1/participants/P09/export?study=acme").status_code == 404


def test_erasure_over_http_gives_a_receipt(url: str, served_acme: Services) -> None:
    """The receipt can be read again; a second time there is nobody to erase; a foreign page erases nobody."""
    with httpx2.Client(base_url=url, timeout=120) as client:
        foreign = client.delete("/v1/participants/P01?study=acme", headers={"Origin": "https://evil.example"})
        assert foreign.status_code == 403
        receipt = client.delete("/v1/participants/P01?study=acme").json()
        assert receipt["rows"]["utterance"] == 4
        assert client.get(f"/v1/erasures/{receipt['id']}").json() == receipt
        assert client.get("/v1/erasures").json() == {"erasures": [receipt]}
        assert client.delete("/v1/participants/P01?study=acme").status_code == 404
        assert client.get("/v1/interviews/I01?study=acme").status_code == 404
        assert client.get("/v1/interviews/I02?study=acme").status_code == 200


def test_an_admin_of_one_study_erases_there_alone(served_acme: Services) -> None:
    """Of another study nobody is found, and nothing goes; receipts are those of the own study."""
    with served_acme.database.sessions.begin() as session:
        add_study(session, served_acme.embedder, "rival")
        keys = {slug: create_key(session, slug, KeyRole.ADMIN, studies=[slug]) for slug in ("acme", "rival")}
    acme, rival = ({"Authorization": f"Bearer {key}"} for key in keys.values())
    with TestClient(create_app(served_acme, require_keys=True)) as client:
        for path in ("participants/P01", "interviews/I01"):
            assert client.delete(f"/v1/{path}?study=rival", headers=acme).status_code == 404
            assert client.get(f"/v1/{path}?study=rival", headers=rival).status_code == 200
        erased = client.delete("/v1/participants/P01?study=acme", headers=acme)
        assert (erased.status_code, erased.json()["rows"]["utterance"]) == (200, 4)
        assert erased.json()["finished_at"] is not None
        assert client.get("/v1/participants/P01?study=acme", headers=acme).status_code == 404
        assert client.get("/v1/participants/P01?study=rival", headers=rival).status_code == 200
        assert client.get("/v1/erasures", headers=acme).json() == {"erasures": [erased.json()]}
        assert client.get("/v1/erasures", headers=rival).json() == {"erasures": []}
