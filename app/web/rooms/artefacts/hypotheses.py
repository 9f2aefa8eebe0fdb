"""Hypotheses: what the interviews say of each, the people and quotes on both sides, and what became of it over time."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from fastapi import Form, Query
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.answering.schemas import Citation
from app.chat import grant_allowance
from app.errors import ConflictError, Fault, InvalidInputError
from app.library.pages import PageRequest
from app.research.charts.drawing import Link
from app.research.hypotheses.examine import add_hypothesis, examine_hypothesis, remove_hypothesis
from app.research.hypotheses.figures import hypotheses_chart, verdict_chart
from app.research.hypotheses.read import list_hypotheses, read_hypothesis
from app.research.hypotheses.rule import Sides, VerdictRule
from app.research.hypotheses.schemas import HypothesisPage, NewHypothesis, VerdictEntry
from app.rest.dependencies import EditorDep, ServicesDep, SessionDep
from app.rest.forms import form_of
from app.rest.paging import LONGEST_SLUG, CodeParam, CursorParam
from app.rest.routing import Router
from app.web.beside import beside_quotes, read_segment_names
from app.web.figures import Figure, link_bars, show_figure
from app.web.forms import FORM
from app.web.navigation import Destination
from app.web.options import Options
from app.web.view import View, ViewDep

HERE = "/hypotheses"
AT_ONCE = 50
DESTINATIONS = (Destination("hypotheses", HERE),)

router = Router(prefix=HERE)


class Group(Options):
    """Whose quotes are shown."""

    segment: str | None = Field(None, max_length=LONGEST_SLUG)
    language: str | None = Field(None, max_length=3)

    def takes(self, quote: Citation) -> bool:
        """Whether a quote is of the group."""
        return self.segment in (None, quote.segment) and self.language in (None, quote.language)


@router.get("")
def show_hypotheses(view: ViewDep, session: SessionDep, cursor: CursorParam = None) -> Response:
    """Show the hypotheses of a study with their verdicts, and a form for another."""
    return _list(view, session, cursor)


@router.post("", dependencies=FORM)
def keep_hypothesis(
    view: ViewDep,
    services: ServicesDep,
    editor: EditorDep,
    statement: Annotated[str, Form()] = "",
    codes: Annotated[str, Form(max_length=5000)] = "",
    segments: Annotated[list[str], Form()] = [],  # noqa: B006 a list of the form, which nobody changes
) -> Response:
    """Keep a statement and test it; what is wrong with it is said beside what was written."""
    names = tuple(codes.replace(",", " ").split())
    fields: dict[str, Any] = {"statement": statement.strip(), "codes": names, "segments": tuple(segments)}
    try:
        given = form_of(NewHypothesis, fields | {"study": view.slug}, "body")
        allowance = grant_allowance(services.settings, editor.account)
        kept = add_hypothesis(given, editor.name, services, view.catalogue.language, allowance)
    except (InvalidInputError, ConflictError) as error:
        faults = error.faults or (Fault("statement", error.message, ""),)
        with services.database.sessions.begin() as session:
            return _list(view, session, None, {"statement": statement, "codes": codes, "segments": segments}, faults)
    return view.go(view.address(f"{HERE}/{kept.id}"), flash="tested")


@router.get("/{code}")
def show_hypothesis(view: ViewDep, session: SessionDep, code: CodeParam, group: Annotated[Group, Query()]) -> Response:
    """Show the evidence for a hypothesis and against it, by segment and language, and its verdicts over time."""
    found = read_hypothesis(session, view.slug, code, view.catalogue.language)
    quotes = (*found.supporting, *found.contradicting)
    groups = tuple(_groups(view, session, found.current)) if found.current else ()
    return view.show(
        "hypotheses/hypothesis.html",
        here=HERE,
        found=found,
        group=group,
        groups=groups,
        figure=_figure(view, groups, code) if groups else None,
        supporting=tuple(filter(group.takes, found.supporting)),
        contradicting=tuple(filter(group.takes, found.contradicting)),
        **beside_quotes(session, view, quotes),
    )


@router.post("/{code}/test", dependencies=FORM)
def try_hypothesis(
    view: ViewDep,
    services: ServicesDep,
    editor: EditorDep,
    code: CodeParam,
    least_people: Annotated[int, Form(ge=1, le=1000)] = 3,
    ratio: Annotated[float, Form(ge=1, le=1000)] = 3,
) -> Response:
    """Test a hypothesis again."""
    rule = VerdictRule(least_people=least_people, ratio=ratio)
    allowance = grant_allowance(services.settings, editor.account)
    examine_hypothesis(view.slug, code, services, view.catalogue.language, rule=rule, allowance=allowance)
    return view.go(view.address(f"{HERE}/{code}"), flash="tested")


@router.post("/{code}/delete", dependencies=FORM)
def delete_hypothesis(view: ViewDep, session: SessionDep, _editor: EditorDep, code: CodeParam) -> Response:
    """Delete a hypothesis with its verdicts."""
    remove_hypothesis(session, view.slug, code)
    return view.go(view.address(HERE), flash="deleted")


def _list(
    view: View,
    session: Session,
    cursor: str | None,
    given: dict[str, Any] | None = None,
    faults: tuple[Fault, ...] = (),
) -> Response:
    page = list_hypotheses(session, view.slug, PageRequest(AT_ONCE, cursor), view.catalogue.language)
    return view.show(
        "hypotheses/hypotheses.html",
        status=422 if faults else 200,
        here=HERE,
        page=page,
        given=given or {"statement": "", "codes": "", "segments": []},
        faults=faults,
        segments=read_segment_names(session, view),
        figure=_overview(view, page),
    )


def _overview(view: View, page: HypothesisPage) -> Figure | None:
    tested = [each for each in page.hypotheses if each.current]
    if not tested:
        return None
    links = (_links(view, each.id, each.statement) for each in tested)
    return show_figure([link_bars(hypotheses_chart(tested, view.catalogue.language), links)])


def _figure(view: View, groups: Iterable[tuple[str, str, str, str, Sides]], code: str) -> Figure:
    rows = tuple(groups)
    chart = verdict_chart([(heading, name, sides) for _, _, heading, name, sides in rows], view.catalogue.language)
    links = (_links(view, code, name, **{by: value}) for by, value, _, name, _ in rows)
    return show_figure([link_bars(chart, links)])


def _links(view: View, code: str, title: str, **group: str) -> tuple[Link, Link]:
    """Where the people on both sides stand with their words."""
    address = view.address(f"{HERE}/{code}", **group)
    return Link(f"{address}#for", title), Link(f"{address}#against", title)


def _groups(view: View, session: Session, verdict: VerdictEntry) -> Iterator[tuple[str, str, str, str, Sides]]:
    """The groups of people behind a verdict: parameter and value, heading and name, and how many are on which side."""
    names, texts = read_segment_names(session, view), view.catalogue
    for segment, sides in verdict.counts.by_segment.items():
        yield "segment", segment, texts.text("hypotheses.by.segment"), names.get(segment, segment), sides
    for language, sides in verdict.counts.by_language.items():
        yield "language", language, texts.text("hypotheses.by.language"), texts.language_name(language), sides
