"""Sentences of the service's own, in the reader's language."""

from collections.abc import Mapping
from typing import Final

FALLBACK: Final = "en"


def fill(wordings: Mapping[str, str], language: str, **values: object) -> str:
    """Fill one sentence in a language; in English where it is not worded in that one."""
    return wordings.get(language, wordings[FALLBACK]).format(**values)
