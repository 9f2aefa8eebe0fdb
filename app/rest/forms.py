"""What uploads have in common: room for only so many at a time, and fields that are checked like JSON."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from app.errors import Fault, InvalidInputError, UnavailableError
from app.rest.gate import MOST_BODY_BYTES
from app.rest.negotiation import UnsupportedMediaTypeError, require_json
from app.rest.uploads import FILE_FIELD, FileIn, Memory, is_form, receive_body, receive_form

Form = TypeVar("Form", bound=BaseModel)


@contextmanager
def place_for_upload(request: Request) -> Iterator[None]:
    """Leave threads for who asks meanwhile: a slow sender keeps one for long.

    Raises:
        UnavailableError: too many uploads come in.
    """
    places: threading.Semaphore = request.app.state.upload_places
    if not places.acquire(blocking=False):
        raise UnavailableError("many files come in at the moment; send this one again a little later")
    try:
        yield
    finally:
        places.release()


def read_json(model: type[Form], request: Request) -> Form:
    """Read a JSON body.

    Raises:
        UnsupportedMediaTypeError: the body does not say that it is JSON.
        RequestValidationError: it is none, or a field of it is wrong.
    """
    require_json(request)
    try:
        return model.model_validate_json(receive_body(request, MOST_BODY_BYTES))
    except ValidationError as error:
        raise RequestValidationError([{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors()]) from error


def describe_form(model: type[BaseModel]) -> dict[str, Any]:
    """Describe a body that is a form with a file and these fields, for OpenAPI."""
    form = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schema = {
        "type": "object",
        "properties": {FILE_FIELD: {"type": "string", "format": "binary"}, **form["properties"]},
        "required": [FILE_FIELD, *form["required"]],
    }
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


def read_file(model: type[Form], request: Request, limit_bytes: int) -> tuple[Form, FileIn[bytes]]:
    """Read a form with a file that is short enough to hold; raises what `receive_form` and `form_of` raise, and:

    Raises:
        UnsupportedMediaTypeError: the body is no form.
        UnavailableError: too many uploads come in.
    """
    if not is_form(request):
        raise UnsupportedMediaTypeError("send the file as `multipart/form-data`")
    with place_for_upload(request):
        upload = receive_form(request, Memory(limit_bytes))
    return form_of(model, upload.fields, "body"), upload.file


def form_of(model: type[Form], fields: Mapping[str, object], place: str) -> Form:
    """Make the form of fields that came as texts; an empty text counts as left out.

    Raises:
        RequestValidationError: a field is wrong; its place is in the body or in the query.
    """
    try:
        return model.model_validate({name: value for name, value in fields.items() if value != ""})
    except ValidationError as error:
        raise RequestValidationError([{**fault, "loc": (place, *fault["loc"])} for fault in error.errors()]) from error


@contextmanager
def faults_of_file() -> Iterator[None]:
    """Let faults point at the field of the file, and tell the line in words: a line is nothing to point at."""
    try:
        yield
    except InvalidInputError as error:
        faults = (Fault(FILE_FIELD, f"{fault.place}: {fault.problem}", fault.remedy) for fault in error.faults)
        raise InvalidInputError(error.message, tuple(faults)) from error
