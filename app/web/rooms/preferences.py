"""The choices of a reader that stay: language and theme, kept in the browser alone."""

from typing import Annotated, Literal

from fastapi import Form
from starlette.responses import Response

from app.rest.routing import Router
from app.web.forms import FORM, LONGEST_ADDRESS, way_back
from app.web.navigation import Destination
from app.web.view import LANGUAGE_COOKIE, THEME_COOKIE, ViewDep

DESTINATIONS: tuple[Destination, ...] = ()

router = Router()


@router.post("/preferences", dependencies=FORM)
def keep_preferences(
    view: ViewDep,
    language: Annotated[Literal["en", "de", "es"] | None, Form()] = None,
    theme: Annotated[Literal["auto", "light", "dark"] | None, Form()] = None,
    back: Annotated[str, Form(max_length=LONGEST_ADDRESS)] = "/",
) -> Response:
    """Keep the language or the theme, and lead back to the page on which it was chosen."""
    response = view.go(way_back(back))
    for cookie, choice in ((LANGUAGE_COOKIE, language), (THEME_COOKIE, theme)):
        if choice is not None:
            view.keep(response, cookie, choice)
    return response
