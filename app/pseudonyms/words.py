"""Words that are known as words, and names that are known as names."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_PIECE = "##"


@dataclass(frozen=True)
class KnownNames:
    """Names, and of some the languages in which they are words too."""

    names: dict[str, frozenset[str]]

    def has(self, word: str, language: str) -> bool:
        """Whether a word is a name and nothing else in a language."""
        return word in self.names and language not in self.names[word]

    def may_have(self, word: str) -> bool:
        """Whether a word is a name, perhaps among other things."""
        return word in self.names


@cache
def common_words() -> frozenset[str]:
    """Words of German, Spanish and English in lower case: those that the bundled embedder has a vector for."""
    tokenizer = json.loads(files("app.bundled_embedder").joinpath("tokenizer.json").read_text("utf-8"))
    return frozenset(word for word in tokenizer["model"]["vocab"] if not word.startswith(_PIECE))


@cache
def given_names() -> KnownNames:
    """Given names of many countries."""
    return _read("given_names.txt")


@cache
def surnames() -> KnownNames:
    """Surnames of many countries."""
    return _read("surnames.txt")


def is_unknown(word: str) -> bool:
    """Whether a word is none that people commonly say: perhaps a name."""
    return word.casefold() not in common_words()


def _read(name: str) -> KnownNames:
    lines = files("app.pseudonyms").joinpath(name).read_text("utf-8").splitlines()
    pairs = (line.partition("\t") for line in lines)
    return KnownNames({word: frozenset(languages.split()) for word, _, languages in pairs})
