"""Signing in and out: with an API key, or with the OpenID provider where there is one."""

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Form, Query, Request
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from app.errors import NotFoundError, UnauthorizedError
from app.privacy.audit import Action, Deed, record
from app.privacy.openid import Attempt, begin_sign_in, finish_sign_in
from app.privacy.rate_limits import Rate, take_turn
from app.privacy.sessions import principal_of_cookie, sign_in_as, sign_in_with_key, sign_out
from app.rest.dependencies import OpenedServicesDep
from app.rest.origin import origin_of
from app.rest.routing import Router
from app.rest.session_cookie import SESSION_COOKIE
from app.web.forms import FORM, LONGEST_ADDRESS, refuse_other_sites, way_back
from app.web.navigation import Destination
from app.web.problem_pages import NOBODY
from app.web.view import bare_view, catalogue_of

DESTINATIONS: tuple[Destination, ...] = ()
ATTEMPT_COOKIE = "sign_in"
ATTEMPT_LASTS_S = 600
SIGN_INS = Rate("sign-ins", 30)
"""Of one address."""

router = Router()

BackParam = Annotated[str, Query(max_length=LONGEST_ADDRESS)]


@router.get("/sign-in")
def show_sign_in(request: Request, services: OpenedServicesDep, back: BackParam = "/") -> Response:
    """Ask for an API key, or lead to the provider."""
    if not request.app.state.require_keys:
        return RedirectResponse("/", status_code=303)
    return _page(request, services, back)


@router.post("/sign-in", dependencies=[Depends(refuse_other_sites)])
def sign_in(
    request: Request,
    services: OpenedServicesDep,
    key: Annotated[str, Form(max_length=200)],
    back: Annotated[str, Form(max_length=LONGEST_ADDRESS)] = "/",
) -> Response:
    """Open a session for the holder of a key; a former one of this browser ends."""
    take_turn(services.database, f"from {request.client.host if request.client else 'nowhere'}", SIGN_INS)
    try:
        with services.database.sessions.begin() as session:
            cookie = sign_in_with_key(session, key.strip(), _lasting(services))
    except UnauthorizedError:
        return _page(request, services, back, wrong=True)
    return _signed_in(request, services, cookie, back)


@router.post("/sign-out", dependencies=FORM)
def end_session(request: Request, services: OpenedServicesDep) -> Response:
    """End the session, here and on the server."""
    _forget(request, services)
    response = RedirectResponse("/sign-in", status_code=303)
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.get("/sign-in/provider")
def lead_to_provider(request: Request, services: OpenedServicesDep, back: BackParam = "/") -> Response:
    """Lead to the OpenID provider."""
    _require_provider(request, services)
    address, attempt = begin_sign_in(services.settings, _redirect_uri(request), way_back(back))
    response = RedirectResponse(address, status_code=303)
    view = bare_view(request, NOBODY)
    view.keep(response, ATTEMPT_COOKIE, attempt.model_dump_json(), for_s=ATTEMPT_LASTS_S)
    return response


@router.get("/sign-in/returned")
def return_from_provider(request: Request, services: OpenedServicesDep) -> Response:
    """Open a session for whom the provider sends back.

    Raises:
        UnauthorizedError: nobody began to sign in in this browser, or the provider vouches for nobody.
        ForbiddenError: whoever it is has no role here.
    """
    _require_provider(request, services)
    try:
        attempt = Attempt.model_validate_json(request.cookies.get(ATTEMPT_COOKIE, ""))
    except ValidationError as error:
        raise UnauthorizedError(catalogue_of(request).text("problem.own.no_sign_in")) from error
    identity = finish_sign_in(services.settings, _redirect_uri(request), attempt, request.query_params)
    with services.database.sessions.begin() as session:
        cookie = sign_in_as(session, identity, _lasting(services))
    response = _signed_in(request, services, cookie, attempt.back)
    response.delete_cookie(ATTEMPT_COOKIE)
    return response


def _page(request: Request, services: OpenedServicesDep, back: str, *, wrong: bool = False) -> Response:
    has_provider = services.settings.oidc_issuer is not None
    view = bare_view(request, NOBODY)
    return view.show("sign_in/sign_in.html", 401 if wrong else 200, back=back, wrong=wrong, has_provider=has_provider)


def _signed_in(request: Request, services: OpenedServicesDep, cookie: str, back: str) -> Response:
    _forget(request, services)
    with services.database.sessions.begin() as session:
        principal = principal_of_cookie(session, cookie)
    operation = request.scope["route"].name
    record(services.database, Deed(principal.account, Action.SIGN_IN, operation, request_id=request.state.request_id))
    response = RedirectResponse(way_back(back), status_code=303)
    lasts_s = int(_lasting(services).total_seconds())
    bare_view(request, NOBODY).keep(response, SESSION_COOKIE, cookie, for_s=lasts_s)
    return response


def _forget(request: Request, services: OpenedServicesDep) -> None:
    """End the session that this browser had."""
    if former := request.cookies.get(SESSION_COOKIE):
        with services.database.sessions.begin() as session:
            sign_out(session, former)


def _lasting(services: OpenedServicesDep) -> timedelta:
    return timedelta(hours=services.settings.session_hours)


def _redirect_uri(request: Request) -> str:
    return f"{origin_of(request)}/sign-in/returned"


def _require_provider(request: Request, services: OpenedServicesDep) -> None:
    if services.settings.oidc_issuer is None:
        raise NotFoundError(catalogue_of(request).text("problem.own.no_provider"))
