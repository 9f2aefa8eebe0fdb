"""Whether an answer is a plain yes or no."""

import pytest

from app.research.segments.plain_answers import plain_answer

MONTHLY = "Gehen Sie einmal im Monat Ihre Konten durch?"


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("Ja, immer", "de", "affirmed"),
        ("Naja, ja schon", "de", "affirmed"),
        ("Klar!", "de", "affirmed"),
        ("Nein, ich meine ja", "de", "affirmed"),
        ("Yeah, every first Sunday", "en", "affirmed"),
        ("Well, yes", "en", "affirmed"),
        ("si, siempre", "es", "affirmed"),
        ("Oui, toujours", "fr", "affirmed"),
        ("nein", "de", "denied"),
        ("Na ja, eher nicht", "de", "denied"),
        ("Natürlich nicht", "de", "denied"),
        ("Nein, das hat nicht geklappt", "de", "denied"),
        ("no", "de", "denied"),
        ("no", "es", "denied"),
        ("Of course not", "en", "denied"),
        ("claro que no", "es", "denied"),
        ("I don't", "en", "denied"),
        ("Non, jamais", "fr", "denied"),
        ("Jeden Morgen im Zug", "de", None),
        ("Keine Ahnung", "de", None),
        ("I don't know", "en", None),
        ("Je ne sais pas", "fr", None),
        ("…", "de", None),
        ("", "xx", None),
    ],
)
def test_a_yes_or_no_is_told_from_everything_else(text: str, language: str, said: str | None) -> None:
    """Also in a language without rules, and where the language was not recognised."""
    assert plain_answer(text, language, MONTHLY) == said
