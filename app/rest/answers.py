"""Questions and their answers."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Body, Depends

from app.answering.answer import answer_by_id, answer_question
from app.answering.schemas import Answer, Question
from app.rest.dependencies import ServicesDep
from app.rest.negotiation import require_json

router = APIRouter(tags=["answers"])


@router.post("/answers", dependencies=[Depends(require_json)])
def create_answer(question: Annotated[Question, Body()], services: ServicesDep) -> Answer:
    """Answer a question with cited quotes and counts of people, or say that there is no evidence."""
    return answer_question(question, services)


@router.get("/answers/{answer_id}")
def read_answer(answer_id: uuid.UUID, services: ServicesDep) -> Answer:
    """Read an answer that was given: its permanent link."""
    return answer_by_id(answer_id, services)
