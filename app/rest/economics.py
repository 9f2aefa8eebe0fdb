"""Who brings the money."""

from fastapi import APIRouter

from app.research.economics.read import read_economics
from app.research.economics.schemas import Economics
from app.rest.dependencies import SessionDep
from app.rest.paging import StudyParam

router = APIRouter(prefix="/economics", tags=["research"])


@router.get("", name="read_economics")
def get_economics(session: SessionDep, study: StudyParam) -> Economics:
    """Tell which customers bring the money, who of them was interviewed, and whom to invite next."""
    return read_economics(session, study)
