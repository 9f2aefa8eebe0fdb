"""The gate: what is not the stored words of a participant is dropped and counted."""

from candidate_factory import ranked

from app.answering.cite import Quoted
from app.answering.queries import StoredUtterance
from app.answering.schemas import Dropped
from app.answering.verify import verify
from app.text import Span
from app.vocabulary import Polarity

WORDS = "Da war ich richtig sauer."


def _quoted(text: str, span: Span) -> Quoted:
    return Quoted(ranked(text), span, Polarity.AFFIRMED)


def test_only_stored_words_pass() -> None:
    """Altered text, a span outside the utterance and words of somebody else are each dropped by their reason."""
    good, altered = _quoted(WORDS, Span(0, 25)), _quoted(WORDS.replace("sauer", "froh"), Span(0, 10))
    outside, foreign = _quoted(WORDS, Span(0, 26)), _quoted(WORDS, Span(0, 5))
    stored = {
        item.ranked.candidate.utterance_id: StoredUtterance(WORDS, None, None, ()) for item in (good, altered, outside)
    }
    kept, dropped = verify([good, altered, outside, foreign], stored)
    assert kept == [good]
    assert dropped == Dropped(altered=1, fabricated=1, wrong_speaker=1)


def test_an_empty_quote_is_none() -> None:
    """A span without a character is nothing that somebody said."""
    empty = _quoted(WORDS, Span(3, 3))
    assert verify([empty], {empty.ranked.candidate.utterance_id: StoredUtterance(WORDS, None, None, ())})[0] == []
