"""Codes go to other tools as names and descriptions, and come back as they were."""

from hypothesis import given
from hypothesis import strategies as st

from app.research.codebook.schemas import LONGEST_CODE, RESERVED, NewCode
from app.research.exchange.code_words import (
    Described,
    describe,
    free_code,
    identify,
    name_code,
    read_description,
    read_name,
)
from app.vocabulary import Kind

LINES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20)
LANGUAGES = st.sampled_from(["en", "de", "es", "und"])
NAMES = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,20}\Z")


@given(
    st.sampled_from(Kind),
    st.text(st.sampled_from("ab\n-: kindlabel"), max_size=40),
    st.dictionaries(LANGUAGES, LINES, min_size=1, max_size=3),
    st.lists(LINES, max_size=3),
)
def test_a_description_is_read_as_it_was_written(
    kind: Kind, about: str, labels: dict[str, str], examples: list[str]
) -> None:
    """Whatever the words are, also such that look like our own lines."""
    assert read_description(describe(kind, about, labels, examples)) == Described(about, kind, labels, tuple(examples))


@given(st.text(max_size=60))
def test_anybodys_description_is_what_its_code_is_about(description: str) -> None:
    """Unless it has our lines at its end."""
    found = read_description(description)
    assert found.about == description or found.kind or found.labels or found.examples


def test_a_description_is_for_people_too() -> None:
    """What it is about comes first."""
    words = describe(Kind.ANXIETY, "fear that the money is gone", {"en": "Money gone"}, ["Where is it?"])
    assert words.startswith("fear that the money is gone\n---\nkind: anxiety\nlabel en: Money gone")


@given(NAMES, LINES)
def test_a_name_is_read_as_it_was_written(code: str, label: str) -> None:
    """Name and label; a code without another label is called by its name alone."""
    assert read_name(name_code(code, {"en": label})) == (code, label)


def test_other_names_are_left_alone() -> None:
    """Only a name that could be a code's stands before the mark."""
    assert read_name("Coke::diet Coke") == ("Coke::diet Coke", "Coke::diet Coke")
    assert read_name("a b · c") == ("a b · c", "a b · c")


@given(st.text(max_size=100), st.sets(NAMES))
def test_a_free_name_can_be_used(name: str, taken: set[str]) -> None:
    """Whatever somebody calls a code: the name that it gets is none that another has, and a valid one."""
    free = free_code(name, taken)
    assert free not in taken | RESERVED | set(Kind)
    assert len(free) <= LONGEST_CODE
    assert NewCode(code=free, kind=Kind.AHA, labels={"en": "x"}).code == free
    assert free_code(name, {*taken, free}) != free


def test_identities_are_stable() -> None:
    """The same names of the same study have the same identity, others another."""
    assert str(identify("nido", "AX1")) == str(identify("nido", "AX1"))
    assert (
        len({identify("nido", "AX1"), identify("nido", "AX2"), identify("other", "AX1"), identify("nido", "A", "X1")})
        == 4
    )
