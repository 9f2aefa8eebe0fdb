"""Which pages there are to go to, in the order of the navigation."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.privacy.keys import KeyRole

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

    def is_open_to(self, role: KeyRole) -> bool:
        """Whether somebody of this role is led there."""
        return self.roles is None or role in self.roles


def in_order(destinations: Iterable[Destination]) -> tuple[Destination, ...]:
    """The entries as they stand in the navigation."""
    return tuple(sorted(destinations, key=lambda entry: ORDER.index(entry.name)))
