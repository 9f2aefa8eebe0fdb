"""Who speaks, as a person said it of one version of a transcript: brought over to the next version, where it can be."""

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from app.models import Participant, Utterance
from app.vocabulary import Role
from ingest.roles import Attribution, Basis
from ingest.transcript import Turn


@dataclass(frozen=True)
class Decided:
    """An utterance of a stored version, and who speaks it if a person said so."""

    index: int
    speaker: str | None
    text: str
    attribution: Attribution | None


@dataclass(frozen=True)
class Carried:
    """Who speaks, by the index of the turn; and how many decisions fit no turn any more."""

    decided: dict[int, Attribution]
    lost: int = 0


def read_decisions(session: Session, transcript_id: uuid.UUID | None) -> tuple[Decided, ...]:
    """The utterances of a version in order; none of a version that was never published."""
    if transcript_id is None:
        return ()
    rows = session.execute(
        select(Utterance, Participant.code)
        .outerjoin(Participant, Participant.id == Utterance.participant_id)
        .where(Utterance.transcript_id == transcript_id)
        .options(load_only(Utterance.index, Utterance.speaker, Utterance.text, Utterance.role, Utterance.role_basis))
        .order_by(Utterance.index)
    )
    return tuple(Decided(said.index, said.speaker, said.text, _decision(said, code)) for said, code in rows)


def carry_over(former: Sequence[Decided], turns: Sequence[Turn]) -> Carried:
    """Find the turns that the decisions of the former version are about.

    Those are the turn of the same text at the same place; else the only one of this text and label, if it also was the
    only one before; and all turns of a label of which every utterance was decided alike.
    """
    voices = dict(_voices(former))
    decided = {place: voices[turn.speaker] for place, turn in enumerate(turns) if turn.speaker in voices}
    places = {(turn.text, turn.speaker): place for place, turn in enumerate(turns)}
    now = Counter((turn.text, turn.speaker) for turn in turns)
    before = Counter((each.text, each.speaker) for each in former)
    lost = 0
    for each in former:
        said = (each.text, each.speaker)
        if each.attribution is None:
            continue
        if each.index < len(turns) and turns[each.index].text == each.text:
            decided[each.index] = each.attribution
        elif now[said] == before[said] == 1:
            decided[places[said]] = each.attribution
        else:
            lost += each.speaker not in voices
    return Carried(decided, lost)


def _decision(said: Utterance, participant: str | None) -> Attribution | None:
    return Attribution(Role(said.role), participant, Basis.PERSON, 1.0) if said.role_basis == Basis.PERSON else None


def _voices(former: Sequence[Decided]) -> Iterator[tuple[str, Attribution]]:
    """The labels that a person gave to one voice, with every utterance."""
    for label in dict.fromkeys(each.speaker for each in former if each.speaker is not None):
        said = {each.attribution for each in former if each.speaker == label}
        voice = next(iter(said))
        if len(said) == 1 and voice is not None:
            yield label, voice
