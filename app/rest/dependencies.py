"""What endpoints are given: the opened services, a session to read with, and who asks."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.security import HTTPAuthorizationCredentials, HTTPBasic, HTTPBasicCredentials, HTTPBearer
from sqlalchemy.orm import Session
from starlette.routing import BaseRoute

from app.errors import ForbiddenError, UnauthorizedError
from app.privacy.keys import LOCAL_USER, KeyRole, Principal, verify_key
from app.privacy.sessions import principal_of_cookie
from app.rest.session_cookie import check_session_request, session_cookie
from app.services import Services

_bearer = HTTPBearer(auto_error=False, scheme_name="API key", description="`vbt_…`, where keys are required")
_basic = HTTPBasic(auto_error=False, scheme_name="browser", description="GET alone: any name, and the key as password")
_SAFE_METHODS = frozenset({"GET", "HEAD"})


def opened_services(request: Request) -> Services:
    """The services that the application was made with."""
    services: Services = request.app.state.services
    return services


OpenedServicesDep = Annotated[Services, Depends(opened_services)]


def authenticate(
    request: Request,
    services: OpenedServicesDep,
    token: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    login: Annotated[HTTPBasicCredentials | None, Depends(_basic)],
) -> Principal:
    """Say who asks: the holder of the key in `Authorization: Bearer`, or the local user where none is required.

    On the pages it is the cookie of the session. Where nothing is changed, the key may also be a password.

    Raises:
        UnauthorizedError: a key is required, and there is no valid one.
        ForbiddenError: the key does not allow this in any study.
    """
    principal = _principal(request, services, token, login)
    needed = role_needed(request.scope["route"])
    if not principal.may(needed):
        raise ForbiddenError(f"this key may do less: it takes a key of the role {needed}")
    return principal


PrincipalDep = Annotated[Principal, Depends(authenticate)]


def authenticate_editor(principal: PrincipalDep) -> Principal:
    """Say who changes things: a researcher or an admin of the study that it is about."""
    return principal


def authenticate_admin(principal: PrincipalDep) -> Principal:
    """Say who administers: an admin of the study that it is about."""
    return principal


EditorDep = Annotated[Principal, Depends(authenticate_editor)]
AdminDep = Annotated[Principal, Depends(authenticate_admin)]


def role_needed(route: BaseRoute) -> KeyRole:
    """The role that an address takes in a study: whoever depends on an editor or an admin needs one."""
    calls = set(_calls(getattr(route, "dependant", Dependant())))
    if authenticate_admin in calls:
        return KeyRole.ADMIN
    return KeyRole.RESEARCHER if authenticate_editor in calls else KeyRole.VIEWER


def _calls(dependant: Dependant) -> Iterator[object]:
    for dependency in dependant.dependencies:
        yield dependency.call
        yield from _calls(dependency)


def confined_services(request: Request, services: OpenedServicesDep, principal: PrincipalDep) -> Services:
    """The services as far as the principal may use them for what the address does: its studies alone."""
    return services.within(principal.scope(role_needed(request.scope["route"])))


ServicesDep = Annotated[Services, Depends(confined_services)]


def open_session(services: ServicesDep) -> Iterator[Session]:
    """A session in one short transaction, which ends before the response is sent."""
    with services.database.sessions.begin() as session:
        yield session


SessionDep = Annotated[Session, Depends(open_session, scope="function")]


def _principal(
    request: Request,
    services: Services,
    token: HTTPAuthorizationCredentials | None,
    login: HTTPBasicCredentials | None,
) -> Principal:
    if not request.app.state.require_keys:
        return LOCAL_USER
    cookie = session_cookie(request)
    if token is None and cookie is not None:
        check_session_request(request)
        with services.database.sessions.begin() as session:
            return principal_of_cookie(session, cookie)
    password = login.password if login is not None and request.method in _SAFE_METHODS else None
    key = token.credentials if token else password
    if key is None:
        raise UnauthorizedError("this service needs an API key; an admin makes one with `verbatim keys create`")
    with services.database.sessions.begin() as session:
        return verify_key(session, key)
