"""Typical language: the measure computed by hand, and what is looked at at all."""

import math
import uuid
from collections.abc import Collection

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.research.segments.queries import Words
from app.research.segments.typical import find_typical, log_odds, phrases_in, spelling_of, wordings_in

STOP_WORDS = frozenset({"der", "und", "ich"})


def inside(person: str, text: str) -> Words:
    """What somebody of the segment says."""
    return Words(person, inside=True, language="de", utterance_id=_id(person, text), text=text)


def elsewhere(person: str, text: str) -> Words:
    """What somebody else says."""
    return Words(person, inside=False, language="de", utterance_id=_id(person, text), text=text)


def _id(person: str, text: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{person} {text}")


def content(words: Collection[str]) -> Collection[str]:
    """The words without stop words."""
    return set(words) - STOP_WORDS


def test_the_measure_by_hand() -> None:
    """y = 3 of 4 and y' = 0 of 4 with a = 3, a0 = 8: ln(6 / 6) - ln(3 / 9) = ln 3, over sqrt(1/6 + 1/3)."""
    z = log_odds(np.array([3.0, 1.0]), np.array([0.0, 4.0]))
    assert math.isclose(z[0], math.log(3) / math.sqrt(1 / 6 + 1 / 3))
    assert math.isclose(z[1], (math.log(6 / 6) - math.log(9 / 3)) / math.sqrt(1 / 6 + 1 / 9))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(any), min_size=2, max_size=9))
def test_the_other_side_has_the_opposite_score(counts: list[tuple[int, int]]) -> None:
    """What is typical of the one is as untypical of the other; what both say alike is typical of neither."""
    own, others = (np.array(column, np.float64) for column in zip(*counts, strict=True))
    assert np.allclose(log_odds(own, others), -log_odds(others, own))
    both = own + others
    assert np.allclose(log_odds(both, both), 0)


def test_phrases_know_where_they_stand() -> None:
    """One word or two with only a space between; apostrophes belong to words, marks and digits end a phrase."""
    text = "Der Brief, ich hab's 2 mal gelesen"
    found = {" ".join(phrase.words): text[phrase.start : phrase.end] for phrase in phrases_in(text)}
    assert found["der brief"] == "Der Brief"
    assert found["ich hab's"] == "ich hab's"
    assert "brief ich" not in found
    assert "hab's mal" not in found


def test_what_only_people_inside_say_is_typical() -> None:
    """Two people inside say it and nobody elsewhere; one person's habit, stop words and what all say are not."""
    words = [
        inside("P1", "Der rote Brief kam"),
        inside("P2", "Und der rote Brief lag da, der Hund bellt"),
        elsewhere("P3", "Der Hund bellt und ich"),
        elsewhere("P4", "Der Hund bellt"),
        *[inside("P1", "Zaubertrank Zaubertrank")] * 50,
    ]
    found = find_typical(words, content)
    assert [" ".join(each.words) for each in found] == ["rote brief"]
    assert (found[0].people, found[0].elsewhere, spelling_of(found[0])) == (2, 0, "rote Brief")


def test_repeating_somebody_changes_no_score() -> None:
    """Counted are people: the same words fifty times give the same scores."""
    words = [
        inside("P1", "rote Briefe kamen"),
        inside("P2", "rote Briefe gingen"),
        elsewhere("P3", "blaue Briefe kamen"),
    ]
    once = [(each.words, each.z, each.people, each.elsewhere) for each in find_typical(words, content)]
    again = [(each.words, each.z, each.people, each.elsewhere) for each in find_typical(words * 50, content)]
    assert once == again
    assert once


def test_there_must_be_others_to_compare_with() -> None:
    """Where only people inside speak the language, or nobody does, nothing is typical."""
    assert find_typical([inside("P1", "rote Briefe"), inside("P2", "rote Briefe")], content) == []
    assert find_typical([elsewhere("P3", "rote Briefe")], content) == []
    assert find_typical([], content) == []
    assert find_typical([inside("P1", "Ja."), inside("P2", "Ja."), elsewhere("P3", "Ja.")], content) == []


def test_wordings_are_those_of_the_phrases() -> None:
    """Whether places are wanted or not, the same is found."""
    for text in ("", "Ich hab's gesehen, ich  hab es. Straße ẞ", "uno dos\ntres", "so, so so"):
        assert wordings_in(text) == {phrase.words for phrase in phrases_in(text)}
