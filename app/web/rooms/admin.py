"""Administration: health, keys, erasure, settings; for admins alone."""

import uuid
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.diagnosis import run_opened_checks
from app.library.interviews import read_interview
from app.library.participants import read_participant
from app.privacy.erasure import erase_interview, erase_participant, list_receipts, premises_of, read_receipt
from app.privacy.keys import LONGEST_NAME, KeyRole, create_key, list_keys, revoke_key
from app.rest.dependencies import ServicesDep, SessionDep
from app.settings import in_force
from app.web.forms import FORM, page_admin
from app.web.navigation import Destination
from app.web.view import View, ViewDep

DESTINATIONS = (Destination("admin", "/admin", frozenset({KeyRole.ADMIN})),)

Kind = Literal["participant", "interview"]
_ERASE = {"participant": erase_participant, "interview": erase_interview}
_READ = {"participant": read_participant, "interview": read_interview}

router = APIRouter(prefix="/admin", dependencies=[Depends(page_admin)])


@router.get("")
def show_health(view: ViewDep, services: ServicesDep, session: SessionDep) -> Response:
    """Show what is in use, and what is missing with its remedy."""
    return _show(view, "health", checks=tuple(run_opened_checks(services, session)))


@router.get("/settings")
def show_settings(view: ViewDep, services: ServicesDep) -> Response:
    """Show the settings in force; of secrets, only whether they are set."""
    return _show(view, "settings", settings=in_force(services.settings))


@router.get("/keys")
def show_keys(view: ViewDep, session: SessionDep) -> Response:
    """Show the keys and a form for a new one."""
    return _show(view, "keys", keys=list_keys(session), made=None, longest=LONGEST_NAME, roles=tuple(KeyRole))


@router.post("/keys", dependencies=FORM)
def make_key(
    view: ViewDep,
    session: SessionDep,
    name: Annotated[str, Form(max_length=LONGEST_NAME)],
    role: Annotated[KeyRole, Form()],
) -> Response:
    """Make a key, and show it on the page that answers this form, and never again."""
    made = create_key(session, name, role)
    return _show(view, "keys", keys=list_keys(session), made=made, longest=LONGEST_NAME, roles=tuple(KeyRole))


@router.post("/keys/{identifier}/revoke", dependencies=FORM)
def end_key(view: ViewDep, session: SessionDep, identifier: str) -> Response:
    """Make a key invalid for ever."""
    revoke_key(session, identifier)
    return view.go(view.address("/admin/keys"), flash="revoked")


@router.get("/erasure")
def show_erasure(
    view: ViewDep, session: SessionDep, kind: Kind = "participant", code: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """Ask who or what is to be erased; a code in the address is asked for once more before anything goes."""
    return _show_erasure(view, session, kind, code.strip())


@router.post("/erasure", dependencies=FORM)
def erase(
    view: ViewDep,
    services: ServicesDep,
    session: SessionDep,
    kind: Annotated[Kind, Form()],
    code: Annotated[str, Form(max_length=200)],
    typed: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Erase a participant or an interview whose code was typed again; leads to the receipt."""
    if typed.strip() != code:
        return _show_erasure(view, session, kind, code, status=422)
    receipt = _ERASE[kind](premises_of(services), view.slug, code)
    return view.go(view.address(f"/admin/erasures/{receipt.id}"), flash="erased")


@router.get("/erasures/{erasure_id}")
def show_receipt(view: ViewDep, session: SessionDep, erasure_id: uuid.UUID) -> Response:
    """Show the receipt of one erasure; nobody is named in it."""
    return _show(view, "receipt", receipt=read_receipt(session, erasure_id))


def _show_erasure(view: View, session: Session, kind: Kind, code: str, status: int = 200) -> Response:
    """Show what is known of the code, if there is one, and ask for it again."""
    chosen = _READ[kind](session, view.slug, code) if code else None
    receipts = list_receipts(session)
    return _show(view, "erasure", status, kind=kind, code=code, chosen=chosen, kinds=tuple(_ERASE), receipts=receipts)


def _show(view: View, part: str, status: int = 200, **context: object) -> Response:
    return view.show(f"admin/{part}.html", status, here="/admin", part=part, **context)
