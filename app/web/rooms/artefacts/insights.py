"""Insights: what researchers concluded, the quotes that each rests on, and what is stale; written by researchers."""

import uuid
from typing import Annotated, Any

from fastapi import Form, Query
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.days import Day
from app.errors import ConflictError, Fault, InvalidInputError
from app.evidence.insights.places import Place
from app.library.pages import LONGEST_CURSOR, PageRequest
from app.library.queries import find_study
from app.research.charts.drawing import Link
from app.research.insights.figures import insights_chart
from app.research.insights.forms import LONGEST_LINE, EvidenceForm, InsightForm, InsightPatch
from app.research.insights.manage import create_insight, edit_insight, forget_lost, link_evidence, unlink_evidence
from app.research.insights.read import Wanted, list_insights, read_insight
from app.research.insights.schemas import InsightState
from app.research.queries import read_people
from app.rest.dependencies import EditorDep, ServicesDep, SessionDep
from app.rest.forms import form_of
from app.rest.paging import LONGEST_SLUG, CodeParam
from app.rest.routing import Router
from app.text import Span
from app.vocabulary import Stance
from app.web.beside import beside_quotes, read_segment_names
from app.web.figures import link_bars, show_figure
from app.web.forms import FORM
from app.web.navigation import Destination
from app.web.options import Options
from app.web.view import View, ViewDep

HERE = "/insights"
AT_ONCE = 50
DESTINATIONS = (Destination("insights", HERE),)
NOTHING_WRITTEN: dict[str, Any] = {"statement": "", "theme": "", "date": "", "segments": (), "quotes": ""}

router = Router(prefix=HERE)

TextForm = Annotated[str, Form()]
SegmentsForm = Annotated[list[str], Form()]


class InsightOptions(Options):
    """Which insights are listed."""

    status: InsightState | None = None
    segment: str | None = Field(None, max_length=LONGEST_SLUG)
    theme: str | None = Field(None, max_length=LONGEST_LINE)
    stale: bool | None = None
    cursor: str | None = Field(None, max_length=LONGEST_CURSOR)


@router.get("")
def show_insights(view: ViewDep, session: SessionDep, chosen: Annotated[InsightOptions, Query()]) -> Response:
    """Show what researchers concluded, and a form for another conclusion."""
    return _list(view, session, chosen)


@router.post("", dependencies=FORM)
def write_insight(
    view: ViewDep,
    services: ServicesDep,
    editor: EditorDep,
    statement: TextForm = "",
    theme: TextForm = "",
    date: TextForm = "",
    quotes: TextForm = "",
    segments: SegmentsForm = [],  # noqa: B006 a list of the form, which nobody changes
) -> Response:
    """Write an insight with its quotes, one on each line; what is wrong is said beside what was written."""
    written: dict[str, Any] = {"statement": statement.strip(), "theme": theme.strip(), "date": date}
    evidence = tuple({"quote": line.strip()} for line in quotes.splitlines() if line.strip())
    given = written | {"study": view.slug, "segments": tuple(segments), "evidence": evidence}
    try:
        kept = create_insight(services, form_of(InsightForm, given, "body"), editor.name)
    except (InvalidInputError, ConflictError) as error:
        faults = error.faults or (Fault("statement", error.message, ""),)
        with services.database.sessions.begin() as session:
            return _list(view, session, InsightOptions(), written | {"segments": segments, "quotes": quotes}, faults)
    return view.go(view.address(f"{HERE}/{kept.insight.code}"), flash="kept")


@router.get("/{code}")
def show_insight(view: ViewDep, session: SessionDep, code: CodeParam) -> Response:
    """Show an insight with the quotes for it and against it."""
    found = read_insight(session, view.slug, code)
    beside = beside_quotes(session, view, (each.citation for each in found.quotes))
    sides = {str(stance): tuple(each.citation for each in found.quotes if each.stance is stance) for stance in Stance}
    states = tuple(InsightState)
    return view.show("insights/insight.html", here=HERE, insight=found.insight, sides=sides, states=states, **beside)


@router.post("/{code}", dependencies=FORM)
def change_insight(
    view: ViewDep,
    services: ServicesDep,
    _editor: EditorDep,
    code: CodeParam,
    statement: TextForm = "",
    theme: TextForm = "",
    date: Annotated[Day | None, Form()] = None,
    segments: SegmentsForm = [],  # noqa: B006 a list of the form, which nobody changes
) -> Response:
    """Change what an insight says, about whom, and under which theme."""
    said = {"statement": statement.strip() or None, "theme": theme.strip() or None, "date": date, "segments": segments}
    edit_insight(services, view.slug, code, form_of(InsightPatch, said, "body"))
    return _back(view, code)


@router.post("/{code}/status", dependencies=FORM)
def change_status(
    view: ViewDep, services: ServicesDep, _editor: EditorDep, code: CodeParam, status: Annotated[InsightState, Form()]
) -> Response:
    """Say how far an insight is."""
    edit_insight(services, view.slug, code, InsightPatch(status=status))
    return _back(view, code)


@router.post("/{code}/evidence", dependencies=FORM)
def add_evidence(
    view: ViewDep,
    session: SessionDep,
    _editor: EditorDep,
    code: CodeParam,
    quote: TextForm = "",
    stance: Annotated[Stance, Form()] = Stance.FOR,
) -> Response:
    """Let an insight rest on words of a participant, for it or against it."""
    evidence = form_of(EvidenceForm, {"quote": quote.strip(), "stance": stance}, "body")
    link_evidence(session, view.slug, code, evidence)
    return _back(view, code)


@router.post("/{code}/evidence/remove", dependencies=FORM)
def remove_evidence(
    view: ViewDep,
    session: SessionDep,
    _editor: EditorDep,
    code: CodeParam,
    utterance: Annotated[uuid.UUID, Form()],
    start: Annotated[int, Form(ge=0)],
    end: Annotated[int, Form(ge=1)],
) -> Response:
    """Let an insight rest no more on some words."""
    unlink_evidence(session, view.slug, code, Place(utterance, Span(start, end)))
    return _back(view, code)


@router.post("/{code}/forget-lost", dependencies=FORM)
def forget_evidence(view: ViewDep, session: SessionDep, _editor: EditorDep, code: CodeParam) -> Response:
    """Let an insight rest on what stands alone: it is stale no more."""
    forget_lost(session, view.slug, code)
    return _back(view, code)


def _back(view: View, code: str) -> Response:
    return view.go(view.address(f"{HERE}/{code}"), flash="kept")


def _list(
    view: View,
    session: Session,
    chosen: InsightOptions,
    written: dict[str, Any] = NOTHING_WRITTEN,
    faults: tuple[Fault, ...] = (),
) -> Response:
    text = view.catalogue.text
    wanted = Wanted(chosen.status, chosen.segment, chosen.theme, chosen.stale)
    page = list_insights(session, view.slug, PageRequest(AT_ONCE, chosen.cursor), wanted)
    people = len(read_people(session, find_study(session, view.slug)))
    chart = insights_chart(page.insights, people, view.catalogue.language)
    links = ((Link(view.address(f"{HERE}/{each.code}"), each.statement),) for each in page.insights)
    return view.show(
        "insights/insights.html",
        status=422 if faults else 200,
        here=HERE,
        page=page,
        people=people,
        chosen=chosen,
        written=written,
        faults=faults,
        states=(("", text("insights.any")), *((str(state), text(f"insights.state.{state}")) for state in InsightState)),
        segments=read_segment_names(session, view),
        figure=show_figure([link_bars(chart, links)]) if page.insights else None,
    )
