"""How many files come in at the same time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import Request

from app.errors import UnavailableError


@contextmanager
def place_for_upload(request: Request) -> Iterator[None]:
    """Leave threads for who asks meanwhile: a slow sender keeps one for long.

    Raises:
        UnavailableError: there is no place left.
    """
    places: threading.Semaphore = request.app.state.upload_places
    if not places.acquire(blocking=False):
        raise UnavailableError("many files come in at the moment; send this one again a little later")
    try:
        yield
    finally:
        places.release()
