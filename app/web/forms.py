"""Forms that change something: they come from our own pages, and from somebody who may."""

from typing import Annotated

from fastapi import Depends, Request

from app.errors import ForbiddenError
from app.privacy.keys import Principal
from app.rest.dependencies import ReaderDep, authenticate_admin, authenticate_editor
from app.rest.origin import refuse_other_pages

_OWN_SITES = frozenset({"same-origin", "none"})


def refuse_forgery(request: Request) -> None:
    """Refuse a form that another site makes a browser send.

    Browsers name the origin of every form that is posted, and say how it stands to this site. A token of a session goes
    into `templates/csrf_field.html`, which every form that posts includes.

    Raises:
        ForbiddenError: the form comes from a page of elsewhere.
    """
    refuse_other_pages(request)
    if request.headers.get("sec-fetch-site", "same-origin") not in _OWN_SITES:
        raise ForbiddenError("this form comes from a web page of another origin")


FORM = [Depends(refuse_forgery)]
"""The dependencies of every route that takes a form."""


def page_editor(reader: ReaderDep) -> Principal:
    """Say who changes things on a page: a researcher or an admin; raises what `authenticate_editor` raises."""
    return authenticate_editor(reader)


PageEditorDep = Annotated[Principal, Depends(page_editor)]


def page_admin(reader: ReaderDep) -> Principal:
    """Say who administers on a page: an admin alone; raises what `authenticate_admin` raises."""
    return authenticate_admin(reader)


PageAdminDep = Annotated[Principal, Depends(page_admin)]
