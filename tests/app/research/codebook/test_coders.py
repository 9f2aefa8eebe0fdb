"""What coders said becomes units: an utterance that both coded, and a code."""

from app.research.codebook.coders import Said, compare, gather

YES, NO = "affirmed", "denied"
ANNA = [Said("anna", "u1", "A", YES), Said("anna", "u2", "B", NO), Said("anna", "u3", "A", YES)]
BEN = [Said("ben", "u1", "A", YES), Said("ben", "u2", "B", YES), Said("ben", "u4", "C", YES)]


def test_only_what_both_coded_is_compared() -> None:
    """u1 and u2 with the codes A and B: of four units three are alike, the polarity of B on u2 is not."""
    overall, a, b = compare(gather([*ANNA, *BEN], {}))
    (pair,) = overall.pairs
    assert (overall.utterances, overall.units, pair.observed) == (2, 4, 0.75)
    assert [each.code for each in (a, b)] == ["A", "B"]
    assert (a.alpha.value, a.pairs[0].kappa.value) == (1, 1)
    assert b.pairs[0].observed == 0.5


def test_who_read_all_said_of_the_rest_that_nothing_is_there() -> None:
    """The tagger has no code for u3: that is a disagreement, and not left out."""
    tagger = [Said("tagger", "u1", "A", YES)]
    overall, *_ = compare(gather([*ANNA, *tagger], {"tagger": ["u1", "u2", "u3"]}))
    (pair,) = overall.pairs
    assert (pair.utterances, pair.units) == (3, 6)
    assert pair.observed == 4 / 6


def test_both_polarities_are_a_value_of_their_own() -> None:
    """Who affirms and denies in one utterance does not agree with who affirms."""
    both = [Said("anna", "u1", "A", YES), Said("anna", "u1", "A", NO)]
    overall, *_ = compare(gather([*both, Said("ben", "u1", "A", YES)], {}))
    assert overall.pairs[0].observed == 0


def test_coders_without_anything_in_common_have_no_coefficient() -> None:
    """It is said to be undefined, for these two and for all."""
    overall, *codes = compare(gather([ANNA[2], BEN[2]], {}))
    assert codes == []
    assert overall.alpha.undefined == overall.pairs[0].kappa.undefined == "nothing_shared"


def test_a_third_coder_counts_where_two_of_them_coded() -> None:
    """Alpha takes units of any two; each pair has its own utterances."""
    carla = [Said("carla", "u2", "B", YES), Said("carla", "u4", "C", YES)]
    overall, *_ = compare(gather([*ANNA, *BEN, *carla], {}))
    assert overall.utterances == 3
    assert {pair.coders: pair.utterances for pair in overall.pairs} == {
        ("anna", "ben"): 2,
        ("anna", "carla"): 1,
        ("ben", "carla"): 2,
    }
