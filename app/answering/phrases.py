"""The service's own sentences in the languages of the questions; customers' words never pass through here."""

from functools import cache
from importlib.resources import files
from string import Template

import yaml

FALLBACK = "en"


def say(phrase: str, language: str, **values: object) -> str:
    """Fill one phrase of phrases.yaml in a language; English where there is no wording."""
    wordings = _phrases()[phrase]
    return Template(wordings.get(language, wordings[FALLBACK])).substitute(values)


def worded_languages() -> tuple[str, ...]:
    """The languages that all phrases have."""
    return tuple(_phrases()["affirmed"])


def phrases() -> tuple[str, ...]:
    """The names of all phrases."""
    return tuple(_phrases())


@cache
def _phrases() -> dict[str, dict[str, str]]:
    text = files("app.answering").joinpath("phrases.yaml").read_text("utf-8")
    return dict(yaml.load(text, Loader=yaml.CSafeLoader))
