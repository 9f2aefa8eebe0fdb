"""What questions and lists can be narrowed to: the values that a study has, and those that are chosen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError
from sqlalchemy.orm import Session
from starlette.datastructures import ImmutableMultiDict

from app.answering.queries import read_vocabulary
from app.errors import Fault, InvalidInputError
from app.library.studies import read_study
from app.scope import Filters
from app.vocabulary import Kind
from app.web.languages import Catalogue

FIELDS: Mapping[str, str] = {
    "segment": "segments",
    "language": "languages",
    "kind": "kinds",
    "band": "bands",
    "class": "classes",
    "participant": "participants",
}
"""Parameters of addresses and forms, and the filters that they become; the same as of `/v1/quotes`."""


@dataclass(frozen=True)
class Facet:
    """One thing to narrow by: its parameter, its filter, and its values with their names, each chosen or not."""

    name: str
    field: str
    labels: Mapping[str, str]
    chosen: tuple[str, ...] = ()

    @property
    def chosen_labels(self) -> str:
        """The names of the chosen values."""
        return ", ".join(self.labels.get(value, value) for value in self.chosen)


@dataclass(frozen=True)
class StudyFacets:
    """All that a study can be narrowed by; without a value there is no facet. `codes` are the names of its codes."""

    facets: tuple[Facet, ...]
    codes: Mapping[str, str]

    def __iter__(self) -> Iterator[Facet]:
        return iter(self.facets)

    def with_chosen(self, filters: Filters) -> "StudyFacets":
        """The same with the values of filters chosen."""
        chosen = {facet.name: tuple(map(str, getattr(filters, facet.field))) for facet in self.facets}
        return replace(self, facets=tuple(replace(facet, chosen=chosen[facet.name]) for facet in self.facets))

    def labels(self, name: str) -> Mapping[str, str]:
        """The names of the values of a facet, none where there is no such facet."""
        return next((facet.labels for facet in self.facets if facet.name == name), {})


def read_facets(session: Session, study: str, texts: Catalogue) -> StudyFacets:
    """Read what a study can be narrowed by, in the words of a reader.

    Raises:
        NotFoundError: there is no such study.
    """
    detail, vocabulary = read_study(session, study), read_vocabulary(session, study)
    kinds = [kind for kind in Kind if kind in vocabulary.tagged_kinds]
    labels: Sequence[Mapping[str, str]] = (
        {segment.slug: texts.label(segment.labels) or segment.slug for segment in detail.segments},
        {language: texts.language_name(language) for language in detail.languages},
        {str(kind): texts.text(f"kind.{kind}") for kind in kinds},
        {band: band for band in vocabulary.bands},
        {name: name for name in vocabulary.classes},
        {code: code for code in vocabulary.participants},
    )
    facets = (Facet(name, FIELDS[name], of) for name, of in zip(FIELDS, labels, strict=True) if of)
    return StudyFacets(tuple(facets), {code.code: texts.label(code.labels) or code.code for code in detail.codes})


def read_filters(given: "ImmutableMultiDict[str, object]") -> Filters:
    """The filters that an address or a form names.

    Raises:
        InvalidInputError: a value can be none, whatever the study.
    """
    values = {field: [value for value in given.getlist(name) if value] for name, field in FIELDS.items()}
    try:
        return Filters.model_validate(values)
    except ValidationError as error:
        fault = error.errors()[0]
        field = str(fault["loc"][0])
        name = next(name for name, of in FIELDS.items() if of == field)
        raise InvalidInputError(
            "the filters cannot be read", (Fault(f"query.{name}", "is unknown", fault["msg"]),)
        ) from error
