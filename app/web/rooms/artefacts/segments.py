"""Segments: how much each is heard, and what one is like: what its people say by kind, and how they say it."""

from collections.abc import Iterable
from urllib.parse import urlencode

from starlette.responses import Response

from app.library.queries import find_study
from app.research.charts.drawing import Link
from app.research.segments.figures import MOST_CODES, NOBODY, name_of, profile_chart, voices_chart
from app.research.segments.profile import list_segments, read_segment
from app.research.segments.queries import count_voices
from app.research.segments.schemas import People, ProfileCode
from app.rest.dependencies import SessionDep
from app.rest.paging import CodeParam
from app.rest.routing import Router
from app.web.beside import read_segment_names
from app.web.figures import link_bars, show_figure
from app.web.navigation import Destination
from app.web.view import View, ViewDep

HERE = "/segments"
DESTINATIONS = (Destination("segments", HERE),)

router = Router(prefix=HERE)


@router.get("")
def show_segments(view: ViewDep, session: SessionDep) -> Response:
    """Show the segments of a study with how many people and quotes there are of each."""
    language = view.catalogue.language
    segments = list_segments(session, view.slug).segments
    voices = count_voices(session, find_study(session, view.slug))
    links = {each.slug: Link(view.address(f"{HERE}/{each.slug}"), name_of(each, language)) for each in segments}
    said = {each.slug: Link(view.address("/quotes", segment=each.slug), name_of(each, language)) for each in segments}
    chart = link_bars(
        voices_chart(segments, voices, language), ((links[each.slug], said[each.slug]) for each in segments)
    )
    return view.show(
        "segments/segments.html",
        here=HERE,
        segments=segments,
        voices={each.slug: voices.get(each.slug, NOBODY) for each in segments},
        figure=show_figure([chart]) if segments else None,
    )


@router.get("/{slug}")
def show_segment(view: ViewDep, session: SessionDep, slug: CodeParam) -> Response:
    """Show what a segment is like, beside everybody else."""
    language = view.catalogue.language
    profile = read_segment(session, view.slug, slug, language)
    names = read_segment_names(session, view)
    quotes = {code.code: _quote_links(view, slug, names, code) for group in profile.groups for code in group.codes}
    shown = (code.code for group in profile.groups for code in group.codes[:MOST_CODES])
    chart = link_bars(profile_chart(profile, language), (quotes[code] for code in shown))
    source = urlencode({"study": view.slug, "told_in": language})
    return view.show(
        "segments/segment.html",
        here=HERE,
        profile=profile,
        name=name_of(profile.segment, language),
        voices=count_voices(session, find_study(session, view.slug)).get(slug, NOBODY),
        quotes=quotes,
        most_codes=MOST_CODES,
        segments=names,
        figure=show_figure([chart], f"/v1/segments/{slug}?{source}") if chart.bars else None,
    )


def _quote_links(view: View, slug: str, names: Iterable[str], code: ProfileCode) -> tuple[Link | None, Link | None]:
    """Where what the people of a segment say of a code stands, and what those of the other segments say."""
    others = tuple(name for name in names if name != slug)
    return _link(view, (slug,), code, code.segment), _link(view, others, code, code.elsewhere)


def _link(view: View, segments: tuple[str, ...], code: ProfileCode, people: People) -> Link | None:
    if not segments or not people.affirmed + people.denied:
        return None
    query = [("study", view.slug), ("code", code.code), *(("segment", segment) for segment in segments)]
    return Link(f"/quotes?{urlencode(query)}", code.label)
