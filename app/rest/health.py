"""Whether the process lives, and whether it can answer."""

from fastapi import Response
from pydantic import BaseModel

from app.database import is_migrated
from app.errors import ForbiddenError, UnavailableError
from app.index import stored_identity
from app.library.jobs import count_runs
from app.metrics import CONTENT_TYPE, render_metrics
from app.rest.dependencies import OpenedServicesDep, PrincipalDep
from app.rest.problems import declare_problems
from app.rest.routing import Router

router = Router(tags=["health"])


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
    with services.database.reading.begin() as session:
        if not is_migrated(session.connection()):
            raise UnavailableError("the replica does not have the newest schema yet: let it catch up")
    if stored not in (None, services.embedder.identity):
        raise UnavailableError(
            "the index was made by another embedder: set VERBATIM_EMBEDDER back or `verbatim reembed`"
        )
    return Health(status="ready")


@router.get("/metrics", include_in_schema=False)
def read_metrics(services: OpenedServicesDep, principal: PrincipalDep) -> Response:
    """Give the numbers of this process to Prometheus; where keys are required, to a key of all studies.

    Raises:
        ForbiddenError: the key is one of single studies.
    """
    if principal.role is None:
        raise ForbiddenError("the numbers are of all studies: take a key that is not of single ones")
    with services.database.sessions.begin() as session:
        runs = count_runs(session)
    return Response(render_metrics(runs), media_type=CONTENT_TYPE)
