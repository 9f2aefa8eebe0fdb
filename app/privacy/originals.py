"""What placeholders stand for, and who a participant is: for those who may know."""

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app.errors import NotFoundError
from app.frozen import Frozen
from app.models import Participant, Pseudonym
from app.pseudonyms.store import marks_of, open_identity
from app.tagging.store import find_study
from app.vault import Vault

NO_SUCH_PARTICIPANT = (
    "there is no such participant in this study: their codes stand in its study.yaml and at /v1/participants"
)


class Placeholder(Frozen):
    """A placeholder in what a participant said, and the words that it stands for, in every form that was used."""

    label: str
    originals: tuple[str, ...]
    utterances: int


class OriginalList(Frozen):
    """Who a participant is, as far as the study was told, and what the placeholders in the interviews stand for."""

    study: str
    participant: str
    identity: dict[str, str]
    placeholders: tuple[Placeholder, ...]


def read_originals(session: Session, vault: Vault, study: str, code: str) -> OriginalList:
    """What placeholders of a participant stand for.

    Raises:
        NotFoundError: there is no such participant in such a study.
        UnavailableError: the originals were sealed with another key.
    """
    person = session.scalar(
        select(Participant)
        .where(Participant.study_id == find_study(session, study), Participant.code == code)
        .options(undefer(Participant.identity))
    )
    if person is None:
        raise NotFoundError(NO_SUCH_PARTICIPANT)
    of_person = select(Pseudonym.utterance_id).where(Pseudonym.participant_id == person.id).distinct()
    found: dict[str, dict[str, int]] = {}
    for marks in marks_of(session, vault, session.scalars(of_person)).values():
        for mark in marks:
            counted = found.setdefault(mark.label, {})
            counted[mark.original] = counted.get(mark.original, 0) + 1
    placeholders = tuple(
        Placeholder(label=label, originals=tuple(sorted(counted)), utterances=sum(counted.values()))
        for label, counted in sorted(found.items())
    )
    identity = open_identity(vault, study, person)
    return OriginalList(study=study, participant=code, identity=identity, placeholders=placeholders)
