"""WebVTT as Teams, Zoom, YouTube, archives and the standard write it."""

import io

import pytest
import webvtt as webvtt_oracle
from hypothesis import given
from hypothesis import strategies as st

from ingest.importers import parse_transcript
from ingest.transcript import Cue, TranscriptError

TEAMS = """WEBVTT

5893c03c-0e4d-4e92-92a2-65899b901e6a/7-0
00:00:03.186 --> 00:00:08.612
<v PEDRO D&#205;AZ PEDREZ>Perfecto,
pues coménteme qué necesita o sobre qué</v>

5893c03c-0e4d-4e92-92a2-65899b901e6a/5-0
00:00:03.506 --> 00:00:04.226
<v DANIEL N&#218;&#209;EZ DANIELEZ>Muy bien.</v>
"""


def parse(text: str) -> tuple[Cue, ...]:
    """Parse a file of this format."""
    return parse_transcript(text.encode(), "call.vtt").cues


def said(text: str) -> list[tuple[str | None, str]]:
    """Who says what in a file of one cue."""
    return [(cue.speaker, cue.text) for cue in parse(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{text}\n")]


def test_teams_names_identifiers_and_times() -> None:
    """Names are decoded, wrapped lines joined, overlapping cues stay in the order of the file."""
    assert parse(TEAMS) == (
        Cue(
            index=0,
            text="Perfecto, pues coménteme qué necesita o sobre qué",
            start_ms=3186,
            end_ms=8612,
            speaker="PEDRO DÍAZ PEDREZ",
            identifier="5893c03c-0e4d-4e92-92a2-65899b901e6a/7-0",
        ),
        Cue(
            index=1,
            text="Muy bien.",
            start_ms=3506,
            end_ms=4226,
            speaker="DANIEL NÚÑEZ DANIELEZ",
            identifier="5893c03c-0e4d-4e92-92a2-65899b901e6a/5-0",
        ),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<v Anna>Hallo.</v>", [("Anna", "Hallo.")]),
        ("<v INT> Wo waren Sie?", [("INT", "Wo waren Sie?")]),
        ("<v.loud.first Anna Maria Roth>Hallo.", [("Anna Maria Roth", "Hallo.")]),
        ("<v Jane Doe (Marketing)>Hi.</v>", [("Jane Doe (Marketing)", "Hi.")]),
        ("<v A &amp; B>Hi.", [("A & B", "Hi.")]),
        ("<v Anna>Ja.</v> Genau.", [("Anna", "Ja. Genau.")]),
        ("<v Anna>Ja.</v>\n<v Ben>Nein.</v>\n<i>Lachen</i>", [("Anna", "Ja."), ("Ben", "Nein. Lachen")]),
        ("Vorher <v Anna>ja", [(None, "Vorher"), ("Anna", "ja")]),
        ("<v>Wer?", [(None, "Wer?")]),
        ("<c.yellow>Das <b>ist</b> <u>es</u></c>", [(None, "Das ist es")]),
        ("<00:00:01.200><c> Wort</c><00:00:01.500><c> für</c> Wort", [(None, "Wort für Wort")]),
        ("<ruby>漢<rt>kan</rt></ruby>", [(None, "漢kan")]),
        ("eins<br>zwei", [(None, "eins zwei")]),
        ("<neu>Markup</neu> das sich schließt", [(None, "Markup das sich schließt")]),
        (
            "In <Berlin[?]> <[?]> war ich <s(lachend) damals> 3 <4",
            [(None, "In <Berlin[?]> <[?]> war ich <s(lachend) damals> 3 <4")],
        ),
        ("<v unclosed name and words", [(None, "<v unclosed name and words")]),
        ("R&amp;D &lt;b&gt; &#8364;&#x20AC; &unknown; AT&T &nbsp", [(None, "R&D <b> €€ &unknown; AT&T &nbsp")]),
        ("a\x00b\u202ec &rlm;d", [(None, "abc d")]),
        ("- Wirklich?\n- Ja.", [(None, "- Wirklich?"), (None, "- Ja.")]),
        ("Wirklich?\n–Ja.", [(None, "Wirklich?"), (None, "–Ja.")]),
        ("Ich war\n- wie gesagt -\nkrank", [(None, "Ich war - wie gesagt - krank")]),
    ],
)
def test_markup(text: str, expected: list[tuple[str | None, str]]) -> None:
    """Markup goes, names are taken, marks of transcribers stay, and no word is lost."""
    assert said(text) == expected


def test_a_name_ends_with_its_cue() -> None:
    """The next cue has no speaker of its own."""
    cues = parse("WEBVTT\n\n00:01.000 --> 00:02.000\n<v INT> Wo?\n\n00:02.000 --> 00:03.000\nUnd wann?\n")
    assert [cue.speaker for cue in cues] == ["INT", None]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("<lang es>Caramba</lang>", "es"),
        ("<lang es-MX>Ándale</lang> <i><lang es>pues</lang></i>", "es"),
        ("Das war <lang en>awesome</lang>", None),
        ("<lang>Hm</lang>", None),
    ],
)
def test_language(text: str, language: str | None) -> None:
    """A cue has a language if all its words are marked with it."""
    assert [cue.language for cue in parse(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{text}\n")] == [language]


def test_header_comments_styles_and_regions_are_no_speech() -> None:
    """Only cues speak, with and without identifiers and settings."""
    cues = parse(
        "\ufeffWEBVTT - Titel\r\nKind: captions\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\nREGION\r\nid:fred\r\n\r\n"
        "NOTE eine\r\nBemerkung\r\n\r\neins\r\n00:00:01.000 --> 00:00:02.000 align:start line:0\r\nHallo.\r\n\r\n"
        "NOTE noch eine\r\n\r\n2\r\n\r\n00:02,5 --> 00:03,25\r\nTschüs.\r\n"
    )
    assert [(cue.identifier, cue.start_ms, cue.end_ms, cue.text) for cue in cues] == [
        ("eins", 1000, 2000, "Hallo."),
        ("2", 2500, 3250, "Tschüs."),
    ]


def test_zoom_labels_and_cues_without() -> None:
    """Zoom's `Name:` is a speaker, also with a suffix; a cue that goes on has none; other colons stay."""
    cues = parse(
        "WEBVTT\n\n1\n00:00:01.000 --> 00:00:03.000\nAshlee Kupor (SL): Hello there, so\n\n"
        "2\n00:00:03.000 --> 00:00:05.000\nLet me start: tell me.\n\n"
        "3\n00:00:05.000 --> 00:00:07.000\nP07: Also: um 10:30, siehe https://example.org\n\n"
        "4\n00:00:07.000 --> 00:00:09.000\nAshlee Kupor (SL): Okay.\n"
    )
    assert [(cue.speaker, cue.text) for cue in cues] == [
        ("Ashlee Kupor (SL)", "Hello there, so"),
        (None, "Let me start: tell me."),
        ("P07", "Also: um 10:30, siehe https://example.org"),
        ("Ashlee Kupor (SL)", "Okay."),
    ]


def test_names_in_brackets_on_their_own_line() -> None:
    """A bracketed name begins a speaker, also after a blank line in the cue; remarks in brackets do not."""
    cues = parse(
        "WEBVTT\n\n00:12.000 --> 00:16.000\n(Danyel Fisher)\nto. Um what is your uh\nbackground?\n-\n\n"
        "(Dana Bettinger)\nSafaria wise or lifewise\n\n00:16.000 --> 00:18.000\n(Background Noise)\nYes.\n"
    )
    assert [(cue.speaker, cue.text) for cue in cues] == [
        ("Danyel Fisher", "to. Um what is your uh background?"),
        ("Dana Bettinger", "Safaria wise or lifewise"),
        (None, "(Background Noise) Yes."),
    ]


def test_broken_times_keep_their_words() -> None:
    """A cue whose times cannot be read is kept without times, and the file warns."""
    parsed = parse_transcript(b"WEBVTT\n\n00:01.000 --> 00:02.000\nA.\n\n00:99.000 --> 00:0\nB.\n", "call.vtt")
    assert [(cue.text, cue.start_ms, cue.end_ms) for cue in parsed.cues] == [("A.", 1000, 2000), ("B.", None, None)]
    assert parsed.warnings == ("line 6: times of 1 cues cannot be read; their words are kept without times",)


def test_an_end_before_the_start_becomes_the_start() -> None:
    """Times that run backwards do not make a cue of negative length."""
    assert [(cue.start_ms, cue.end_ms) for cue in parse("WEBVTT\n\n00:05.000 --> 00:02.000\nA.\n")] == [(5000, 5000)]


def test_a_missing_header_is_overlooked_with_a_warning() -> None:
    """Clear times suffice; without them the file is refused."""
    parsed = parse_transcript(b"1\n00:00:01,000 --> 00:00:02,000\nHallo.\n", "call.vtt")
    assert (parsed.format, parsed.warnings) == ("subrip", ("the WEBVTT header is missing: read as SubRip",))
    with pytest.raises(TranscriptError, match=r"call\.vtt: no readable times"):
        parse("Hallo, nur Text.")


WORDS = st.text(st.sampled_from("abcäñ .?!,'&<>1"), min_size=1).filter(lambda text: any(map(str.isalnum, text)))
TIMES = st.integers(min_value=0, max_value=48 * 3_600_000 - 1)


def clock(time_ms: int) -> str:
    """Write a time as the standard does."""
    return f"{time_ms // 3_600_000:02}:{time_ms // 60_000 % 60:02}:{time_ms // 1000 % 60:02}.{time_ms % 1000:03}"


def escape(text: str) -> str:
    """Write text as the standard does."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@given(st.lists(st.tuples(TIMES, TIMES, st.sampled_from([None, "Anna Roth", "P07"]), WORDS), min_size=1, max_size=6))
def test_what_is_written_is_read(cues: list[tuple[int, int, str | None, str]]) -> None:
    """Generated files give back times, speakers and words."""
    text = "WEBVTT\n\n" + "\n\n".join(
        f"{clock(min(start, end))} --> {clock(max(start, end))}\n<v {speaker or ''}>{escape(words)}</v>"
        for start, end, speaker, words in cues
    )
    assert [(cue.start_ms, cue.end_ms, cue.speaker, cue.text) for cue in parse(text)] == [
        (min(start, end), max(start, end), speaker, " ".join(words.split())) for start, end, speaker, words in cues
    ]


@given(st.lists(st.tuples(TIMES, WORDS), min_size=1, max_size=6))
def test_another_parser_reads_the_same(cues: list[tuple[int, str]]) -> None:
    """webvtt-py finds the same cues in generated files without markup."""
    text = "WEBVTT\n\n" + "\n\n".join(
        f"{clock(time)} --> {clock(time)}\n{words.translate({ord(c): None for c in '&<>'}).strip() or 'x'} a"
        for time, words in cues
    )
    theirs = webvtt_oracle.from_buffer(io.StringIO(text))
    assert [(cue.start_ms, cue.text) for cue in parse(text)] == [
        (
            round(caption.start_in_seconds * 1000) // 1000 * 1000 + int(caption.start[-3:]),
            " ".join(caption.text.split()),
        )
        for caption in theirs.captions
    ]
