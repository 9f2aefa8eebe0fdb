"""SubRip files with labels, lost blank lines and old encodings."""

import pytest

from ingest.importers import parse_transcript
from ingest.transcript import TranscriptError


def said(text: str | bytes, name: str = "call.srt") -> list[tuple[str | None, str]]:
    """Who says what in a file."""
    data = text if isinstance(text, bytes) else text.encode()
    return [(cue.speaker, cue.text) for cue in parse_transcript(data, name).cues]


def test_labels_and_cues_that_break_in_mid_sentence() -> None:
    """A label is the speaker of its cue; the cue that goes on with the sentence has none."""
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\nInterviewer: Wann haben Sie\n\n"
        "2\n00:00:02,000 --> 00:00:03,000\ndavon gehört?\n\n"
        "3\n00:00:03,000 --> 00:00:04,000\nAnna: Im Mai.\nInterviewer: Aha.\n"
    )
    assert said(text) == [
        ("Interviewer", "Wann haben Sie"),
        (None, "davon gehört?"),
        ("Anna", "Im Mai."),
        ("Interviewer", "Aha."),
    ]


def test_numbers_are_identifiers_also_without_blank_lines() -> None:
    """The number above the times never becomes speech; a number that is all a cue says does."""
    cues = parse_transcript(
        b"1\n00:00:01,000 --> 00:00:02,000\nEins.\n2\n00:00:02,000 --> 00:00:03,000\n42\n\n\n3\n\n"
        b"00:00:03,000 --> 00:00:04,000\n\nDrei.\n",
        "call.srt",
    ).cues
    assert [(cue.identifier, cue.text) for cue in cues] == [("1", "Eins."), ("2", "42"), ("3", "Drei.")]


def test_text_after_a_blank_line_belongs_to_the_cue() -> None:
    """A blank line inside a cue loses no words; words above the first cue are left out with a warning."""
    parsed = parse_transcript(b"Titel\n\n1\n00:00:01,000 --> 00:00:02,000\nEins\n\nund zwei.\n", "call.srt")
    assert [cue.text for cue in parsed.cues] == ["Eins und zwei."]
    assert parsed.warnings == ("lines above the first cue are left out: 1",)


def test_styles_are_removed() -> None:
    """Font tags and position marks are no words."""
    assert said('1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<font color="#fff">Hallo</font> <i>du</i>\n') == [
        (None, "Hallo du")
    ]


def test_whisperx_labels_in_brackets() -> None:
    """`[SPEAKER_00]:` is a label."""
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\n[SPEAKER_00]: Hi.\n\n2\n00:00:02,000 --> 00:00:03,000\n[SPEAKER_01]: Ho.\n"
    )
    assert said(text) == [("SPEAKER_00", "Hi."), ("SPEAKER_01", "Ho.")]


def test_old_word_export_of_teams() -> None:
    """Times, then the name on a line of its own, then the words."""
    text = "0:0:0.0 --> 0:0:2.730\nAnna Schmidt\nHallo zusammen\n0:0:2.730 --> 0:0:5.0\nTom Meier\nTag auch\n"
    assert said(text, "call.txt") == [("Anna Schmidt", "Hallo zusammen"), ("Tom Meier", "Tag auch")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp850"])
def test_encodings(encoding: str) -> None:
    """Words are the same in every encoding that such files come in."""
    text = "1\n00:00:01,000 --> 00:00:02,000\nFür größere Übermütige: ¿qué pasó en España?\n"
    assert said(text.encode(encoding)) == [(None, "Für größere Übermütige: ¿qué pasó en España?")]


def test_no_times() -> None:
    """A file without times is refused with the place of the first line that was meant as times."""
    with pytest.raises(TranscriptError, match=r"call.srt, line 2: no readable times → .*00:01:02.345 --> 00:01:04.000"):
        said("1\n00.00.01 --> 00.00.02\nHallo.\n")
