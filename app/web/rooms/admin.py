"""Administration of the installation: health, keys, settings; for admins alone."""

from datetime import UTC, date, datetime, time
from typing import Annotated, Literal

from fastapi import Depends, Form, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.diagnosis import run_opened_checks
from app.errors import ForbiddenError
from app.privacy.keys import LONGEST_NAME, KeyRole, create_key, key_opens, list_keys, revoke_key
from app.rest.dependencies import AdminDep, ServicesDep, SessionDep, authenticate_admin
from app.rest.routing import Router
from app.settings import in_force
from app.web.forms import FORM
from app.web.navigation import Destination
from app.web.view import View, ViewDep, catalogue_of

DESTINATIONS = (Destination("admin", "/admin", frozenset({KeyRole.ADMIN})),)

PARTS = ("health", "keys", "consent", "erasure", "audit", "settings")
PARTS_OF_STUDY = ("consent", "erasure", "audit")

router = Router(prefix="/admin", dependencies=[Depends(authenticate_admin)])


def admin_of_all(request: Request, admin: AdminDep) -> None:
    """Let those administer the installation alone who may do so in all studies.

    Raises:
        ForbiddenError: the key is that of an admin of single studies.
    """
    if admin.role is not KeyRole.ADMIN:
        raise ForbiddenError(catalogue_of(request).text("problem.own.whole_installation"))


OF_ALL = [Depends(admin_of_all)]


@router.get("")
def lead_to_health(view: ViewDep, admin: AdminDep) -> Response:
    """Lead to the first page that an admin may see: in single studies it is what concerns them."""
    return view.go(view.address(f"/admin/{(PARTS if admin.role is KeyRole.ADMIN else PARTS_OF_STUDY)[0]}"))


@router.get("/health", dependencies=OF_ALL)
def show_health(view: ViewDep, services: ServicesDep, session: SessionDep) -> Response:
    """Show what is in use, and what is missing with its remedy."""
    return show_part(view, "health", checks=tuple(run_opened_checks(services, session)))


@router.get("/settings", dependencies=OF_ALL)
def show_settings(view: ViewDep, services: ServicesDep) -> Response:
    """Show the settings in force; of secrets, only whether they are set."""
    return show_part(view, "settings", settings=in_force(services.settings))


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


def _show_keys(view: View, session: Session, made: str | None = None) -> Response:
    facts = list_keys(session)
    opening = {key.identifier for key in facts if key_opens(key, datetime.now(UTC))}
    roles = tuple(KeyRole)
    return show_part(view, "keys", keys=facts, opening=opening, made=made, longest=LONGEST_NAME, roles=roles)


def show_part(view: View, part: str, status: int = 200, **context: object) -> Response:
    """Show a part of the administration, between the parts that the reader may see."""
    parts = PARTS if view.reader.role is KeyRole.ADMIN else PARTS_OF_STUDY
    return view.show(f"admin/{part}.html", status, here="/admin", part=part, parts=parts, **context)
