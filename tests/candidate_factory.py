"""Hits and candidates without a database: what somebody said, as the search would have found it."""

import uuid
from dataclasses import replace

from app.answering.candidates import Candidate, Tag
from app.answering.rank import Ranked
from app.answering.retrieve import Hit
from app.vocabulary import Kind, Polarity

_PLAIN = Candidate(
    utterance_id=uuid.UUID(int=0),
    transcript_id=uuid.UUID(int=0),
    recording_id=None,
    interview="I01",
    index=0,
    participant="P01",
    segment=None,
    language="de",
    text="",
    question_before=None,
    start_ms=None,
    end_ms=None,
    confidence=None,
    tags=(),
)


def hit(number: int, text: str = "", *, participant: int = 1, dense_rank: int = 1) -> Hit:
    """What a participant said, as the vectors found it."""
    return Hit(
        utterance_id=uuid.UUID(int=number),
        participant_id=uuid.UUID(int=participant),
        language="de",
        text=text,
        dense_rank=dense_rank,
        dense_score=0.9,
        lexical_rank=0,
        lexical_score=0.0,
        code_rank=0,
        code_score=0.0,
        nearest_code=None,
    )


def tag(code: str, polarity: Polarity = Polarity.AFFIRMED, start: int = 0, end: int = 1) -> Tag:
    """A person's tagging with an anxiety."""
    return Tag(code, Kind.ANXIETY, polarity, "person", 1.0, start, end)


def ranked(
    text: str,
    *tags: Tag,
    language: str = "de",
    participant: str = "P01",
    asked: str | None = None,
    utterance_id: uuid.UUID | None = None,
) -> Ranked:
    """What a participant said, tagged and ranked; the question is about its first tag."""
    candidate = replace(
        _PLAIN,
        utterance_id=utterance_id or uuid.uuid4(),
        text=text,
        language=language,
        participant=participant,
        question_before=asked,
        tags=tags,
    )
    return Ranked(candidate, 1.0, "strong", next(iter(tags), None))
