"""What endpoints are given: the opened services, a session to read with, and who asks."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Annotated

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.security import HTTPAuthorizationCredentials, HTTPBasic, HTTPBasicCredentials, HTTPBearer
from sqlalchemy.orm import Session
from starlette.routing import BaseRoute

from app.errors import ForbiddenError, UnauthorizedError
from app.privacy.audit import ACTIONS, Action, Deed, action_of, record
from app.privacy.keys import LOCAL_USER, KeyRole, Principal, verify_key
from app.privacy.rate_limits import Rate, take_turn
from app.privacy.sessions import principal_of_cookie
from app.privacy.things import study_of_thing
from app.rest.gate import UPLOADS
from app.rest.session_cookie import check_session_request, session_cookie
from app.rest.uploads import is_form
from app.services import Services

_bearer = HTTPBearer(auto_error=False, scheme_name="API key", description="`vbt_…`, where keys are required")
_basic = HTTPBasic(auto_error=False, scheme_name="browser", description="GET alone: any name, and the key as password")
_SAFE_METHODS = frozenset({"GET", "HEAD"})
_FORMS_IN_PIECES = UPLOADS | {"/v1/hypotheses/import"}
"""Whose forms are read by the endpoint: it is written down when their fields have come, and name the study."""
_FILES = ("csv", "markdown", "docx", "wordprocessingml", "text/*")


def opened_services(request: Request) -> Services:
    """The services that the application was made with.

    What other dependencies need of it they call: each dependency of its own is another turn of a thread.
    """
    services: Services = request.app.state.services
    return services


OpenedServicesDep = Annotated[Services, Depends(opened_services)]


def authenticate(
    request: Request,
    token: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    login: Annotated[HTTPBasicCredentials | None, Depends(_basic)],
) -> Principal:
    """Say who asks: the holder of the key in `Authorization: Bearer`, or the local user where none is required.

    On the pages it is the cookie of the session. Where nothing is changed, the key may also be a password.

    Raises:
        UnauthorizedError: a key is required, and there is no valid one.
        ForbiddenError: the key does not allow this in any study.
    """
    services = opened_services(request)
    principal = request.state.principal = _principal(request, services, token, login)
    limit_rate(request, services, principal)
    needed = role_needed(request.scope["route"])
    if not principal.may(needed):
        note(request, services, principal, Action.REFUSE)
        raise ForbiddenError(f"this key may do less: it takes a key of the role {needed}")
    return principal


PrincipalDep = Annotated[Principal, Depends(authenticate)]


def write_down(request: Request, principal: PrincipalDep) -> None:
    """Write down what is about to be done, where the audit asks for it: every address of `/v1` depends on this."""
    note_request(request, opened_services(request), principal)


def note_request(request: Request, services: Services, principal: Principal, assumed: str | None = None) -> None:
    """Write down what is about to be done, where the audit asks for it.

    Args:
        request: what is asked for.
        services: where all studies are seen.
        principal: who asks.
        assumed: the study that is shown where the request names none.
    """
    changes = request.method not in _SAFE_METHODS
    action = action_of(request.scope["route"].name, changes=changes, as_file=_is_file(request))
    if action is None:
        return
    if is_form(request) and request.scope["path"] in _FORMS_IN_PIECES:
        request.state.fields_told = partial(note, request, services, principal, action)
    else:
        note(request, services, principal, action, assumed=assumed)


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


def limit_rate(request: Request, services: Services, principal: Principal) -> None:
    """Let a key go on as fast as the settings say, and its questions slower; the local user is not limited.

    Raises:
        TooManyRequestsError: the key has to wait.
    """
    if principal.identifier is None:
        return
    settings = services.settings
    rates = [Rate("requests", settings.requests_per_minute)]
    if ACTIONS.get(request.scope["route"].name) is Action.ASK:
        rates.append(Rate("questions", settings.questions_per_minute))
    request.state.rate_limit = take_turn(services.database, principal.account, *rates)


def note(
    request: Request,
    services: Services,
    principal: Principal,
    action: Action,
    fields: Mapping[str, str] | None = None,
    *,
    assumed: str | None = None,
) -> None:
    """Write down what the principal is about to do, or is refused; `fields` are those of a form read in pieces.

    The study is that of the thing which is named by its id, whatever study is named beside it.
    """
    operation: str = request.scope["route"].name
    places = request.path_params
    body = fields or getattr(request, "_json", None) or getattr(request, "_form", None)
    sent = body if isinstance(body, Mapping) else {}
    in_body = sent.get("study")
    study = (
        study_of_thing(services.database, {**sent, **places})
        or request.query_params.get("study")
        or (in_body if isinstance(in_body, str) else None)
        or assumed
    )
    named = ", ".join(f"{name} {value}" for name, value in places.items()) or None
    record(
        services.database,
        Deed(principal.account, action, operation, study, named, request.state.request_id),
    )


def _is_file(request: Request) -> bool:
    wanted = request.query_params.get("format") or request.headers.get("accept", "")
    return any(kind in wanted for kind in _FILES)


def _calls(dependant: Dependant) -> Iterator[object]:
    for dependency in dependant.dependencies:
        yield dependency.call
        yield from _calls(dependency)


def confined_services(request: Request, principal: PrincipalDep) -> Services:
    """The services as far as the principal may use them for what the address does: its studies alone."""
    return opened_services(request).within(principal.scope(role_needed(request.scope["route"])))


ServicesDep = Annotated[Services, Depends(confined_services)]


def open_session(services: ServicesDep) -> Iterator[Session]:
    """A session in one short transaction, which ends before the response is sent."""
    with services.database.sessions.begin() as session:
        yield session


def open_reading_session(services: ServicesDep) -> Iterator[Session]:
    """A session to search with, which may be a moment behind, in one short transaction that waits for its turn."""
    with services.database.read_in_turn() as session:
        yield session


ReadingSessionDep = Annotated[Session, Depends(open_reading_session, scope="function")]
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
