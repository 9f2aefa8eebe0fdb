"""The words of a text with their places, and what stands between them."""

import re
from typing import NamedTuple

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_POSSESSIVES = ("'s", "’s")
_SENTENCE_END = re.compile(r"[.!?…:;\"„“”»«()–—]")


class Token(NamedTuple):
    """A word at `text[start:end]`; `gap` is what stands between it and the word before."""

    text: str
    start: int
    end: int
    gap: str

    @property
    def is_capitalised(self) -> bool:
        """Whether it begins as a name does, and is no abbreviation in capitals."""
        return self.text[0].isupper() and not (len(self.text) > 1 and self.text.isupper())

    @property
    def begins_sentence(self) -> bool:
        """Whether it would be capitalised in any case."""
        return bool(_SENTENCE_END.search(self.gap)) or self.start == 0

    @property
    def follows(self) -> bool:
        """Whether nothing but a space separates it from the word before."""
        return self.gap == " "


def tokens_of(text: str) -> list[Token]:
    """The words of a text in order."""
    tokens: list[Token] = []
    position = 0
    for match in _WORD.finditer(text):
        word, start = match[0], match.start()
        if word.endswith(_POSSESSIVES):
            word = word[:-2]
        end = start + len(word)
        tokens.append(Token(word, start, end, text[position:start]))
        position = end
    return tokens
