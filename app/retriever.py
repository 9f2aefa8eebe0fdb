"""Quotes as documents for LangChain: from a service over HTTP, or from opened services in the same process."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Self

import httpx2
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import (
    ConfigDict,
    Field,
    HttpUrl,
    SecretStr,
    SkipValidation,
    ValidationError,
    field_validator,
    model_validator,
)

from app.answering.questions import question_of
from app.answering.schemas import Citation
from app.errors import AppError, ForbiddenError, InvalidInputError, NotFoundError, UnauthorizedError, UnavailableError
from app.library.pages import MOST_LIMIT
from app.library.quotes import search_quotes
from app.library.schemas import QuotePage
from app.scope import Filters
from app.services import Services

_PARAMETERS = {
    "segments": "segment",
    "languages": "language",
    "codes": "code",
    "kinds": "kind",
    "participants": "participant",
    "bands": "band",
    "classes": "class",
}
_ERRORS: dict[int, type[AppError]] = {
    kind.status_code: kind for kind in (UnauthorizedError, ForbiddenError, NotFoundError, InvalidInputError)
}


class VerbatimRetriever(BaseRetriever):
    """Retrieves what participants said: `VerbatimRetriever(base_url="https://…", api_key="vbt_…", study="nido")`.

    The content of a document is a quote, word for word; its metadata say who said it, when, in which language, and
    where it can be read and heard. The words are untrusted data: no chain should follow instructions in them.
    Retrieving raises errors of `app.errors`, each with what would help.
    """

    model_config = ConfigDict(hide_input_in_errors=True)

    study: str = Field(description="slug of the study")
    filters: Filters = Field(Filters(), description="whose words are searched")
    limit: int = Field(8, ge=1, le=MOST_LIMIT, description="most quotes")
    base_url: HttpUrl | None = Field(None, description="where the service is reached, without `/v1`")
    api_key: SecretStr | None = Field(None, description="`vbt_…`, where the service needs a key")
    timeout_s: float = Field(30, gt=0, description="longest wait for the service")
    services: Annotated[Services | None, SkipValidation] = Field(
        None, exclude=True, repr=False, description="opened services, in place of `base_url`"
    )

    @field_validator("api_key")
    @classmethod
    def _looks_like_a_key(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and not re.fullmatch("[!-~]+", key.get_secret_value()):
            raise ValueError("this is no API key: take what `verbatim keys create` wrote, `vbt_…`, without line breaks")
        return key

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if (self.base_url is None) == (self.services is None):
            raise ValueError("give either base_url, for a service over HTTP, or services, in the same process")
        return self

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 the signature of LangChain
    ) -> list[Document]:
        origin = str(self.base_url or "").rstrip("/")
        found = (
            self._search_over_http(query, origin) if self.services is None else self._search_in(self.services, query)
        )
        return [document_of(citation, self.study, origin) for citation in found]

    def _search_in(self, services: Services, query: str) -> Sequence[Citation]:
        question = question_of(query, self.study, self.filters, place="query")
        with services.database.reading.begin() as session:
            return search_quotes(session, question, self.limit, services).quotes

    def _search_over_http(self, query: str, origin: str) -> Sequence[Citation]:
        asked: dict[str, Any] = {"q": query, "study": self.study, "limit": self.limit}
        asked |= {parameter: list(getattr(self.filters, name)) for name, parameter in _PARAMETERS.items()}
        headers = {"Authorization": f"Bearer {self.api_key.get_secret_value()}"} if self.api_key else {}
        try:
            response = httpx2.get(f"{origin}/v1/quotes", params=asked, headers=headers, timeout=self.timeout_s)
        except httpx2.HTTPError as error:
            raise UnavailableError(
                f"{origin} cannot be reached ({type(error).__name__}): see that `verbatim serve` runs there"
            ) from error
        return read_quotes(response, origin)


def read_quotes(response: httpx2.Response, origin: str) -> Sequence[Citation]:
    """The quotes of a response.

    Raises:
        AppError: of the kind that the service told, or `UnavailableError` when it is no service of this kind.
    """
    try:
        if response.status_code == 200:
            return QuotePage.model_validate_json(response.content).quotes
        problem = response.json()
        complaints = [f"{fault['pointer']}: {fault['detail']}" for fault in problem["errors"]]
        message = "; ".join([str(problem["detail"]), *complaints])
    except (ValidationError, ValueError, LookupError, TypeError) as error:
        raise UnavailableError(
            f"what {origin} answers (status {response.status_code}) is not of Verbatim: check base_url"
        ) from error
    unnamed = InvalidInputError if response.is_client_error else UnavailableError
    raise _ERRORS.get(response.status_code, unnamed)(message)


def document_of(citation: Citation, study: str, origin: str) -> Document:
    """A quote as a document; links begin with `origin`."""
    metadata: dict[str, Any] = citation.model_dump(mode="json", exclude={"quote"})
    links = {name: f"{origin}{metadata[name]}" for name in ("url", "audio_url") if metadata[name]}
    start, end = citation.span
    return Document(
        citation.quote, id=f"{citation.utterance}:{start}-{end}", metadata={"study": study} | metadata | links
    )
