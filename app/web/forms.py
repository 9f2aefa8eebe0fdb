"""Forms that change something: they come from our own pages, and from a page of this very session."""

from typing import Annotated

from fastapi import Depends, Form, Request

from app.errors import ForbiddenError
from app.rest.dependencies import PrincipalDep
from app.rest.origin import refuse_other_pages
from app.rest.session_cookie import check_csrf_token
from app.web.view import catalogue_of

LONGEST_ADDRESS = 8_000

_OWN_SITES = frozenset({"same-origin", "none"})


def refuse_other_sites(request: Request) -> None:
    """Refuse a form that another site makes a browser send.

    Browsers name the origin of every form that is posted, and say how it stands to this site.

    Raises:
        ForbiddenError: the form comes from a page of elsewhere.
    """
    refuse_other_pages(request)
    if request.headers.get("sec-fetch-site", "same-origin") not in _OWN_SITES:
        raise ForbiddenError(catalogue_of(request).text("problem.own.other_site"))


def refuse_forgery(request: Request, _principal: PrincipalDep, csrf_token: Annotated[str, Form()] = "") -> None:
    """Refuse a form that is none of our own pages, or of another session.

    The token is in `templates/csrf_field.html`, which every form that posts includes.

    Raises:
        ForbiddenError: the form comes from elsewhere.
    """
    refuse_other_sites(request)
    check_csrf_token(request, csrf_token)


FORM = [Depends(refuse_forgery)]
"""The dependencies of every route that takes a form."""


def way_back(address: str) -> str:
    """Where a form leads that says where it was: a path of this site, however a browser may read it, else its start."""
    is_local = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if is_local else "/"
