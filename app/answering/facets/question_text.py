"""A question as words and marks that know where they stand, so that whatever is read in them can be pointed at."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_MARKS = "\u0300-\u036f"
_LETTER = f"(?:[^\\W_][{_MARKS}]*)"
# "Einsteiger*innen" and "don't" are one word; every other mark stands alone.
_TOKEN = re.compile(rf"{_LETTER}+(?:['’]{_LETTER}+)*(?:[*:_/]-?in(?:nen)?(?!{_LETTER}))?|[^\w\s]|_")
_GENDER_MARK = re.compile(r"[*:_/]-?")
_SENTENCE_OPENERS = frozenset(".?!:¿¡\"'“„«»")
_DASHES = str.maketrans("’‐‑–—", "'----")


def normal_form(word: str) -> str:
    """A word without case, accents and gender marks: `Españoles` is `espanoles`, `Kund*innen` is `kundinnen`."""
    plain = word.casefold().translate(_DASHES)
    if len(plain) > 1:
        plain = _GENDER_MARK.sub("", plain)
    return _without_accents(plain)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a mark; `start` and `end` are half-open code-point offsets, `glued` says that no space is before it."""

    start: int
    end: int
    normal: str
    is_word: bool
    is_capital: bool
    glued: bool


class QuestionText:
    """The tokens of a question, and `normal`: their normal forms with one space between, for patterns over words."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = tuple(_tokens(source))
        self.normal = " ".join(token.normal for token in self.tokens)
        self.has_capitals = any(token.is_capital for token in self.tokens) and not source.isupper()
        self._starts: list[int] = []
        position = 0
        for token in self.tokens:
            self._starts.append(position)
            position += len(token.normal) + 1

    def span(self, first: int, end: int) -> tuple[int, int]:
        """The offsets of the tokens from `first` to before `end`."""
        return self.tokens[first].start, self.tokens[end - 1].end

    def before(self, place: int) -> str:
        """The normal form of all that stands before a token, without the space between."""
        return self.normal[: max(0, self._starts[place] - 1)] if place < len(self.tokens) else self.normal

    def places(self, start: int, end: int) -> tuple[int, int]:
        """The tokens, half-open, that a stretch of the normal form touches."""
        return bisect_right(self._starts, start) - 1, bisect_right(self._starts, end - 1)

    def end_of_match(self, pattern: re.Pattern[str], place: int) -> int:
        """Behind the last token of what a pattern matches from a token on; that token where it does not match."""
        match = pattern.match(self.normal, self._starts[place]) if place < len(self.tokens) else None
        return self.places(*match.span())[1] if match and match[0] else place

    def start_of_match(self, pattern: re.Pattern[str], place: int) -> int:
        """The first token of what a pattern finds right before a token; that token where it does not match."""
        match = pattern.search(self.before(place))
        return self.places(match.start() + 1, match.end())[0] if match and match[0].strip() else place

    def word(self, place: int) -> Token | None:
        """The word at a place; none where a mark stands, or nothing."""
        return self.tokens[place] if 0 <= place < len(self.tokens) and self.tokens[place].is_word else None

    def find(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
        """Every run of whole tokens, half-open, that a pattern matches in the normal form."""
        for match in pattern.finditer(self.normal):
            if match.end() > match.start():
                yield self.places(match.start(), match.end())

    def opens_sentence(self, place: int) -> bool:
        """Whether a capital letter at a place says nothing, because a sentence may begin there."""
        return place == 0 or self.tokens[place - 1].normal in _SENTENCE_OPENERS


def whole_words(pattern: str) -> re.Pattern[str]:
    """Compile a pattern over words and marks so that it never begins or ends inside one of them."""
    return re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")


def normal_pattern(pattern: str) -> str:
    """A pattern without case and accents; the space that a line break left behind a `|` goes."""
    return _without_accents(re.sub(r"\| +", "|", pattern.casefold()))


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _tokens(source: str) -> Iterator[Token]:
    previous_end = 0
    for match in _TOKEN.finditer(source):
        word = match[0]
        normal = normal_form(word) or word
        glued = match.start() == previous_end and match.start() > 0
        yield Token(match.start(), match.end(), normal, word[0].isalnum(), word[0].isupper(), glued)
        previous_end = match.end()
