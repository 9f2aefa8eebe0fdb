"""What changed between two texts, sentence by sentence, with its numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.research.sources.differences import Difference, Rewording, compare, numbers

SENTENCES = st.lists(
    st.sampled_from(
        ["Eins ist da.", "Zwei sind da.", "# Titel", "- Punkt", "| a | 1,00 € |", "Drei und mehr kosten 3 €."]
    )
)


def test_a_price_that_changed() -> None:
    """A row of a table and a sentence are paired with their other wording; the new and the old price are told."""
    before = "# Preise\n\nEine Order kostet 1,00 €, für alle.\n\n| Depot | 0,00 € |\n| Telefon | nicht angeboten |"
    after = "# Preise\n\nEine Order kostet 1,50 €, für alle.\n\n| Depot | 0,00 € |\n\nNeu: Beratung im Video."
    assert compare(before, after, "de") == Difference(
        changed=(
            Rewording(
                "Eine Order kostet 1,00 €, für alle.", "Eine Order kostet 1,50 €, für alle.", ("1,00 €",), ("1,50 €",)
            ),
        ),
        added=("Neu: Beratung im Video.",),
        removed=("| Telefon | nicht angeboten |",),
    )


def test_what_moved_or_was_broken_in_other_lines_has_not_changed() -> None:
    """Order and white space are no change."""
    before = "Eins ist da. Zwei sind\nda.\n\n- Punkt"
    after = "- Punkt\n\nZwei sind da. Eins ist da."
    assert compare(before, after, "de") == Difference((), (), ())


def test_each_sentence_is_paired_with_the_most_alike() -> None:
    """Two sentences that changed at once do not change places."""
    before = "Das kleine Konto kostet fünf Euro. Das große Konto kostet neun Euro im Monat."
    after = "Das große Konto kostet zehn Euro im Monat. Das kleine Konto kostet sechs Euro."
    pairs = [(change.before[:10], change.after[:10]) for change in compare(before, after, "de").changed]
    assert pairs == [("Das große ", "Das große "), ("Das kleine", "Das kleine")]


def test_a_sentence_that_comes_twice_is_gone_once() -> None:
    """Sentences are counted."""
    assert compare("Ja so. Ja so.", "Ja so.", "de").removed == ("Ja so.",)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Eine Order kostet 1,00 € oder 0.75 %.", ("1,00 €", "0.75 %")),
        ("€ 1.234,56, $5, EUR 7 und 100.000 Euro", ("€ 1.234,56", "$5", "EUR 7", "100.000 Euro")),
        ("2 Bankarbeitstage am 30. Juni 2026", ("2", "30", "2026")),
        ("61 per cent, 34 Prozent, 12 por ciento", ("61 per cent", "34 Prozent", "12 por ciento")),
        ("keine", ()),
    ],
)
def test_numbers(text: str, found: tuple[str, ...]) -> None:
    """With their currency or per-cent sign, as they are written."""
    assert numbers(text) == found


@given(SENTENCES, SENTENCES)
def test_differences_add_up(before: list[str], after: list[str]) -> None:
    """What stayed, changed and is gone is all that there was; and what stayed, changed and is new all that there is."""
    old, new = ("\n\n".join(part) for part in (before, after))
    found = compare(old, new, "de")
    backwards = compare(new, old, "de")
    assert len(before) - len(found.removed) - len(found.changed) == len(after) - len(found.added) - len(found.changed)
    assert sorted(found.added) == sorted(backwards.removed) or found.changed
    assert compare(old, old, "de") == Difference((), (), ())
    assert not set(found.added) & set(found.removed)


def test_long_texts_that_share_nothing_are_not_compared_pair_by_pair() -> None:
    """A page that was rewritten as a whole is gone and new, and takes no long time."""
    before = "\n\n".join(f"Satz {number} steht hier." for number in range(500))
    after = "\n\n".join(f"Satz {number} steht dort." for number in range(500))
    found = compare(before, after, "de")
    assert (len(found.changed), len(found.added), len(found.removed)) == (0, 500, 500)
