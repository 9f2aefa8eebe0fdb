"""What every page is made with: who reads it, in which language, of which study; and how it is shown."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse

from app.errors import NotFoundError
from app.library.export import spoken_at
from app.library.pages import PageRequest
from app.library.schemas import StudySummary
from app.library.studies import list_studies
from app.privacy.keys import KeyRole, Principal, holds
from app.privacy.sessions import csrf_token
from app.rest.dependencies import OpenedServicesDep, PrincipalDep, ServicesDep, note_request
from app.rest.session_cookie import session_cookie
from app.tagging.store import studies
from app.web.languages import CATALOGUES, LANGUAGES, Catalogue, choose_language
from app.web.quote_files import quote_place

MOST_STUDIES = 200
THEMES = ("auto", "light", "dark")
KEPT_FOR_S = 365 * 24 * 3600
LANGUAGE_COOKIE, THEME_COOKIE, FLASH_COOKIE = "language", "theme", "flash"

environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
environment.filters.update(spoken_at=spoken_at, place=quote_place)


@dataclass(frozen=True)
class View:
    """One reader in front of one page; templates know it as `view`, and its texts as `t`.

    `edits` are the slugs of the studies that the reader may change.
    """

    request: Request
    reader: Principal
    catalogue: Catalogue
    theme: str
    studies: tuple[StudySummary, ...] = ()
    study: StudySummary | None = None
    edits: frozenset[str] = frozenset()

    @property
    def slug(self) -> str:
        """The slug of the chosen study.

        Raises:
            NotFoundError: there is no study yet.
        """
        if self.study is None:
            raise NotFoundError(self.catalogue.text("problem.own.no_study"))
        return self.study.slug

    @property
    def may_edit(self) -> bool:
        """Whether the reader is shown what changes the study; each form is checked again where it is taken."""
        return self.study is not None and self.study.slug in self.edits

    @property
    def spoken(self) -> dict[str, str]:
        """The names of the languages of the study, by code."""
        return {code: self.catalogue.language_name(code) for code in (self.study.languages if self.study else ())}

    @property
    def csrf_token(self) -> str | None:
        """What forms and scripts of this page send along; nobody needs one who is not signed in."""
        cookie = session_cookie(self.request)
        return csrf_token(cookie) if cookie else None

    def of(self, study: str) -> "View":
        """The same page, of the study that something on it is of."""
        return replace(self, study=next((entry for entry in self.studies if entry.slug == study), self.study))

    def address(self, path: str, **parameters: str | None) -> str:
        """An address within the chosen study; parameters that are `None` are left out."""
        of_study = {"study": self.study.slug} if self.study else {}
        query = {name: value for name, value in (of_study | parameters).items() if value is not None}
        return f"{path}?{urlencode(query)}" if query else path

    def here(self, **changes: str | None) -> str:
        """The address of this page with other parameters; those that are `None` are left out."""
        kept = [(name, value) for name, value in self.request.query_params.multi_items() if name not in changes]
        query = urlencode(kept + [(name, value) for name, value in changes.items() if value is not None])
        return f"{self.request.url.path}?{query}" if query else self.request.url.path

    def without(self, name: str, value: str) -> str:
        """The address of this page without one value of a parameter, from the first page of its list."""
        parameters = self.request.query_params.multi_items()
        query = urlencode([(each, of) for each, of in parameters if each != "cursor" and (each, of) != (name, value)])
        return f"{self.request.url.path}?{query}" if query else self.request.url.path

    def elsewhere(self, path: str) -> str:
        """Another address with the parameters of this page."""
        return f"{path}?{self.request.url.query}"

    def show(self, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        """Show a template; what a form had to say (see `go`) is said once, above."""
        flash = self.request.cookies.get(FLASH_COOKIE)
        texts = self.catalogue
        html = environment.get_template(template).render(
            context,
            view=self,
            t=texts.text,
            texts=texts,
            languages=[(code, CATALOGUES[code].text("layout.own_name")) for code in LANGUAGES],
            themes=THEMES,
            destinations=self.request.app.state.destinations,
            flash=flash if f"flash.{flash}" in texts.texts else None,
        )
        response = HTMLResponse(html, status, {"Vary": "Accept-Language, Cookie", "Content-Language": texts.language})
        if flash is not None:
            response.delete_cookie(FLASH_COOKIE)
        if self.request.query_params.get("lang") == texts.language:
            self.keep(response, LANGUAGE_COOKIE, texts.language)
        return response

    def go(self, address: str, flash: str | None = None) -> RedirectResponse:
        """Lead on from a form that was posted; `flash.<flash>` of the catalogues is said on the next page."""
        response = RedirectResponse(address, status_code=303)
        if flash is not None:
            self.keep(response, FLASH_COOKIE, flash, for_s=60)
        return response

    def keep(self, response: HTMLResponse | RedirectResponse, name: str, value: str, for_s: int = KEPT_FOR_S) -> None:
        """Let the reader's browser keep a choice."""
        secure = self.request.url.scheme == "https"
        response.set_cookie(name, value, max_age=for_s, httponly=True, samesite="lax", secure=secure)


def catalogue_of(request: Request) -> Catalogue:
    """The texts in the language of who asks."""
    wanted, kept = request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)
    return CATALOGUES[choose_language(wanted, kept, request.headers.get("accept-language", ""))]


def bare_view(request: Request, reader: Principal) -> View:
    """A page of no study."""
    theme = request.cookies.get(THEME_COOKIE, THEMES[0])
    return View(request, reader, catalogue_of(request), theme if theme in THEMES else THEMES[0])


def open_view(
    request: Request,
    reader: PrincipalDep,
    services: ServicesDep,
    opened: OpenedServicesDep,
    study: Annotated[str | None, Query(max_length=63)] = None,
) -> View:
    """The page for whoever asks for it, of the study that the address names, else of the first there is.

    Who opens a page is written down here, where it is known which study a page without one in its address is of.

    Raises:
        NotFoundError: there is no such study.
    """
    bare = bare_view(request, reader)
    with services.database.sessions.begin() as session:
        open_studies = list_studies(session, PageRequest(MOST_STUDIES)).studies
        ids = studies(session)
    chosen = next((entry for entry in open_studies if study in (None, entry.slug)), None)
    note_request(request, opened, reader, chosen.slug if chosen else None)
    if chosen is None and study is not None:
        raise NotFoundError(bare.catalogue.text("problem.own.no_such_study"))
    edits = frozenset(slug for slug, id_ in ids.items() if holds(reader.role_in(id_), KeyRole.RESEARCHER))
    return replace(bare, studies=open_studies, study=chosen, edits=edits)


ViewDep = Annotated[View, Depends(open_view)]
