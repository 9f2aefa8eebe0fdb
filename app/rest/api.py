"""The routes of `/v1`, each of which needs a key where keys are required, and their description in OpenAPI."""

from itertools import product
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.openapi.utils import get_openapi

from app.rest import (
    answers,
    audio,
    audit,
    chat_completions,
    codebook,
    collections,
    consent,
    customers,
    economics,
    erasures,
    exchange,
    hypotheses,
    insights,
    interviews,
    jobs,
    matrix,
    participants,
    quotes,
    recordings,
    report,
    retention,
    saturation,
    segments,
    sources,
    studies,
    taggings,
)
from app.rest.dependencies import write_down
from app.rest.evidence_examples import EVIDENCE_EXAMPLES
from app.rest.examples import EXAMPLES
from app.rest.hypothesis_examples import HYPOTHESIS_EXAMPLES
from app.rest.privacy_examples import PRIVACY_EXAMPLES
from app.rest.problems import Problem, declare_problems
from app.rest.reader_examples import READER_EXAMPLES
from app.rest.segment_examples import SEGMENT_EXAMPLES

_EVERYWHERE = (400, 401, 403, 404, 405, 414, 421, 422, 429, 500, 503)
_WITH_BODY = (409, 413, 415)
_WITH_FORMATS = (406, 409)
_WITH_FIGURES = (406, 415)
_WITH_PARTS = (412, 416)
_WITH_FILES = (409, 413, 507)
_WITH_DOCUMENTS = (409, 413, 415, 507)

TAGS = [
    {"name": "answers", "description": "Questions answered with cited quotes, counts of people, and gaps."},
    {"name": "quotes", "description": "What participants said, word for word, searched or listed."},
    {"name": "library", "description": "Studies, participants, interviews and transcripts."},
    {
        "name": "research",
        "description": "What the interviews of a study come to: codes, taggings, segments, matrix, hypotheses, "
        "economics, saturation, insights; and what external sources say.",
    },
    {"name": "recordings", "description": "Audio and video of interviews: in, through, and to listen to."},
    {"name": "privacy", "description": "Rights of participants: erasure with a receipt, and access. For admins."},
    {"name": "openai", "description": "A part of OpenAI's API: each study as a model, for clients of such."},
    {"name": "health", "description": "Whether the service lives and can answer."},
]


v1 = APIRouter(dependencies=[Depends(write_down)], responses=declare_problems(*_EVERYWHERE))
v1.include_router(answers.router, responses=declare_problems(*_WITH_BODY))
v1.include_router(quotes.router, responses=declare_problems(*_WITH_FORMATS))
v1.include_router(collections.router, responses=declare_problems(*_WITH_BODY))
v1.include_router(chat_completions.router)
v1.include_router(audit.router)
v1.include_router(audio.router, responses=declare_problems(*_WITH_PARTS))
v1.include_router(recordings.router, responses=declare_problems(*_WITH_FILES))
v1.include_router(jobs.router, responses=declare_problems(*_WITH_FORMATS))
v1.include_router(customers.router, responses=declare_problems(*_WITH_BODY))
v1.include_router(segments.router, responses=declare_problems(*_WITH_BODY))
v1.include_router(hypotheses.router, responses=declare_problems(*_WITH_BODY))
v1.include_router(insights.router, responses=declare_problems(*_WITH_DOCUMENTS))
v1.include_router(sources.router, responses=declare_problems(*_WITH_DOCUMENTS))
for resource in (economics, saturation):
    v1.include_router(resource.router, responses=declare_problems(*_WITH_FIGURES))
for resource in (studies, consent, retention, erasures, participants, interviews, matrix, report):
    v1.include_router(resource.router)
for resource in (exchange, codebook, taggings):
    v1.include_router(resource.router, responses=declare_problems(*_WITH_BODY))


_EXAMPLES = {
    **EXAMPLES,
    **SEGMENT_EXAMPLES,
    **HYPOTHESIS_EXAMPLES,
    **EVIDENCE_EXAMPLES,
    **PRIVACY_EXAMPLES,
    **READER_EXAMPLES,
}


def describe(app: FastAPI) -> dict[str, Any]:
    """Describe the service in OpenAPI 3.1, with the schema of the problem documents; made once."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=app.description,
            license_info=app.license_info,
            tags=app.openapi_tags,
            routes=app.routes,
        )
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schema["components"]["schemas"] |= problem.pop("$defs") | {"Problem": problem}
        _add_examples(schema)
        app.openapi_schema = schema
    return app.openapi_schema


def _add_examples(schema: dict[str, Any]) -> None:
    """Add the examples here, because FastAPI leaves empty values out of what routes declare."""
    for operation in (operation for item in schema["paths"].values() for operation in item.values()):
        examples = _EXAMPLES.get(operation["operationId"], {})
        contents = [response.get("content", {}) for response in operation["responses"].values()]
        for content, media_type in product(contents, examples):
            if media_type in content:
                content[media_type]["example"] = examples[media_type]
