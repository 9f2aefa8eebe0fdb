"""The text of a document as it is stored: Markdown with headings, list items and rows of tables, a line each."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from app.text import normalise

_SPACE = re.compile(r"\s+")
_DEEPEST = 6


class Shape(Enum):
    """What a block is in its document."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a document; `level` is that of a heading, 1 the highest."""

    shape: Shape
    text: str
    level: int = 1


def row(cells: Iterable[str]) -> Block:
    """A row of a table as a line, its cells between bars."""
    texts = [one_line(cell).replace("|", "¦") for cell in cells]
    return Block(Shape.ROW, f"| {' | '.join(texts)} |" if any(texts) else "")


def lay_out(blocks: Iterable[Block]) -> str:
    """Write blocks one after the other, apart from each other, but for list items and rows that belong together."""
    return normalise("".join(_laid_out(blocks)))


def has_words(text: str) -> bool:
    """Whether there is a letter or digit in a text."""
    return any(character.isalnum() for character in text)


def one_line(text: str) -> str:
    """Collapse white space."""
    return _SPACE.sub(" ", text).strip()


def _laid_out(blocks: Iterable[Block]) -> Iterator[str]:
    before = None
    for block in blocks:
        line = _line(block)
        if line:
            together = block.shape is before and block.shape in (Shape.ITEM, Shape.ROW)
            yield ("\n" if together else "\n\n" if before else "") + line
            before = block.shape


def _line(block: Block) -> str:
    text = one_line(block.text)
    if not text:
        return ""
    if block.shape is Shape.HEADING:
        return f"{'#' * min(block.level, _DEEPEST)} {text}"
    return f"- {text}" if block.shape is Shape.ITEM else text
