"""What the research came to, read by an AI client: one tool for all artefacts, each as the service tells it."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.answering.answer import answer_by_id
from app.errors import Fault, InvalidInputError, NotFoundError
from app.library.job_story import read_job_story
from app.library.pages import PageRequest, cut_page, decode_cursor
from app.library.studies import read_study
from app.mcp.arguments import Artefact
from app.mcp.results import Codes, answer_result
from app.research.economics.read import read_economics
from app.research.hypotheses.read import list_hypotheses, read_hypothesis
from app.research.insights.read import Wanted as WantedInsights
from app.research.insights.read import list_insights, read_insight
from app.research.matrix.mentions import Wanted as WantedMatrix
from app.research.matrix.read import read_matrix
from app.research.saturation.read import Wanted as WantedSaturation
from app.research.saturation.read import read_saturation
from app.research.segments.profile import read_segment
from app.research.sources.read import list_sources, read_source
from app.services import Services

TOLD_IN = "en"


@dataclass(frozen=True)
class Request:
    """Which part of an artefact is wanted: what a code names, or without one a page of all; links begin with origin."""

    session: Session
    services: Services
    study: str
    code: str | None
    page: PageRequest
    origin: str

    @property
    def named(self) -> str:
        """The code where one is needed."""
        if self.code is None:
            fault = Fault("code", "this artefact is read one by one", "name the segment, interview or answer to read")
            raise InvalidInputError("the artefact cannot be read", (fault,))
        return self.code


def read_content(artefact: Artefact, request: Request) -> dict[str, Any]:
    """Read an artefact, or a part of it.

    Raises:
        InvalidInputError: a code is missing, or is none.
        NotFoundError: there is no such study, or nothing of this code in it.
    """
    content: dict[str, Any] = linked(_READERS[artefact](request).model_dump(mode="json"), request.origin)
    return content


def _answer(request: Request) -> BaseModel:
    try:
        answer_id = uuid.UUID(request.named)
    except ValueError:
        fault = Fault("code", "this is no id of an answer", "give the `id` that `ask_interviews` gave")
        raise InvalidInputError("the answer cannot be read", (fault,)) from None
    answer = answer_by_id(answer_id, request.services)
    if answer.study != request.study:
        raise NotFoundError(f"study {request.study!r} has no such answer")
    return answer_result(answer, request.origin)


def _codebook(request: Request) -> BaseModel:
    (after,) = decode_cursor(request.page.cursor, ("",))
    study = read_study(request.session, request.study)
    wanted = [code for code in study.codes if code.code > after and request.code in (None, code.code)]
    wanted.sort(key=lambda code: code.code)
    codes, next_cursor = cut_page(wanted, request.page.limit, lambda code: [code.code])
    return Codes(study=study.slug, codes=tuple(codes), next_cursor=next_cursor)


def _hypotheses(request: Request) -> BaseModel:
    if request.code is not None:
        return read_hypothesis(request.session, request.study, request.code, TOLD_IN)
    return list_hypotheses(request.session, request.study, request.page, TOLD_IN)


def _insights(request: Request) -> BaseModel:
    if request.code is not None:
        return read_insight(request.session, request.study, request.code)
    return list_insights(request.session, request.study, request.page, WantedInsights())


def _sources(request: Request) -> BaseModel:
    if request.code is not None:
        return read_source(request.session, request.study, request.code, cursor=request.page.cursor)
    return list_sources(request.session, request.study, request.page)


_READERS: Mapping[Artefact, Callable[[Request], BaseModel]] = MappingProxyType(
    {
        Artefact.ANSWER: _answer,
        Artefact.CODEBOOK: _codebook,
        Artefact.ECONOMICS: lambda request: read_economics(request.session, request.study),
        Artefact.HYPOTHESES: _hypotheses,
        Artefact.INSIGHTS: _insights,
        Artefact.MATRIX: lambda request: read_matrix(
            request.session, request.study, WantedMatrix(), request.services.embedder
        ),
        Artefact.SATURATION: lambda request: read_saturation(request.session, request.study, WantedSaturation()),
        Artefact.SEGMENT: lambda request: read_segment(request.session, request.study, request.named),
        Artefact.SOURCES: _sources,
        Artefact.STORY: lambda request: read_job_story(request.session, request.study, request.named),
    }
)


def linked(value: Any, origin: str) -> Any:
    """What was read, as JSON, with links that a client can follow."""
    if isinstance(value, list):
        return [linked(each, origin) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: origin + each if name in ("url", "audio_url") and str(each).startswith("/") else linked(each, origin)
        for name, each in value.items()
    }
