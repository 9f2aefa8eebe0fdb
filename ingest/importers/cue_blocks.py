"""The blocks of WebVTT and SubRip files: an identifier, a line with times, lines of text.

Follows the block rules of the WebVTT standard (https://www.w3.org/TR/webvtt1/#file-parsing), but where these would drop
words, the words are kept: text after a blank line belongs to the cue above, and a cue whose times are broken has none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.importers.refusal import refusal
from ingest.importers.timestamps import is_broken_timing, parse_timing


@dataclass(frozen=True, slots=True)
class CueBlock:
    """One cue as the file has it: text with markup and line breaks."""

    identifier: str | None
    start_ms: int | None
    end_ms: int | None
    text: str


@dataclass(frozen=True, slots=True)
class CueBlocks:
    """The cues of a file in order, the number of lines of text above the first, and what had to be overlooked."""

    blocks: tuple[CueBlock, ...]
    heading: int
    warnings: tuple[str, ...]


def read_cue_blocks(text: str, is_comment: Callable[[str], bool]) -> CueBlocks:
    """Split a file into cues, without what is above the first and without paragraphs whose first line `is_comment`."""
    lines = text.split("\n")
    timings = {n: parse_timing(line) for n, line in enumerate(lines) if "-->" in line}
    cuts = [n for n, timing in timings.items() if timing or is_broken_timing(lines[n])]
    broken = [n for n in cuts if timings[n] is None]
    if len(broken) == len(cuts):
        place = f"line {broken[0] + 1}" if broken else ""
        raise refusal(
            "no readable times", "write times below 48 hours above each cue: 00:01:02.345 --> 00:01:04.000", place
        )
    between = [lines[start + 1 : end] for start, end in zip([-1, *cuts], [*cuts, len(lines)], strict=True)]
    parts = [_split_identifier(part, is_first=n == 0) for n, part in enumerate(between[:-1])]
    parts.append((between[-1], None))
    blocks = []
    for cut, (_, identifier), (below, _) in zip(cuts, parts[:-1], parts[1:], strict=True):
        start_ms, end_ms = timings[cut] or (None, None)
        blocks.append(CueBlock(identifier, start_ms, end_ms, _cue_text(below, is_comment)))
    heading = sum(bool(line.strip()) for line in parts[0][0])
    return CueBlocks(tuple(blocks), heading, _warnings(broken))


def _split_identifier(lines: list[str], is_first: bool) -> tuple[list[str], str | None]:
    """Split the lines above a cue into what belongs to the cue before and the identifier.

    An identifier stands directly above the times, below a blank line. A number may also lack the blank line above,
    unless it is all that the cue before has, or have a blank line below.
    """
    last = max((n for n, line in enumerate(lines) if line.strip()), default=None)
    if last is None:
        return lines, None
    is_alone = last > 0 and not lines[last - 1].strip()
    is_number = lines[last].strip().isdecimal()
    if last == len(lines) - 1:
        is_identifier = is_alone or (is_number and (last > 0 or is_first))
    else:
        is_identifier = is_alone and is_number
    return (lines[:last], lines[last]) if is_identifier else (lines, None)


def _cue_text(lines: Sequence[str], is_comment: Callable[[str], bool]) -> str:
    """Join the lines below the times; `lines` may hold several paragraphs."""
    kept: list[str] = []
    in_comment = False
    for n, line in enumerate(lines):
        begins_paragraph = n > 0 and not lines[n - 1].strip()
        in_comment = is_comment(line) if begins_paragraph else in_comment and bool(line.strip())
        if line.strip() and not in_comment:
            kept.append(line)
    return "\n".join(kept)


def _warnings(broken: Sequence[int]) -> tuple[str, ...]:
    if not broken:
        return ()
    return (f"line {broken[0] + 1}: times of {len(broken)} cues cannot be read; their words are kept without times",)
