"""Taggings by a model, put into a made study, and what is stored of taggings."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session
from study_factory import MadeStudy

from app.models import Code, Study, Tagging, Utterance
from app.tagging.store import TAGGER
from app.vocabulary import Polarity

MODEL = f"{TAGGER}/2 bundled@1"


def add_model_tagging(
    session: Session, study: MadeStudy, place: tuple[str, int], code: str, confidence: float, end: int = 3
) -> uuid.UUID:
    """Let the tagger have put a code on the first characters of an utterance."""
    code_id = session.scalars(select(Code.id).where(Code.study_id == study.study_id, Code.code == code)).one()
    tagging = Tagging(
        id=uuid.uuid4(),
        study_id=study.study_id,
        utterance_id=study.utterances[place],
        code_id=code_id,
        start=0,
        end=end,
        polarity=Polarity.AFFIRMED,
        author=MODEL,
        basis="model",
        confidence=confidence,
    )
    session.add(tagging)
    session.flush()
    return tagging.id


def stored_taggings(session: Session, slug: str = "acme") -> list[tuple[str, str, str, str, float]]:
    """All that is tagged in a study: words, code, polarity, author and confidence, in order."""
    rows = session.execute(
        select(Utterance.text, Tagging, Code.code)
        .join(Tagging, Tagging.utterance_id == Utterance.id)
        .join(Code, Code.id == Tagging.code_id)
        .join(Study, Study.id == Tagging.study_id)
        .where(Study.slug == slug)
    )
    return sorted(
        (text[tagging.start : tagging.end], code, tagging.polarity, tagging.author, tagging.confidence)
        for text, tagging, code in rows
    )
