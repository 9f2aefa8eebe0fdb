"""Ingest: files come in, are checked before anything starts, and are followed until their quotes can be searched."""

import uuid
from typing import Annotated

from fastapi import Depends, Query, Request
from pydantic import ValidationError
from starlette.responses import Response

from app.errors import ContentTooLargeError, Fault, InvalidInputError
from app.library.deliveries.arrivals import Arrivals
from app.library.deliveries.manage import (
    cancel_delivery,
    list_deliveries,
    open_delivery,
    read_delivery,
    start_delivery,
)
from app.library.deliveries.schemas import ConversationFacts
from app.library.jobs import cancel_job, retry_job
from app.library.queries import find_study
from app.library.recordings_in import kept_if_registered
from app.privacy.keys import KeyRole, Principal, holds
from app.queue import queue_state
from app.rest.dependencies import (
    EditorDep,
    OpenedServicesDep,
    ServicesDep,
    SessionDep,
    authenticate_editor,
)
from app.rest.forms import place_for_upload
from app.rest.routing import Router
from app.rest.session_cookie import check_csrf_token
from app.rest.uploads import receive_files
from app.services import Services
from app.vocabulary import Mode
from app.web.forms import FORM, refuse_other_sites
from app.web.navigation import Destination
from app.web.view import View, ViewDep

DESTINATIONS = (Destination("ingest", "/ingest", frozenset({KeyRole.RESEARCHER, KeyRole.ADMIN})),)
BYTES_PER_MB = 1_000_000
CSRF_FIELD = "csrf_token"

router = Router(prefix="/ingest", dependencies=[Depends(authenticate_editor)])


@router.get("")
def show_ingest(view: ViewDep, services: ServicesDep) -> Response:
    """Show where files come in, and what came in lately."""
    return _show(view, services)


@router.post("", dependencies=[Depends(refuse_other_sites)])
def take_files_in(request: Request, view: ViewDep, services: ServicesDep, editor: EditorDep) -> Response:
    """Take files in, and lead to what their check finds; nothing is kept where something of them is wrong."""
    try:
        with place_for_upload(request):
            delivery_id = _take_in(request, view, services, editor)
    except (InvalidInputError, ContentTooLargeError) as error:
        return _show(view, services, error)
    return view.go(view.address(f"/ingest/{delivery_id}"))


@router.get("/{delivery_id}")
def show_delivery(
    view: ViewDep,
    session: SessionDep,
    opened: OpenedServicesDep,
    delivery_id: uuid.UUID,
    part: Annotated[bool, Query()] = False,
) -> Response:
    """Show how far a delivery is; `part` is its changing part alone."""
    delivery = read_delivery(session, delivery_id)
    with opened.database.sessions() as of_all:
        nobody_works = delivery.is_under_way and not queue_state(of_all).workers
    template = "ingest/progress.html" if part else "ingest/delivery.html"
    return view.show(template, here="/ingest", delivery=delivery, nobody_works=nobody_works, study_stays=False)


@router.post("/{delivery_id}/start", dependencies=FORM)
def start(view: ViewDep, session: SessionDep, delivery_id: uuid.UUID) -> Response:
    """Ingest what the check found to be right, or try again."""
    start_delivery(session, delivery_id)
    return view.go(view.address(f"/ingest/{delivery_id}"))


@router.post("/{delivery_id}/cancel", dependencies=FORM)
def cancel(view: ViewDep, session: SessionDep, delivery_id: uuid.UUID) -> Response:
    """Give a delivery up; what is published stays."""
    cancel_delivery(session, delivery_id)
    return view.go(view.address(f"/ingest/{delivery_id}"), flash="cancelled")


@router.post("/{delivery_id}/jobs/{job_id}/cancel", dependencies=FORM)
def cancel_interview(view: ViewDep, session: SessionDep, delivery_id: uuid.UUID, job_id: uuid.UUID) -> Response:
    """Give one interview of a delivery up."""
    cancel_job(session, job_id)
    return view.go(view.address(f"/ingest/{delivery_id}"))


@router.post("/{delivery_id}/jobs/{job_id}/retry", dependencies=FORM)
def retry_interview(view: ViewDep, session: SessionDep, delivery_id: uuid.UUID, job_id: uuid.UUID) -> Response:
    """Try one interview of a delivery again."""
    retry_job(session, job_id)
    return view.go(view.address(f"/ingest/{delivery_id}"))


def _take_in(request: Request, view: View, services: Services, editor: Principal) -> uuid.UUID:
    settings = services.settings
    arrivals = Arrivals(
        services.blobs, settings.delivery_limit_mb * BYTES_PER_MB, settings.recording_limit_mb * BYTES_PER_MB
    )
    with kept_if_registered(services, arrivals.received):
        fields = receive_files(request, arrivals.add, arrivals.limit_bytes)
        check_csrf_token(request, fields.pop(CSRF_FIELD, ""))
        facts = _facts_of(fields, view)
        with services.database.sessions.begin() as session:
            of_one = None if holds(editor.role, KeyRole.RESEARCHER) else find_study(session, view.slug)
            files = arrivals.settle(session)
            return open_delivery(session, editor.name, files, facts, of_one)


def _facts_of(fields: dict[str, str], view: View) -> ConversationFacts | None:
    """What a form says of a conversation; nothing where it names nobody, and a study folder is meant."""
    said = {name: value.strip() for name, value in fields.items() if value.strip()}
    if "participant" not in said:
        return None
    try:
        return ConversationFacts.model_validate({"study": view.study.slug if view.study else "", **said})
    except ValidationError as error:
        text = view.catalogue.text
        told = text("problem.own.is_unreadable"), text("problem.own.correct_it")
        faults = (Fault(str(fault["loc"][0]), *told) for fault in error.errors())
        raise InvalidInputError(text("problem.own.not_readable"), tuple(faults)) from error


def _show(view: View, services: Services, refusal: InvalidInputError | ContentTooLargeError | None = None) -> Response:
    with services.database.sessions() as session:
        deliveries = list_deliveries(session)
    limit_mb = services.settings.delivery_limit_mb
    status = refusal.status_code if refusal else 200
    context = {"deliveries": deliveries, "refusal": refusal, "modes": tuple(Mode), "limit_mb": limit_mb}
    return view.show("ingest/ingest.html", status, here="/ingest", **context)
