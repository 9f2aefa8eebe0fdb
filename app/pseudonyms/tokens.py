"""The words of a text with their places, and what stands between them."""

import re
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"(?:['’]s|['’])$")
_SENTENCE_END = re.compile(r"[.!?…:;\"„“”»«()–—]")


@dataclass(frozen=True, slots=True)
class Token:
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
        word = _POSSESSIVE.sub("", match[0])
        tokens.append(Token(word, match.start(), match.start() + len(word), text[position : match.start()]))
        position = match.start() + len(word)
    return tokens
