"""Tables as CSV, quotes as CSV and as Markdown."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from app.answering.schemas import Citation
from app.vocabulary import Polarity

COLUMNS = (
    "quote",
    "translation",
    "translation_language",
    "machine_translation",
    "participant",
    "segment",
    "language",
    "interview",
    "start_ms",
    "end_ms",
    "codes",
    "polarity",
    "relevance",
    "verbatim",
    "low_confidence",
    "pseudonymised",
    "question_before",
    "utterance_text",
    "utterance",
    "transcript",
    "span_start",
    "span_end",
    "url",
)
_FORMULA_STARTS = tuple("=+-@＝＋－＠\t\r\n")
_INLINE_MARKUP = re.compile(r"[\\`*_\[\]<>&#~|$]")
_WORD = re.compile(r"\S+")
ADDRESS = re.compile(r"://|www\.|\S@\S", re.IGNORECASE)
"""What renderers make a link of, however it is escaped; the words that hold it are shown as code."""
_LINE_MARKUP = re.compile(r"^(\s*)(?:([-+=])|(\d+)([.)]))", re.MULTILINE)


def to_csv(quotes: Sequence[Citation], host: str = "") -> str:
    """One line for each quote, with a header.

    Args:
        quotes: what is exported.
        host: what the links begin with, for example `https://verbatim.example`.
    """
    return write_table(COLUMNS, (_row(quote, host) for quote in quotes))


def write_table(columns: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """A header and rows as CSV; a text that a spreadsheet would take for a formula begins with `'`."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow([_cell(value) for value in columns])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return lines.getvalue()


def read_cell(cell: str) -> str:
    """A cell as it was before it was written, without the `'` that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA_STARTS) else cell


def to_markdown(quotes: Sequence[Citation], host: str = "") -> str:
    """A block quotation for each quote, with who said it, where and when; links begin with `host`."""
    return "\n".join(_block(quote, host) for quote in quotes)


def spoken_at(time_ms: int | None) -> str:
    """A place in a recording as `h:mm:ss` or `mm:ss`; empty where there are no times."""
    if time_ms is None:
        return ""
    minutes, seconds = divmod(time_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def escape_markdown(text: str) -> str:
    """Escape what Markdown or HTML would read as markup, so that the rendered text is the text itself.

    Addresses become code, because renderers make links of them however they are escaped.
    """
    escaped = _WORD.sub(lambda match: _escape_word(match[0]), text)
    return _LINE_MARKUP.sub(lambda match: f"{match[1]}{match[3] or ''}\\{match[2] or match[4]}", escaped)


def block_quote(text: str) -> str:
    """The lines of a text as a Markdown block quotation, escaped."""
    return "\n".join(f"> {line.strip()}" for line in escape_markdown(text).split("\n"))


def _escape_word(word: str) -> str:
    return _code(word) if ADDRESS.search(word) else _INLINE_MARKUP.sub(lambda match: f"\\{match[0]}", word)


def _code(word: str) -> str:
    longest = max(map(len, re.findall("`+", word)), default=0)
    fence, space = "`" * (longest + 1), " " if longest else ""
    return f"{fence}{space}{word}{space}{fence}"


def _row(quote: Citation, host: str) -> list[object]:
    values = quote.model_dump()
    values["url"] = f"{host}{quote.url}"
    made = quote.translation
    values["translation"] = made.text if made else None
    values["translation_language"], values["machine_translation"] = (made.language, made.machine) if made else ("", "")
    values["codes"] = " ".join(quote.codes)
    values["span_start"], values["span_end"] = quote.span
    return [values[column] for column in COLUMNS]


def _cell(value: object) -> str:
    """A cell; only texts can be formulas, and a number below zero stays a number."""
    if isinstance(value, int | float | Decimal):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def said_by(quote: Citation) -> tuple[str, ...]:
    """Who said it, in which language, interview and second, under which codes, and what is to be known of it."""
    facts = (quote.participant, quote.segment, quote.language, quote.interview, spoken_at(quote.start_ms), *quote.codes)
    notes = (
        "denies it" if quote.polarity is Polarity.DENIED else None,
        "via interpreter" if quote.via_interpreter or not quote.verbatim else None,
        "pseudonymised" if quote.pseudonymised else None,
        "hard to hear" if quote.low_confidence else None,
    )
    return tuple(filter(None, (*facts, *notes)))


def _block(quote: Citation, host: str) -> str:
    lines = block_quote(quote.quote)
    facts = " · ".join(map(escape_markdown, said_by(quote)))
    return f"{lines}\n>\n{_translated(quote)}> — {facts} · [transcript]({host}{quote.url})\n"


def _translated(quote: Citation) -> str:
    if quote.translation is None:
        return ""
    text = " ".join(quote.translation.text.split())
    return f"> *machine translation ({quote.translation.language}):* {escape_markdown(text)}\n>\n"
