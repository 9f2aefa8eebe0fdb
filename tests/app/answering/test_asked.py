"""Who was asked about a matter: what interviewers put, against questions and codes."""

import numpy as np
import pytest

from app.answering.asked import PutQuestions, nearness
from app.embedding import Embedder

PUT = (
    ("War Ihnen wichtig, dass die Gebühren vorher sichtbar sind?", "P1"),
    ("¿Le importaba ver las comisiones antes de contratar?", "P2"),
    ("Können Sie mich gut hören?", "P3"),
    ("War Ihnen wichtig, dass die Gebühren vorher sichtbar sind?", "P4"),
    ("Kam die Bescheinigung für die Steuer zu spät?", "P5"),
)
CODES = ["Fees visible beforehand. Fees must be visible before the purchase", "Tax document was confusing or late"]


def test_nearness_by_hand() -> None:
    """Everyday cosines 0.2 and 0.4 have mean 0.3 and deviation 0.1: a cosine of 0.8 is five above."""
    matter = np.array([[1.0, 0.0]], np.float32)
    everyday = np.array([[0.2, 0.0], [0.4, 0.0]], np.float32)
    assert nearness(np.array([[0.8, 0.6]], np.float32), matter, everyday)[0, 0] == pytest.approx(5, abs=1e-4)
    assert np.isfinite(nearness(matter, matter, everyday[[0, 0]])).all()


def test_questions_are_about_the_code_nearest_to_them(embedder: Embedder) -> None:
    """In whatever language; small talk is about none, and what is about one code is not about the next best."""
    about = PutQuestions.of(PUT, embedder).about(embedder.embed_passages(CODES))
    assert about.tolist() == [[True, False], [True, False], [False, False], [True, False], [False, True]]


def test_people_are_found_by_what_was_put_to_them(embedder: Embedder) -> None:
    """The same question to two people finds both."""
    matter = embedder.embed_questions(["Waren die Gebühren vorher sichtbar?"])[0]
    assert PutQuestions.of(PUT, embedder).near(matter) >= {"P1", "P4"}


def test_nothing_put_is_about_nothing(embedder: Embedder) -> None:
    """Neither without questions nor without codes is anybody asked."""
    codes = embedder.embed_passages(CODES)
    assert PutQuestions.of((), embedder).about(codes).shape == (0, 2)
    assert PutQuestions.of((), embedder).near(codes[0]) == frozenset()
    assert PutQuestions.of(PUT, embedder).about(codes[:0]).shape == (5, 0)
