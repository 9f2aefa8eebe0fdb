"""What the report says of itself, in the reader's language; how its numbers are written."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import yaml
from babel.numbers import format_decimal

from app.answering.schemas import Citation
from app.library.export import spoken_at
from app.research.economics.sentences import FALLBACK, LANGUAGES, percent
from app.vocabulary import Polarity

_PHRASES: dict[str, dict[str, str]] = yaml.load(
    (Path(__file__).parent / "phrases.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)


@dataclass(frozen=True)
class Wording:
    """How a report words things in a language."""

    language: str

    @classmethod
    def of(cls, language: str) -> "Wording":
        """In a language, in English where the report is not worded in it."""
        return cls(language if language in LANGUAGES else FALLBACK)

    def say(self, name: str, /, **values: object) -> str:
        """A phrase, with values in it."""
        return _PHRASES[name][self.language].format(**values)

    def count(self, one: str, several: str, count: int) -> str:
        """A phrase about one or about several."""
        return self.say(one if count == 1 else several, people=count, count=count)

    def number(self, value: Decimal | float | None, digits: int) -> str:
        """A number as the language writes it; a dash where there is none."""
        if value is None:
            return "–"
        return str(format_decimal(value, f"#,##0.{'0' * digits}" if digits else "#,##0", locale=self.language))

    def percent(self, share: float) -> str:
        """A share of one, in per cent."""
        return percent(share, language=self.language)

    def said_by(self, quote: Citation) -> tuple[str, ...]:
        """Who said it, in which language and interview, when, and what is to be known of it."""
        spoken = f"{quote.interview} {spoken_at(quote.start_ms)}".strip()
        notes = (
            self.say("denies_it") if quote.polarity is Polarity.DENIED else None,
            self.say("via_interpreter") if quote.via_interpreter or not quote.verbatim else None,
            self.say("hard_to_hear") if quote.low_confidence else None,
        )
        return tuple(filter(None, (quote.participant, quote.segment, quote.language, spoken, *notes)))
