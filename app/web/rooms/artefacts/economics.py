"""Economics: which customers bring the money, how well they are heard, and whom to invite next."""

from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query
from pydantic import Field
from starlette.responses import Response

from app.evidence.economics import Group
from app.research.charts.drawing import Link
from app.research.economics.figures import economics_charts
from app.research.economics.read import Wanted, read_economics
from app.research.economics.schemas import Economics
from app.rest.dependencies import SessionDep
from app.rest.routing import Router
from app.web.figures import Figure, link_bars, show_figure
from app.web.navigation import Destination
from app.web.options import Options
from app.web.view import View, ViewDep

HERE = "/economics"
DESTINATIONS = (Destination("economics", HERE),)

router = Router()


class Planned(Options):
    """For how many interviews in the end invitations are asked for."""

    planned: int | None = Field(None, ge=1, le=10_000)


@router.get(HERE)
def show_economics(view: ViewDep, session: SessionDep, chosen: Annotated[Planned, Query()]) -> Response:
    """Show what bands and classes pay against how much they are heard, and whom to invite next."""
    found = read_economics(session, view.slug, Wanted(chosen.planned, view.catalogue.language))
    return view.show(
        "economics/economics.html",
        here=HERE,
        found=found,
        planned=chosen.planned,
        groups={name: _with(*groups) for name, groups in _groupings(found).items()},
        invitations={
            "band": {each.name: each for each in found.invite_next.bands},
            "class": {each.name: each for each in found.invite_next.classes},
        },
        figure=_figure(view, found, chosen) if found.customers else None,
    )


def _groupings(found: Economics) -> dict[str, tuple[tuple[Group, ...], Group | None]]:
    """The groups by the parameter of `/quotes` that narrows to them; who is in none stands apart."""
    return {
        "band": (found.bands, found.unclassified_bands),
        "class": (found.classes, found.unclassified_classes),
    }


def _with(groups: tuple[Group, ...], unclassified: Group | None) -> tuple[Group, ...]:
    return (*groups, unclassified) if unclassified else groups


def _figure(view: View, found: Economics, chosen: Planned) -> Figure:
    charts = (chart for chart in economics_charts(found, view.catalogue.language) if chart.bars)
    shown = ((name, groups) for name, groups in _groupings(found).items() if _with(*groups))
    linked = (
        link_bars(chart, _links(view, name, *groups)) for chart, (name, groups) in zip(charts, shown, strict=True)
    )
    given = {"study": view.slug, "told_in": view.catalogue.language, **chosen.parameters()}
    return show_figure(linked, f"/v1/economics?{urlencode(given)}")


def _links(
    view: View, name: str, groups: tuple[Group, ...], unclassified: Group | None
) -> Iterator[tuple[Link | None, ...]]:
    """Both bars of a group lead to what its people said; of those without a value nothing can be singled out."""
    for group in groups:
        title = view.catalogue.text("economics.quotes_of", group.interviewed, name=group.name)
        link = Link(view.address("/quotes", **{name: group.name}), title) if group.interviewed else None
        yield (link, link)
    if unclassified:
        yield (None, None)
