"""Which quotes an address asks for: the parameters that pages and API share."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.library.browse.wanted import Order, WantedQuotes
from app.scope import MOST_VALUES, Filters, Use
from app.vocabulary import Kind, Polarity

LONGEST_WORDS = 200


def _values(about: str) -> Any:
    return Field(default=(), max_length=MOST_VALUES, description=f"{about}; repeat it for more")


class BrowseQuery(BaseModel):
    """Which quotes are wanted: values of one parameter widen, parameters narrow."""

    model_config = ConfigDict(frozen=True)

    segment: tuple[str, ...] = _values("segment, for example `careful`")
    language: tuple[str, ...] = _values("language spoken, ISO 639-1")
    code: tuple[str, ...] = _values("code of the codebook")
    kind: tuple[Kind, ...] = _values("kind of the codebook")
    polarity: tuple[Polarity, ...] = _values("whether it is affirmed or denied")
    participant: tuple[str, ...] = _values("participant code")
    band: tuple[str, ...] = _values("LTV band, for example `200-500`")
    abcd_class: tuple[Literal["A", "B", "C", "D"], ...] = Field(
        (), alias="class", max_length=MOST_VALUES, description="ABCD class; repeat it for more"
    )
    use: tuple[Use, ...] = _values("what for: `marketing` leaves only whoever consented to that")
    interview: tuple[str, ...] = _values("interview code")
    words: str = Field("", max_length=LONGEST_WORDS, description="words that all stand in the quote")
    order: Order = Field("said", description="in which order; unset, that in which they were said")

    def filters(self) -> Filters:
        """The filters that the parameters name."""
        return Filters(
            segments=self.segment,
            languages=self.language,
            codes=self.code,
            kinds=self.kind,
            participants=self.participant,
            bands=self.band,
            classes=self.abcd_class,
            uses=self.use,
        )

    def wanted(self) -> WantedQuotes:
        """What the library is asked for."""
        return WantedQuotes(self.filters(), self.interview, self.polarity, self.words, self.order)
