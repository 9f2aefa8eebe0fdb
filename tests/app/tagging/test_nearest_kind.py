"""The kind that nobody says is guessed from words, and what people say is told from small talk."""

import numpy as np
import pytest

from app.embedding import Embedder, unit_rows
from app.tagging.nearest_kind import guess_kinds, kind_called, kinds_of_talk, talk_of_kinds
from app.vocabulary import Kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("anxiety", Kind.ANXIETY),
        ("Anxieties", Kind.ANXIETY),
        ("Sorge vor dem Neuen", Kind.ANXIETY),
        ("  HABIT ", Kind.HABIT),
        ("job_social", Kind.JOB_SOCIAL),
        ("Job social", Kind.JOB_SOCIAL),
        ("Fear of losing money", None),
        ("", None),
    ],
)
def test_a_name_may_be_a_kinds(name: str, kind: Kind | None) -> None:
    """As it is stored, or its label in one of the languages, or an English plural."""
    assert kind_called(name) == kind


def test_words_have_a_nearest_kind(embedder: Embedder) -> None:
    """Whatever the language; nothing in, nothing out."""
    words = [
        "Afraid of losing money, nervous about risks",
        "Angst, dass das Geld weg ist",
        "What changed afterwards: proud that it worked out, a success",
    ]
    assert guess_kinds(words, embedder)[:2] == (Kind.ANXIETY, Kind.ANXIETY)
    assert len(guess_kinds(words, embedder)) == 3
    assert guess_kinds([], embedder) == ()


def test_small_talk_has_no_kind(embedder: Embedder) -> None:
    """A greeting is nearer to greetings than to any kind."""
    talk = talk_of_kinds(embedder)
    assert 0 < talk.spread < 1
    vectors = unit_rows(np.stack([talk.vectors[column].mean(axis=0) for column in talk.columns]))
    kinds = kinds_of_talk(vectors, embedder)
    assert kinds[-1] is None
    assert None not in kinds[:-1]
