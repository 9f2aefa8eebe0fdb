"""How long a study keeps interviews."""

from typing import Annotated

from fastapi import Body, Depends

from app.privacy.retention import Retention, RetentionPeriod, read_retention, set_retention
from app.rest.dependencies import SessionDep, authenticate_admin
from app.rest.origin import refuse_other_pages
from app.rest.paging import StudyParam
from app.rest.routing import Router

router = Router(prefix="/retention", tags=["privacy"], dependencies=[Depends(authenticate_admin)])


@router.get("", name="read_retention")
def get_retention(session: SessionDep, study: StudyParam) -> Retention:
    """Read how long a study keeps interviews, and what was kept for longer: a worker erases it."""
    return read_retention(session, study)


@router.put("", name="set_retention", dependencies=[Depends(refuse_other_pages)])
def put_retention(session: SessionDep, study: StudyParam, period: Annotated[RetentionPeriod, Body()]) -> Retention:
    """Say for how many days a study keeps interviews, `null` for no limit; a worker erases what is due."""
    return set_retention(session, study, period)
