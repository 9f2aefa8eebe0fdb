"""Insights in Markdown: headings are themes, list items and paragraphs are insights, quotations below are evidence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from app.research.insights.boards.stickies import GivenWords, Sticky, given_words

_HEADING = re.compile(r"#{1,6}\s+(?P<words>.*?)\s*#*\s*")
_ITEM = re.compile(r"(?P<indent>\s*)(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(?P<words>.*)")
_QUOTE = re.compile(r"\s*>\s?(?P<words>.*)")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_RULE = re.compile(r"\s*(?:[-*_]\s*){3,}|\s*\|.*\|\s*|\s*(?:=+|-+)\s*")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(\*\*|__|(?<!\w)[*_]|[*_](?!\w)|`|~~)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_NESTED_COLUMNS = 2


@dataclass
class _Page:
    """What has been read of a page: finished notes, the note in hand, and the theme that it stands under."""

    stickies: list[Sticky] = field(default_factory=list)
    theme: str | None = None
    is_open: bool = False
    quoted: list[tuple[int, str]] = field(default_factory=list)

    def head(self, theme: str) -> None:
        """Begin a theme."""
        self.close()
        self.theme = theme or None

    def begin(self, line: int, words: str) -> None:
        """Begin a note."""
        self.close()
        self.stickies.append(Sticky(line, words, self.theme))
        self.is_open = True

    def go_on(self, line: int, words: str) -> None:
        """Go on with the note in hand, or begin one."""
        if self.is_open and not self.quoted:
            self.stickies[-1] = replace(self.stickies[-1], text=f"{self.stickies[-1].text}\n{words}")
        else:
            self.begin(line, words)

    def quote(self, line: int, words: str) -> None:
        """Take words as evidence of the last note; without one under this theme they stand alone."""
        self.quoted.append((line, words))
        self.is_open = False

    def close(self) -> None:
        """End what is in hand."""
        self.is_open = False
        if not self.quoted:
            return
        line, block = self.quoted[0][0], "\n".join(words for _, words in self.quoted)
        evidence = tuple(_evidence(line, block))
        self.quoted.clear()
        last = self.stickies[-1] if self.stickies and self.stickies[-1].theme == self.theme else None
        if last is None:
            self.stickies.append(Sticky(line, "", self.theme, evidence=evidence))
        else:
            self.stickies[-1] = replace(last, evidence=(*last.evidence, *evidence))


def read_markdown(text: str) -> tuple[Sticky, ...]:
    """Read the notes of a page."""
    page, is_code = _Page(), False
    for line, raw in _lines(text):
        if _FENCE.match(raw):
            is_code = not is_code
            page.close()
        elif not is_code:
            _read_line(page, line, raw)
    page.close()
    return tuple(page.stickies)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines without front matter and comments, each under its number in the file."""

    def blank(match: re.Match[str]) -> str:
        return "\n" * match[0].count("\n")

    shown = _COMMENT.sub(blank, _FRONT_MATTER.sub(blank, text))
    return enumerate(shown.split("\n"), start=1)


def _read_line(page: _Page, line: int, raw: str) -> None:
    heading, quote, item = _HEADING.fullmatch(raw), _QUOTE.fullmatch(raw), _ITEM.fullmatch(raw)
    if not raw.strip() or _RULE.fullmatch(raw):
        page.close()
    elif heading:
        page.head(_plain(heading["words"]))
    elif quote:
        page.quote(line, _plain(quote["words"]))
    elif item and len(item["indent"].expandtabs(4)) >= _NESTED_COLUMNS and page.stickies:
        page.close()
        page.quote(line, _plain(item["words"].removeprefix(">")))
    elif item:
        page.begin(line, _plain(item["words"]))
    else:
        page.go_on(line, _plain(raw))


def _plain(text: str) -> str:
    return _EMPHASIS.sub("", _LINK.sub(r"\1", text)).strip()


def _evidence(line: int, block: str) -> Iterator[GivenWords]:
    """The quotes of a block quotation: those in quotation marks, else all of it as one, however its lines break."""
    return given_words(" ".join(block.split()), line)
