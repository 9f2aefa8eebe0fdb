"""What is found of personal data, of each kind and language, and what is left alone."""

import pytest

from app.pseudonyms.find import Known, Said, find_personal
from app.pseudonyms.findings import PersonalKind
from app.pseudonyms.identifiers import is_iban
from app.pseudonyms.registered import Person, is_personal_label, person_of
from bench.pseudonyms import measure

KATRIN = person_of("P01", {"name": "Katrin von Vogelsang", "employer": "Brackwerk Software"})


def found(
    text: str, language: str = "de", *, persons: tuple[Person, ...] = (), keep: frozenset[str] = frozenset()
) -> list[tuple[str, str]]:
    """What is found in one text, by kind and words."""
    (findings,) = find_personal([Said(text, language)], Known(persons, keep))
    return [(str(each.kind), text[each.start : each.end]) for each in findings]


@pytest.mark.parametrize(
    ("text", "language", "kind", "words"),
    [
        ("Schreiben Sie an k.vogel+geld@post.example, ja?", "de", "E-Mail", "k.vogel+geld@post.example"),
        ("Unter 0152 28817386, abends.", "de", "Phone", "0152 28817386"),
        ("Oder +49 30 901820, das ist das Büro.", "de", "Phone", "+49 30 901820"),
        ("Al 600 555 018, mejor por la tarde.", "es", "Phone", "600 555 018"),
        ("Call me on +44 20 7946 0958.", "en", "Phone", "+44 20 7946 0958"),
        ("Die IBAN ist DE89 3704 0044 0532 0130 00, glaube ich.", "de", "IBAN", "DE89 3704 0044 0532 0130 00"),
        ("Steht alles auf https://katrin-vogel.example/geld.", "de", "Link", "https://katrin-vogel.example/geld"),
        ("Wir wohnen in der Tuchmachergasse 9, oben.", "de", "Address", "Tuchmachergasse 9"),
        ("Das ist die Karl-Marx-Straße 12b in Berlin.", "de", "Address", "Karl-Marx-Straße 12b"),
        ("Vivo en la calle Zabalbide, cuarto.", "es", "Address", "Zabalbide"),
        ("Está en la avenida de la Constitución 14.", "es", "Address", "avenida de la Constitución 14"),
        ("I live at 12 Baker Street with two cats.", "en", "Address", "12 Baker Street"),
        ("Und dann liegt da die Hedda.", "de", "Name", "Hedda"),
        ("Guten Tag, Herr Schmidtke, wie geht es?", "de", "Name", "Schmidtke"),
        ("Mein Name ist Selin Yıldız.", "de", "Name", "Selin Yıldız"),
        ("Y mi hijo Izan tiene siete.", "es", "Name", "Izan"),
        ("Se lo dije a doña Purificación.", "es", "Name", "Purificación"),
        ("My daughter Nerea lives in Vitoria.", "en", "Name", "Nerea"),
        ("Ich arbeite bei Brinkhoff Haustechnik.", "de", "Company", "Brinkhoff Haustechnik"),
        ("Kardiologie im Klinikum am Auwald, elf Jahre.", "de", "Company", "Klinikum am Auwald"),
        ("Die Zyxquark GmbH hat mich entlassen.", "de", "Company", "Zyxquark GmbH"),
        ("Llevo la secretaría del CEIP Les Moreres Blanques.", "es", "Company", "CEIP Les Moreres Blanques"),
    ],
)
def test_personal_data_is_found(text: str, language: str, kind: str, words: str) -> None:
    """Each kind in the languages of the interviews, whole and nothing around it."""
    assert (kind, words) in found(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Das waren 1.640 Euro im Jahr 2008, dann 2019 noch mal 12 Prozent.", "de"),
        ("Ich hatte Angst um mein Geld, und meine Frau Angst um das Haus.", "de"),
        ("Von April bis August habe ich zwanzig Mark im Monat gespart.", "de"),
        ("Zwei Tage später war ich bei der Hausbank in der Grundschule nebenan.", "de"),
        ("La Bolsa me daba miedo, y el banco también. Pero bueno.", "es"),
        ("Una alemana me dijo que en mayo se vende.", "es"),
        ("In April I will pay the bill; it may take until August.", "en"),
        ("DE89 3704 0044 0532 0130 01", "de"),
        ("Der Weg war 12 Kilometer lang, Platz 3 von 40.", "de"),
    ],
)
def test_ordinary_words_are_left_alone(text: str, language: str) -> None:
    """Amounts, years, months and nouns that are names elsewhere are none here."""
    assert found(text, language) == []


def test_whoever_is_registered_is_found_in_all_forms() -> None:
    """Whole and in parts, in the genitive, in capitals; another private attribute whole."""
    text = "Katrins Mann ruft Katrin von Vogelsang an, KATRIN! Frau Vogelsangs Konto, Brackwerk  Software."
    words = [words for _, words in found(text, persons=(KATRIN,))]
    assert words == ["Katrin", "Katrin von Vogelsang", "KATRIN", "Vogelsang", "Brackwerk  Software"]


def test_who_is_found_once_is_found_everywhere() -> None:
    """Also where nothing says that it is a name, in the words of whoever repeats it, and as the same person."""
    turns = [Said("Meine Tochter heißt Zyxquark.", "de"), Said("Zyxquark is three years old.", "en")]
    first, second = find_personal(turns, Known())
    assert [each.kind for each in (*first, *second)] == [PersonalKind.NAME] * 2
    assert first[0].keys == second[0].keys


def test_products_and_competitors_are_no_names() -> None:
    """What the study asks about stays readable."""
    assert found("Meine Freundin Valora? Nein, bei Valora Invest.", keep=frozenset({"valora"})) == []


def test_the_check_digits_of_an_iban_are_checked() -> None:
    """One wrong digit, or one too few, is no IBAN."""
    assert is_iban("ES91 2100 0418 4502 0005 1332")
    assert not is_iban("ES91 2100 0418 4502 0005 1333")
    assert not is_iban("DE89")


@pytest.mark.parametrize(
    ("label", "personal"),
    [("Katrin Vogel", True), ("Mia", True), ("P07", False), ("Speaker 2", False), ("Interviewee", False)],
)
def test_labels_that_name_somebody(label: str, personal: bool) -> None:
    """A role, a device and the code name nobody."""
    assert is_personal_label(label, "P07") is personal


def test_the_planted_data_of_the_sample_study_is_found() -> None:
    """At least nine in ten, with at most one false replacement in a thousand words, without models."""
    measured = measure()
    assert measured.recall >= 0.9
    assert measured.false_per_thousand_words <= 1
