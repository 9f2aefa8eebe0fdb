"""Many rows in one statement."""

import uuid

import pytest
from sqlalchemy import select
from study_factory import MadeStudy

from app.bulk import insert_rows
from app.models import Code, Participant, Pseudonym, Tagging
from app.services import Services
from app.vocabulary import Polarity


def test_values_arrive_as_they_are(services: Services, study: MadeStudy) -> None:
    """Bytes, lists and any character of a word arrive as they were sent."""
    row = {
        "utterance_id": study.utterances["I01", 1],
        "start": 3,
        "end": 8,
        "study_id": study.study_id,
        "participant_id": _participant(services, study),
        "label": 'a "quoted" \\ label, Ünïcödé 🙂\n',
        "keys": ["one", "two, three", ""],
        "sealed": bytes(range(256)),
    }
    with services.database.sessions() as session:
        session.execute(insert_rows(Pseudonym, [row, {**row, "start": 9, "end": 12, "keys": []}]))
        first, second = session.scalars(select(Pseudonym).order_by(Pseudonym.start))
        assert {name: getattr(first, name) for name in row} == row
        assert (second.start, second.keys) == (9, [])


def test_every_row_gets_the_default_of_what_is_not_said(services: Services, study: MadeStudy) -> None:
    """Ids are made for each row, numbers arrive to the last digit, and what is there already can be left as it is."""
    rows = [
        {
            "study_id": study.study_id,
            "utterance_id": study.utterances["I01", 1],
            "code_id": _code(services, study),
            "start": start,
            "end": start + 1,
            "polarity": Polarity.DENIED,
            "author": "one",
            "basis": "rule",
            "confidence": 0.1 + 0.2,
        }
        for start in range(3)
    ]
    with services.database.sessions() as session:
        for _ in range(2):
            session.execute(insert_rows(Tagging, rows).on_conflict_do_nothing())
        stored = session.scalars(select(Tagging).where(Tagging.author == "one")).all()
        assert len({tagging.id for tagging in stored}) == len(stored) == len(rows)
        assert {(tagging.polarity, tagging.confidence) for tagging in stored} == {(Polarity.DENIED, 0.1 + 0.2)}
        assert all(tagging.created_at for tagging in stored)


def test_what_no_row_can_hold_is_refused() -> None:
    """A value that would arrive as other than it is does not leave."""
    with pytest.raises(TypeError):
        insert_rows(Tagging, [{"id": uuid.uuid4(), "author": {"somebody"}}])


def _participant(services: Services, study: MadeStudy) -> uuid.UUID:
    with services.database.sessions() as session:
        return session.scalars(
            select(Participant.id).where(Participant.study_id == study.study_id, Participant.code == "P01")
        ).one()


def _code(services: Services, study: MadeStudy) -> uuid.UUID:
    with services.database.sessions() as session:
        return session.scalars(select(Code.id).where(Code.study_id == study.study_id)).one()
