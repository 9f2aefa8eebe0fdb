"""Saturation: how much each further interview still told, by which rule, and the quotes behind each point."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query
from pydantic import Field
from starlette.responses import Response

from app.research.charts.drawing import Link
from app.research.saturation.curves import StoppingRule
from app.research.saturation.figures import saturation_chart
from app.research.saturation.quotes import read_news
from app.research.saturation.read import Grouping, Wanted, read_groups, read_saturation
from app.research.saturation.schemas import Saturation, SaturationGroups
from app.rest.dependencies import SessionDep
from app.rest.paging import LONGEST_SLUG, CodeParam
from app.rest.routing import Router
from app.web.beside import beside_quotes, read_segment_names
from app.web.figures import show_figure
from app.web.navigation import Destination
from app.web.options import Options
from app.web.view import View, ViewDep

HERE = "/saturation"
DESTINATIONS = (Destination("saturation", HERE),)

router = Router()


class Curve(Options):
    """Whose interviews, by which rule."""

    base: int = Field(4, ge=1, le=100)
    run: int = Field(2, ge=1, le=100)
    threshold: float = Field(0.05, ge=0, le=1)
    planned: int | None = Field(None, ge=1, le=10_000)
    by_persons: bool = False
    segment: str | None = Field(None, max_length=LONGEST_SLUG)
    language: str | None = Field(None, max_length=3)

    def wanted(self, told_in: str) -> Wanted:
        """What the feature is asked for."""
        rule = StoppingRule(self.base, self.run, self.threshold)
        return Wanted(self.segment, self.language, rule, self.planned, self.by_persons, told_in=told_in)


@router.get(HERE)
def show_saturation(view: ViewDep, session: SessionDep, curve: Annotated[Curve, Query()]) -> Response:
    """Show the curve, the interviews that it consists of, and each segment and language by itself."""
    wanted = curve.wanted(view.catalogue.language)
    found = read_saturation(session, view.slug, wanted)
    groups: dict[Grouping, SaturationGroups] = {
        by: read_groups(session, view.slug, by, wanted) for by in ("segment", "language")
    }
    segments = read_segment_names(session, view)
    everybody = ("", view.catalogue.text("figure.everybody"))
    source = urlencode({"study": view.slug, "told_in": view.catalogue.language, **curve.parameters()})
    title = view.catalogue.text("saturation.chart")
    chart = replace(saturation_chart(found, view.catalogue.language), title=title, links=_links(view, found, curve))
    return view.show(
        "saturation/saturation.html",
        here=HERE,
        found=found,
        groups=groups,
        segment_names=segments,
        segments=(everybody, *segments.items()),
        spoken=(everybody, *view.spoken.items()),
        curve=curve,
        shares={run.last: run.share for run in found.runs},
        figure=show_figure([chart], f"/v1/saturation?{source}") if found.steps else None,
    )


@router.get(HERE + "/{interview}")
def show_news(view: ViewDep, session: SessionDep, interview: CodeParam, curve: Annotated[Curve, Query()]) -> Response:
    """Show the words of an interview that told what none before it had."""
    news = read_news(session, view.slug, interview, curve.wanted(view.catalogue.language))
    back = view.address(HERE, **curve.parameters())
    beside = beside_quotes(session, view, (quote for code in news.codes for quote in code.quotes))
    return view.show("saturation/news.html", here=HERE, news=news, back=back, **beside)


def _links(view: View, found: Saturation, curve: Curve) -> tuple[Link | None, ...]:
    """Where the points lead that stand for something new."""
    return tuple(
        Link(
            view.address(f"{HERE}/{step.interview}", **curve.parameters()),
            view.catalogue.text("saturation.brought", len(step.new), interview=step.interview),
        )
        if step.new
        else None
        for step in found.steps
    )
