"""Numbers in prose: digits of any script, the number words of several languages, shares such as "half" among them."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

Quantity = int | tuple[int, int] | None
"""A whole number, a part of a whole such as "4 of 16", or what is neither."""

_PER_CENT = "%‰‱٪％"
_TOKEN = re.compile(r"\d+(?:[.,:'’]\d+)*[^\W_]*|[^\W_]+")
_MOST_DIGITS = 6


def quantities(text: str, language: str, names: AbstractSet[str] = frozenset()) -> tuple[Quantity, ...]:
    """Every quantity that a text names; None for what is no plain whole number: "4,5", "half", "10k".

    A word with digits that begins with a letter is no number if it is one of `names`, such as `n26`.
    """
    words = _number_words(language)
    symbols = {ord(c): " " for c in text if c in _PER_CENT or (c.isnumeric() and not c.isdecimal())}
    tokens = _tokens(text.translate(symbols))
    plain = " ".join(tokens)
    return (
        *((None,) * len(symbols)),
        *_with_parts(list(_numbers(tokens, words, names)), tokens, words.parting),
        *((1,) * len(words.one.findall(plain))),
        *((None,) * len(words.shares.findall(plain))),
    )


def named_with_digits(texts: Sequence[str]) -> frozenset[str]:
    """The words of texts that begin with a letter and hold digits: names of companies and products, such as `n26`."""
    return frozenset(token for text in texts for token in _tokens(text) if _is_name_with_digits(token))


def numbered_languages() -> tuple[str, ...]:
    """The languages whose number words are known."""
    return tuple(_data())


@dataclass(frozen=True)
class _NumberWords:
    """How languages name numbers; numerals.yaml tells what each part is."""

    units: Mapping[str, int]
    tens: Mapping[str, int]
    joiners: AbstractSet[str]
    parting: AbstractSet[str]
    one: re.Pattern[str]
    shares: re.Pattern[str]


@cache
def _number_words(language: str) -> _NumberWords:
    """The words of all known languages, without those that mean something else in this one."""
    data = _data()
    foreign = [entry for name, entry in data.items() if name != language and language in data]
    ambiguous = {word for entry in foreign for word in entry["only_here"]}
    entries = list(data.values())
    here = data.get(language, {}).get("shares_here", [])

    def values(name: str) -> dict[str, int]:
        return {
            _plain(word): value for entry in entries for word, value in entry[name].items() if word not in ambiguous
        }

    def pattern(name: str, *more: str) -> re.Pattern[str]:
        parts = [part.replace("{people}", entry["people"]) for entry in entries for part in entry[name]]
        return re.compile(rf"(?<!\S)(?:{'|'.join((*parts, *more))})(?!\S)")

    def listed(name: str) -> frozenset[str]:
        return frozenset(word for entry in entries for word in entry[name])

    return _NumberWords(
        values("units"), values("tens"), listed("joiners"), listed("parting"), pattern("one"), pattern("shares", *here)
    )


@cache
def _data() -> dict[str, Any]:
    text = files("app.answering").joinpath("numerals.yaml").read_text("utf-8")
    return dict(yaml.load(text, Loader=yaml.CSafeLoader))


@dataclass(frozen=True, slots=True)
class _Number:
    """A number and the tokens that name it, half-open."""

    value: int | None
    start: int
    end: int


def _numbers(tokens: Sequence[str], words: _NumberWords, names: AbstractSet[str]) -> Iterator[_Number]:
    """The numbers in digits and in words, in order; a ten with the unit that follows it is one."""
    place = 0
    while place < len(tokens):
        token, end = tokens[place], place + 1
        if token[0].isdecimal():
            yield _Number(_in_digits(token), place, end)
        elif _is_name_with_digits(token):
            if token not in names:
                yield _Number(None, place, end)
        elif token in words.tens:
            unit_at = end + (tokens[end : end + 1] != [] and tokens[end] in words.joiners)
            unit = words.units.get(tokens[unit_at], 0) if unit_at < len(tokens) else 0
            end = unit_at + 1 if 0 < unit < 10 else end
            yield _Number(words.tens[token] + (unit if 0 < unit < 10 else 0), place, end)
        elif token in words.units:
            yield _Number(words.units[token], place, end)
        place = end


def _with_parts(numbers: Sequence[_Number], tokens: Sequence[str], parting: AbstractSet[str]) -> Iterator[Quantity]:
    """The values of numbers, a part and its whole as one."""
    place = 0
    while place < len(numbers):
        part = numbers[place]
        whole = numbers[place + 1] if place + 1 < len(numbers) else None
        between = tokens[part.end : whole.start] if whole else []
        if whole and between and parting >= set(between) and part.value is not None and whole.value is not None:
            yield part.value, whole.value
            place += 2
        else:
            yield part.value
            place += 1


def _in_digits(token: str) -> int | None:
    is_plain = token.isdecimal() and len(token) <= _MOST_DIGITS and (len(token) == 1 or int(token[0]) > 0)
    return int(token) if is_plain else None


def _is_name_with_digits(token: str) -> bool:
    return not token[0].isdecimal() and any(character.isdecimal() for character in token)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(_plain(text))


def _plain(text: str) -> str:
    """Text without case, accents and the variants of characters that look like others."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(character for character in decomposed if not unicodedata.combining(character))
