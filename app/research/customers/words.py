"""Words as columns and cells write them, whatever case, accents and punctuation; the lists are in YAML."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml

_FOLDER = Path(__file__).parent
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_CURRENCIES = {"€": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "£": "GBP"} | {
    code.lower(): code
    for code in "EUR USD GBP CHF SEK NOK DKK PLN CZK HUF RON JPY CNY INR CAD AUD MXN ARS CLP COP PEN BRL TRY".split()
}


def plain_words(text: str) -> tuple[str, ...]:
    """The words of a text: small letters without accents, digits, currency signs."""
    decomposed = unicodedata.normalize("NFKD", _CAMEL.sub(" ", text).replace("ß", "ss"))
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()
    return tuple(re.findall(r"[^\W_]+|[€$£]", letters))


def split_currency(words: Iterable[str]) -> tuple[str, str | None]:
    """A name without the currency that it mentions, and that currency."""
    kept, currency = [], None
    for word in words:
        if word in _CURRENCIES:
            currency = _CURRENCIES[word]
        elif word != "in":
            kept.append(word)
    return " ".join(kept), currency


@cache
def word_lists(name: str) -> dict[str, frozenset[str]]:
    """The lists of a YAML file, each word in its plain form."""
    lists = yaml.load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {
        key: frozenset(" ".join(plain_words(phrase)) for phrase in phrases.split(";")) for key, phrases in lists.items()
    }
