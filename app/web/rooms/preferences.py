"""The choices of a reader that stay: language and theme, kept in the browser alone."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form
from starlette.responses import Response

from app.web.forms import FORM
from app.web.navigation import Destination
from app.web.view import LANGUAGE_COOKIE, THEME_COOKIE, ViewDep

DESTINATIONS: tuple[Destination, ...] = ()
LONGEST_ADDRESS = 8_000

router = APIRouter()


@router.post("/preferences", dependencies=FORM)
def keep_preferences(
    view: ViewDep,
    language: Annotated[Literal["en", "de", "es"] | None, Form()] = None,
    theme: Annotated[Literal["auto", "light", "dark"] | None, Form()] = None,
    back: Annotated[str, Form(max_length=LONGEST_ADDRESS)] = "/",
) -> Response:
    """Keep the language or the theme, and lead back to the page on which it was chosen."""
    response = view.go(back if is_local(back) else "/")
    for cookie, choice in ((LANGUAGE_COOKIE, language), (THEME_COOKIE, theme)):
        if choice is not None:
            view.keep(response, cookie, choice)
    return response


def is_local(address: str) -> bool:
    """Whether an address is a path of this site, however a browser may read it."""
    return address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
