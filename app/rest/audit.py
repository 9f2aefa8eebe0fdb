"""The audit, for admins: of all studies, or of those that they administer."""

from dataclasses import replace
from typing import Annotated

from fastapi import Query, Request, Response
from sqlalchemy import select

from app.days import Moment
from app.frozen import Frozen
from app.library.pages import PageRequest, cut_page, decode_cursor
from app.models import Study
from app.privacy.audit import Action, AuditEntry, Wanted, list_events
from app.privacy.keys import KeyRole, Principal
from app.rest.dependencies import AdminDep, OpenedServicesDep
from app.rest.paging import LONGEST_SLUG, PageDep, link_next
from app.rest.routing import Router
from app.services import Services

router = Router(tags=["privacy"])

_NEWEST = 2**31 - 1


class AuditPage(Frozen):
    """Events of the audit, the newest first."""

    events: tuple[AuditEntry, ...]
    next_cursor: str | None


@router.get("/audit", name="list_audit")
def get_audit(
    request: Request,
    response: Response,
    services: OpenedServicesDep,
    admin: AdminDep,
    page: PageDep,
    study: Annotated[str | None, Query(max_length=LONGEST_SLUG, description="only of this study")] = None,
    actor: Annotated[str | None, Query(max_length=100, description="only of this key, by its identifier")] = None,
    action: Annotated[Action | None, Query(description="only such deeds")] = None,
    since: Annotated[Moment | None, Query(description="only from this moment on")] = None,
) -> AuditPage:
    """List who read, exported, changed and erased what, the newest first."""
    found = audit_page(services, admin, Wanted(study, actor, action, since), page)
    link_next(request, response, found.next_cursor)
    return found


def audit_page(services: Services, admin: Principal, wanted: Wanted, page: PageRequest) -> AuditPage:
    """One page of the events of all studies, or of those that the admin administers."""
    (before,) = decode_cursor(page.cursor, (_NEWEST,))
    scope = admin.scope(KeyRole.ADMIN)
    with services.database.sessions.begin() as session:
        own = None if scope is None else session.scalars(select(Study.slug).where(Study.id.in_(scope.writable))).all()
        found = list_events(session, replace(wanted, studies=own), before, page.limit + 1)
    events, next_cursor = cut_page(found, page.limit, lambda event: [event.id])
    return AuditPage(events=tuple(events), next_cursor=next_cursor)
