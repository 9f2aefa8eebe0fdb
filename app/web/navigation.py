"""Which pages there are to go to, in the order of the navigation."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.privacy.keys import KeyRole, Principal

ORDER = (
    "ask",
    "quotes",
    "interviews",
    "segments",
    "matrix",
    "saturation",
    "economics",
    "insights",
    "hypotheses",
    "ingest",
    "admin",
)


@dataclass(frozen=True)
class Destination:
    """An entry of the navigation: its name is one of `ORDER`, and `layout.navigation.<name>` in the catalogues.

    Without `roles` everybody sees it.
    """

    name: str
    path: str
    roles: frozenset[KeyRole] | None = None

    def is_open_to(self, reader: Principal) -> bool:
        """Whether somebody who has such a role in any study is led there."""
        return self.roles is None or any(reader.may(role) for role in self.roles)


def in_order(destinations: Iterable[Destination]) -> tuple[Destination, ...]:
    """The entries as they stand in the navigation."""
    return tuple(sorted(destinations, key=lambda entry: ORDER.index(entry.name)))
