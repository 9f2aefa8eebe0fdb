"""Qualification: which segment somebody on the line belongs to, by a few answers or facts; nothing of it is stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams
from starlette.responses import Response

from app.errors import Fault, InvalidInputError
from app.research.segments.cases import Case, Qualification
from app.research.segments.profile import list_segments
from app.research.segments.qualify import qualify
from app.rest.dependencies import ServicesDep, SessionDep
from app.rest.forms import form_of
from app.rest.routing import Router
from app.web.beside import beside_quotes
from app.web.navigation import Destination
from app.web.view import ViewDep

DESTINATIONS: tuple[Destination, ...] = ()
HERE = "/segments"

router = Router()

_CRITERION, _ANSWER, _ATTRIBUTE = "criterion.", "answer.", "fact."
_MET: dict[str, bool | None] = {"yes": True, "no": False, "unknown": None}


@dataclass(frozen=True)
class Told:
    """What the fields of the form tell of a customer.

    `criteria` are `yes`, `no` or `unknown` by the id of what was asked; `answers` are words by that id; `said` are
    words without a question; `attributes` are facts by their names.
    """

    criteria: dict[str, str]
    answers: dict[str, str]
    attributes: dict[str, str]
    said: str
    participant: str

    @classmethod
    def of(cls, query: QueryParams) -> "Told":
        """What an address tells; of a field that it has twice, the last that is not empty."""
        return cls(
            dict(_fields(query, _CRITERION)),
            dict(_fields(query, _ANSWER)),
            dict(_fields(query, _ATTRIBUTE)),
            query.get("said", "").strip(),
            query.get("participant", "").strip(),
        )

    def case(self, study: str, language: str) -> Case:
        """The customer as the feature takes one.

        Raises:
            RequestValidationError: something is too long, or no answer to a criterion.
        """
        answers = [{"text": text, "criterion": criterion} for criterion, text in self.answers.items()]
        given: dict[str, Any] = {
            "study": study,
            "language": language,
            "answers": [*answers, *([{"text": self.said}] if self.said else [])],
            "facts": {"criteria": {name: _MET.get(value, value) for name, value in self.criteria.items()}},
            "attributes": self.attributes,
            "participant": self.participant,
        }
        return form_of(Case, given, "query")


@router.get(HERE + "/qualify")
def show_qualification(view: ViewDep, session: SessionDep, services: ServicesDep) -> Response:
    """Show which segment somebody belongs to, what is open, and what to ask next; the address holds what was told."""
    told = Told.of(view.request.query_params)
    segments = list_segments(session, view.slug).segments
    found: Qualification | None = None
    faults: tuple[Fault, ...] = ()
    try:
        found = qualify(session, told.case(view.slug, view.catalogue.language), services.embedder)
    except InvalidInputError as error:
        faults = error.faults
    return view.show(
        "segments/qualify.html",
        status=422 if faults else 200,
        here=HERE,
        told=told,
        found=found,
        faults=faults,
        asks={criterion.id: criterion.ask for segment in segments for criterion in segment.criteria},
        attributes=sorted({name for each in segments for criterion in each.criteria for name in criterion.attributes}),
        **beside_quotes(session, view, found.citations if found else ()),
    )


def _fields(query: QueryParams, prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in query.multi_items():
        if name.startswith(prefix) and value.strip():
            yield name.removeprefix(prefix), value.strip()
