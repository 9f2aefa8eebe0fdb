"""Evidence is found where a participant said it, exactly once, or the reason is told why not."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.evidence.insights.given import GivenEvidence
from app.evidence.insights.places import NOBODY, NOT_A_PARTICIPANT, SEVERAL, NoPlace, Place, Said, locate
from app.text import Span

FIRST, SECOND, ASKED = (uuid.UUID(int=number) for number in (1, 2, 3))
SAID = Said(
    {FIRST: "Ja. Da war’s vorbei – „ganz ehrlich“.\nIch hatte Angst.", SECOND: "Ja. Nie wieder Angst."},
    {ASKED: "Wann war es vorbei?"},
)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Ich hatte Angst.", Place(FIRST, Span(38, 54))),
        ('Da war\'s vorbei - "ganz ehrlich". Ich', Place(FIRST, Span(4, 41))),
        (f"u-{SECOND}", Place(SECOND, Span(0, 21))),
        (f"  {SECOND} ", Place(SECOND, Span(0, 21))),
        (f"/interviews/I07?study=nido#u-{SECOND}", Place(SECOND, Span(0, 21))),
        ("Ja.", SEVERAL),
        ("Angst", SEVERAL),
        ("Wann war es", NOT_A_PARTICIPANT),
        (f"u-{ASKED}", NOT_A_PARTICIPANT),
        (f"u-{uuid.UUID(int=9)}", NOBODY),
        ("Das sagt keiner.", NOBODY),
        ("ich hatte angst.", NOBODY),
        ("Angst. Ja.", NOBODY),
        ("  ", NOBODY),
        ("u-17", NOBODY),
    ],
)
def test_places(words: str, expected: Place | NoPlace) -> None:
    """By words whatever their marks and white space, by reference, and not across utterances or roles."""
    assert locate([GivenEvidence(words)], SAID) == [expected]


@given(st.text(), st.integers(0, 30), st.integers(1, 20))
def test_words_cut_out_of_what_is_said_are_found_or_ambiguous(text: str, start: int, length: int) -> None:
    """What stands in an utterance is found in it, unless it is white space alone."""
    words = text[start : start + length]
    (found,) = locate([GivenEvidence(words)], Said({FIRST: text}, {}))
    if isinstance(found, Place):
        assert text[found.span.start : found.span.end].split() or not words.split()
