"""Whose words and codes are: the product's, a competitor's, or the house's."""

import pytest

from app.embedding import Embedder
from app.research.matrix.options import competitors_in, competitors_of_codes, names_of, options_of

NAMES = names_of(["Valora", "Deutsche Bank", "N26", "Orange", "A&O"])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Valoras Gebühren waren hoch.", {"Valora"}),
        ("I left Valora’s app.", {"Valora"}),
        ("ich war bei valora", {"Valora"}),
        ("Bei der Deutschen Bank war ich lange.", {"Deutsche Bank"}),
        ("Eine deutsche Firma mit einer Bank.", set()),
        ("N26 und Valora", {"N26", "Valora"}),
        ("Bei A&O war es billiger.", {"A&O"}),
        ("I like the orange button. It is nice.", set()),
        ("Con Orange me iba bien.", {"Orange"}),
        ("Valorar las cosas", set()),
        (None, set()),
    ],
)
def test_competitors_are_named_by_word(text: str | None, named: set[str]) -> None:
    """Names inflect and have several words; in lower case they count only where nothing has capitals."""
    assert competitors_in([text], NAMES) == named


def test_names_without_words_name_nothing() -> None:
    """A study may have no competitors, or nonsense among them."""
    assert names_of([]) == ()
    assert names_of(["", "  ", "Valora", "Valora"])[0].competitor == "Valora"
    assert len(names_of(["", "  ", "Valora", "Valora"])) == 1
    assert competitors_in(["Valora"], ()) == frozenset()


def test_labels_name_competitors_in_whatever_language(embedder: Embedder) -> None:
    """By the word first; else by what the label means."""
    labels = {
        "AL1": ["Compared with valora"],
        "AL3": ["Adviser at the house bank"],
        "AL4": ["Videos and waiting"],
        "HB2": ["Own spreadsheet"],
    }
    owners = competitors_of_codes(labels, names_of(["Valora", "Hausbank"]), embedder)
    assert owners == {"AL1": {"Valora"}, "AL3": {"Hausbank"}, "AL4": set(), "HB2": set()}
    assert competitors_of_codes(labels, (), embedder) == {code: set() for code in labels}


def test_words_belong_to_one_side_or_several() -> None:
    """Named competitors, those of codes beside, the house by a code that is nobody's, else the product."""
    owners = {"AL1": frozenset({"Valora"}), "AL4": frozenset[str]()}
    assert options_of((), (), owners) == {"any", "us"}
    assert options_of(("N26",), ("AL1",), owners) == {"any", "N26", "Valora"}
    assert options_of((), ("AL4",), owners) == {"any", "house"}
    assert options_of((), ("AL1", "AL4"), owners) == {"any", "Valora", "house"}
