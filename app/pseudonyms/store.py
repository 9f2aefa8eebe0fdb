"""Pseudonyms in the database: the placeholders of a participant, the marks of utterances, sealed."""

import json
import uuid
from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bulk import insert_rows
from app.models import Participant, Pseudonym, Utterance
from app.pseudonyms.findings import participant_key
from app.pseudonyms.replace import Mark, Placeholders
from app.vault import Vault


def read_placeholders(session: Session, vault: Vault, participant_id: uuid.UUID) -> Placeholders:
    """The placeholders that stand in what a participant said, in all conversations and versions."""
    rows = session.execute(select(Pseudonym.label, Pseudonym.keys).where(Pseudonym.participant_id == participant_id))
    known = {key: label for label, keys in rows for key in keys}
    return Placeholders(lambda key: _hashed(vault, participant_id, key), known)


def hashes_of_name(vault: Vault, participants: Iterable[uuid.UUID], code: str) -> list[str]:
    """The hashes that marks of a registered participant's name have, filed under any of these participants."""
    return [_hashed(vault, participant_id, participant_key(code)) for participant_id in participants]


def read_marks(session: Session, vault: Vault, transcript_id: uuid.UUID) -> dict[int, tuple[Mark, ...]]:
    """The marks of a stored version, by the index of the utterance: every stored utterance has an entry."""
    stored = select(Utterance.index).where(Utterance.transcript_id == transcript_id)
    marks: dict[int, tuple[Mark, ...]] = dict.fromkeys(session.scalars(stored), ())
    rows = session.execute(
        select(Utterance.index, Pseudonym)
        .join(Pseudonym, Pseudonym.utterance_id == Utterance.id)
        .where(Utterance.transcript_id == transcript_id)
        .order_by(Utterance.index, Pseudonym.start)
    )
    for index, row in rows:
        marks[index] = (*marks[index], _opened(row, vault))
    return marks


def marks_of(session: Session, vault: Vault, utterances: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[Mark, ...]]:
    """The marks of utterances, in the order of their texts; those without any are left out."""
    rows = session.scalars(
        select(Pseudonym).where(Pseudonym.utterance_id.in_(list(utterances))).order_by(Pseudonym.start)
    )
    marks: dict[uuid.UUID, tuple[Mark, ...]] = {}
    for row in rows:
        marks[row.utterance_id] = (*marks.get(row.utterance_id, ()), _opened(row, vault))
    return marks


def save_marks(
    session: Session,
    vault: Vault,
    study_id: uuid.UUID,
    participant_id: uuid.UUID,
    marks: Mapping[uuid.UUID, tuple[Mark, ...]],
) -> None:
    """Keep the marks of utterances, once."""
    rows = [
        {
            "utterance_id": utterance_id,
            "start": mark.start,
            "end": mark.end,
            "study_id": study_id,
            "participant_id": participant_id,
            "label": mark.label,
            "keys": list(mark.keys),
            "sealed": vault.seal(mark.original.encode(), _place(utterance_id, mark.start)),
        }
        for utterance_id, own in marks.items()
        for mark in own
    ]
    if rows:
        session.execute(insert_rows(Pseudonym, rows).on_conflict_do_nothing())


def seal_identity(vault: Vault, study: str, code: str, private: Mapping[str, str]) -> bytes | None:
    """What says who a participant is, sealed."""
    return vault.seal(json.dumps(dict(private)).encode(), f"{study} {code}") if private else None


def open_identity(vault: Vault, study: str, person: Participant) -> dict[str, str]:
    """What says who a participant is."""
    if person.identity is None:
        return {}
    return dict(json.loads(vault.open(person.identity, f"{study} {person.code}")))


def _hashed(vault: Vault, participant_id: uuid.UUID, key: str) -> str:
    return vault.keyed_hash("pseudonym", str(participant_id), key)


def _opened(row: Pseudonym, vault: Vault) -> Mark:
    original = vault.open(row.sealed, _place(row.utterance_id, row.start)).decode()
    return Mark(row.start, row.end, row.label, original, tuple(row.keys))


def _place(utterance_id: uuid.UUID, start: int) -> str:
    return f"pseudonym {utterance_id} {start}"
