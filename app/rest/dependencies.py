"""What endpoints are given: the opened services, a session to read with, and who asks."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBasic, HTTPBasicCredentials, HTTPBearer
from sqlalchemy.orm import Session

from app.errors import ForbiddenError, UnauthorizedError
from app.privacy.keys import LOCAL_USER, KeyRole, Principal, verify_key
from app.services import Services

_bearer = HTTPBearer(auto_error=False, scheme_name="API key", description="`vbt_…`, where keys are required")
_basic = HTTPBasic(auto_error=False, scheme_name="browser", description="GET alone: any name, and the key as password")
_SAFE_METHODS = frozenset({"GET", "HEAD"})


def opened_services(request: Request) -> Services:
    """The services that the application was made with."""
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(opened_services)]


def open_session(services: ServicesDep) -> Iterator[Session]:
    """A session in one short transaction, which ends before the response is sent."""
    with services.database.sessions.begin() as session:
        yield session


SessionDep = Annotated[Session, Depends(open_session, scope="function")]


def authenticate(
    request: Request,
    services: ServicesDep,
    token: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    login: Annotated[HTTPBasicCredentials | None, Depends(_basic)],
) -> Principal:
    """Say who asks: the holder of the key in `Authorization: Bearer`, or the local user where none is required.

    What a page only shows or plays, such as a recording, its reader's browser fetches with the login of the page.

    Raises:
        UnauthorizedError: a key is required, and there is no valid one.
    """
    if token is None and login is not None and request.method in _SAFE_METHODS:
        return _principal(request, services, login.password)
    return _principal(request, services, token.credentials if token else None)


def authenticate_reader(
    request: Request, services: ServicesDep, credentials: Annotated[HTTPBasicCredentials | None, Depends(_basic)]
) -> Principal:
    """Say who reads the pages: a browser asks for a name and a password, which is the key.

    Raises:
        UnauthorizedError: a key is required, and there is no valid one.
    """
    return _principal(request, services, credentials.password if credentials else None)


PrincipalDep = Annotated[Principal, Depends(authenticate)]
ReaderDep = Annotated[Principal, Depends(authenticate_reader)]


def authenticate_editor(principal: PrincipalDep) -> Principal:
    """Say who changes things: a researcher or an admin.

    Raises:
        ForbiddenError: the key allows reading and asking alone.
    """
    if principal.role is KeyRole.VIEWER:
        raise ForbiddenError("this key may read and ask; to change something takes a key of the role researcher")
    return principal


EditorDep = Annotated[Principal, Depends(authenticate_editor)]


def authenticate_admin(principal: PrincipalDep) -> Principal:
    """Say who administers: an admin alone.

    Raises:
        ForbiddenError: the key allows less.
    """
    if principal.role is not KeyRole.ADMIN:
        raise ForbiddenError("this takes a key of the role admin")
    return principal


def _principal(request: Request, services: Services, key: str | None) -> Principal:
    if not request.app.state.require_keys:
        return LOCAL_USER
    if key is None:
        raise UnauthorizedError("this service needs an API key; an admin makes one with `verbatim keys create`")
    with services.database.sessions.begin() as session:
        return verify_key(session, key)
