"""Searching more than once, as pure functions: no language starves, nothing is searched without bounds."""

from dataclasses import replace

from candidate_factory import hit, ranked, tag
from hypothesis import given
from hypothesis import strategies as st

from app.answering.gather import (
    LANGUAGE_DEPTH,
    MOST_SEARCHES,
    Search,
    fuse,
    merge,
    plan_searches,
    said_in,
    take_sides,
    unheard_sides,
)
from app.answering.interpret import Interpreted, Part
from app.answering.rank import RankedHit
from app.answering.retrieve import Hit
from app.answering.schemas import Relevance
from app.answering.understand import Understanding
from app.scope import Filters
from app.vocabulary import Polarity

UNDERSTANDING = Understanding("Why?", "Why?", "en", Filters(), (), 8)


def interpreted(*parts: Part) -> Interpreted:
    """A question of these parts."""
    return Interpreted(UNDERSTANDING, parts)


def test_every_part_is_searched_among_all_and_in_every_language() -> None:
    """In a language with the words that customers of it may use, where there are some."""
    parts = interpreted(Part("Why?", {"de": "Weil das Geld weg war."}), Part("When?"))
    assert plan_searches(parts, ("de", "es")) == [
        Search(0, "Why?"),
        Search(1, "When?"),
        Search(0, "Weil das Geld weg war.", "de"),
        Search(1, "When?", "de"),
        Search(0, "Why?", "es"),
        Search(1, "When?", "es"),
    ]


def test_one_language_is_searched_once_and_in_other_words() -> None:
    """Where all is said in one language, a second search of the same words would find the same."""
    assert plan_searches(interpreted(Part("Why?")), ("de",)) == [Search(0, "Why?")]
    worded = interpreted(Part("Why?", {"de": "Weil."}))
    assert plan_searches(worded, ("de",)) == [Search(0, "Why?"), Search(0, "Weil.")]


@given(st.integers(1, 4), st.lists(st.sampled_from(["de", "es", "en", "fr", "it"]), unique=True))
def test_searches_are_bounded_and_none_is_made_twice(parts: int, languages: list[str]) -> None:
    """Every part is searched once at least, whatever there is to search."""
    planned = plan_searches(interpreted(*(Part(f"part {number}") for number in range(parts))), languages)
    assert len(planned) == len(set(planned)) <= MOST_SEARCHES
    assert {search.part for search in planned} == set(range(parts))


def said(number: int, relevance: Relevance = "strong", participant: int = 1) -> RankedHit:
    """A hit unlike any other."""
    text = " ".join(f"word{number}x{place}" for place in range(5))
    return RankedHit(hit(number, text, participant=participant), 1.0, relevance)


def ids(items: list[RankedHit]) -> list[int]:
    """The hits by number."""
    return [item.hit.utterance_id.int for item in items]


def test_what_several_lists_hold_comes_first() -> None:
    """Fused by reciprocal rank; as relevant as the list says that finds a candidate the most relevant."""
    fused = fuse([[said(1), said(2, "weak")], [said(3), said(2, "fair")]])
    assert ids(fused) == [2, 1, 3]
    assert fused[0].relevance == "fair"
    assert fuse([]) == fuse([[]]) == []


def test_the_first_of_each_language_comes_before_the_second_of_any() -> None:
    """Words in the question's language do not push those in another out of sight."""
    everything, german, spanish = [said(n) for n in range(1, 9)], [said(n) for n in range(1, 5)], [said(20), said(21)]
    fused = ids(fuse([everything, german, spanish]))
    assert fused.index(20) < fused.index(5)


def test_parts_take_turns_and_nobody_talks_all_the_time() -> None:
    """The best of each part; three passages of one person, more only where nobody else has any."""
    assert ids(merge([[said(1), said(2)], [said(3, participant=2), said(1)]], 4)) == [1, 3, 2]
    talkative = [said(n) for n in range(1, 6)]
    assert ids(merge([[*talkative, said(9, participant=2)]], 4)) == [1, 2, 3, 9]
    assert ids(merge([talkative], 4)) == [1, 2, 3, 4]


def test_the_side_that_nobody_took_is_searched() -> None:
    """Of codes that relevant candidates are about: who denies them where all affirm, and the other way round."""
    affirmed, denied = ranked("a b c d", tag("AX1")), ranked("e f g h", tag("AX2", Polarity.DENIED))
    assert list(unheard_sides([affirmed, denied])) == [("AX2", Polarity.AFFIRMED), ("AX1", Polarity.DENIED)]
    assert not list(unheard_sides([affirmed, ranked("i j k l", tag("AX1", Polarity.DENIED))]))
    assert not list(unheard_sides([replace(affirmed, relevance="weak"), ranked("x", tag("anxiety"))]))


def test_who_takes_a_side_is_heard_of_each_polarity() -> None:
    """However many there are of the one, and each by the tag that takes the side."""
    affirming = [ranked(f"a{number}", tag("AX2"), tag("AX9")) for number in range(9)]
    denying = ranked("b", tag("AX9"), tag("AX1", Polarity.DENIED))
    sides = [("AX2", Polarity.AFFIRMED), ("AX1", Polarity.DENIED)]
    taken = take_sides([*affirming, denying, ranked("c", tag("AX1"))], sides)
    assert [item.tag and (item.tag.code, item.tag.polarity) for item in taken] == [sides[0]] * 4 + [sides[1]]


def spoken(number: int, language: str, dense_rank: int, lexical_rank: int = 0) -> Hit:
    """A hit in a language, at these ranks."""
    return replace(hit(number, dense_rank=dense_rank), language=language, lexical_rank=lexical_rank)


def test_a_language_that_is_heard_enough_is_not_searched_again() -> None:
    """Its ranks are counted as its own search would; a language that starves is searched, an empty one is not."""
    found = [
        spoken(n, "es" if n % 2 else "de", dense_rank=n, lexical_rank=30 - n) for n in range(1, 2 * LANGUAGE_DEPTH)
    ]
    spanish = said_in("es", found, 100)
    assert spanish is not None
    assert [each.dense_rank for each in spanish] == list(range(1, LANGUAGE_DEPTH + 1))
    assert [each.lexical_rank for each in spanish] == list(range(LANGUAGE_DEPTH, 0, -1))
    assert {each.language for each in spanish} == {"es"}
    assert said_in("de", found, 100) is None
    assert said_in("fr", found, 0) == ()
