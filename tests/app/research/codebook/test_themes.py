"""Themes: what three people speak of alike, in whatever language, in whatever order, however often one says it."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.embedding import unit_rows
from app.research.codebook.themes import MOST_COMPARED, Cluster, Passages, find_themes

DIMENSION = 64
SPREAD = 0.12


def around(
    direction: int, count: int, seed: int, noise: float = 0.05
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Vectors near to one direction."""
    draw = np.random.default_rng(seed)
    vectors = draw.normal(0, noise, (count, DIMENSION))
    vectors[:, direction] += 1
    return unit_rows(vectors.astype(np.float32))


def speech(seed: int = 0) -> Passages:
    """Five German and four Spanish people: two themes across languages, and what each says besides."""
    draw = np.random.default_rng(seed)
    people, languages, rows = [], [], []
    for number in range(9):
        language = "de" if number < 5 else "es"
        accent = np.zeros(DIMENSION, np.float32)
        accent[60 if language == "de" else 61] = 0.8
        own = around(10 + number, 6, seed * 100 + number, 0.3)
        of_theme = around(number % 2, 1, seed * 100 + 50 + number)
        for vector in (*own, *of_theme):
            people.append(f"P{number}")
            languages.append(language)
            rows.append(vector + accent + draw.normal(0, 0.01, DIMENSION))
    return Passages(tuple(people), tuple(languages), unit_rows(np.array(rows, np.float32)))


def told(clusters: tuple[Cluster, ...], passages: Passages) -> list[tuple[int, frozenset[bytes]]]:
    """The themes by what belongs to them, not by where it stands."""
    return [
        (cluster.people, frozenset(passages.vectors[member].tobytes() for member in cluster.members))
        for cluster in clusters
    ]


def test_themes_go_across_languages() -> None:
    """What even and odd people have in common is two themes, each in German and in Spanish; nothing else is."""
    passages = speech()
    themes = find_themes(passages, SPREAD)
    assert [theme.people for theme in themes] == [5, 4]
    for theme, parity in zip(themes, (0, 1), strict=True):
        assert {passages.people[member] for member in theme.members} == {f"P{n}" for n in range(9) if n % 2 == parity}
        assert {passages.languages[member] for member in theme.members} == {"de", "es"}


def test_all_who_say_the_same_are_a_theme() -> None:
    """Also where nobody says anything else, so that nothing is unlike it."""
    same = np.repeat(around(3, 1, 1), 4, axis=0)
    (theme,) = find_themes(Passages(("P1", "P2", "P3", "P4"), ("en",) * 4, same), SPREAD)
    assert (theme.people, len(theme.members)) == (4, 4)


def test_a_language_is_no_theme() -> None:
    """People who have nothing in common but how a language lies in the space are no theme."""
    accent = np.zeros(DIMENSION, np.float32)
    accent[60] = 2
    rows = np.vstack([around(number, 4, number, 0.3) for number in range(8)])
    languages = ("es",) * 16 + ("de",) * 16
    rows[:16] += accent
    people = tuple(f"P{row // 4}" for row in range(32))
    assert find_themes(Passages(people, languages, unit_rows(rows)), SPREAD) == ()


def test_two_people_are_no_theme() -> None:
    """However much they say."""
    rows = np.vstack([around(0, 10, 1), around(1, 10, 2)])
    passages = Passages(("P1", "P2") * 10, ("de",) * 20, rows)
    assert find_themes(passages, SPREAD) == ()
    assert find_themes(Passages((), (), np.zeros((0, DIMENSION), np.float32)), SPREAD) == ()


def test_the_most_typical_comes_first() -> None:
    """Members are ordered by how near they are to the middle."""
    passages = speech()
    for theme in find_themes(passages, SPREAD):
        first, last = (passages.vectors[theme.members[place]] for place in (0, -1))
        assert first @ theme.centroid >= last @ theme.centroid - 0.1
        assert 0 < theme.cohesion <= 1


@settings(max_examples=20)
@given(order=st.permutations(range(63)))
def test_the_order_of_passages_means_nothing(order: list[int]) -> None:
    """The same people say the same things, and the same themes are found."""
    passages = speech()
    shuffled = Passages(
        tuple(passages.people[row] for row in order),
        tuple(passages.languages[row] for row in order),
        passages.vectors[order],
    )
    before, after = find_themes(passages, SPREAD), find_themes(shuffled, SPREAD)
    assert told(before, passages) == told(after, shuffled)


@settings(max_examples=20)
@given(row=st.integers(0, 62), times=st.integers(1, 50))
def test_who_repeats_oneself_counts_once(row: int, times: int) -> None:
    """One passage fifty times changes neither the themes nor their numbers of people."""
    passages = speech()
    repeated = Passages(
        (*passages.people, *[passages.people[row]] * times),
        (*passages.languages, *[passages.languages[row]] * times),
        np.vstack([passages.vectors, *[passages.vectors[[row]]] * times]),
    )
    before, after = find_themes(passages, SPREAD), find_themes(repeated, SPREAD)
    assert told(before, passages) == told(after, repeated)
    assert sum(len(theme.members) for theme in after) - sum(len(theme.members) for theme in before) in (0, times)


def test_what_cannot_be_compared_joins() -> None:
    """Beyond the limit, passages join the themes that they are like, and are counted there."""
    each = MOST_COMPARED // 8 + 50
    rows = np.vstack([around(direction, each, direction) for direction in range(8)])
    passages = Passages(tuple(f"P{row}" for row in range(len(rows))), ("de",) * len(rows), rows)
    assert [theme.people for theme in find_themes(passages, SPREAD)] == [each] * 8
