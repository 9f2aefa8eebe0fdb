"""Jobs: how far interviews are, once or as events; cancelled, and tried again."""

import threading
import uuid
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import anyio
from fastapi import Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from sqlalchemy.exc import SQLAlchemyError

from app.database import is_away
from app.errors import NotFoundError
from app.library.jobs import Job, cancel_job, read_job, retry_job
from app.rest.dependencies import EditorDep, ServicesDep, SessionDep
from app.rest.negotiation import choose_media_type
from app.rest.origin import refuse_other_pages
from app.rest.routing import Router
from app.services import Services

router = Router(prefix="/jobs", tags=["recordings"])

ASK_AGAIN_S = 2
LOOK_EVERY_S = 1.0
SILENT_AT_MOST_S = 15.0

_JSON, _EVENTS = "application/json", "text/event-stream"
_FORMATS: dict[int | str, dict[str, Any]] = {200: {"model": Job, "content": {_EVENTS: {}}}}
_CHANGING = [Depends(refuse_other_pages)]


@router.get("/{job_id}", name="read_job", responses=_FORMATS)
def get_job(request: Request, job_id: uuid.UUID, services: ServicesDep) -> Response:
    """Read how far a job is; as events, `status` comes whenever that changes, and `done` when the job has ended."""
    media_type = choose_media_type(request.headers.get("accept"), (_JSON, _EVENTS))
    job = _read(services, job_id)
    headers = {"Vary": "Accept"}
    if media_type == _EVENTS:
        return StreamingResponse(follow(services, job, request.app.state.ending), media_type=_EVENTS, headers=headers)
    if not job.is_finished:
        headers["Retry-After"] = str(ASK_AGAIN_S)
    return Response(job.model_dump_json(), media_type=_JSON, headers=headers)


@router.post("/{job_id}/cancel", name="cancel_job", dependencies=_CHANGING)
def post_cancel(job_id: uuid.UUID, session: SessionDep, _editor: EditorDep) -> Job:
    """Give a job up that is not done; what it would have published stays unpublished."""
    return cancel_job(session, job_id)


@router.post("/{job_id}/retry", name="retry_job", status_code=202, dependencies=_CHANGING)
def post_retry(response: Response, job_id: uuid.UUID, session: SessionDep, _editor: EditorDep) -> Job:
    """Try a job again that failed or was cancelled."""
    response.headers["Retry-After"] = str(ASK_AGAIN_S)
    return retry_job(session, job_id)


def _read(services: Services, job_id: uuid.UUID) -> Job:
    with services.database.sessions.begin() as session:
        return read_job(session, job_id)


async def follow(services: Services, job: Job, ending: threading.Event) -> AsyncIterator[bytes]:
    """What becomes of a job, until it or the service ends; the database is asked now and then, and held by nobody."""
    numbers = count(1)
    silent_s = 0.0
    yield _event("status", job, next(numbers))
    while not job.is_finished:
        await anyio.sleep(LOOK_EVERY_S)
        if ending.is_set():
            return
        silent_s += LOOK_EVERY_S
        try:
            found = await run_in_threadpool(_read, services, job.job)
        except NotFoundError:
            return
        except SQLAlchemyError as error:
            if not is_away(error):
                raise
            found = job
        if found.model_copy(update={"updated_at": job.updated_at}) != job:
            yield _event("status", found, next(numbers))
            silent_s = 0.0
        elif silent_s >= SILENT_AT_MOST_S:
            yield KEEPALIVE_COMMENT
            silent_s = 0.0
        job = found
    yield _event("done", job, next(numbers))


def _event(name: str, job: Job, number: int) -> bytes:
    return format_sse_event(event=name, data_str=job.model_dump_json(), id=str(number))
