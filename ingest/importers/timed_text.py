"""From the cue blocks of WebVTT and SubRip to pieces of speech: who speaks, by voice tag, label, bracket or dash."""

import re
from collections.abc import Iterator, Sequence

from ingest.importers.cue_blocks import CueBlocks
from ingest.importers.cue_markup import Voice, read_voices
from ingest.importers.pieces import Piece, collect
from ingest.importers.speaker_labels import bracketed_label, changes_speaker, find_headings, find_labels, split_label
from ingest.transcript import ParsedTranscript

_BLANKS = " \t-–—"
_SENTENCE_END = re.compile(r"[.!?…][\"'”“’»)\]]*\s*$")


def to_transcript(format_name: str, cues: CueBlocks) -> ParsedTranscript:
    """Make the transcript of a file of cues; labels in the text count only where no voice is tagged."""
    voices = [read_voices(block.text) for block in cues.blocks]
    if not any(voice.speaker for block in voices for voice in block):
        voices = _read_labels(voices)
    pieces = (
        Piece(
            text=voice.text,
            start_ms=block.start_ms,
            end_ms=block.end_ms,
            speaker=voice.speaker,
            identifier=block.identifier,
            language=voice.language,
        )
        for block, spoken in zip(cues.blocks, voices, strict=True)
        for voice in spoken
    )
    return collect(format_name, pieces, cues.warnings)


def _read_labels(voices: Sequence[tuple[Voice, ...]]) -> list[tuple[Voice, ...]]:
    """Divide the cues of a file without voice tags by the labels in their text."""
    texts = [_spoken_lines(block) for block in voices]
    labels = find_labels([line for lines in texts for line in lines])
    headings = find_headings(texts) if not labels else frozenset()
    return [
        tuple(
            Voice(speaker, voice.language, text)
            for voice in block
            for speaker, text in _divide(_spoken_lines((voice,)), labels, headings)
        )
        for block in voices
    ]


def _spoken_lines(voices: Sequence[Voice]) -> list[str]:
    return [line for voice in voices for line in voice.text.split("\n") if line.strip(_BLANKS)]


def _divide(lines: Sequence[str], labels: frozenset[str], headings: frozenset[str]) -> Iterator[tuple[str | None, str]]:
    """Divide the lines of one cue among speakers: a label names one, a dash only says that somebody else speaks."""
    speaker: str | None = None
    said: list[str] = []
    for n, line in enumerate(lines):
        label, rest = split_label(line, labels)
        if label is None and n + 1 < len(lines):
            label = line.strip() if n == 0 and line.strip() in headings else bracketed_label(line)
            rest = "" if label else line
        if label or _answers(lines, n):
            yield speaker, "\n".join(said)
            speaker, said = label, []
        said.append(rest)
    yield speaker, "\n".join(said)


def _answers(lines: Sequence[str], n: int) -> bool:
    """Whether a dash at the start of a line is that of a dialogue, not one within a sentence."""
    return changes_speaker(lines[n]) and (
        n == 0 or changes_speaker(lines[0]) or _SENTENCE_END.search(lines[n - 1]) is not None
    )
