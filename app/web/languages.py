"""The languages of the pages: a catalogue each, chosen by the reader, and the words of a place in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, format_percent

LANGUAGES = ("en", "de", "es")
DEFAULT_LANGUAGE = "en"

_CATALOGUES = Path(__file__).parent / "catalogues"


@dataclass(frozen=True)
class Catalogue:
    """What the pages say in one language: `<room>.<key>` in `catalogues/<language>/<room>.yaml`."""

    language: str
    texts: Mapping[str, str]

    def text(self, key: str, count: int | None = None, **values: object) -> str:
        """The text under a key, with values in its `{places}`.

        Args:
            key: of the catalogue; with a count, what stands before `.one` and `.other`.
            count: how many there are, also in the place `{count}`.
            values: what stands in the other places; it is escaped where the page shows it, like any text.

        Raises:
            KeyError: there is no such text, or a value for one of its places is missing.
        """
        if count is None:
            return self.texts[key].format_map(values)
        return self.texts[f"{key}.{'one' if count == 1 else 'other'}"].format_map({"count": count, **values})

    def label(self, labels: Mapping[str, str]) -> str:
        """The name of something that is named by language: in this language, in English, else in any."""
        return labels.get(self.language) or labels.get(DEFAULT_LANGUAGE) or next(iter(labels.values()), "")

    def language_name(self, language: str) -> str:
        """What a language is called; its code, where nobody knows."""
        return str(Locale(self.language).languages.get(language, language))

    def day(self, moment: date) -> str:
        """A day as it is written in this language."""
        return str(format_date(moment, "medium", locale=self.language))

    def percent(self, share: float) -> str:
        """A share in [0, 1] as it is written in this language."""
        return str(format_percent(share, locale=self.language))

    def decimal(self, number: float | Decimal) -> str:
        """A number with at most two places."""
        return str(format_decimal(number, "#,##0.##", locale=self.language))

    def money(self, amount_eur: float | Decimal) -> str:
        """An amount in whole euros."""
        pattern = "¤#,##0" if self.language == DEFAULT_LANGUAGE else "#,##0\xa0¤"
        return str(format_currency(amount_eur, "EUR", pattern, self.language, currency_digits=False))

    def minute(self, moment: datetime) -> str:
        """A day and a time of day (UTC) as they are written in this language."""
        return str(format_datetime(moment, "medium", locale=self.language).replace("\u202f", " "))


def read_catalogue(language: str) -> Catalogue:
    """Read the texts of a language."""
    texts: dict[str, str] = {}
    for path in sorted((_CATALOGUES / language).glob("*.yaml")):
        texts.update(_flat(yaml.load(path.read_bytes(), yaml.CSafeLoader), path.stem))
    return Catalogue(language, texts)


def choose_language(wanted: str | None, kept: str | None, accepted: str) -> str:
    """Choose the language of a page.

    Args:
        wanted: what the address names; stronger than all else where there is such a language.
        kept: what the reader chose before.
        accepted: the header `Accept-Language` (RFC 9110, 12.5.4).
    """
    for language in (wanted, kept):
        if language in LANGUAGES:
            return language
    weighed = [_weighed(entry) for entry in accepted.split(",")]
    offered = [(weight, language) for language, weight in weighed if language in LANGUAGES and weight > 0]
    return max(offered, key=lambda entry: entry[0])[1] if offered else DEFAULT_LANGUAGE


def _weighed(entry: str) -> tuple[str, float]:
    language, _, weight = entry.strip().lower().partition(";q=")
    try:
        return language.split("-")[0], float(weight or 1)
    except ValueError:
        return language, 0.0


def _flat(texts: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in texts.items():
        key = f"{prefix}.{name}"
        if isinstance(value, Mapping):
            yield from _flat(value, key)
        else:
            yield key, str(value)


CATALOGUES = {language: read_catalogue(language) for language in LANGUAGES}
