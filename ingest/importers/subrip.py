"""SubRip (.srt), and everything else that has times above its cues and no signature."""

from dataclasses import replace

from ingest.importers.cue_blocks import read_cue_blocks
from ingest.importers.timed_text import to_transcript
from ingest.importers.timestamps import parse_timing
from ingest.transcript import ParsedTranscript


def count_timings(text: str) -> int:
    """Count the lines with times above cues."""
    return sum("-->" in line and parse_timing(line) is not None for line in text.split("\n"))


def parse_subrip(text: str) -> ParsedTranscript:
    """Parse SubRip text in normal form; raise `TranscriptError` when there are no readable cues."""
    cues = read_cue_blocks(text, lambda _line: False)
    if cues.heading:
        cues = replace(cues, warnings=(*cues.warnings, f"lines above the first cue are left out: {cues.heading}"))
    return to_transcript("subrip", cues)
