"""Who said something, put right by a person: at once, for good, and never against what is known."""

import uuid
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from study_factory import add_study

from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.library.corrections import (
    Voice,
    correct_label,
    correct_utterance,
    correct_utterance_of,
    list_speakers,
    list_utterances,
)
from app.main import create_app
from app.models import IngestRun, Interview, Passage, Tagging, Utterance
from app.privacy.keys import KeyRole, create_key
from app.services import Services
from app.vocabulary import Role
from ingest.pipeline import ingest_study, process_run
from ingest.speech.recordings import SpeechProcess

MANIFEST = """\
study: shop
title: Why people come back
languages: [de]
participants:
  - {id: P01, language: de}
  - {id: P02, language: de}
interviews:
  - {id: I01, participant: P01, files: [I01.txt], speakers: {Sprecher 1: interviewer, Sprecher 2: P01}}
  - {id: I02, participant: [P01, P02], files: [I02.txt], speakers: {A: P01, B: P02, C: interviewer}}
"""

SWAPPED = """\
Sprecher 2: Was war der Anlass, sich etwas Neues zu suchen?
Sprecher 1: Die Bank wollte plötzlich Gebühren für das Konto, da war ich richtig sauer.
Sprecher 2: Und was haben Sie dann gemacht?
Sprecher 1: Ich habe am selben Abend gekündigt und alles umgezogen.
"""

PAIR = """\
C: Wie haben Sie es entschieden?
A: Wir haben lange am Küchentisch gerechnet.
B: Ich wollte erst gar nicht, mir war das zu heikel.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A study of two interviews; in the first the manifest has the speakers the wrong way round."""
    for name, text in {"study.yaml": MANIFEST, "I01.txt": SWAPPED, "I02.txt": PAIR}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def shop(services: Services, folder: Path) -> Services:
    """The study, published."""
    assert ingest_study(folder, services, lambda *_: None).succeeded
    return services


def utterances(session: Session, interview: str) -> list[Utterance]:
    """The utterances of an interview, in order."""
    statement = select(Utterance).join(Interview, Interview.transcript_id == Utterance.transcript_id)
    return list(session.scalars(statement.where(Interview.code == interview).order_by(Utterance.index)))


def quotable(session: Session, interview: str) -> list[str]:
    """What may be quoted of an interview."""
    chosen = [utterance for utterance in utterances(session, interview) if session.get(Passage, utterance.id)]
    return [utterance.text for utterance in chosen]


def test_a_label_is_put_right_at_once_and_after_processing_whole(shop: Services) -> None:
    """The wrong mouth is quoted no more from the correction on; the right one as soon as the run is through."""
    sessions = shop.database.sessions
    with sessions.begin() as session:
        assert quotable(session, "I01")[0].startswith("Was war der Anlass")
        correct_label(session, "shop", "I01", "Sprecher 2", Voice(Role.INTERVIEWER))
    with sessions.begin() as session:
        assert quotable(session, "I01") == []
        assert not session.scalars(
            select(Tagging.utterance_id).where(Tagging.utterance_id.in_([row.id for row in utterances(session, "I01")]))
        ).all()
        corrected = correct_label(session, "shop", "I01", "Sprecher 1", Voice(Role.PARTICIPANT))
    assert corrected.utterances == 2
    assert process_run(corrected.run, "I01", shop, SpeechProcess()).status == "published"
    with sessions.begin() as session:
        assert [text[:8] for text in quotable(session, "I01")] == ["Die Bank", "Ich habe"]
        answers = [row for row in utterances(session, "I01") if row.role == Role.PARTICIPANT]
        asked = session.get_one(Passage, answers[1].id).question_id
        assert asked == utterances(session, "I01")[2].id
        assert {row.role_basis for row in utterances(session, "I01")} == {"person"}
        speakers = list_speakers(session, "shop", "I01")
    assert [(entry.label, entry.roles, entry.participants) for entry in speakers] == [
        ("Sprecher 2", {"interviewer": 2}, ()),
        ("Sprecher 1", {"participant": 2}, ("P01",)),
    ]


def test_one_utterance_of_two_participants_needs_a_name(shop: Services) -> None:
    """Where two were interviewed the participant must be said, and must be one of them."""
    with shop.database.sessions.begin() as session:
        second = utterances(session, "I02")[2].id
        with pytest.raises(InvalidInputError) as failed:
            correct_utterance(session, second, Voice(Role.PARTICIPANT))
        assert failed.value.faults[0].remedy == "name one of P01, P02"
        with pytest.raises(InvalidInputError):
            correct_utterance(session, second, Voice(Role.PARTICIPANT, "P09"))
        with pytest.raises(InvalidInputError):
            correct_utterance(session, second, Voice(Role.INTERVIEWER, "P01"))
        corrected = correct_utterance(session, second, Voice(Role.PARTICIPANT, "P01"))
    process_run(corrected.run, "I02", shop, SpeechProcess())
    with shop.database.sessions.begin() as session:
        first, _ = quotable(session, "I02")
        assert first.startswith("Wir haben")
        people = {session.get_one(Passage, row.id).participant_id for row in utterances(session, "I02")[1:]}
    assert len(people) == 1


def test_what_cannot_be_corrected_says_why(shop: Services) -> None:
    """Unknown labels, interviews and utterances; an interview in somebody's hands; a replaced transcript."""
    with shop.database.sessions.begin() as session:
        with pytest.raises(NotFoundError, match="nobody speaks as"):
            correct_label(session, "shop", "I01", "Sprecher 9", Voice(Role.OTHER))
        with pytest.raises(NotFoundError):
            correct_label(session, "shop", "I09", "Sprecher 1", Voice(Role.OTHER))
        with pytest.raises(NotFoundError):
            correct_utterance(session, uuid.uuid4(), Voice(Role.OTHER))
        first = utterances(session, "I01")[0].id
        session.execute(update(IngestRun).values(status="running"))
        with pytest.raises(ConflictError, match="being processed"):
            correct_utterance(session, first, Voice(Role.OTHER))
        session.execute(update(Interview).where(Interview.code == "I01").values(transcript_id=None))
        with pytest.raises(ConflictError, match="replaced"):
            correct_utterance(session, first, Voice(Role.OTHER))


def test_the_service_corrects_for_researchers_alone(shop: Services, client: TestClient) -> None:
    """A PATCH gives the utterance back as it stands now; a wrong one is a problem document."""
    with shop.database.sessions.begin() as session:
        first = utterances(session, "I01")[0].id
    done = client.patch(f"/v1/utterances/{first}", json={"role": "interviewer"})
    assert done.status_code == 200
    assert (done.json()["role"], done.json()["participant"]) == ("interviewer", None)
    assert client.patch(f"/v1/utterances/{first}", json={"role": "boss"}).status_code == 422
    wrong = client.patch(f"/v1/utterances/{first}", json={"role": "participant", "participant": "P77"})
    assert wrong.status_code == 422
    assert wrong.headers["content-type"] == "application/problem+json"
    assert client.patch(f"/v1/utterances/{uuid.uuid4()}", json={"role": "other"}).status_code == 404


def test_a_viewer_may_not_correct(shop: Services) -> None:
    """A key of the role viewer reads and asks, no more."""
    with shop.database.sessions.begin() as session:
        first = utterances(session, "I01")[0].id
        keys = {role: create_key(session, f"the {role}", role) for role in (KeyRole.VIEWER, KeyRole.RESEARCHER)}
    with TestClient(create_app(shop, require_keys=True), base_url="http://127.0.0.1") as client:
        answers = {
            role: client.patch(
                f"/v1/utterances/{first}", json={"role": "other"}, headers={"Authorization": f"Bearer {key}"}
            ).status_code
            for role, key in keys.items()
        }
    assert answers == {KeyRole.VIEWER: 403, KeyRole.RESEARCHER: 200}


def test_an_utterance_of_another_interview_is_not_corrected_by_mistake(shop: Services) -> None:
    """The interview and the study that were named must be its own; nothing is changed otherwise."""
    with shop.database.sessions.begin() as session:
        first = utterances(session, "I01")[0]
        add_study(session, shop.embedder, "acme")
        for study, interview in (("shop", "I02"), ("acme", "I01"), ("shop", "I09")):
            with pytest.raises(NotFoundError):
                correct_utterance_of(session, study, interview, first.id, Voice(Role.OTHER))
        with pytest.raises(NotFoundError, match="verbatim speakers I02 --utterances"):
            correct_utterance_of(session, "shop", "I02", first.id, Voice(Role.OTHER))
        assert first.role_basis != "person"
        assert correct_utterance_of(session, "shop", "I01", first.id, Voice(Role.OTHER)).utterances == 1


def test_utterances_are_listed_with_what_was_decided(shop: Services) -> None:
    """Each has its id, also where no label tells them apart."""
    with shop.database.sessions.begin() as session:
        first = utterances(session, "I01")[0].id
        correct_utterance(session, first, Voice(Role.INTERVIEWER))
        listed = list_utterances(session, "shop", "I01")
    assert listed[0].id == first
    assert [(entry.role, entry.decided, entry.participant) for entry in listed] == [
        ("interviewer", True, None),
        ("interviewer", False, None),
        ("participant", False, "P01"),
        ("interviewer", False, None),
    ]


def test_what_a_person_decided_outlives_a_new_version(shop: Services, folder: Path) -> None:
    """Words at the same place, or found once elsewhere, keep who speaks them; what is lost is counted and said."""
    with shop.database.sessions.begin() as session:
        asked, answered, *_ = utterances(session, "I01")
        correct_utterance(session, asked.id, Voice(Role.INTERVIEWER))
        corrected = correct_utterance(session, answered.id, Voice(Role.PARTICIPANT))
    process_run(corrected.run, "I01", shop, SpeechProcess())
    mended = SWAPPED.replace("Was war der Anlass", "Was war denn der Anlass")
    (folder / "I01.txt").write_text(f"Sprecher 2: Guten Tag.\nSprecher 1: Hallo.\n{mended}", encoding="utf-8")
    report = ingest_study(folder, shop, lambda *_: None).interviews[0]
    assert report.status == "published"
    (lost,) = report.warnings
    assert lost.startswith("1 correction of who speaks could not be carried over")
    assert lost.endswith("see `verbatim speakers I01`")
    with shop.database.sessions.begin() as session:
        found = {row.text: (row.role, row.role_basis) for row in utterances(session, "I01")}
        assert [text for text, (_, basis) in found.items() if basis == "person"] == [answered.text]
        assert found[answered.text] == ("participant", "person")
        assert answered.text in quotable(session, "I01")


def test_a_label_that_was_put_right_stays_right_in_a_new_version(shop: Services, folder: Path) -> None:
    """All that is said under it has the voice that a person gave to the label, also new words; nothing is lost."""
    for label, voice in (("Sprecher 2", Role.INTERVIEWER), ("Sprecher 1", Role.PARTICIPANT)):
        with shop.database.sessions.begin() as session:
            corrected = correct_label(session, "shop", "I01", label, Voice(voice))
    process_run(corrected.run, "I01", shop, SpeechProcess())
    (folder / "I01.txt").write_text(SWAPPED.replace("Und was", "Was"), encoding="utf-8")
    report = ingest_study(folder, shop, lambda *_: None).interviews[0]
    assert (report.status, report.warnings) == ("published", ())
    with shop.database.sessions.begin() as session:
        assert {row.role_basis for row in utterances(session, "I01")} == {"person"}
        assert [row.role for row in utterances(session, "I01")] == ["interviewer", "participant"] * 2


def test_decisions_outlive_processing_the_same_version_again(shop: Services) -> None:
    """What inference thinks of it does not count any more: the passages follow the person."""
    with shop.database.sessions.begin() as session:
        wrong = utterances(session, "I01")[1]
        corrected = correct_utterance(session, wrong.id, Voice(Role.PARTICIPANT))
        assert wrong.text not in quotable(session, "I01")
    process_run(corrected.run, "I01", shop, SpeechProcess())
    with shop.database.sessions.begin() as session:
        assert wrong.text in quotable(session, "I01")
        again = correct_utterance(session, utterances(session, "I01")[3].id, Voice(Role.OTHER))
    process_run(again.run, "I01", shop, SpeechProcess())
    with shop.database.sessions.begin() as session:
        assert wrong.text in quotable(session, "I01")
