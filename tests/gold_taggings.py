"""The true tags of the sample study, as if a person had given them."""

from collections import defaultdict
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.evaluation.align import align
from app.evaluation.gold import read_gold
from app.evaluation.queries import StoredTurn, published_turns
from app.models import Code, Study, Tagging
from app.vocabulary import Polarity, Role


def tag_truly(session: Session, folder: Path) -> None:
    """Put the true tags of every participant's turn in the place of all taggings of the ingested study."""
    gold = read_gold(folder / "gold.yaml")
    study_id = session.scalars(select(Study.id).where(Study.slug == gold.study)).one()
    codes: dict[str, object] = dict(session.execute(select(Code.code, Code.id).where(Code.study_id == study_id)).all())
    session.execute(delete(Tagging).where(Tagging.study_id == study_id))
    by_interview: dict[str, list[StoredTurn]] = defaultdict(list)
    for turn in published_turns(session, gold.study):
        by_interview[turn.participants[0]].append(turn)
    for participant, turns in by_interview.items():
        true = gold.interviews[participant]
        places = align([turn.text for turn in true], [turn.text for turn in turns])
        for turn, place in zip(turns, places, strict=True):
            if place is not None and turn.role is Role.PARTICIPANT:
                tags = [(code, Polarity.AFFIRMED) for code in true[place].affirmed]
                tags += [(code, Polarity.DENIED) for code in true[place].denied]
                session.add_all(_tagging(study_id, turn, codes[code], polarity) for code, polarity in tags)
    session.flush()


def _tagging(study_id: object, turn: StoredTurn, code_id: object, polarity: Polarity) -> Tagging:
    return Tagging(
        study_id=study_id,
        utterance_id=turn.id,
        code_id=code_id,
        start=0,
        end=len(turn.text),
        polarity=polarity,
        author="gold",
        basis="person",
        confidence=1.0,
    )
