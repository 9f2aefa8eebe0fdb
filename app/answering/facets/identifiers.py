"""Participants and codes that a question names by their identifiers."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.answering.facets.question_text import QuestionText
from app.answering.facets.reading import Reading
from app.answering.schemas import FacetField

MOST_TOKENS = 5


@dataclass(frozen=True, slots=True)
class Identified:
    """A value that a question names: the tokens that name it, and all that say it, both half-open.

    The wider place holds words such as "participant" or "customers", which another value may share.
    """

    field: FacetField
    value: str
    core: tuple[int, int]
    place: tuple[int, int]


def find_participants(reading: Reading, participants: Iterable[str]) -> Iterator[Identified]:
    """Participants by their codes, in any case and with or without leading zeros: `P07`, `p7`, "participant 7"."""
    openers = reading.grammar.participants
    named = [item for item in _written(reading.question) if _is_named(reading, item[0], item[1], openers)]
    known = _by_code_or_number(participants) if named else {}
    for written, start, end in named:
        if code := known.get(_without_zeros(written)):
            yield Identified("participants", code, (start, end), (start - _follows(reading, start, openers), end))


def find_codes(reading: Reading, codes: Iterable[str]) -> Iterator[Identified]:
    """Codes of the codebook, written exactly as they are there."""
    known = frozenset(codes)
    for written, start, end in _written(reading.question):
        if written in known and _is_named(reading, written, start, reading.grammar.codes):
            is_led = _follows(reading, start, reading.grammar.codes)
            yield Identified("codes", written, (start, end), (start - is_led, end))


def _by_code_or_number(participants: Iterable[str]) -> dict[str, str]:
    """The codes without leading zeros, and as bare numbers where no two have the same."""
    known = {_without_zeros(code): code for code in participants}
    numbers = Counter(map(_number, known))
    return known | {_number(code): known[code] for code in known if numbers[_number(code)] == 1}


def _is_named(reading: Reading, identifier: str, start: int, openers: frozenset[str]) -> bool:
    """Whether an identifier can be meant: a mere word or number only after "participant", "code" or the like."""
    if reading.is_excluded(start):
        return False
    has_both = any(map(str.isdigit, identifier)) and any(map(str.isalpha, identifier))
    return has_both or _follows(reading, start, openers)


def _follows(reading: Reading, start: int, openers: frozenset[str]) -> bool:
    before = reading.question.word(start - 1)
    return before is not None and before.normal in openers


def _written(question: QuestionText) -> Iterator[tuple[str, int, int]]:
    """Every run of few tokens without a space between, as it is written."""
    for start in range(len(question.tokens)):
        for end in range(start + 1, min(start + MOST_TOKENS, len(question.tokens)) + 1):
            if end > start + 1 and not question.tokens[end - 1].glued:
                break
            first, last = question.span(start, end)
            yield question.source[first:last], start, end


def _without_zeros(code: str) -> str:
    number = _number(code)
    return code.removesuffix(number).casefold() + (number.lstrip("0") or number)


def _number(code: str) -> str:
    return code[len(code.rstrip("0123456789")) :]
