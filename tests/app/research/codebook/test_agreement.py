"""Coefficients of agreement, against the worked examples of the papers and numbers computed by hand."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from app.research.codebook.agreement import (
    NO_VARIATION,
    NOTHING_SHARED,
    cohen_kappa,
    krippendorff_alpha,
    observed_agreement,
)

VALUES = st.sampled_from("abc")
PAIRS = st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=30)
UNITS = st.lists(st.lists(VALUES, max_size=4), max_size=20)


def units_of(*coders: str) -> list[list[str]]:
    """What coders say of each unit, a row for each coder; `*` is nothing."""
    return [[value for value in unit if value != "*"] for unit in zip(*(row.split() for row in coders), strict=True)]


def test_kappa_by_hand() -> None:
    """Of 50 units 20 are yes for both and 15 no for both: p_o = 0.7, p_e = 0.5 * 0.6 + 0.5 * 0.4 = 0.5, kappa 0.4."""
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert observed_agreement(pairs) == 0.7
    assert cohen_kappa(pairs).value == pytest.approx(0.4)


def test_alpha_of_four_coders() -> None:
    """The example of Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011: 12 units, nominal 0.743."""
    units = units_of(
        "1 2 3 3 2 1 4 1 2 * * *",
        "1 2 3 3 2 2 4 1 2 5 * 3",
        "* 3 3 3 2 3 4 2 2 5 1 *",
        "1 2 3 3 2 4 4 1 2 5 1 *",
    )
    assert krippendorff_alpha(units).value == pytest.approx(0.743, abs=0.0005)


def test_alpha_of_three_coders() -> None:
    """The example of three coders and 15 units, of which two have one value or none: nominal 0.691."""
    units = units_of(
        "* * * * * 3 4 1 2 1 1 3 3 * 3",
        "1 * 2 1 3 3 4 3 * * * * * * *",
        "* * 2 1 3 4 4 * 2 1 1 3 3 * 4",
    )
    assert krippendorff_alpha(units).value == pytest.approx(0.691, abs=0.0005)


def test_alpha_of_two_coders_by_hand() -> None:
    """Ten units, 6 alike: o = 0.4 of 20 values, n = 14 a and 6 b: 1 - 19 * 8 / (400 - 196 - 36) = 0.095."""
    units = [["a", "a"]] * 5 + [["b", "b"]] + [["a", "b"]] * 4
    assert krippendorff_alpha(units).value == pytest.approx(1 - 19 * 8 / 168)


def test_what_is_undefined_says_why() -> None:
    """Nothing in common, and nothing that varies, are no agreement and no disagreement."""
    assert cohen_kappa([]) == krippendorff_alpha([]) == NOTHING_SHARED
    assert krippendorff_alpha([["a"], ["b"], []]) == NOTHING_SHARED
    assert cohen_kappa([("a", "a")] * 3) == krippendorff_alpha([["a", "a"]] * 3) == NO_VARIATION
    assert observed_agreement([]) is None


def test_perfect_agreement_is_one() -> None:
    """Wherever something varies; and perfect disagreement of two is -1 by kappa."""
    assert cohen_kappa([("a", "a"), ("b", "b")]).value == 1
    assert krippendorff_alpha([["a", "a", "a"], ["b", "b"]]).value == 1
    assert cohen_kappa([("a", "b"), ("b", "a")]).value == -1


@given(PAIRS)
def test_kappa_is_that_of_another_implementation(pairs: list[tuple[str, str]]) -> None:
    """Where it is defined at all."""
    found = cohen_kappa(pairs)
    if found.value is not None:
        first, second = ([pair[coder] for pair in pairs] for coder in (0, 1))
        assert found.value == pytest.approx(float(cohen_kappa_score(first, second)))


@given(PAIRS)
def test_kappa_is_the_same_from_both_sides(pairs: list[tuple[str, str]]) -> None:
    """Whoever is the first coder; and it is never above 1."""
    turned = cohen_kappa([(other, one) for one, other in pairs])
    assert turned.value == pytest.approx(cohen_kappa(pairs).value)
    assert turned.value is None or -1 <= turned.value <= 1


@given(UNITS, st.randoms(use_true_random=False))
def test_alpha_knows_no_order(units: list[list[str]], random: object) -> None:
    """Neither of units nor of coders; units that fewer than two coded change nothing."""
    shuffled = [sorted(unit) for unit in units] + [["c"], []]
    getattr(random, "shuffle")(shuffled)  # noqa: B009 Hypothesis gives its generator without a type
    found, turned = krippendorff_alpha(units), krippendorff_alpha(shuffled)
    assert turned.undefined == found.undefined
    assert turned.value == pytest.approx(found.value)
    assert found.value is None or found.value <= 1


@given(st.lists(st.tuples(VALUES, VALUES), min_size=2, max_size=20))
def test_alpha_of_two_is_scotts_pi_for_few_units(pairs: Sequence[tuple[str, str]]) -> None:
    """alpha = 1 - (1 - pi) (2 n - 1) / (2 n) for two coders who both coded all n units (Hayes, Krippendorff 2007)."""
    values = [value for pair in pairs for value in pair]
    chance = sum((values.count(value) / len(values)) ** 2 for value in set(values))
    found = krippendorff_alpha(pairs)
    if found.value is None:
        assert chance == 1
        return
    pi = ((observed_agreement(pairs) or 0) - chance) / (1 - chance)
    assert found.value == pytest.approx(1 - (1 - pi) * (len(values) - 1) / len(values))


def test_more_agreement_is_more() -> None:
    """Each further unit that is alike raises both coefficients."""
    alike = [[("a", "a")] * (5 + n) + [("b", "b")] * 5 + [("a", "b")] * 3 for n in range(5)]
    assert all(before < after for before, after in pairwise(cohen_kappa(pairs).value or 0 for pairs in alike))
    assert all(before < after for before, after in pairwise(krippendorff_alpha(pairs).value or 0 for pairs in alike))
