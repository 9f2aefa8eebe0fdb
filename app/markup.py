"""Prose of a model as plain text: what would be markup, a link or a mark of its own somewhere else is taken out."""

import html
import re
import unicodedata

from app.text import normalise

_MOST_ENTITY_LAYERS = 4
_TYPED_QUOTES = (("<<", "«"), (">>", "»"), ("``", "“"), ("''", "”"), (",,", "„"))
_TAG = re.compile(r"</?[A-Za-z!?][^<>]*>")
_REFERENCE = re.compile(r"[\[(【]\s*[uq]?\d+(?:\s*[,;]\s*[uq]?\d+)*\s*[\])】]")
_LINE_LEAD = re.compile(r"^[ \t>]*(?:(?:[-+*•·‣–—]|#{1,6}|\d{1,2}[.)])[ \t]+|[>–—])*", re.MULTILINE)
_MARKS = re.compile(r"[*_`~|\\<>\[\]{}#^=]+")
_SPACES = re.compile(r"[^\S\n]+")
_SPACE_BEFORE_MARK = re.compile(r"\s+(?=[.,;:!?])")
_LINES = re.compile(r" *\n\s*")
_ADDRESS = re.compile(
    r"""\b[a-z][a-z0-9+.-]*://            # a scheme, whatever it is
      | \b(?:javascript|data|vbscript|mailto|tel|file)\s*:\s*\S
      | \bwww\.
      | \S@[\w-]+\.
      | \b[\w-]+\.(?:app|biz|cc|ch|co|com|de|dev|es|eu|info|io|link|ly|me|net|online|org|ru|shop|site|to|top|xyz)\b
      | \b[\w-]+(?:\.[\w-]+)+/\S          # a host with a path
    """,
    re.VERBOSE | re.IGNORECASE,
)


def plain_prose(text: str) -> str:
    """The words of a text, one line for each paragraph or item: no markup, no entities, no references such as `[2]`."""
    words, plainer = "", normalise(text)
    while words != plainer:
        words, plainer = plainer, _plainer(plainer)
    return words


def names_an_address(text: str) -> bool:
    """Whether a reader, or the program that shows the text, may take a part of it for a link."""
    return _ADDRESS.search(text) is not None


def _plainer(text: str) -> str:
    """Take out what stands open; what it hid may stand open then."""
    words = _without_entities(text)
    words = "".join(character for character in words if unicodedata.category(character) not in ("Cf", "Co", "Cn"))
    for typed, mark in _TYPED_QUOTES:
        words = words.replace(typed, mark)
    words = _REFERENCE.sub("", _TAG.sub("", words))
    words = _MARKS.sub(" ", _LINE_LEAD.sub("", words))
    words = _SPACE_BEFORE_MARK.sub("", words)
    return _LINES.sub("\n", _SPACES.sub(" ", words)).strip()


def _without_entities(text: str) -> str:
    """Resolve character references, nested ones too, so that nothing is hidden in them."""
    for _ in range(_MOST_ENTITY_LAYERS):
        resolved = html.unescape(text)
        if resolved == text:
            return text
        text = normalise(resolved)
    return text.replace("&", " ")
