"""The order of candidates, near-duplicates and voices, as pure functions."""

from dataclasses import replace

import pytest
from candidate_factory import hit
from hypothesis import given
from hypothesis import strategies as st

from app.answering.rank import at_most_each, order, shingles, without_near_duplicates
from app.calibration import Thresholds

THRESHOLDS = Thresholds(strong=0.8, fair=0.5)


@pytest.mark.parametrize("by", ["code", "lexical"])
@pytest.mark.parametrize(("share", "first"), [(0.1, "near"), (1.0, "listed")])
def test_a_list_weighs_as_far_as_it_is_sure(by: str, share: float, first: str) -> None:
    """The nearest of codes that are far away, or one common word, does not outrank what vectors find; a match does."""
    near = hit(1, "near", dense_rank=1)
    listed = replace(
        hit(2, "listed", dense_rank=20),
        code_rank=int(by == "code"),
        code_score=share * (by == "code"),
        lexical_rank=int(by == "lexical"),
        lexical_score=share * (by == "lexical"),
    )
    assert order([listed, near], THRESHOLDS)[0].hit.text == first


@given(st.lists(st.text(alphabet="ab ", max_size=12), max_size=12))
def test_near_duplicates_are_those_of_the_definition(texts: list[str]) -> None:
    """What stays is what a comparison of every pair by Jaccard similarity leaves."""
    kept: list[str] = []
    for text in texts:
        runs = shingles(text)
        if not any(len(runs & shingles(other)) >= 0.7 * len(runs | shingles(other)) for other in kept):
            kept.append(text)
    assert list(without_near_duplicates(texts, str)) == kept


def test_what_is_said_twice_is_kept_once() -> None:
    """Of two nearly equal texts the first stays; a different one stays too."""
    texts = [
        "Die Gebühr kam mit der Post, im Februar, fünf fünfzig im Monat.",
        "die gebühr kam mit der post im februar fünf fünfzig im Monat",
        "Am ersten des Monats lief der Sparplan von allein.",
    ]
    assert list(without_near_duplicates(texts, str)) == [texts[0], texts[2]]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers()), max_size=30), st.integers(1, 3), st.integers(0, 30))
def test_every_voice_is_heard_before_one_is_heard_too_often(
    items: list[tuple[str, int]], most_each: int, least: int
) -> None:
    """Nothing is invented, the order within a voice holds, and extra items appear only to reach the least number."""
    kept = at_most_each(items, lambda item: item[0], most_each, least)
    for voice in "abc":
        said = [item for item in items if item[0] == voice]
        assert [item for item in kept if item[0] == voice] == said[: len([item for item in kept if item[0] == voice])]
    capped = sum(min(most_each, sum(item[0] == voice for item in items)) for voice in "abc")
    assert len(kept) == min(len(items), max(capped, least))
