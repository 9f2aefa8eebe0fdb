"""Rights of participants: consent, erasure with its receipt, and the audit of who did what; for admins alone."""

import uuid
from datetime import date
from typing import Annotated, Literal

from fastapi import Depends, Form, Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.library.interviews import read_interview
from app.library.pages import PageRequest
from app.library.participants import read_participant
from app.privacy.audit import Action, Wanted, verify_chain
from app.privacy.consent import ConsentChanges, change_consent, list_consent
from app.privacy.erasure import erase_interview, erase_participant, list_receipts, premises_of, read_receipt
from app.privacy.keys import KeyRole
from app.rest.audit import audit_page
from app.rest.dependencies import AdminDep, OpenedServicesDep, ServicesDep, SessionDep, authenticate_admin
from app.rest.paging import CodeParam
from app.rest.routing import Router
from app.web.forms import FORM
from app.web.navigation import Destination
from app.web.rooms.admin import show_part
from app.web.view import View, ViewDep

DESTINATIONS: tuple[Destination, ...] = ()
USES = ("recording", "quotes", "marketing")

Kind = Literal["participant", "interview"]
_ERASE = {"participant": erase_participant, "interview": erase_interview}
_READ = {"participant": read_participant, "interview": read_interview}

router = Router(prefix="/admin", dependencies=[Depends(authenticate_admin)])


@router.get("/consent")
def show_consent(view: ViewDep, session: SessionDep) -> Response:
    """Show what the participants of each interview agreed to, and what that allows today."""
    entries = list_consent(session, view.slug).interviews if view.study else ()
    return show_part(view, "consent", entries=entries, uses=USES)


@router.post("/consent/{code}", dependencies=FORM)
def enter_consent(
    view: ViewDep,
    session: SessionDep,
    admin: AdminDep,
    code: CodeParam,
    uses: Annotated[frozenset[Literal["recording", "quotes", "marketing"]], Form()] = frozenset(),
    until: Annotated[date | Literal[""], Form()] = "",
) -> Response:
    """Enter what the participants of an interview agree to from now on; what is not said is withdrawn."""
    given = {use: use in uses for use in USES}
    changes = ConsentChanges(**given, until=until or None, unlimited=not until)
    change_consent(session, view.slug, code, changes, admin.name)
    return view.go(view.address("/admin/consent"), flash="kept")


@router.get("/erasure")
def show_erasure(
    view: ViewDep, session: SessionDep, kind: Kind = "participant", code: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """Ask who or what is to be erased; a code in the address is asked for once more before anything goes."""
    return _show_erasure(view, session, kind, code.strip())


@router.post("/erasure", dependencies=FORM)
def erase_on_page(
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
    return show_part(view, "receipt", receipt=read_receipt(session, erasure_id))


@router.get("/audit")
def show_audit(
    view: ViewDep,
    services: OpenedServicesDep,
    admin: AdminDep,
    of: Annotated[str | None, Query(max_length=63)] = None,
    actor: Annotated[str | None, Query(max_length=100)] = None,
    action: Annotated[Action | Literal[""], Query()] = "",
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    verify: Annotated[bool, Query()] = False,
) -> Response:
    """List who did what, the newest first; wanted, the chain is computed anew, which an admin of all studies may."""
    wanted = Wanted(study=of or None, actor=actor or None, action=action or None)
    page = audit_page(services, admin, wanted, PageRequest(cursor=cursor))
    check = None
    if verify and admin.role is KeyRole.ADMIN:
        with services.database.sessions() as session:
            check = verify_chain(session)
    may_verify = admin.role is KeyRole.ADMIN
    return show_part(view, "audit", page=page, wanted=wanted, actions=tuple(Action), check=check, may_verify=may_verify)


def _show_erasure(view: View, session: Session, kind: Kind, code: str, status: int = 200) -> Response:
    """Show what is known of the code, if there is one, and ask for it again."""
    chosen = _READ[kind](session, view.slug, code) if code else None
    receipts = list_receipts(session)
    return show_part(
        view, "erasure", status, kind=kind, code=code, chosen=chosen, kinds=tuple(_ERASE), receipts=receipts
    )
