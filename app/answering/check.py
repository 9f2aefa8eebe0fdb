"""The first gate: which of a model's claims point at what it was offered; pure, whatever the model wrote.

What is dropped is counted by the reasons of `Dropped`:

- unknown_reference: the id was not offered;
- wrong_speaker: the id is that of an interviewer's question;
- fabricated: a sentence that the passage does not have, or a claim that points at nothing;
- altered: everything that a claim points at as evidence is tagged as saying the opposite.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.answering.cite import Quoted
from app.answering.compose import own_code
from app.answering.composition import ComposedClaim, Composition, Pointer
from app.answering.offer import Offered
from app.answering.rank import Ranked
from app.text import Span, densest_run
from app.vocabulary import Polarity

Reason = Literal["fabricated", "altered", "wrong_speaker", "unsupported_number", "unknown_reference"]

MOST_QUOTED_SENTENCES = 6

_OPPOSITE = {Polarity.AFFIRMED: Polarity.DENIED, Polarity.DENIED: Polarity.AFFIRMED}


@dataclass(frozen=True)
class CheckedClaim:
    """A claim with the quotes that it rests on; `text` is still as the model wrote it.

    `code` is one of the study's own that a supporting quote's utterance is tagged with in this polarity, else None.
    """

    text: str
    code: str | None
    polarity: Polarity
    supporting: tuple[Quoted, ...]
    contradicting: tuple[Quoted, ...]
    part: int


@dataclass(frozen=True)
class Checked:
    """What survived, and how much did not, by reason."""

    claims: tuple[CheckedClaim, ...]
    dropped: Counter[Reason]


def check(composition: Composition, offered: Sequence[Offered], spans: Mapping[str, Span]) -> Checked:
    """Turn pointers into quotes; a claim without a supporting one is dropped.

    Args:
        composition: what the model wrote.
        offered: what it was shown.
        spans: for each offered id, the span that is quoted where the model names no sentences, or too many.
    """
    desk = _Desk({item.id: item for item in offered}, frozenset(item.asked for item in offered if item.asked), spans)
    dropped = Counter[Reason]()
    checked = [_checked(composed, desk, dropped) for composed in composition.claims]
    return Checked(tuple(claim for claim in checked if claim), dropped)


@dataclass(frozen=True)
class _Desk:
    """What may be pointed at, by id; the interviewer's questions may not."""

    offered: Mapping[str, Offered]
    questions: frozenset[str]
    spans: Mapping[str, Span]

    def fault(self, pointer: Pointer) -> Reason | None:
        """Why a pointer points at no evidence."""
        if pointer.id in self.questions:
            return "wrong_speaker"
        if pointer.id not in self.offered:
            return "unknown_reference"
        sentences = len(self.offered[pointer.id].sentences)
        return None if all(1 <= number <= sentences for number in pointer.sentences) else "fabricated"

    def span(self, pointer: Pointer) -> Span:
        """The span that a faultless pointer points at: whole sentences in a row."""
        run = densest_run(pointer.sentences)
        if not 0 < len(run) <= MOST_QUOTED_SENTENCES:
            return self.spans[pointer.id]
        sentences = self.offered[pointer.id].sentences
        return Span(sentences[run[0] - 1].start, sentences[run[-1] - 1].end)


def _checked(composed: ComposedClaim, desk: _Desk, dropped: Counter[Reason]) -> CheckedClaim | None:
    """The claim with its quotes, if one supports it; an utterance tagged with the code is on the side of its tag."""
    code, polarity = own_code(composed.code), composed.polarity
    evidence, against = (_spans(pointers, desk, dropped) for pointers in (composed.evidence, composed.against))
    if not evidence:
        if not composed.evidence:
            dropped["fabricated"] += 1
        return None
    quotes = []
    for id_, span in (evidence | against | evidence).items():
        ranked = desk.offered[id_].ranked
        said = polarity if id_ in evidence else _OPPOSITE[polarity]
        quotes.append(Quoted(ranked, span, _tagged(ranked, code, said)))
    supporting = tuple(quote for quote in quotes if quote.polarity is polarity)
    contradicting = tuple(quote for quote in quotes if quote.polarity is not polarity)
    if not supporting:
        dropped["altered"] += 1
        return None
    tags = {(tag.code, tag.polarity) for quote in supporting for tag in quote.ranked.candidate.tags}
    is_coded = (code, polarity) in tags
    return CheckedClaim(composed.text, code if is_coded else None, polarity, supporting, contradicting, composed.part)


def _spans(pointers: Sequence[Pointer], desk: _Desk, dropped: Counter[Reason]) -> dict[str, Span]:
    """What the faultless pointers point at, by id; of several pointers to one utterance, the first counts."""
    spans: dict[str, Span] = {}
    for pointer in pointers:
        fault = desk.fault(pointer)
        if fault:
            dropped[fault] += 1
        else:
            spans.setdefault(pointer.id, desk.span(pointer))
    return spans


def _tagged(ranked: Ranked, code: str | None, said: Polarity) -> Polarity:
    """The polarity that an utterance is tagged with, where it is tagged with the code in one; else what was said."""
    polarities = {tag.polarity for tag in ranked.candidate.tags if code and tag.code == code}
    return polarities.pop() if len(polarities) == 1 else said
