"""The agreement of coders as it is told."""

from pydantic import Field

from app.frozen import Frozen
from app.research.codebook.agreement import Undefined


class Agreement(Frozen):
    """A coefficient, or why it is undefined."""

    value: float | None
    undefined: Undefined | None


class PairAgreement(Frozen):
    """Two coders on the utterances that both coded; a unit is such an utterance and a code."""

    coders: tuple[str, str]
    utterances: int
    units: int
    observed: float | None = Field(description="share of units of which both say the same")
    kappa: Agreement = Field(description="Cohen 1960")


class CodeAgreement(Frozen):
    """All coders on one code, or on all of them together."""

    code: str | None
    utterances: int = Field(description="utterances that at least two coded")
    units: int
    alpha: Agreement = Field(description="Krippendorff, nominal, missing values left out")
    pairs: tuple[PairAgreement, ...]


class CoderAgreement(Frozen):
    """How well coders agree: each says of an utterance and a code that it is affirmed, denied, both or not there.

    A person coded an utterance by giving it any code; the tagger reads all utterances of the interviews that persons
    coded. Codes that nobody gave a shared utterance are left out.
    """

    study: str
    by: str
    coders: tuple[str, ...]
    overall: CodeAgreement
    codes: tuple[CodeAgreement, ...]
