"""Plain text and Markdown: one line or paragraph per turn, labels and times in the many ways that people write them.

Read are `Name: …`, `**Name:** …`, `[00:01:02] Name: …`, `Name (1:02): …`, a line `Name  0:03` above the words (Otter,
Teams), `[Name] 10:03:22` (Zoom), and `#00:01:02-3#` at the end of a paragraph (f4, MAXQDA).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.importers.pieces import Piece, collect, one_line
from ingest.importers.speaker_labels import changes_speaker, find_headings, find_labels, split_label
from ingest.importers.timestamps import TIME, parse_time
from ingest.transcript import ParsedTranscript

_FRONT_MATTER = re.compile(r"\s*---\n.*?\n---(?:\n|$)", re.DOTALL)
_HEADING = re.compile(r"#{1,6} ")
_EMPHASIS = re.compile(r"(?:[-*+>] )?(?P<mark>\*\*|__)(?P<label>[^*_]+)(?P=mark)")
_BRACKETED_TIME = re.compile(rf"[\[(] ?(?P<start>{TIME})(?: ?(?:-->|[-–]) ?(?P<end>{TIME}))? ?[\])] ?(?:[-–—:] ?)?")
_BARE_TIME = re.compile(rf"(?P<start>{TIME})(?: ?[-–] ?(?P<end>{TIME}))?(?: [-–—|] | |$)")
_PARAGRAPH_TIME = re.compile(r" ?#(?P<time>\d{1,2}:\d{2}:\d{2})(?:[-.,](?P<fraction>\d{1,3}))?# ?")
_LABEL_AND_TIME = re.compile(
    r"\[?(?P<label>[^\W\d_][^:\[\]()|]{0,59}?(?: \([^()\d]{1,40}\))?)\]? ?"
    rf"(?:[\[(] ?(?P<inner>{TIME}) ?[\])]|(?<= )(?:[|•·–-] ?)?(?P<bare>{TIME})) ?(?P<colon>:?) ?(?P<rest>.*)"
)
_NOTICE = re.compile(
    r".{0,80} (?:(?:started|stopped) transcription|hat die Transkription (?:gestartet|beendet)"
    r"|(?:inició|detuvo) la transcripción)\.?|Transcribed by https://otter\.ai",
)


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the file, without the times and marks around its words."""

    words: str
    start_ms: int | None
    end_ms: int | None
    labelled: str
    """The line in the form `Name: …`, if it turns out that it begins with a label."""
    label_ms: int | None
    """The time that stands beside the label."""
    is_heading: bool


def parse_plain_text(text: str) -> ParsedTranscript:
    """Parse plain text or Markdown in normal form; raise `TranscriptError` when it holds no words."""
    front_matter = _FRONT_MATTER.match(text)
    raw_lines = [one_line(line) for line in text[front_matter.end() if front_matter else 0 :].split("\n")]
    raw_lines = [line for line in raw_lines if line and not _NOTICE.fullmatch(line)]
    has_bare_times = _has_bare_times(raw_lines)
    lines = [_read_line(line, has_bare_times) for line in raw_lines]
    headings = find_headings(_timed_groups(lines))
    labels = find_labels([line.labelled for line in lines])
    return collect("text", _pieces([_name_heading(line, headings) for line in lines], labels | headings))


def _pieces(lines: Sequence[_Line], labels: frozenset[str]) -> Iterator[Piece]:
    """Give each line its speaker: a label holds until the next one; times on a line of their own belong to the next."""
    speaker: str | None = None
    start_ms: int | None = None
    for line in lines:
        label, words = split_label(line.labelled, labels)
        time_ms = line.label_ms if label and line.label_ms is not None else line.start_ms
        start_ms = start_ms if time_ms is None else time_ms
        speaker = label or speaker
        words = words if label else line.words
        if words.strip() and (label or not line.is_heading):
            is_unnamed = label is None and changes_speaker(words)
            yield Piece(words, start_ms, line.end_ms, None if is_unnamed else speaker)
            start_ms = None


def _read_line(raw: str, has_bare_times: bool) -> _Line:
    """Take times and Markdown marks off a line."""
    heading = _HEADING.match(raw)
    rest = _strip_emphasis(raw[heading.end() :] if heading else raw)
    rest, end_ms = _take_paragraph_time(rest)
    time = _BRACKETED_TIME.match(rest) or (_BARE_TIME.match(rest) if has_bare_times else None)
    start_ms = parse_time(time["start"]) if time else None
    if time and start_ms is not None:
        end_ms = parse_time(time["end"]) if time["end"] else end_ms
        rest = _strip_emphasis(rest[time.end() :])
    labelled, label_ms = rest, None
    label = _LABEL_AND_TIME.fullmatch(rest)
    if label and (label["inner"] or label["colon"] or not label["rest"]):
        labelled, label_ms = f"{label['label'].strip()}: {label['rest']}", parse_time(label["inner"] or label["bare"])
    return _Line(rest, start_ms, end_ms, labelled, label_ms, heading is not None)


def _timed_groups(lines: Sequence[_Line]) -> list[list[str]]:
    """Group lines by the times in front of them, without what comes before the first time."""
    groups: list[list[str]] = []
    for line in lines:
        if line.start_ms is not None:
            groups.append([])
        if groups:
            groups[-1].append(line.words)
    return groups


def _name_heading(line: _Line, headings: frozenset[str]) -> _Line:
    """Read a name that stands alone behind a time, as Word writes it, as a label."""
    is_name = line.start_ms is not None and line.words in headings
    return replace(line, labelled=f"{line.words}:") if is_name else line


def _strip_emphasis(line: str) -> str:
    """Take Markdown marks off a name or a time at the start of a line."""
    return _EMPHASIS.sub(r"\g<label>", line, count=1) if _EMPHASIS.match(line) else line


def _take_paragraph_time(line: str) -> tuple[str, int | None]:
    """Take a time such as `#00:01:02-3#` off the end of a paragraph: that is where it ends."""
    times = list(_PARAGRAPH_TIME.finditer(line))
    if not times:
        return line, None
    last = times[-1]
    return _PARAGRAPH_TIME.sub(" ", line).strip(), parse_time(f"{last['time']}.{last['fraction'] or 0}")


def _has_bare_times(lines: Sequence[str]) -> bool:
    """Whether bare times at the start of lines are those of the recording: several, and never going back."""
    times = [parse_time(match["start"]) for line in lines if (match := _BARE_TIME.match(line))]
    known = [time for time in times if time is not None]
    return len(known) > 1 and all(earlier <= later for earlier, later in pairwise(known))
