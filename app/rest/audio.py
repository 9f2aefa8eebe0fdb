"""Recordings to listen to: whole, in parts as players ask for them, or a clip of what was said."""

import uuid
from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from app.blobs import CHUNK_BYTES
from app.errors import Fault, InvalidInputError
from app.library.clips import MOST_TIME_MS, Extent
from app.library.recordings import Sound, play_clip, play_recording
from app.rest.byte_ranges import RangeNotSatisfiableError, is_expected, is_known, requested_part
from app.rest.dependencies import PrincipalDep, ServicesDep
from app.rest.routing import Router

router = Router(prefix="/recordings", tags=["recordings"])

_SOUND = {"content": {"audio/*": {"schema": {"type": "string", "format": "binary"}}}}
_CONTENTS: dict[int | str, dict[str, Any]] = {
    200: {"description": "the recording, or the clip", **_SOUND},
    206: {"description": "the part that `Range` asks for", **_SOUND},
    304: {"description": "what `If-None-Match` names has not changed"},
}


class AudioQuery(BaseModel):
    """What is wanted of a recording."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start_ms: int | None = Field(
        None, ge=0, le=MOST_TIME_MS, description="begin of a clip, with `end_ms`: an Ogg file, half a second longer"
    )
    end_ms: int | None = Field(None, ge=0, le=MOST_TIME_MS, description="end of the clip, at most 5 minutes later")
    download: Annotated[bool, Field(description="whether a browser is to save it as a file")] = False

    def extent(self) -> Extent | None:
        """The clip that is wanted, if it is not the whole.

        Raises:
            InvalidInputError: one end of it is missing, or it is too long.
        """
        if self.start_ms is None and self.end_ms is None:
            return None
        if self.start_ms is None or self.end_ms is None:
            name = "start_ms" if self.start_ms is None else "end_ms"
            raise InvalidInputError("the clip cannot be cut", (Fault(f"query.{name}", "missing", "name both ends"),))
        return Extent(self.start_ms, self.end_ms)


# The lower route comes first and answers both methods, so that `Allow` has both; the upper describes GET.
@router.get("/{recording_id}/audio", name="read_audio", response_class=Response, responses=_CONTENTS)
@router.api_route("/{recording_id}/audio", methods=["GET", "HEAD"], name="read_audio", include_in_schema=False)
def get_audio(
    request: Request,
    recording_id: uuid.UUID,
    query: Annotated[AudioQuery, Query()],
    listener: PrincipalDep,
    services: ServicesDep,
) -> Response:
    """Play a recording, or a clip of it; without the participant's consent only an admin may."""
    extent = query.extent()
    if extent is None:
        sound = play_recording(recording_id, listener, services)
    else:
        sound = play_clip(recording_id, extent, listener, services)
    return _respond(request, sound, download=query.download)


def _respond(request: Request, sound: Sound, *, download: bool) -> Response:
    """Give the sound, a part of it, or the news that the client has it already."""
    etag = f'"{sound.sha256}"'
    # Whoever may listen today may be forbidden to tomorrow: a stored copy is asked about before each use.
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Accept-Ranges": "bytes"}
    if not is_expected(request.headers, etag):
        raise HTTPException(412)
    if is_known(request.headers, etag):
        return Response(status_code=304, headers=headers)
    kind = "attachment" if download else "inline"
    headers |= {
        "Content-Type": sound.media_type,
        "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(sound.file_name, safe='')}",
    }
    whole = range(sound.size_bytes)
    if request.method == "HEAD":
        return Response(headers=headers | {"Content-Length": str(len(whole))})
    part = _part(request, etag, sound.size_bytes)
    if part is not None:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{sound.size_bytes}"
    wanted = whole if part is None else part
    headers["Content-Length"] = str(len(wanted))
    return StreamingResponse(_chunks(sound, wanted), 200 if part is None else 206, headers)


def _part(request: Request, etag: str, size_bytes: int) -> range | None:
    try:
        return requested_part(request.headers, etag, size_bytes)
    except RangeNotSatisfiableError as error:
        raise HTTPException(416, headers={"Content-Range": f"bytes */{size_bytes}"}) from error


def _chunks(sound: Sound, part: range) -> Iterator[bytes]:
    with sound.open() as file:
        file.seek(part.start)
        left = len(part)
        while left and (chunk := file.read(min(CHUNK_BYTES, left))):
            yield chunk
            left -= len(chunk)
