"""Plain text and Markdown in the ways that people and tools write transcripts."""

import pytest

from ingest.importers import parse_transcript
from ingest.transcript import Cue


def parse(text: str, name: str = "call.txt") -> tuple[Cue, ...]:
    """Parse a text file."""
    return parse_transcript(text.encode(), name).cues


def said(text: str, name: str = "call.txt") -> list[tuple[str | None, int | None, str]]:
    """Who says what, and when it begins."""
    return [(cue.speaker, cue.start_ms, cue.text) for cue in parse(text, name)]


EXPECTED = [("Anna Roth", 1000, "Wie war das?"), ("P07", 62_000, "Also: um 10:30 kam der Wisch.")]


@pytest.mark.parametrize(
    "text",
    [
        "[00:00:01] Anna Roth: Wie war das?\n[00:01:02] P07: Also: um 10:30 kam der Wisch.",
        "(0:01) Anna Roth: Wie war das?\n\n(1:02) P07: Also: um 10:30 kam der Wisch.",
        "00:01 Anna Roth: Wie war das?\n01:02 P07: Also: um 10:30 kam der Wisch.",
        "00:00:01 - Anna Roth: Wie war das?\n00:01:02 - P07: Also: um 10:30 kam der Wisch.",
        "Anna Roth (00:00:01): Wie war das?\nP07 (00:01:02): Also: um 10:30 kam der Wisch.",
        "Anna Roth [0:01] Wie war das?\nP07 [1:02] Also: um 10:30 kam der Wisch.",
        "Anna Roth  0:01 \nWie war das?\n\nP07  1:02 \nAlso: um 10:30 kam der Wisch.",
        "Anna Roth | 00:01\nWie war das?\n\nP07 | 01:02\nAlso: um 10:30 kam der Wisch.",
        "[Anna Roth] 00:00:01\nWie war das?\n\n[P07] 00:01:02\nAlso: um 10:30 kam der Wisch.",
        "00:00:01 Anna Roth\nWie war das?\n00:01:02 P07\nAlso: um 10:30 kam der Wisch.",
        "[00:00:01]\nAnna Roth: Wie war das?\n[00:01:02]\nP07: Also: um 10:30 kam der Wisch.",
        "**Anna Roth** (0:01): Wie war das?\n\n**P07** (1:02): Also: um 10:30 kam der Wisch.",
        "- **[00:01] Anna Roth:** Wie war das?\n- **[01:02] P07:** Also: um 10:30 kam der Wisch.",
        "## Anna Roth (0:01)\n\nWie war das?\n\n## P07 (1:02)\n\nAlso: um 10:30 kam der Wisch.",
    ],
)
def test_labels_and_times(text: str) -> None:
    """However labels and times are written, speaker, time and words are the same."""
    assert said(text) == EXPECTED


def test_times_of_f4() -> None:
    """`#00:01:02-3#` at the end of a paragraph says where it ends."""
    cues = parse("I: Guten Tag. #00:00:05-1#\nB: Ja, hallo. #00:00:09-2#\nI: Gut. #00:00:12-0#")
    assert [(cue.speaker, cue.end_ms, cue.text) for cue in cues] == [
        ("I", 5100, "Guten Tag."),
        ("B", 9200, "Ja, hallo."),
        ("I", 12_000, "Gut."),
    ]


def test_a_label_holds_until_the_next() -> None:
    """Lines without a label belong to the speaker above, lines with a dash to nobody known."""
    text = "Anna: Eins.\nZwei.\n- Mhm.\nDrei.\nBen: Vier.\nAnna: Fünf.\nBen: Sechs."
    assert [(cue.speaker, cue.text) for cue in parse(text)] == [
        ("Anna", "Eins."),
        ("Anna", "Zwei."),
        (None, "- Mhm."),
        ("Anna", "Drei."),
        ("Ben", "Vier."),
        ("Anna", "Fünf."),
        ("Ben", "Sechs."),
    ]


def test_markdown() -> None:
    """Front matter and headings are no speech; bold names are labels."""
    text = (
        "---\ntitle: Gespräch\n---\n# Interview\n\n**Interviewerin:** Hallo.\n\n**Anna:** Gut.\n\n"
        "## Teil 2\n\n**Anna:** Ja."
    )
    assert [(cue.speaker, cue.text) for cue in parse(text, "call.md")] == [
        ("Interviewerin", "Hallo."),
        ("Anna", "Gut."),
        ("Anna", "Ja."),
    ]


def test_timed_lines_without_labels() -> None:
    """Short words behind a time are words, not names."""
    text = "[00:01] Guten Tag\nwie geht es Ihnen?\n[00:04] Guten Tag Frau Roth\n[00:09] Gut."
    assert said(text) == [
        (None, 1000, "Guten Tag"),
        (None, None, "wie geht es Ihnen?"),
        (None, 4000, "Guten Tag Frau Roth"),
        (None, 9000, "Gut."),
    ]


def test_notices_of_platforms_are_no_speech() -> None:
    """What Teams and Otter add is left out."""
    text = "Anna Roth started transcription\n\nAnna Roth  0:01\nHallo.\n\nBen Maier  0:03\nTag.\n\nTranscribed by https://otter.ai"
    assert [(cue.speaker, cue.text) for cue in parse(text)] == [("Anna Roth", "Hallo."), ("Ben Maier", "Tag.")]


def test_text_without_labels() -> None:
    """Sentences with colons and spoken times are no labels and no times."""
    text = "Also: wir waren da.\n10:30 war es.\nTermin um 11:00\nWichtig: nie wieder. Siehe https://example.org"
    assert said(text) == [(None, None, line) for line in text.split("\n")]
