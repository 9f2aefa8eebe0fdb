"""The span that is quoted, and when it was said."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.answering.cite import best_run, time_of
from app.answering.queries import StoredUtterance
from app.text import Span, split_sentences

TEXT = "Guten Tag zusammen, schön hier. Dann kam der Brief mit der neuen Gebühr. Da war ich bedient. Und sonst so?"
SENTENCES = split_sentences(TEXT, "de")


def _towards(*wanted: int) -> np.ndarray:
    return np.array([[1.0, 0.0] if index in wanted else [0.0, 1.0] for index in range(len(SENTENCES))], np.float32)


def test_the_one_sentence_that_answers_is_enough() -> None:
    """When one sentence carries the answer, nothing else is quoted."""
    span = best_run(TEXT, SENTENCES, _towards(1), np.array([1.0, 0.0], np.float32))
    assert TEXT[span.start : span.end] == "Dann kam der Brief mit der neuen Gebühr."


def test_a_quote_has_some_words_when_there_are_any() -> None:
    """A run shorter than five words is not taken while a longer one exists."""
    span = best_run(TEXT, SENTENCES, _towards(3), np.array([1.0, 0.0], np.float32))
    assert len(TEXT[span.start : span.end].split()) >= 5
    assert span.end == len(TEXT)


@given(st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_a_quote_is_always_whole_sentences_in_order(count: int, seed: int) -> None:
    """Whatever the vectors, the span begins with a sentence and ends with one."""
    text = " ".join(f"Satz Nummer {number} hat einige Wörter." for number in range(count))
    sentences = split_sentences(text, "de")
    draw = np.random.default_rng(seed)
    span = best_run(
        text,
        sentences,
        draw.normal(size=(len(sentences), 4)).astype(np.float32),
        draw.normal(size=4).astype(np.float32),
    )
    assert span.start in [sentence.start for sentence in sentences]
    assert span.end in [sentence.end for sentence in sentences]


def test_a_vector_of_nothing_still_gives_a_quote() -> None:
    """A question without a known word has no direction; the shortest whole run is quoted."""
    span = best_run(TEXT, SENTENCES, np.zeros((len(SENTENCES), 2), np.float32), np.zeros(2, np.float32))
    assert 0 <= span.start < span.end <= len(TEXT)


def test_the_time_of_a_quote_is_that_of_its_cues() -> None:
    """A quote starts with its first cue and ends with its last, not with its utterance."""
    cues = (
        {"cue": 0, "start": 0, "end": 10, "start_ms": 0, "end_ms": 4000},
        {"cue": 1, "start": 11, "end": 20, "start_ms": 4000, "end_ms": 7000},
        {"cue": 2, "start": 21, "end": 30, "start_ms": 7000, "end_ms": 9000},
    )
    stored = StoredUtterance("x" * 30, 0, 9000, cues)
    assert time_of(Span(12, 25), stored) == (4000, 9000)
    assert time_of(Span(0, 10), stored) == (0, 4000)
    assert time_of(Span(0, 10), StoredUtterance("x" * 30, 5, 10, ())) == (5, 10)
    timeless = {"cue": 0, "start": 0, "end": 30, "start_ms": None, "end_ms": None}
    assert time_of(Span(0, 10), StoredUtterance("x" * 30, 5, None, (timeless,))) == (5, None)
