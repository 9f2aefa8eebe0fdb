"""The rooms of the site: a module for each family of pages, with its `router` and its `DESTINATIONS`."""

from typing import Protocol

from app.rest.routing import Router
from app.web.navigation import Destination
from app.web.rooms import about, admin, ask, collections, ingest, interviews, preferences, privacy, quotes, sign_in
from app.web.rooms.artefacts import ARTEFACTS


class Room(Protocol):
    """What the module of a room has."""

    @property
    def router(self) -> Router:
        """Its pages."""

    @property
    def DESTINATIONS(self) -> tuple[Destination, ...]:  # noqa: N802 a constant of the module
        """Which of them the navigation leads to."""


ROOMS: tuple[Room, ...] = (
    ask,
    quotes,
    collections,
    interviews,
    *ARTEFACTS,
    ingest,
    admin,
    privacy,
    preferences,
    about,
    sign_in,
)
