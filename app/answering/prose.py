"""The second gate: what a model may say in its own words. No number that was not counted, no quotation, no link."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.answering.check import Reason
from app.answering.numerals import Quantity, named_with_digits, quantities
from app.answering.quotation import Quotation, is_nearly_verbatim, is_verbatim, quotations
from app.markup import names_an_address, plain_prose
from app.text import Span, split_sentences

MOST_CHARACTERS = 4_000


@dataclass(frozen=True)
class Settled:
    """Plain prose that may be shown, empty when no sentence could stay, and how much was taken out, by reason."""

    text: str
    dropped: Counter[Reason]


def settle_prose(text: str, allowed: Collection[Quantity], quotes: Sequence[str], language: str) -> Settled:
    """Take out the sentences that quote what nobody said, name numbers that were not counted, or name an address.

    Each quotation that matches no quote counts once, as altered when it comes near one, else as fabricated; a sentence
    with an address counts as fabricated; any other sentence with a number counts as an unsupported number.

    Args:
        text: what the model wrote for one claim.
        allowed: the counts of people that the sentences may repeat, in digits or in words: 4, or (4, 16) for "4 of 16".
        quotes: the claim's cited spans.
        language: of the text.
    """
    prose = plain_prose(text[:MOST_CHARACTERS])
    doubtful = [quotation for quotation in quotations(prose) if not is_verbatim(quotation, quotes)]
    dropped = Counter[Reason](_fault_of(quotation, quotes) for quotation in doubtful)
    names, counted = named_with_digits(quotes), set(allowed) - {None}
    kept = []
    for span in _sentences(prose, language):
        sentence = prose[span.start : span.end]
        if any(_touches(span, quotation.span) for quotation in doubtful):
            continue
        if names_an_address(sentence):
            dropped["fabricated"] += 1
        elif not set(quantities(sentence, language, names)) <= counted:
            dropped["unsupported_number"] += 1
        else:
            kept.append(sentence)
    return Settled(plain_prose(" ".join(kept)), dropped)


def _fault_of(quotation: Quotation, quotes: Sequence[str]) -> Reason:
    return "altered" if is_nearly_verbatim(quotation, quotes) else "fabricated"


def _sentences(prose: str, language: str) -> list[Span]:
    """The sentences of each line, as spans of the whole."""
    sentences, start = [], 0
    for line in prose.splitlines(keepends=True):
        sentences += [Span(start + span.start, start + span.end) for span in split_sentences(line, language)]
        start += len(line)
    return sentences


def _touches(first: Span, second: Span) -> bool:
    return first.start < second.end and second.start < first.end
