"""The routes of `/v1`, each of which needs a key where keys are required, and their description in OpenAPI."""

from itertools import product
from typing import Any

from fastapi import Depends, FastAPI
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
from app.rest.routing import add_routes
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


_RESOURCES = (
    (answers, _WITH_BODY),
    (quotes, _WITH_FORMATS),
    (collections, _WITH_BODY),
    (chat_completions, ()),
    (audit, ()),
    (audio, _WITH_PARTS),
    (recordings, _WITH_FILES),
    (jobs, _WITH_FORMATS),
    (customers, _WITH_BODY),
    (segments, _WITH_BODY),
    (hypotheses, _WITH_BODY),
    (insights, _WITH_DOCUMENTS),
    (sources, _WITH_DOCUMENTS),
    (economics, _WITH_FIGURES),
    (saturation, _WITH_FIGURES),
    (studies, ()),
    (consent, ()),
    (retention, ()),
    (erasures, ()),
    (participants, ()),
    (interviews, ()),
    (matrix, ()),
    (report, ()),
    (exchange, _WITH_BODY),
    (codebook, _WITH_BODY),
    (taggings, _WITH_BODY),
)
"""What has the routes of a resource, and which problems they answer with beside those that all have."""

_EXAMPLES = {
    **EXAMPLES,
    **SEGMENT_EXAMPLES,
    **HYPOTHESIS_EXAMPLES,
    **EVIDENCE_EXAMPLES,
    **PRIVACY_EXAMPLES,
    **READER_EXAMPLES,
}


def install_api(app: FastAPI) -> None:
    """Add the routes of `/v1` to the application."""
    for resource, problems in _RESOURCES:
        add_routes(
            app,
            resource.router,
            "/v1",
            dependencies=[Depends(write_down)],
            responses=declare_problems(*_EVERYWHERE, *problems),
        )


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
