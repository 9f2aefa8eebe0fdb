"""Whether the process lives, and whether it can answer."""

from fastapi import APIRouter
from pydantic import BaseModel

from app.database import is_migrated
from app.errors import UnavailableError
from app.index import stored_identity
from app.rest.dependencies import OpenedServicesDep
from app.rest.problems import declare_problems

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The state of this process."""

    status: str


@router.get("/livez", responses=declare_problems(421, 500))
def check_liveness() -> Health:
    """Say that the process lives; asks nothing else."""
    return Health(status="alive")


@router.get("/readyz", responses=declare_problems(421, 500, 503))
def check_readiness(services: OpenedServicesDep) -> Health:
    """Say whether questions can be answered: database there, schema up to date, vectors of the configured embedder."""
    with services.database.sessions.begin() as session:
        if not is_migrated(session.connection()):
            raise UnavailableError("the schema is not up to date: run `verbatim migrate`")
        stored = stored_identity(session)
    if stored not in (None, services.embedder.identity):
        raise UnavailableError(
            "the index was made by another embedder: set VERBATIM_EMBEDDER back or `verbatim reembed`"
        )
    return Health(status="ready")
