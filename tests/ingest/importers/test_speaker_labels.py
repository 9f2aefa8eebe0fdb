"""Which words before a colon are speakers, decided from the whole file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.importers.speaker_labels import bracketed_label, changes_speaker, find_labels, split_label

PROSE = ["Wir waren da und es war gut", "und dann kam der Brief", "das hat mich geärgert", "ja genau"] * 30


@pytest.mark.parametrize(
    "labels",
    [
        {"Anna", "Tom"},
        {"Anna Schmidt", "Tom von der Heide"},
        {"Ashlee Kupor (SL)", "Kupor, Ben"},
        {"Interviewer", "P07"},
        {"INTERVIEWERIN", "BEFRAGTE"},
        {"I", "B"},
        {"Speaker 1", "Speaker 2"},
        {"SPEAKER_00", "SPEAKER_01"},
        {"Dr. Müller", "Frau O'Neill-Roth"},
        {"interviewer", "anna"},
        {"Q", "A"},
        {"María José", "Entrevistadora"},
        {"iPhone von Anna", "Lena"},
        {"李雷", "韩梅"},
    ],
)
def test_alternating_labels(labels: set[str]) -> None:
    """Labels that take turns are found, among lines that go on without one."""
    one, other = sorted(labels)
    lines = [line for _ in range(6) for line in (f"{one}: Wie war das?", f"{other}: Na ja.", "Und dann war Schluss.")]
    assert find_labels(lines) == labels


@pytest.mark.parametrize(
    "sentence",
    [
        "Also: wir waren da",
        "Wichtig: nie wieder",
        "Kurze Frage: warum",
        "Zum Beispiel: Geld",
        "Mein Problem: keine Zeit",
        "Pues: no sé",
        "Note: this is it",
        "10:30 war es",
        "Um 10:30 ging es los",
        "https://example.org",
        "Er sagte: nein",
        "Ich war müde. Dann: nichts",
    ],
)
def test_sentences_with_colons(sentence: str) -> None:
    """One sentence with a colon in a long file is not a speaker."""
    assert find_labels([*PROSE[:60], sentence, *PROSE[60:]]) == frozenset()


def test_a_word_that_comes_again_far_into_an_unlabelled_file() -> None:
    """A few repeated colons among hundreds of lines are a way of speaking, not labels."""
    assert find_labels([*PROSE * 4, "Frage: warum", *PROSE, "Frage: wie"]) == frozenset()


def test_words_of_the_file_are_not_names() -> None:
    """A capitalised word is no name where the file writes it small elsewhere."""
    talk = ["Interviewer: Und?", "P01: Eine kurze Sache", "wie gesagt, klar"] * 5
    assert find_labels([*talk, "Klar: so war es", *talk, "Kurze Antwort: nein"]) == {"Interviewer", "P01"}


def test_a_name_may_speak_once() -> None:
    """Somebody who says one thing in a labelled file is a speaker, too."""
    lines = ["Anna Roth: Und?", "Tom: Na ja, also gut."] * 8 + ["Maria Lopez: Entschuldigung!", "Ben: Tschüs!"]
    assert find_labels(lines) == {"Anna Roth", "Tom", "Maria Lopez", "Ben"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Anna: Hallo", ("Anna", "Hallo")),
        ("  [Anna]: Hallo", ("Anna", "Hallo")),
        ("- Anna: Hallo", ("Anna", "Hallo")),
        (">> Anna: Hallo", ("Anna", "Hallo")),
        ("Anna:Hallo", ("Anna", "Hallo")),
        ("Anna:", ("Anna", "")),
        ("Anna: Ben: Hallo", ("Anna", "Ben: Hallo")),
        ("Ben: Hallo", (None, "Ben: Hallo")),
        ("Anna 10:30", (None, "Anna 10:30")),
        ("Anna://x", (None, "Anna://x")),
    ],
)
def test_split_label(line: str, expected: tuple[str | None, str]) -> None:
    """A known label is taken off the line, anything else stays."""
    assert split_label(line, {"Anna"}) == expected


@given(st.lists(st.text(st.sampled_from("AnB: .-1()\n"))), st.text(st.sampled_from("AnB: .-1[]()\n")))
def test_nothing_but_the_label_is_taken(lines: list[str], line: str) -> None:
    """What is left of a line is its end, and what is taken is the label with its marks."""
    label, rest = split_label(line, find_labels([*lines, line]))
    assert line.endswith(rest)
    assert rest == line if label is None else label in line[: len(line) - len(rest)]


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("(Danyel Fisher)", "Danyel Fisher"),
        ("[Speaker 1]", "Speaker 1"),
        ("(P07)", "P07"),
        ("(lacht)", None),
        ("(Laughter)", None),
        ("[Background Music]", None),
        ("(Anna) ja", None),
    ],
)
def test_bracketed_label(line: str, label: str | None) -> None:
    """Names alone in brackets are labels, remarks are not."""
    assert bracketed_label(line) == label


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- Ja", True),
        ("-Ja", True),
        ("– Ja", True),
        ("— and then", False),
        ("—¿Qué?", True),
        ("-¿Qué?", True),
        (">> yes", True),
        ("-5 Grad", False),
        ("-wort", False),
        ("Ja - nein", False),
        ("-", False),
    ],
)
def test_changes_speaker(line: str, expected: bool) -> None:
    """The dash of a dialogue, not that of a number or a word."""
    assert changes_speaker(line) is expected
