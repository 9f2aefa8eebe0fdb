"""The choice of the format, the limits, and what is no transcript at all."""

import io
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.importers import MAX_FILE_BYTES, parse_transcript
from ingest.importers.pieces import MAX_CUES
from ingest.transcript import TranscriptError
from ingest.utterances import merge_cues

VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nHallo.\n"
SRT = "1\n00:00:01,000 --> 00:00:02,000\nHallo.\n\n2\n00:00:02,000 --> 00:00:03,000\nDu.\n"
JSON = '{"segments": [{"text": "Hallo."}]}'


@pytest.mark.parametrize(
    ("text", "name", "format_name"),
    [
        (VTT, "a.vtt", "webvtt"),
        (VTT, "a.txt", "webvtt"),
        (VTT, "a.json", "webvtt"),
        (SRT, "a.srt", "subrip"),
        (SRT, "a.txt", "subrip"),
        (SRT, "a", "subrip"),
        (JSON, "a.json", "whisper"),
        (JSON, "a.txt", "whisper"),
        ("Hallo.", "a.txt", "text"),
        ("Hallo.", "folder.vtt/A.MD", "text"),
        ("Hallo.", "README", "text"),
        ("[00:01] Hallo.", "a.txt", "text"),
    ],
)
def test_content_comes_before_the_name(text: str, name: str, format_name: str) -> None:
    """The format is told by the content; the name decides where the content leaves it open."""
    assert parse_transcript(text.encode(), name).format == format_name


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "a.vtt", "a.vtt: an empty file"),
        (b"WEBVTT\n\nNOTE nothing\n", "a.vtt", "a.vtt: no readable times"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n...\n", "a.vtt", "a.vtt: no speech"),
        (b"  \n\n", "a.txt", "a.txt: no speech"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", "a.txt", "recording → give it as a recording"),
        (b"\x00\x00\x00\x18ftypmp42", "call.vtt", "recording → give it as a recording"),
        (b"ID3\x04\x00", "a.mp3", "recording"),
        (b"%PDF-1.7", "a.txt", "a PDF document → export"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "a.docx", r"old Word document .* → save it as a Word document"),
        (b"{\\rtf1", "a.txt", "rich text"),
        (bytes(range(32)) * 20, "a.txt", "not a text file"),
        ("привет, как дела".encode("cp1251"), "a.txt", "encoding cannot be told → .* save it as UTF-8"),
        ("Hallo".encode("utf-16")[:-1], "a.txt", "line 1: bytes that are not UTF-16"),
        (b"<!DOCTYPE html><p>Anna: Hallo", "a.txt", "a web page or XML"),
        (b"Hallo", "a.csv", r"a \.csv transcript → give one of \.vtt, \.srt"),
        (b"Hallo", "a.docx", r"a \.docx transcript"),
        (b"x" * 200_001, "a.txt", "line 1: 200,001 characters in one line"),
        (b"\n" * 1_000_001, "a.txt", "lines → split the file"),
        (b"a\n" * (MAX_CUES + 1), "a.txt", "more than 200,000 cues"),
        (b"a" * (MAX_FILE_BYTES + 1), "a.txt", "bytes, more than 20,971,520"),
    ],
)
def test_refused(data: bytes, name: str, message: str) -> None:
    """What is no transcript, or more than one, is refused with reason and remedy."""
    with pytest.raises(TranscriptError, match=message):
        parse_transcript(data, name)


def test_the_message_holds_no_controls_of_the_name() -> None:
    """A hostile file name does not reach the terminal as it is."""
    with pytest.raises(TranscriptError, match=r"^a\[2J b: an empty file"):
        parse_transcript(b"", "a\x1b[2J\nb")


def test_damaged_utf8_is_shown_and_told() -> None:
    """A broken byte among sound ones costs one character and gives a warning with its line."""
    parsed = parse_transcript("Für größere Übermütige,\nnöch".encode() + b"\xff" + "ö".encode(), "a.txt")
    assert parsed.cues[1].text == "nöch\ufffdö"
    assert parsed.warnings == ("line 2: 1 damaged characters in UTF-8, shown as \ufffd",)


def archive(document: bytes) -> bytes:
    """Pack arbitrary bytes as the text of a Word document."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("word/document.xml", document)
    return buffer.getvalue()


FRAGMENTS = st.lists(
    st.sampled_from(
        (
            *("WEBVTT", "\n", "\n\n", "00:01.000 --> 00:02.000", "00:99 --> x", "<v A>", "</v>", "<lang es>", "NOTE"),
            *("&amp;", "&#0;", "Anna: ", "[00:01]", "(Anna Roth)", "- ", "**", "# ", "---\n", "1", "wort ", "..."),
            *("\x00", "\u0301", "\ufeff", "#00:00:01-1#", "{\\an8}", "<[?]>"),
            *('{"segments":[{"text":"', '","start":', "}]}", "1e9"),
        )
    )
).map(lambda parts: "".join(parts).encode())
NAMES = st.sampled_from(["a.vtt", "a.srt", "a.docx", "a.txt", "a.md", "a.json", "a", "a.bin", ""])


@given(st.one_of(st.binary(), FRAGMENTS, st.binary().map(archive), st.binary().map(b"PK\x03\x04".__add__)), NAMES)
@example(b"\xff\xfe\x00\xd8", "a.txt")
@example(b'[{"text": "\\ud800"}]', "a.json")
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    """Nothing but `TranscriptError` is ever raised; what is read keeps the promises of `Cue` and merges."""
    try:
        cues = parse_transcript(data, name).cues
    except TranscriptError:
        return
    assert [cue.index for cue in cues] == list(range(len(cues)))
    for cue in cues:
        assert cue.text == " ".join(cue.text.split())
        assert any(map(str.isalnum, cue.text))
        assert cue.start_ms is None or cue.end_ms is None or 0 <= cue.start_ms <= cue.end_ms
    assert merge_cues(cues)
