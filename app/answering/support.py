"""Whether a claim's quotes say what the claim says; a claim that they hardly bear out is shown, and marked as weak."""

from collections.abc import Sequence
from itertools import count

import numpy as np
from numpy.typing import NDArray

from app.answering.check import CheckedClaim
from app.answering.dialogue import Dialogue
from app.calibration import questions_from_elsewhere
from app.cross_encoder import load_entailment
from app.embedding import Embedder
from app.markup import plain_prose
from app.memory import loaded_once
from app.prompt_outputs import Judgements
from app.prompts import json_line
from app.services import Services
from app.settings import CHAT_JUDGE

Vectors = NDArray[np.float32]

PROMPT = "judge_support"
MOST_JUDGED_QUOTES = 6

# Deviations above the cosines of a claim to everyday questions. Measured on the sample study by bench.support, codes
# against what is tagged with them and with others: keeps 89 % of the claims with one true quote and 96 % of those with
# three, and marks 54 % of those with others. Counting words in common as well changes nothing.
LEAST_DEVIATIONS = 2.0
LEAST_ENTAILMENT = 0.5


def weak(claims: Sequence[CheckedClaim], dialogue: Dialogue, services: Services) -> list[bool]:
    """Say of each claim whether its quotes hardly bear it out.

    VERBATIM_JUDGE chooses who says so: the embedder by default, a cross-encoder for entailment by its name or path, or
    with `chat` the chat model; where that gives no verdict, the embedder does.

    Raises:
        ChatError: whoever asked has left.
        UnavailableError: the cross-encoder cannot be loaded.
    """
    if not claims:
        return []
    texts = [plain_prose(claim.text) for claim in claims]
    quotes = [_quotes(claim) for claim in claims]
    judge = services.settings.judge
    if judge == CHAT_JUDGE:
        verdicts = _by_chat(texts, quotes, dialogue)
        unjudged = [number for number in range(len(claims)) if number not in verdicts]
        by_likeness = _by_likeness([texts[n] for n in unjudged], [quotes[n] for n in unjudged], services.embedder)
        verdicts |= dict(zip(unjudged, by_likeness, strict=True))
        return [verdicts[number] for number in range(len(claims))]
    if judge is not None:
        return _by_entailment(texts, quotes, judge)
    return _by_likeness(texts, quotes, services.embedder)


def deviations(claim: Vectors, quotes: Vectors, background: Vectors) -> float:
    """How far a claim is closer to its quotes than to what has nothing to do with it.

    (mean cosine to the quotes - mean cosine to the background) / standard deviation of the latter

    Args:
        claim: shape (dimension,), unit length.
        quotes: shape (n, dimension), unit rows, n >= 1.
        background: shape (m, dimension), unit rows, m >= 2.

    Returns:
        standard deviations; 0 where the background does not vary.
    """
    chance = background @ claim
    spread = float(chance.std())
    return float((quotes @ claim).mean() - chance.mean()) / spread if spread > 0 else 0.0


def _quotes(claim: CheckedClaim) -> list[str]:
    spans = ((quote.ranked.candidate.text, quote.span) for quote in claim.supporting)
    return [text[span.start : span.end] for text, span in spans]


def _by_likeness(texts: Sequence[str], quotes: Sequence[Sequence[str]], embedder: Embedder) -> list[bool]:
    if not texts:
        return []
    background = background_of(embedder)
    claim_vectors = embedder.embed_passages(texts)
    quote_vectors = embedder.embed_passages([quote for own in quotes for quote in own])
    ends = np.cumsum([len(own) for own in quotes])
    return [
        deviations(claim, own, background) < LEAST_DEVIATIONS
        for claim, own in zip(claim_vectors, np.split(quote_vectors, ends[:-1]), strict=True)
    ]


@loaded_once
def background_of(embedder: Embedder) -> Vectors:
    """Everyday questions in three languages, embedded once for each embedder."""
    return embedder.embed_passages(questions_from_elsewhere(()))


def _by_entailment(texts: Sequence[str], quotes: Sequence[Sequence[str]], judge: str) -> list[bool]:
    pairs = [(quote, text) for text, own in zip(texts, quotes, strict=True) for quote in own]
    entailed = load_entailment(judge)(pairs)
    ends = np.cumsum([len(own) for own in quotes])
    return [bool(own.max() < LEAST_ENTAILMENT) for own in np.split(entailed, ends[:-1])]


def _by_chat(texts: Sequence[str], quotes: Sequence[Sequence[str]], dialogue: Dialogue) -> dict[int, bool]:
    """What the chat model finds of the claims, by place; of those alone of which it judged every quote it was shown."""
    numbers = count(1)
    shown = [{f"u{next(numbers)}": quote for quote in own[:MOST_JUDGED_QUOTES]} for own in quotes]
    claims = [
        json_line({"claim": number, "text": text, "cites": list(own)})
        for number, (text, own) in enumerate(zip(texts, shown, strict=True), start=1)
    ]
    passages = [json_line({"id": id_, "text": quote}) for own in shown for id_, quote in own.items()]
    said = dialogue.ask(PROMPT, {"claims": "\n".join(claims), "passages": "\n".join(passages)}, Judgements)
    found = {(item.claim, item.id): item.verdict for item in said.judgements} if said else {}
    verdicts = [[found.get((number, id_)) for id_ in own] for number, own in enumerate(shown, start=1)]
    return {place: "supports" not in own for place, own in enumerate(verdicts) if None not in own}
