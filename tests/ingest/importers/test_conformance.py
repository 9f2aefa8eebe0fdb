"""Every WebVTT and SubRip file of the conformance folders is read as expected, or refused with the reason."""

import json
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from app.text import normalise
from ingest.importers import parse_transcript
from ingest.transcript import Cue, TranscriptError

CONFORMANCE = Path(__file__).parents[2] / "conformance"
VTT = CONFORMANCE / "vtt_mozilla" / "tests"
SRT = CONFORMANCE / "srt_cdown"


@dataclass(frozen=True)
class Said:
    """One cue: its times in milliseconds, its identifier, its plain text; `None` where no expectation is at hand."""

    start_ms: int | None
    end_ms: int | None
    identifier: str | None
    text: str | None


SHARED_EXPECTATIONS = {
    "cue-times/left-tab": "cue-times/with-data",
    "cue-times/missing-separator": "cue-times/bad-data",
    "cue-times/missing-spaces-between-separator": "cue-times/with-data",
    "cue-times/separator-extra-space": "cue-times/with-data",
    "cue-times/separator-tab": "cue-times/with-data",
    "cue-times/space-left-tab-right": "cue-times/with-data",
    "cue-times/space-right-tab-left": "cue-times/with-data",
    "cue-times/spaces-tabs-on-both-sides": "cue-times/with-data",
    "cue-times/tab-right": "cue-times/with-data",
    "file-layout/webvtt-no-bom": "file-layout/with-data",
    "file-layout/webvtt-space": "file-layout/with-data",
    "file-layout/webvtt-tab": "file-layout/with-data",
    "file-layout/webvtt-with-bom": "file-layout/with-data",
}
"""Files that share one `.json` in the original test suite."""

PLAIN_TEXTS = {
    "cuetext/timestamp/basic": "It's a blue apple tree!",
    "cuetext/timestamp/nested": "Hee! Hee!",
    "cuetext/timestamp/no-end-gt": "",
    "cuetext/timestamp/out-of-cue-range": "That's awesome!",
    "cuetext/timestamp/space-before-gt": "No way!",
}
"""Plain text of the files for which mozilla/vtt.js gives none, written by hand."""

CHANGED = {
    # Words survive markup that is never closed; the standard drops the rest of the cue.
    "cuetext/lang/no-end-gt": [Said(0, 2000, None, "<lang en-Us It's a blue apple tree!")],
    "cuetext/tag-format/end-tag-no-gt": [Said(0, 2000, None, "This is </c awesome!")],
    "cuetext/tag-format/no-closing-gt": [Said(0, 2000, None, "<c It's a blue apple tree!")],
    "cuetext/tag-format/start-tag-missing-gt": [Said(0, 2000, None, "<c.first That's awesome!")],
    "cuetext/timestamp/no-end-gt": [Said(0, 2000, None, "<00:01.000 It's a blue apple tree!")],
    "cuetext/voice/no-end-gt": [Said(0, 2000, None, "<v It's a blue apple tree!")],
    # What is neither markup nor a time stays as a mark of the transcriber.
    "cuetext/timestamp/non-digit": [Said(0, 2000, None, "<a0:01.000>It's a blue apple tree!")],
    # Words survive blank lines inside a cue and identifiers with an arrow.
    "cuetext/format/double-line-break": [
        Said(0, 2000, None, "- Some line stuff. - Another line break. - We can't do this? - More over here.")
    ],
    "integration/id": [
        Said(1000, 2000, "1", "This"),
        Said(2000, 3000, "Random", "Is"),
        Said(3000, 4000, "12*AS& Over ...", "A"),
        Said(4000, 5000, "-->", "Test"),
        Said(6000, 7000, "ja88120 aa", "And stuff?"),
    ],
    # An identifier in which a control character ends the line is none.
    "cuetext/languages/junk_characters": [Said(16_000, 18_000, None, "Payload")],
    "cuetext/languages/long_string_junk_characters": [Said(16_000, 18_000, None, "Payload")],
    # Times that real tools write: two digits of a second, more than 59 minutes without hours.
    "cue-times/fraction-digits": [Said(0, 2000, None, "Text")],
    "cue-times/minimum-spots-over-sixty": [Said(7_200_000, 7_210_000, None, "Text")],
    # Clear times count where the header is missing, damaged or not followed by a blank line.
    "file-layout/bom-garbage-data": [Said(0, 2000, None, "text")],
    "file-layout/bom-tab-webvtt": [Said(0, 2000, None, "text")],
    "file-layout/header-no-new-line": [Said(11_000, 13_000, None, "Test")],
    "file-layout/newline-before-webvtt": [Said(0, 2000, None, "text")],
    "file-layout/tab-after-bom-before-header": [Said(0, 2000, None, "text")],
}
"""Files that are deliberately read in another way than mozilla/vtt.js does, and how."""

REFUSED = {"cue-times/max-spots-over-sixty": "below 48 hours"}
"""Files with cues that are deliberately refused, with a part of the reason."""

NAMES = sorted(str(path.relative_to(VTT).with_suffix("")) for path in VTT.rglob("*.vtt"))


def read_json(name: str) -> Any:
    """Read an expectation; `None` when there is none."""
    path = VTT / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def one_line(text: str) -> str:
    """Bring expected text into our form: no bidirectional marks, white space collapsed."""
    return " ".join(normalise(text).split())


def expected(name: str) -> list[Said]:
    """What mozilla/vtt.js makes of a file: times and identifiers from one expectation, plain text from the other."""
    parsed, rendered = read_json(SHARED_EXPECTATIONS.get(name, name)), read_json(f"{name}-proc")
    cues = parsed["cues"] if parsed else []
    texts = [node["textContent"] for node in rendered or []] or [PLAIN_TEXTS.get(name, cue["text"]) for cue in cues]
    if not parsed:
        return [Said(None, None, None, one_line(text)) for text in texts if one_line(text)]
    return [
        Said(round(cue["startTime"] * 1000), round(cue["endTime"] * 1000), one_line(cue["id"]) or None, one_line(text))
        for cue, text in zip(cues, texts, strict=True)
        if one_line(text)
    ]


def read(name: str) -> list[Said]:
    """What we make of a file; the pieces of a cue that several people share are put together again."""
    cues = parse_transcript((VTT / f"{name}.vtt").read_bytes(), f"{name}.vtt").cues

    def of_file(cue: Cue) -> tuple[int | None, int | None, str | None]:
        return cue.start_ms, cue.end_ms, cue.identifier

    return [Said(*key, " ".join(cue.text for cue in pieces)) for key, pieces in groupby(cues, of_file)]


@pytest.mark.parametrize("name", NAMES)
def test_webvtt_file(name: str) -> None:
    """A file gives the expected cues, or is refused when none with words is expected."""
    cues = CHANGED.get(name, expected(name))
    if not cues or name in REFUSED:
        with pytest.raises(TranscriptError, match=REFUSED.get(name, "no readable times|no speech|empty file")):
            read(name)
        return
    actual = read(name)
    if cues[0].start_ms is None:
        actual = [Said(None, None, None, said.text) for said in actual]
    assert actual == cues


def test_every_file_has_an_expectation() -> None:
    """All 267 files are there, and only header-only files come without any expectation."""
    without = {name for name in NAMES if read_json(name) is None and read_json(f"{name}-proc") is None}
    assert len(NAMES) == 267
    assert all(name.startswith("regions/") for name in without)


def test_changes_are_changes() -> None:
    """No file is listed as read in another way that is read as expected."""
    assert [name for name, cues in CHANGED.items() if cues == expected(name)] == []


def test_ascii_subrip() -> None:
    """Identifiers, times and text of a plain SubRip file."""
    cues = parse_transcript((SRT / "ascii.srt").read_bytes(), "ascii.srt").cues
    assert [(cue.identifier, cue.start_ms, cue.end_ms, cue.text) for cue in cues] == [
        ("2", 27_000, 30_730, "ascii"),
        ("4", 31_500, 34_100, "oh look"),
        ("6", 34_100, 36_570, "ascii everywhere"),
    ]


def test_gb2312_subrip() -> None:
    """Chinese text in an encoding from before Unicode, with a warning that says what was guessed."""
    parsed = parse_transcript((SRT / "gb2312.srt").read_bytes(), "gb2312.srt")
    assert [cue.text for cue in parsed.cues] == [
        "宇宙守护神 保护我们远离邪恶",
        "他能徒手抓住子弹 拦住疾速的火车",
        "轻轻一跳就能飞跃高楼",
    ]
    assert parsed.warnings == ("not UTF-8: read as gb18030",)
