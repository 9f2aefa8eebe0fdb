"""A page of the web, and what fetches it, apart from how: that is slow to load, and few sources are fetched."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Page:
    """What was fetched: its bytes, and a name for it."""

    name: str
    data: bytes


class Web(Protocol):
    """What is reached of the web."""

    def fetch(self, url: str) -> Page:
        """Fetch a page.

        Raises:
            DocumentError: the address is none that may be fetched, or nothing that can be read came from there.
        """
