"""What an insight rests on and what it lost, as pure functions."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from app.evidence.insights.links import Balance, Link, Lost, relink, weigh
from app.evidence.insights.places import Place
from app.text import Span
from app.vocabulary import Stance

IDS = [uuid.UUID(int=number) for number in range(6)]
LINKS = st.lists(
    st.builds(
        lambda number, quotable, superseded: link(number, quotable=quotable, superseded=superseded),
        st.integers(0, 5),
        st.booleans(),
        st.booleans(),
    ),
    unique_by=lambda each: each.utterance_id,
)


def link(number: int, *, quotable: bool = True, superseded: bool = False, stance: Stance = Stance.FOR) -> Link:
    """The words `words N` at a place of their own."""
    return Link(IDS[number], Span(0, 7), stance, f"words {number}", "P01", quotable, superseded)


def place(number: int) -> tuple[Place, Stance]:
    """Where `words N` stand."""
    return Place(IDS[number], Span(0, 7)), Stance.FOR


def test_an_insight_whose_evidence_stands_is_sound() -> None:
    """Nothing is lost."""
    balance = weigh([link(0), link(1)], given=2, linked=2)
    assert (balance, balance.losses) == (Balance(2, 2), ())


def test_each_loss_has_its_reason() -> None:
    """Of six pieces one stands, one was replaced, one may not be quoted, two were erased, one was never found."""
    links = [link(0), link(1, superseded=True), link(2, quotable=False)]
    balance = weigh(links, given=6, linked=5)
    assert balance == Balance(given=6, current=1, superseded=1, withdrawn=1, erased=2, not_found=1)
    assert balance.losses == (Lost.SUPERSEDED, Lost.WITHDRAWN, Lost.ERASED, Lost.NOT_FOUND)


def test_words_that_stand_in_a_new_version_take_the_place_of_those_before() -> None:
    """The superseded link goes, the new one comes; nothing counts as erased."""
    old = link(0, superseded=True)
    relinked = relink([old], 1, [place(1)], [], 1)
    assert (relinked.added, relinked.removed, relinked.linked) == ((place(1),), (old,), 1)


def test_superseded_words_that_stand_nowhere_else_stay() -> None:
    """They are still given, so the insight goes on saying that they were superseded; also in other white space."""
    old = link(0, superseded=True)
    relinked = relink([old], 1, [], ["words\n0"], 1)
    assert (relinked.added, relinked.removed, relinked.linked) == ((), (), 1)
    assert relink([old], 1, [], ["other words"], 1).removed == (old,)


def test_what_was_erased_stays_erased() -> None:
    """Two were linked, one is left; looking again finds that one, and does not forget the other."""
    assert relink([link(0)], 2, [place(0)], ["words 1"], 2).linked == 2
    assert weigh([link(0)], 2, 2).erased == 1


def test_a_stance_that_changed_is_linked_anew() -> None:
    """The same words against instead of for."""
    relinked = relink([link(0, stance=Stance.AGAINST)], 1, [place(0)], [], 1)
    assert (relinked.added, len(relinked.removed)) == ((place(0),), 1)


@given(LINKS, st.integers(0, 8), st.sets(st.integers(0, 5)), st.integers(0, 3))
def test_relinking_twice_changes_nothing(links: list[Link], more: int, found: set[int], unfound: int) -> None:
    """What is linked once is linked; every place that was found has a link, and counts stay within what was given."""
    places = [place(number) for number in sorted(found)]
    missing = [f"words {number}" for number in range(6) if number not in found][:unfound]
    given_count = len(places) + len(missing)
    once = relink(links, len(links) + more, places, missing, given_count)
    kept = [each for each in links if each not in once.removed]
    now = [*kept, *(link(IDS.index(added.utterance_id)) for added, _ in once.added)]
    assert {(p.utterance_id, p.span) for p, _ in places} <= {(each.utterance_id, each.span) for each in now}
    assert once.linked <= given_count
    again = relink(now, max(once.linked, len(now)), places, missing, given_count)
    assert (again.added, again.removed) == ((), ())
