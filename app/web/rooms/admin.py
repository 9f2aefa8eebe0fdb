"""Administration: health, keys, erasure, settings; for admins alone."""

import uuid
from datetime import UTC, date, datetime, time
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.diagnosis import run_opened_checks
from app.errors import ForbiddenError
from app.library.interviews import read_interview
from app.library.participants import read_participant
from app.privacy.erasure import erase_interview, erase_participant, list_receipts, premises_of, read_receipt
from app.privacy.keys import LONGEST_NAME, KeyRole, create_key, key_opens, list_keys, revoke_key
from app.rest.dependencies import AdminDep, ServicesDep, SessionDep, authenticate_admin
from app.settings import in_force
from app.web.forms import FORM
from app.web.navigation import Destination
from app.web.view import View, ViewDep

DESTINATIONS = (Destination("admin", "/admin", frozenset({KeyRole.ADMIN})),)

Kind = Literal["participant", "interview"]
_ERASE = {"participant": erase_participant, "interview": erase_interview}
_READ = {"participant": read_participant, "interview": read_interview}

router = APIRouter(prefix="/admin", dependencies=[Depends(authenticate_admin)])


def admin_of_all(admin: AdminDep) -> None:
    """Let those administer the installation alone who may do so in all studies.

    Raises:
        ForbiddenError: the key is that of an admin of single studies.
    """
    if admin.role is not KeyRole.ADMIN:
        raise ForbiddenError("this is of the whole installation: it takes a key of the role admin in all studies")


OF_ALL = [Depends(admin_of_all)]


@router.get("")
def lead_to_health(view: ViewDep, admin: AdminDep) -> Response:
    """Lead to the first page that an admin may see: an admin of single studies erases there, and nothing else."""
    return view.go(view.address("/admin/health" if admin.role is KeyRole.ADMIN else "/admin/erasure"))


@router.get("/health", dependencies=OF_ALL)
def show_health(view: ViewDep, services: ServicesDep, session: SessionDep) -> Response:
    """Show what is in use, and what is missing with its remedy."""
    return _show(view, "health", checks=tuple(run_opened_checks(services, session)))


@router.get("/settings", dependencies=OF_ALL)
def show_settings(view: ViewDep, services: ServicesDep) -> Response:
    """Show the settings in force; of secrets, only whether they are set."""
    return _show(view, "settings", settings=in_force(services.settings))


@router.get("/keys", dependencies=OF_ALL)
def show_keys(view: ViewDep, session: SessionDep) -> Response:
    """Show the keys and a form for a new one."""
    return _show_keys(view, session)


@router.post("/keys", dependencies=FORM + OF_ALL)
def make_key(
    view: ViewDep,
    session: SessionDep,
    name: Annotated[str, Form(max_length=LONGEST_NAME)],
    role: Annotated[KeyRole, Form()],
    within: Annotated[str, Form(max_length=63)] = "",
    expires: Annotated[date | Literal[""], Form()] = "",
) -> Response:
    """Make a key, and show it on the page that answers this form, and never again.

    Without a study in `within` it holds in all; `expires` is its last day (UTC).
    """
    ends = datetime.combine(expires, time.max, UTC) if expires else None
    made = create_key(session, name, role, studies=[within] if within else [], expires_at=ends)
    return _show_keys(view, session, made)


@router.post("/keys/{identifier}/revoke", dependencies=FORM + OF_ALL)
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


def _show_keys(view: View, session: Session, made: str | None = None) -> Response:
    facts = list_keys(session)
    opening = {key.identifier for key in facts if key_opens(key, datetime.now(UTC))}
    roles = tuple(KeyRole)
    return _show(view, "keys", keys=facts, opening=opening, made=made, longest=LONGEST_NAME, roles=roles)


def _show_erasure(view: View, session: Session, kind: Kind, code: str, status: int = 200) -> Response:
    """Show what is known of the code, if there is one, and ask for it again."""
    chosen = _READ[kind](session, view.slug, code) if code else None
    receipts = list_receipts(session)
    return _show(view, "erasure", status, kind=kind, code=code, chosen=chosen, kinds=tuple(_ERASE), receipts=receipts)


def _show(view: View, part: str, status: int = 200, **context: object) -> Response:
    parts = ("health", "keys", "erasure", "settings") if view.reader.role is KeyRole.ADMIN else ("erasure",)
    return view.show(f"admin/{part}.html", status, here="/admin", part=part, parts=parts, **context)
