"""Recordings to listen to, whole or a clip; without consent to quotes only an admin does."""

import hashlib
import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from sqlalchemy import RowMapping

from app.errors import ForbiddenError
from app.library.clips import MEDIA_TYPE, Extent, cut_clip
from app.library.export import spoken_at
from app.library.queries import recording_by_id
from app.media import media_type_of, suffix_of
from app.privacy.keys import KeyRole, Principal
from app.services import Services


@dataclass(frozen=True)
class Sound:
    """Bytes to listen to, the SHA-256 of which is known; `file_name` says which interview, and not of whom."""

    sha256: str
    size_bytes: int
    media_type: str
    file_name: str
    open: Callable[[], BinaryIO]


def play_recording(recording_id: uuid.UUID, listener: Principal, services: Services) -> Sound:
    """A recording, byte for byte as it came.

    Raises:
        NotFoundError: there is no such recording, or its file is not kept here.
        ForbiddenError: the participant did not consent, and the listener is no admin.
        UnavailableError: the kept files cannot be reached.
    """
    recording = _find(recording_id, listener, services)
    sha256 = recording["sha256"]
    return Sound(
        sha256,
        services.blobs.size_bytes(sha256),
        media_type_of(recording["name"], recording["media_type"]),
        f"{recording['study']}-{recording['interview']}{suffix_of(recording['name'])}",
        lambda: services.blobs.open(sha256),
    )


def play_clip(recording_id: uuid.UUID, extent: Extent, listener: Principal, services: Services) -> Sound:
    """The part of a recording in which something is said, with half a second before and after.

    Raises:
        InvalidInputError: the recording ends before, or cannot be decoded.
        NotFoundError, ForbiddenError, UnavailableError: as `play_recording`.
    """
    recording = _find(recording_id, listener, services)
    with TemporaryDirectory() as folder:
        clip = cut_clip(services.blobs.fetch(recording["sha256"], Path(folder)), extent)
    place = spoken_at(extent.start_ms).replace(":", "-")
    name = f"{recording['study']}-{recording['interview']}-{place}.ogg"
    return Sound(hashlib.sha256(clip).hexdigest(), len(clip), MEDIA_TYPE, name, lambda: io.BytesIO(clip))


def _find(recording_id: uuid.UUID, listener: Principal, services: Services) -> RowMapping:
    with services.database.sessions.begin() as session:
        recording = recording_by_id(session, recording_id)
    if recording["withheld"] and listener.role_in(recording["study_id"]) is not KeyRole.ADMIN:
        raise ForbiddenError("the participant did not consent to be heard: only an admin may listen to this recording")
    return recording
