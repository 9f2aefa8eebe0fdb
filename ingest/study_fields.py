"""The fields of a study folder: what each kind of value must look like, and what to write instead."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    BeforeValidator,
    InstanceOf,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
)

from app.customer_value import CLASS_NAMES, ClassName, SchemeError
from app.vocabulary import Dimension, Kind, Mode, Polarity, SourceKind
from ingest.language_codes import ISO_639_1
from ingest.study_faults import shown, unknown, wrong
from ingest.study_files import RECORDING, SOURCE, TABLE, TRANSCRIPT, YAML, FileKind, StudyFile, find_file

UNDETERMINED = "und"
"""The language of a label that is a bare text (BCP 47)."""

_URL: TypeAdapter[AnyHttpUrl] = TypeAdapter(AnyHttpUrl)
_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True)
class Known:
    """What values are checked against: the resolved study folder, and the line of each name that a section gives.

    A section that is not in `names` is not there, or not fully readable: what refers to it passes.
    """

    root: Path
    names: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def of(self, section: str) -> Mapping[str, int]:
        """List the names of a section."""
        return self.names.get(section, {})


def _one_line(value: str) -> str:
    return " ".join(unicodedata.normalize("NFC", value).split())


def clean(value: str) -> str:
    """Bring a text into NFC, without white space around it."""
    return unicodedata.normalize("NFC", value).strip()


_LINE = StringConstraints(strip_whitespace=True, min_length=1, max_length=300)
_PROSE = StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)

Line = Annotated[str, _LINE, AfterValidator(_one_line)]
Prose = Annotated[str, _PROSE, AfterValidator(clean)]


def _not_empty(value: object) -> object:
    if isinstance(value, list | dict) and not value:
        raise wrong("nothing is listed", "write at least one")
    return value


NOT_EMPTY = BeforeValidator(_not_empty)


def _matching(pattern: str, remedy: Callable[[str], str]) -> AfterValidator:
    """Accept what matches a pattern as a whole."""

    def check(value: str) -> str:
        text = clean(value)
        if not re.fullmatch(pattern, text):
            raise wrong(f"{shown(text)} cannot be used", remedy(text))
        return text

    return AfterValidator(check)


def _as_slug(value: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", value[:200]).encode("ascii", "ignore").decode().lower()
    slug = re.sub("[^a-z0-9]+", "-", ascii_only).strip("-")[:63] or "my-study"
    return f"write {shown(slug)}: small letters, digits and `-`, at most 63"


Slug = Annotated[str, _matching("[a-z0-9][a-z0-9-]{0,62}", _as_slug)]
Identifier = Annotated[
    str, _matching(r"\w[\w.-]{0,62}", lambda _: "write letters, digits, `-`, `_` and `.` only, at most 63: `P-01`")
]


def _iso_date(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value.strip() if re.fullmatch(r"\s*\d{4}-\d\d-\d\d\s*", value, re.ASCII) else "")
    except ValueError as error:
        raise wrong(f"{shown(value)} is not a date", "write year-month-day: `2026-03-02`") from error


def _amount(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = value.strip()
    if re.fullmatch(r"-[\d.,]+", text, re.ASCII):
        raise wrong(f"{shown(text)} is negative", "write 0 or more, or leave the cell empty where nothing is known")
    if not re.fullmatch(r"\d{1,10}(\.\d{1,2})?", text, re.ASCII):
        raise wrong(f"{shown(text)} is not an amount", "write digits, and a decimal point before the cents: `1234.56`")
    return Decimal(text)


def _count(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"\d{1,9}", value.strip(), re.ASCII):
        raise wrong(f"{shown(value)} is not a count", "write digits only: 0 or more")
    return int(value)


def _share(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"[01]?\.?\d{0,6}", value.strip(), re.ASCII) or not re.search(r"\d", value):
        raise wrong(f"{shown(value)} is not a share", "write a part of 1, with a decimal point: `0.5`")
    return Decimal(value.strip())


def _number(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", value.strip(), re.ASCII):
        raise wrong(f"{shown(value)} is not a number", "write digits, with a decimal point: `34` or `0.5`")
    return float(value)


def agreed(check: Callable[[Any], Any]) -> AfterValidator:
    """Accept what a check of the service accepts, in its words otherwise."""

    def accept(value: Any) -> Any:
        try:
            return check(value)
        except SchemeError as error:
            raise wrong(error.problem, error.remedy) from error

    return AfterValidator(accept)


def _url(value: str) -> str:
    try:
        _URL.validate_python(value)
    except ValidationError as error:
        raise wrong(
            f"{shown(value)} is not a web address", "write the whole address: `https://example.org/page`"
        ) from error
    return value


IsoDate = Annotated[date, BeforeValidator(_iso_date)]
Amount = Annotated[Decimal, BeforeValidator(_amount)]
Count = Annotated[int, BeforeValidator(_count)]
Share = Annotated[Decimal, BeforeValidator(_share)]
Number = Annotated[float, BeforeValidator(_number)]
Url = Annotated[Line, AfterValidator(_url)]


def _word_of(words: type[_Word], noun: str) -> BeforeValidator:
    """Accept the words of a vocabulary."""

    def check(value: object) -> object:
        if isinstance(value, str) and value.strip() not in list(words):
            raise unknown(f"{shown(value)} is not a {noun}", value, words)
        return value.strip() if isinstance(value, str) else value

    return BeforeValidator(check)


class Channel(StrEnum):
    """A side of a stereo recording."""

    LEFT = "left"
    RIGHT = "right"


def _class(value: object) -> object:
    if isinstance(value, str) and value.strip() not in CLASS_NAMES:
        raise unknown(f"{shown(value)} is not a class", value, CLASS_NAMES)
    return value.strip() if isinstance(value, str) else value


CustomerClass = Annotated[ClassName, BeforeValidator(_class)]
Side = Annotated[Channel, _word_of(Channel, "side of a stereo recording")]
CodeKind = Annotated[Kind, _word_of(Kind, "kind of code")]
InterviewMode = Annotated[Mode, _word_of(Mode, "way to hold an interview")]
TaggingPolarity = Annotated[Polarity, _word_of(Polarity, "polarity")]
ExternalKind = Annotated[SourceKind, _word_of(SourceKind, "kind of source")]


def _dimension(value: object) -> object:
    if isinstance(value, str) and value.strip() not in list(Dimension):
        raise wrong(f"{shown(value)} is not a dimension", f"write one of {', '.join(map(shown, Dimension))}")
    return value.strip() if isinstance(value, str) else value


CriterionDimension = Annotated[Dimension, BeforeValidator(_dimension)]


def _language(value: str) -> str:
    text = value.strip()
    if text in ISO_639_1:
        return text
    base = re.split("[-_]", text.lower())[0]
    remedy = f"write `{base}`" if base in ISO_639_1 else "write the two letters of ISO 639-1: `de`, `es`, `en`, …"
    raise wrong(f"{shown(value)} is not a language code", remedy)


def _language_or_undetermined(value: str) -> str:
    return value if value == UNDETERMINED else _language(value)


def _by_language(value: object) -> object:
    """Read a bare text, or a bare list of them, as one whose language is not said."""
    return {UNDETERMINED: value} if isinstance(value, str | list) else value


Language = Annotated[str, AfterValidator(_language)]
_LabelLanguage = Annotated[str, AfterValidator(_language_or_undetermined)]
Labels = Annotated[dict[_LabelLanguage, Line], NOT_EMPTY, BeforeValidator(_by_language)]
Phrases = Annotated[dict[_LabelLanguage, tuple[Line, ...]], BeforeValidator(_by_language)]


def refers_to(section: str, noun: str) -> AfterValidator:
    """Accept the names of a section of the study; any, where the study has no such section."""

    def check(value: str, info: ValidationInfo) -> str:
        name, known = clean(value), info.context
        if isinstance(known, Known) and section in known.names and name not in known.names[section]:
            otherwise = f", or add {shown(name)} to {section}"
            raise unknown(f"{shown(name)} is no {noun}", name, known.names[section], otherwise)
        return name

    return AfterValidator(check)


StudyLanguage = Annotated[Language, refers_to("languages", "language of the study")]
ParticipantReference = Annotated[str, refers_to("participants", "participant")]
TeamReference = Annotated[str, refers_to("team", "member of the team")]
SegmentReference = Annotated[str, refers_to("segments", "segment")]
CustomerReference = Annotated[str, refers_to("customers", "customer")]
InterviewReference = Annotated[str, refers_to("interviews", "interview")]
CodeReference = Annotated[str, refers_to("codes", "code")]
CompetitorReference = Annotated[str, refers_to("competitors", "competitor of the product")]


def _file_of(*kinds: FileKind) -> BeforeValidator:
    """Accept the name of a file inside the study folder."""

    def check(value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, str) and isinstance(info.context, Known):
            return find_file(info.context.root, value.strip(), *kinds)
        return value

    return BeforeValidator(check)


YamlFile = Annotated[InstanceOf[StudyFile], _file_of(YAML)]
TableFile = Annotated[InstanceOf[StudyFile], _file_of(TABLE)]
SourceFile = Annotated[InstanceOf[StudyFile], _file_of(SOURCE)]
InterviewFile = Annotated[InstanceOf[StudyFile], _file_of(TRANSCRIPT, RECORDING)]
