"""Options that several commands share."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import typer
from pydantic import BaseModel, ValidationError

from app.answering.schemas import Audience, Question
from app.scope import Filters
from app.vocabulary import Kind

Form = TypeVar("Form", bound=BaseModel)


class CustomerClass(StrEnum):
    """The ABCD classes; the customers of class A bring most of the revenue."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]
StudyName = Annotated[str | None, typer.Option("--study", help="The study; needed when there are several.")]
Segments = Annotated[list[str] | None, typer.Option("--segment", help="Only people of this segment. Repeatable.")]
Languages = Annotated[list[str] | None, typer.Option("--language", help="Only what was said in it. Repeatable.")]
Codes = Annotated[list[str] | None, typer.Option("--code", help="Only what is tagged with it. Repeatable.")]
Kinds = Annotated[list[Kind] | None, typer.Option("--kind", help="Only what is tagged with such a code. Repeatable.")]
Participants = Annotated[list[str] | None, typer.Option("--participant", help="Only this person. Repeatable.")]
Bands = Annotated[list[str] | None, typer.Option("--band", help="Only people of this LTV band. Repeatable.")]
Classes = Annotated[list[CustomerClass] | None, typer.Option("--class", help="Only people of this class. Repeatable.")]
Cursor = Annotated[str | None, typer.Option("--cursor", help="Go on where `next_cursor` says.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=50, help="Most quotes.")]
Planned = Annotated[int | None, typer.Option(min=1, max=10_000, help="How many interviews were planned.")]
ToldIn = Annotated[str, typer.Option(help="Language of the sentences: en, de, es.")]
FIGURES = ("csv", "svg", "png")
FigureFormats = Annotated[
    Literal["csv", "svg", "png"] | None, typer.Option("--format", help="Write a table or a chart.")
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="The file to write; its name may say the format.")]


def filters_of(**values: Sequence[str] | None) -> Filters:
    """Gather the filters that were given, by the names of the fields of `Filters`."""
    try:
        return Filters.model_validate({name: tuple(chosen) for name, chosen in values.items() if chosen})
    except ValidationError as error:
        raise wrong_usage(error, "the filters") from error


def question_of(text: str, study: str, filters: Filters, audience: Audience = "product", limit: int = 8) -> Question:
    """Make the question that was written; a wrong one is wrong usage."""
    try:
        return Question(question=text, study=study, filters=filters, audience=audience, limit=limit)
    except ValidationError as error:
        raise wrong_usage(error, "the question") from error


def form_of(model: type[Form], **fields: Any) -> Form:
    """Fill a form with what was given of it; a wrong one is wrong usage."""
    try:
        return model.model_validate({name: value for name, value in fields.items() if value is not None})
    except ValidationError as error:
        raise wrong_usage(error) from error


def wrong_usage(error: ValidationError, where: str | None = None) -> typer.BadParameter:
    """Say that what was written is wrong usage, where (unset, by the names of the fields), and why."""
    where = where or ", ".join(".".join(map(str, fault["loc"])) for fault in error.errors())
    complaints = "; ".join(fault["msg"].removeprefix("Value error, ") for fault in error.errors())
    return typer.BadParameter(complaints, param_hint=where or None)
