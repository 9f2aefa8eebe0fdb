"""Everything that is wrong with a study folder, gathered before anything is refused: place, problem, remedy."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice
from typing import Any, Protocol, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from app.errors import Fault

MAX_FAULTS_PER_FILE = 100
_MAX_CHOICES = 500
_MAX_SHOWN_CHOICES = 8
_MAX_SHOWN_CHARACTERS = 60

_WRONG_SHAPES = {
    "string_type": ("a text", "write a text"),
    "tuple_type": ("a list", "write a list: `[…, …]`, or one item a line, each after `- `"),
    "dict_type": ("keys with values", "write `{key: value}`, or one `key: value` a line, indented"),
    "model_type": ("keys with values", "write `{key: value}`, or one `key: value` a line, indented"),
    "bool_type": ("true or false", "write `true` or `false`"),
    "bool_parsing": ("true or false", "write `true` or `false`"),
    "date_type": ("a date", "write year-month-day: `2026-03-02`"),
    "enum": ("a word", "write one word"),
    "is_instance_of": ("a text", "write a text"),
}
_WRONG_SIZES = {
    "string_too_short": ("is empty", "write a text or leave the key out"),
    "string_too_long": ("has more than {max_length} characters", "shorten it"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: the line, what the value is called there, and whether a fault of it is known already."""

    line: int
    name: str
    spoiled: bool = False


class Document(Protocol):
    """A file, or a row of one, that knows in which line each of its values stands."""

    @property
    def file(self) -> str:
        """Name of the file in the study folder."""

    @property
    def how_to_add(self) -> str:
        """Remedy for a value that is missing, with the places `{name}` and `{example}`."""

    def locate(self, steps: Sequence[int | str]) -> Place:
        """Find the value at the end of these keys and indexes, or the last one on the way that exists."""


@dataclass
class FaultLog:
    """The faults found so far; at most `MAX_FAULTS_PER_FILE` of each file are kept."""

    _faults: list[tuple[str, int, Fault]] = field(default_factory=list)
    _count: Counter[str] = field(default_factory=Counter)

    def add(self, file: str, line: int, problem: str, remedy: str) -> None:
        """Keep one fault; `line` 0 is the file as a whole."""
        self._count[file] += 1
        if self._count[file] < MAX_FAULTS_PER_FILE:
            self._faults.append((file, line, Fault(f"{file}:{line}" if line else file, problem, remedy)))
        elif self._count[file] == MAX_FAULTS_PER_FILE:
            fault = Fault(file, "there are more faults than are listed here", "correct these first, then try again")
            self._faults.append((file, 1 << 31, fault))

    def is_full(self, file: str) -> bool:
        """Say whether further faults of a file would be dropped."""
        return self._count[file] >= MAX_FAULTS_PER_FILE

    def in_order(self, first_file: str) -> tuple[Fault, ...]:
        """List the faults by file, beginning with `first_file`, and line."""
        return tuple(fault for *_, fault in sorted(self._faults, key=lambda kept: (kept[0] != first_file, *kept[:2])))


@dataclass(frozen=True, slots=True, repr=False)
class _Objection:
    """What a validator has against a value; the remedy is worked out when somebody is going to read it."""

    problem: str
    remedy: Callable[[], str]


def wrong(problem: str, remedy: str) -> PydanticCustomError:
    """Make the error that a validator raises for a value; the problem is read after the value's name and a colon."""
    return PydanticCustomError("objection", "wrong value", {"objection": _Objection(problem, lambda: remedy)})


def unknown(problem: str, value: str, choices: Iterable[str], otherwise: str = "") -> PydanticCustomError:
    """Make the error that a validator raises for a word that is not among the known ones."""
    objection = _Objection(problem, lambda: suggest(value, choices) + otherwise)
    return PydanticCustomError("objection", "unknown word", {"objection": objection})


def objection_of(error: PydanticCustomError) -> tuple[str, str]:
    """State problem and remedy of an error made by `wrong` or `unknown`."""
    objection: _Objection = (error.context or {})["objection"]
    return objection.problem, objection.remedy()


def closest(value: str, choices: Iterable[str]) -> str | None:
    """Find the known word that a word was probably meant to be."""
    known = {choice.casefold(): choice for choice in islice(choices, _MAX_CHOICES)}
    close = get_close_matches(value[:_MAX_SHOWN_CHARACTERS].casefold(), known, n=1)
    return known[close[0]] if close else None


def shown(value: str) -> str:
    """Quote a value in a message, shortened to one short line."""
    line = " ".join(value.split())
    return f"`{line[:_MAX_SHOWN_CHARACTERS]}…`" if len(line) > _MAX_SHOWN_CHARACTERS else f"`{line}`"


def suggest(value: str, choices: Iterable[str]) -> str:
    """Say what to write instead of a word that is not known: the most similar known one, else some of them."""
    known = list(islice(choices, _MAX_CHOICES))
    if meant := closest(value, known):
        return f"write {shown(meant)}"
    listed = ", ".join(map(shown, known[:_MAX_SHOWN_CHOICES])) + (", …" if len(known) > _MAX_SHOWN_CHOICES else "")
    return f"write {'one of ' if len(known) > 1 else ''}{listed}" if known else "leave it out"


def report(error: ValidationError, model: type[BaseModel], document: Document, faults: FaultLog) -> None:
    """Put what pydantic found wrong in a document into words and keep it."""
    details = error.errors(include_url=False)
    strangers = (detail for detail in details if detail["type"] == "extra_forbidden")
    misspelt = {_intended(detail, model) for detail in islice(strangers, MAX_FAULTS_PER_FILE)}
    for detail in details:
        place = document.locate(detail["loc"])
        if place.spoiled or (detail["type"] == "missing" and detail["loc"] in misspelt):
            continue
        if faults.is_full(document.file):
            break
        faults.add(document.file, place.line, *_in_words(detail, model, document, place))


def _in_words(detail: ErrorDetails, model: type[BaseModel], document: Document, place: Place) -> tuple[str, str]:
    """State problem and remedy of one error."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing":
        return _missing(detail["loc"], model, document)
    if kind == "extra_forbidden":
        key = str(detail["loc"][-1])
        return f"{shown(key)} is not a key here", suggest(key, _keys(detail, model))
    if kind == "objection":
        objection: _Objection = context["objection"]
        return f"{place.name}: {objection.problem}", objection.remedy()
    if kind in _WRONG_SHAPES:
        wanted, remedy = _WRONG_SHAPES[kind]
        return f"{place.name} should be {wanted}, and is {_described(detail['input'])}", remedy
    if kind in _WRONG_SIZES:
        problem, remedy = _WRONG_SIZES[kind]
        return f"{place.name} {problem.format(**context)}", remedy
    return f"{place.name}: {detail['msg']}", "correct it"


def _missing(steps: tuple[int | str, ...], model: type[BaseModel], document: Document) -> tuple[str, str]:
    owner = _model_at(model, steps[:-1])
    name = str(steps[-1])
    examples = next((f.examples for key, f in owner.model_fields.items() if name in (key, f.alias)), None) or ["…"]
    return f"{shown(name)} is missing", document.how_to_add.format(name=name, example=examples[0])


def _keys(detail: ErrorDetails, model: type[BaseModel]) -> list[str]:
    fields = _model_at(model, detail["loc"][:-1]).model_fields
    return [settings.alias or name for name, settings in fields.items()]


def _intended(detail: ErrorDetails, model: type[BaseModel]) -> tuple[int | str, ...]:
    """Say where a misspelt key would have stood had it been spelt right; that key is then not missing as well."""
    *parents, key = detail["loc"]
    return (*parents, closest(str(key), _keys(detail, model)) or str(key))


def _model_at(model: type[BaseModel], steps: Iterable[int | str]) -> type[BaseModel]:
    """Find the model that describes the value at the end of these keys and indexes."""
    for step in steps:
        field_info = next((f for key, f in model.model_fields.items() if step in (key, f.alias)), None)
        model = (field_info and _model_in(field_info.annotation)) or model
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Find the model in an annotation such as `tuple[Model, ...]` or `Model | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := _model_in(part))), None)


def _described(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return shown(value)
    return "a list" if isinstance(value, list) else "a group of keys"
