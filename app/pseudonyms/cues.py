"""The words after which names stand, by language."""

from functools import cache
from importlib.resources import files

import yaml


@cache
def cue_words(topic: str, language: str) -> frozenset[str]:
    """The words of a topic of cues.yaml in a language, with those that hold in all; case as in the file."""
    listed = _cues()[topic]
    if isinstance(listed, list):
        return frozenset(listed)
    return frozenset(word for key in ("all", language) for word in _words(listed.get(key, [])))


def _words(listed: str | list[str]) -> list[str]:
    return listed.replace('"', "").split() if isinstance(listed, str) else listed


@cache
def _cues() -> dict[str, dict[str, str | list[str]] | list[str]]:
    text = files("app.pseudonyms").joinpath("cues.yaml").read_text("utf-8")
    return dict(yaml.load(text, Loader=yaml.CSafeLoader))
