"""Word documents (.docx) as Teams, Otter and people write them: paragraphs and tables, read as lines of text."""

from collections.abc import Sequence
from dataclasses import replace

from app.documents.word import Paragraph, read_word
from ingest.importers.pieces import one_line
from ingest.importers.plain_text import parse_plain_text
from ingest.importers.subrip import count_timings, parse_subrip
from ingest.importers.timestamps import parse_time
from ingest.transcript import ParsedTranscript


def parse_docx(data: bytes) -> ParsedTranscript:
    """Parse a Word document; raise `DocumentError` or `TranscriptError` when it is dangerous or without words."""
    text = "\n".join(
        block.text if isinstance(block, Paragraph) else _row_line(block.cells) for block in read_word(data)
    )
    parsed = parse_subrip(text) if count_timings(text) > 1 else parse_plain_text(text)
    return replace(parsed, format="docx")


def _row_line(cells: Sequence[str]) -> str:
    """Write a table row of time, speaker and words as a line of a plain-text transcript."""
    filled = [one_line(cell) for cell in cells if cell.strip()]
    time = next((cell for cell in filled if parse_time(cell.strip("[]()")) is not None), None)
    others = [cell for cell in filled if cell is not time]
    said = f"{others[0].rstrip(':')}: {' '.join(others[1:])}" if len(others) > 1 else "".join(others)
    return f"[{time.strip('[]()')}] {said}" if time else said
