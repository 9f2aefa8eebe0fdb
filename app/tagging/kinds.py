"""The kinds of the codebook as they sound in interviews: labels, descriptions, invented examples, cue words."""

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from app.vocabulary import Kind

_FILE = Path(__file__).with_name("kinds.yaml")
_WORD = re.compile(r"[\w']+")
_CUE = re.compile(r"[\w' -]{2,}\*?")

Language = Literal["en", "de", "es"]
LANGUAGES: tuple[Language, ...] = ("en", "de", "es")
Value = TypeVar("Value")


def _complete(values: dict[Language, Value]) -> dict[Language, Value]:
    missing = [language for language in LANGUAGES if language not in values]
    if missing:
        raise ValueError(f"nothing in {', '.join(missing)}")
    return {language: values[language] for language in LANGUAGES}


def _plain(cues: tuple[str, ...]) -> tuple[str, ...]:
    for cue in cues:
        if not _CUE.fullmatch(cue):
            raise ValueError(f"{cue!r} is no cue: write words, with * at the end for any ending")
    return cues


Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[tuple[Text, ...], Field(min_length=3)]
InEachLanguage = Annotated[dict[Language, Text], AfterValidator(_complete)]
SeveralInEachLanguage = Annotated[dict[Language, Texts], AfterValidator(_complete)]
CuesInEachLanguage = Annotated[
    dict[Language, Annotated[tuple[Text, ...], AfterValidator(_plain)]], AfterValidator(_complete)
]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Talk(_Frozen):
    """What interviewers ask and participants say."""

    questions: SeveralInEachLanguage
    examples: SeveralInEachLanguage


class KindEntry(Talk):
    """One kind: how it is called, what it is about, how it is asked for, how it sounds, which words betray it."""

    label: InEachLanguage
    about: InEachLanguage
    cues: CuesInEachLanguage


class KindBook(_Frozen):
    """All kinds, and the talk that is evidence for none."""

    version: int
    kinds: dict[Kind, KindEntry]
    small_talk: Talk

    @model_validator(mode="after")
    def _every_kind(self) -> "KindBook":
        missing = [kind for kind in Kind if kind not in self.kinds]
        if missing:
            raise ValueError(f"no entry for {', '.join(missing)}")
        return self


@cache
def kind_book() -> KindBook:
    """The kinds that come with the project, in `kinds.yaml`."""
    return read_kinds(_FILE)


def read_kinds(path: Path) -> KindBook:
    """Read and check a file of kinds.

    Raises:
        pydantic.ValidationError: it is incomplete or of another form.
    """
    return KindBook.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


def find_cues(text: str, language: str) -> dict[Kind, int]:
    """Count the different cue words of each kind that a text holds; kinds without one are left out."""
    words = f" {' '.join(_words(text))} "
    counts: dict[Kind, int] = {}
    for kind, needle in _needles(language):
        if needle in words:
            counts[kind] = counts.get(kind, 0) + 1
    return counts


@cache
def _needles(language: str) -> tuple[tuple[Kind, str], ...]:
    """The cues of a language as they stand in spaced lower-case words: ` what if ` or, with any ending, ` worr`."""
    return tuple(
        (kind, f" {' '.join(_words(cue))}" + ("" if cue.endswith("*") else " "))
        for kind, entry in kind_book().kinds.items()
        for spoken, cues in entry.cues.items()
        if spoken == language
        for cue in cues
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("’", "'"))
