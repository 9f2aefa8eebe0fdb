"""Interviews, what was said in them, and single utterances."""

import uuid
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.library.corrected_words import LONGEST_TEXT, correct_words
from app.library.corrections import Voice, correct_utterance
from app.library.interviews import list_interviews, read_interview
from app.library.job_story import JobStory, read_job_story
from app.library.schemas import InterviewEntry, InterviewPage, PlacedUtterance, TranscriptPage
from app.library.transcript import read_transcript, read_utterance
from app.rest.dependencies import EditorDep, PrincipalDep, ServicesDep, SessionDep
from app.rest.paging import CodeParam, PageDep, StudyParam, link_next
from app.rest.routing import Router
from app.vocabulary import Role

router = Router(tags=["library"])

VersionParam = Annotated[
    int | None, Query(ge=1, le=1_000_000, description="version of the transcript; unset, the published one")
]


@router.get("/interviews", name="list_interviews")
def get_interviews(
    request: Request, response: Response, session: SessionDep, study: StudyParam, page: PageDep
) -> InterviewPage:
    """List the interviews of a study; those without a transcript are not published yet."""
    found = list_interviews(session, study, page)
    link_next(request, response, found.next_cursor)
    return found


@router.get("/interviews/{code}", name="read_interview")
def get_interview(code: CodeParam, session: SessionDep, study: StudyParam) -> InterviewEntry:
    """Read what is known of one interview."""
    return read_interview(session, study, code)


@router.get("/interviews/{code}/transcript", name="read_transcript")
def get_transcript(
    request: Request,
    response: Response,
    code: CodeParam,
    session: SessionDep,
    reader: PrincipalDep,
    study: StudyParam,
    page: PageDep,
    version: VersionParam = None,
) -> TranscriptPage:
    """Read what was said, in order; without the participant's consent to quotes only an admin may."""
    found = read_transcript(session, study, code, page, reader, version)
    link_next(request, response, found.next_cursor)
    return found


@router.get("/interviews/{code}/job", name="read_job_story")
def get_job_story(code: CodeParam, session: SessionDep, study: StudyParam) -> JobStory:
    """Read how the participant came to switch, as a chat model told it, each entry with the participant's words."""
    return read_job_story(session, study, code)


@router.get("/utterances/{utterance_id}", name="read_utterance")
def get_utterance(utterance_id: uuid.UUID, session: SessionDep, reader: PrincipalDep) -> PlacedUtterance:
    """Read one utterance, in its own words also after its transcript version was replaced."""
    return read_utterance(session, utterance_id, reader)


class UtterancePatch(BaseModel):
    """Who speaks an utterance, or what it says; the participant may be left out where only one was interviewed."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"minProperties": 1})

    role: Role | None = None
    participant: Annotated[str | None, Field(max_length=100, examples=["P07"])] = None
    text: Annotated[str | None, Field(min_length=1, max_length=LONGEST_TEXT)] = None

    @model_validator(mode="after")
    def _says_something(self) -> "UtterancePatch":
        if self.role is None and (self.text is None or self.participant is not None):
            raise ValueError("give a role, with a participant or without, or a text, or both")
        return self


@router.patch("/utterances/{utterance_id}", name="correct_utterance")
def patch_utterance(
    utterance_id: uuid.UUID, patch: UtterancePatch, session: SessionDep, services: ServicesDep, editor: EditorDep
) -> PlacedUtterance:
    """Say who speaks an utterance, or what it says; until a worker has processed that, it is not quoted.

    A text makes the next version of the transcript: this utterance keeps its words, and is superseded then.
    """
    if patch.role is not None:
        correct_utterance(session, utterance_id, Voice(patch.role, patch.participant))
    if patch.text is not None:
        correct_words(session, services.vault, utterance_id, patch.text, editor.name)
    return read_utterance(session, utterance_id, editor)
