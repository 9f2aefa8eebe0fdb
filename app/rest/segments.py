"""Segments: who belongs to which, and what each is like."""

from fastapi import APIRouter, Depends

from app.research.segments.cases import Case, Qualification
from app.research.segments.profile import list_segments, read_segment
from app.research.segments.qualify import qualify
from app.research.segments.schemas import SegmentList, SegmentProfile
from app.rest.dependencies import ServicesDep, SessionDep
from app.rest.negotiation import require_json
from app.rest.paging import CodeParam, StudyParam

router = APIRouter(prefix="/segments", tags=["research"])


@router.get("", name="list_segments")
def get_segments(session: SessionDep, study: StudyParam) -> SegmentList:
    """List the segments of a study with the criteria that qualify for each."""
    return list_segments(session, study)


@router.post("/qualify", name="qualify_customer", dependencies=[Depends(require_json)])
def post_case(case: Case, session: SessionDep, services: ServicesDep) -> Qualification:
    """Say which segment a customer belongs to, by answers, facts or a participant's words, and what to ask next."""
    return qualify(session, case, services.embedder)


@router.get("/{slug}", name="read_segment")
def get_segment(slug: CodeParam, session: SessionDep, study: StudyParam) -> SegmentProfile:
    """Tell what the people of a segment say, by kind and beside all others, and how they say it, with their quotes."""
    return read_segment(session, study, slug)
