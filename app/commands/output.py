"""What commands write: data to stdout, everything else to stderr; no text can steer the terminal that shows it."""

import re
import sys
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic_core import to_json
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

_STEERING_BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_STEERING_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}
_UNESCAPED_BY_JSON = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text with its style, indented by a number of columns."""

    text: Text
    indent: int = 0


def line(*parts: str | tuple[str, str], indent: int = 0) -> Line:
    """Make a line of texts and of (text, style) pairs; what steers a terminal becomes visible, markup means nothing."""
    styled = [(part, "") if isinstance(part, str) else part for part in parts]
    return Line(Text.assemble(*((visible(text), style) for text, style in styled)), indent)


def visible(text: str) -> str:
    """Replace control characters, line breaks and bidirectional controls, so that text stays where it is printed."""
    return text if text.isascii() and text.isprintable() else "".join(map(_visible, text))


def write(lines: Iterable[Line]) -> None:
    """Write lines to stdout: styled and wrapped on a terminal, plain and whole in a pipe."""
    console = Console(file=sys.stdout, highlight=False)
    for item in lines:
        if console.is_terminal and item.text:
            console.print(Padding.indent(item.text, item.indent))
        else:
            sys.stdout.write(f"{' ' * item.indent}{item.text.plain}\n")


def write_json(value: object) -> None:
    """Write a value as JSON to stdout; dataclasses, models, ids and dates are understood."""
    document = to_json(value, indent=2).decode()
    sys.stdout.write(_UNESCAPED_BY_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", document) + "\n")


def tell(*parts: str | tuple[str, str]) -> None:
    """Write one line for people to stderr: progress, notes, complaints."""
    Console(file=sys.stderr, highlight=False, soft_wrap=True).print(line(*parts).text)


def tell_more(next_cursor: str | None, empty: str = "") -> None:
    """Say how a list goes on, or what to do where it is empty."""
    if next_cursor:
        tell(f"There is more: go on with `--cursor {next_cursor}`.")
    elif empty:
        tell(empty)


def _visible(character: str) -> str:
    if character in "\t\n\r":
        return " "
    if unicodedata.category(character) in _STEERING_CATEGORIES:
        return "\N{REPLACEMENT CHARACTER}"
    return "\N{REPLACEMENT CHARACTER}" if unicodedata.bidirectional(character) in _STEERING_BIDI else character
