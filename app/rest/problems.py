"""Problem documents (RFC 9457): the kinds there are, and how one is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse
from starlette.types import Scope

PROBLEM_JSON = "application/problem+json"
MOST_FAULTS = 50


@dataclass(frozen=True)
class ProblemType:
    """A kind of problem, explained at `/problems#<slug>`."""

    status: int
    slug: str
    title: str
    meaning: str


PROBLEM_TYPES = {
    kind.status: kind
    for kind in (
        ProblemType(400, "bad-request", "Bad request", "The request cannot be read: correct its syntax."),
        ProblemType(401, "unauthorized", "Unauthorized", "Send a valid API key: `Authorization: Bearer vbt_…`."),
        ProblemType(403, "forbidden", "Forbidden", "The key is valid, and its role does not allow this."),
        ProblemType(404, "not-found", "Not found", "There is nothing at this address, or not in this study."),
        ProblemType(
            405, "method-not-allowed", "Method not allowed", "The header `Allow` lists what this address takes."
        ),
        ProblemType(406, "not-acceptable", "Not acceptable", "None of the formats in `Accept` can be given."),
        ProblemType(409, "conflict", "Conflict", "The request contradicts the stored state."),
        ProblemType(412, "precondition-failed", "Precondition failed", "The content is not what `If-Match` names."),
        ProblemType(413, "content-too-large", "Content too large", "The body is longer than this address takes."),
        ProblemType(414, "uri-too-long", "Address too long", "The address with its query is longer than 8,000 bytes."),
        ProblemType(
            415, "unsupported-media-type", "Unsupported media type", "Send JSON: `Content-Type: application/json`."
        ),
        ProblemType(416, "range-not-satisfiable", "Range not satisfiable", "`Content-Range` says how much there is."),
        ProblemType(421, "misdirected-request", "Misdirected request", "Without keys only localhost is answered."),
        ProblemType(422, "invalid-input", "Invalid input", "`errors` lists each value that is wrong and where it is."),
        ProblemType(429, "too-many-requests", "Too many requests", "`Retry-After` says in how many seconds to go on."),
        ProblemType(500, "internal-error", "Internal error", "A fault of ours; the log has it under the request id."),
        ProblemType(503, "unavailable", "Service unavailable", "Something needed is not there now; try again later."),
        ProblemType(507, "insufficient-storage", "Insufficient storage", "No room is left; free some and try again."),
    )
}


class ProblemFault(BaseModel):
    """One value that is wrong: a JSON pointer to it, into the body or else into `path` and `query`, and why."""

    pointer: str = Field(examples=["#/filters/segments"])
    detail: str = Field(examples=["unknown in study nido → did you mean 'careful'?"])


class Problem(BaseModel):
    """What went wrong with a request (RFC 9457)."""

    type: str = Field(description="explains this kind of problem", examples=["/problems#invalid-input"])
    title: str = Field(examples=["Invalid input"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["the filters name things that this study does not have"])
    instance: str = Field(description="path of the request", examples=["/v1/answers"])
    request_id: str = Field(
        description="also in the header X-Request-ID", examples=["0f3c2c6c5d0e4c0e9d8f6f1f8f0b7a11"]
    )
    errors: list[ProblemFault]


def problem_response(
    scope: Scope,
    status: int,
    detail: str | None = None,
    errors: Sequence[ProblemFault] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Make the problem document that answers a request; without a detail it says what the kind of problem means."""
    kind = PROBLEM_TYPES[status]
    problem = Problem(
        type=f"/problems#{kind.slug}",
        title=kind.title,
        status=status,
        detail=detail or kind.meaning,
        instance=scope.get("raw_path", b"").decode("ascii", "replace"),
        request_id=scope["state"]["request_id"],
        errors=list(errors[:MOST_FAULTS]),
    )
    return JSONResponse(problem.model_dump(), status, headers, media_type=PROBLEM_JSON)


def declare_problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Declare the problems that an operation answers with, for OpenAPI."""
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": PROBLEM_TYPES[status].title, "content": content} for status in statuses}
