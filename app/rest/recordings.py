"""Recordings come in: as a form with a file, or as a body that is the file."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel, Field

from app.errors import InvalidInputError
from app.library.recording_form import RecordingForm
from app.library.recordings_in import Arrived, kept_if_registered, take_in
from app.library.upload_keys import Registered, Sender
from app.rest.dependencies import EditorDep, ServicesDep
from app.rest.forms import form_of, place_for_upload
from app.rest.jobs import ASK_AGAIN_S
from app.rest.origin import refuse_other_pages
from app.rest.routing import Router
from app.rest.uploads import FILE_FIELD, Keeper, Upload, is_form, receive_form, receive_raw
from app.services import Services

router = Router(prefix="/recordings", tags=["recordings"])

BYTES_PER_MB = 1_000_000

_FORM = RecordingForm.model_json_schema(ref_template="#/components/schemas/{model}")
_FILE = {"type": "string", "format": "binary"}
_FORM_WITH_FILE = {
    "type": "object",
    "properties": {FILE_FIELD: _FILE, **_FORM["properties"]},
    "required": [FILE_FIELD, *_FORM["required"]],
}
_IN_QUERY = {"name": {"type": "string", "description": "what the file is called"}, **_FORM["properties"]}
_BODY: dict[str, Any] = {
    "parameters": [{"name": name, "in": "query", "schema": schema} for name, schema in _IN_QUERY.items()],
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": _FORM_WITH_FILE},
            "audio/*": {"schema": _FILE},
            "video/*": {"schema": _FILE},
            "application/octet-stream": {"schema": _FILE},
        },
    },
}

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="the same upload sent again under the same key within a day changes nothing",
    ),
]


class RegisteredRecording(BaseModel):
    """A recording that came in; `job` tells how far its interview is."""

    recording: uuid.UUID
    interview: str = Field(examples=["I07"])
    job: uuid.UUID


@router.post(
    "", name="upload_recording", status_code=202, openapi_extra=_BODY, dependencies=[Depends(refuse_other_pages)]
)
def post_recording(
    request: Request, response: Response, services: ServicesDep, editor: EditorDep, key: IdempotencyKey = None
) -> RegisteredRecording:
    """Take a recording in: a form, its file and fields in any order, or the file as body and the fields in the query.

    A recording that the study has already is not taken twice. Sent as body, the query may also say its file `name`.
    """
    with place_for_upload(request):
        found = _receive(request, services, Sender(editor.name, key))
    response.headers["Location"] = f"/v1/jobs/{found.run}"
    response.headers["Retry-After"] = str(ASK_AGAIN_S)
    return RegisteredRecording(recording=found.recording, interview=found.interview, job=found.run)


def _receive(request: Request, services: Services, sender: Sender) -> Registered:
    keeper = Keeper(services.blobs, services.settings.recording_limit_mb * BYTES_PER_MB)
    place = "body" if is_form(request) else "query"
    with kept_if_registered(services, keeper.received), _placed(place):
        if is_form(request):
            upload = receive_form(request, keeper)
        else:
            fields = dict(request.query_params)
            name = fields.pop("name", "")
            form_of(RecordingForm, fields, place)  # what is wrong is said before the body comes
            upload = Upload(receive_raw(request, keeper, name), fields)
        arrived = Arrived(upload.file.kept, upload.file.name, upload.file.media_type)
        return take_in(services, form_of(RecordingForm, upload.fields, place), arrived, sender)


@contextmanager
def _placed(place: str) -> Iterator[None]:
    """Let faults point to where the fields came from."""
    try:
        yield
    except InvalidInputError as error:
        faults = (
            replace(fault, place=f"query.{fault.place}") if fault.place in _IN_QUERY and place == "query" else fault
            for fault in error.faults
        )
        raise InvalidInputError(error.message, tuple(faults)) from error
