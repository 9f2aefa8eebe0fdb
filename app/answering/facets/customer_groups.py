"""LTV bands and ABCD classes that a question names: "200-500 euros LTV", "A and B customers", "clientes A"."""

import re
from collections.abc import Iterable, Iterator

from app.answering.facets.identifiers import Identified
from app.answering.facets.question_text import whole_words
from app.answering.facets.reading import Reading

NEARBY = 3
_NUMBER = r"\d{1,6}(?: [.,] \d{3}(?!\d)){0,2}"
_CURRENCY = r"(?:€|eur|euros?)"
_BAND = re.compile(r"(?P<low>\d+)(?:-(?P<high>\d+)|\+)")
_BESIDE_NUMBERS = frozenset(["-", "€", "eur", "euro", "euros", "er", "de", "of", "in"])
_AMOUNT_MARKS = _BESIDE_NUMBERS - {"de", "of", "in"}
_CLASS_LETTERS = frozenset("abcd")


def find_bands(reading: Reading, bands: Iterable[str]) -> Iterator[Identified]:
    """Bands by their limits, where the numbers are said of the value of customers and of nothing else."""
    known = {(match["low"], match["high"]): band for band in bands if (match := _BAND.fullmatch(band))}
    for match in _limits(reading):
        low, high = (re.sub(r"\D", "", match[name] or "") or None for name in ("low", "high"))
        start, end = reading.question.places(*match.span())
        band = known.get((low or "", high))
        place = _with_worth(reading, start, end)
        if band and place and not reading.is_excluded(start):
            yield Identified("bands", band, (start, end), place)


def find_classes(reading: Reading, classes: Iterable[str]) -> Iterator[Identified]:
    """Classes by their capital letters beside a word for people or for classes."""
    known = frozenset(classes)
    for match in _class_letters(reading):
        start, end = reading.question.places(*match.span())
        first, last = reading.question.places(*match.span("letters"))
        letters = [token for token in reading.question.tokens[first:last] if token.normal in _CLASS_LETTERS]
        if all(letter.is_capital for letter in letters) and not reading.is_excluded(start):
            values = dict.fromkeys(letter.normal.upper() for letter in letters)
            yield from (Identified("classes", value, (first, last), (start, end)) for value in values if value in known)


def _limits(reading: Reading) -> Iterator[re.Match[str]]:
    grammar = reading.grammar
    low = rf"(?:{_CURRENCY} )?(?P<low>{_NUMBER})(?: {_CURRENCY})?"
    high = rf"(?:{_CURRENCY} )?(?P<high>{_NUMBER})(?: {_CURRENCY})?"
    nothing = r"(?P<high>)"
    for pattern in (
        rf"{low} (?:-|{grammar.ranges}) {high}",
        rf"(?:{grammar.floors}) {low}{nothing}",
        rf"{low} \+{nothing}",
    ):
        yield from whole_words(pattern).finditer(reading.question.normal)


def _with_worth(reading: Reading, start: int, end: int) -> tuple[int, int] | None:
    """The tokens of a band with the words beside it that make it one: "LTV" near by, or customers; else `None`."""
    grammar, tokens = reading.grammar, reading.question.tokens
    normals = [token.normal for token in tokens]
    behind = end
    while behind < len(tokens) and normals[behind] in _BESIDE_NUMBERS | grammar.values:
        behind += 1
    before = start
    while before and normals[before - 1] in {"-"} | grammar.prepositions | grammar.determiners | grammar.values:
        before -= 1
    is_followed = behind < len(tokens) and normals[behind] in grammar.people
    is_led = before > 0 and normals[before - 1] in grammar.people
    start, end = before - 1 if is_led else before, behind + 1 if is_followed else behind
    is_amount = not _AMOUNT_MARKS.isdisjoint(normals[start:end])
    names_worth = not grammar.values.isdisjoint(normals[max(0, start - NEARBY) : end + NEARBY])
    ends_here = is_followed or end == len(tokens) or not tokens[end].is_word or normals[end] in grammar.followers
    return (start, end) if names_worth or (is_amount and (is_followed or is_led) and ends_here) else None


def _class_letters(reading: Reading) -> Iterator[re.Match[str]]:
    grammar = reading.grammar
    people, classes, conjunctions = (
        _either(words) for words in (grammar.people, grammar.classes, grammar.conjunctions)
    )
    letters = rf"(?P<letters>[a-d](?: -)?(?:(?: [,/&])?(?: (?:{conjunctions}))? [a-d]){{0,6}})"
    of_people = rf"{letters}(?: -)?(?: (?:{classes})(?: -)?)? (?:{people})"
    if reading.language == "es":
        of_people = rf"(?:{people})(?: de)?(?: la)?(?: (?:{classes}))? {letters}"
    of_class = rf"(?:{classes})(?: -)? {letters}(?: -)?(?: (?:{people}))?"
    for match in whole_words(of_people).finditer(reading.question.normal):
        if reading.language == "es" or _begins_anew(reading, match):
            yield match
    for match in whole_words(of_class).finditer(reading.question.normal):
        after = reading.question.word(reading.question.places(*match.span())[1])
        if after is None or after.normal in grammar.followers:
            yield match


def _begins_anew(reading: Reading, match: re.Match[str]) -> bool:
    """Whether a letter belongs to what follows: neither the "A" of "Plan A users" nor that of "A customer asks"."""
    start, end = reading.question.places(*match.span())
    if " - " in match[0]:
        return True
    if start == 0 and reading.language == "en":
        return reading.question.tokens[end - 1].normal.endswith(("s", "people"))
    before, grammar = reading.question.word(start - 1), reading.grammar
    known = grammar.determiners | grammar.prepositions | grammar.conjunctions | grammar.only | grammar.followers
    return before is None or before.normal in known


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words)))
