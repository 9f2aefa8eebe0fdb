"""Web pages: what is left when menus, scripts and all that readers do not see are taken away (trafilatura)."""

import codecs
import re
from collections.abc import Iterator
from typing import Any

import trafilatura
from lxml import html
from lxml.html import builder

from app.documents.document import Document, MediaType
from app.documents.encoding import decode_text
from app.documents.prose import Block, Shape, has_words, lay_out, one_line, row
from app.documents.refusal import refusal

EXTRACTOR = f"trafilatura/{trafilatura.__version__} verbatim-html/1"

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_DECLARED_WITHIN_BYTES = 4096
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UNSEEN = (
    "//script | //style | //noscript | //template | //iframe | //*[@hidden or @aria-hidden='true'] |"
    "//*[contains(translate(@style, ' ', ''), 'display:none')] |"
    "//*[contains(translate(@style, ' ', ''), 'visibility:hidden')]"
)
_FURNITURE = "//nav | //header | //footer | //aside | //form"
_LEVELS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = "p div li tr dt dd section article main header footer blockquote pre figure table ul ol br".split()
_LEAST_SHARE = 0.6


def read_html(data: bytes) -> Document:
    """Read a web page; raise `DocumentError` where nothing is to be read on it."""
    page = _parse(_decode(data))
    title = one_line(page.findtext(".//title") or "") or None
    found: Any = trafilatura.bare_extraction(page, favor_recall=True, include_comments=False)
    is_told_apart = found is not None and [element.tag for element in found.body] not in ([], ["p"])
    text = lay_out([*_first_heading(page, found.body), *_blocks(found.body)] if is_told_apart else _lines(page.body))
    if not has_words(text):
        raise refusal("a web page without text", "save the page as it is shown in a browser, or as PDF")
    return Document(text, title, MediaType.HTML, EXTRACTOR, warnings=tuple(_left_out(page, text)))


def _decode(data: bytes) -> str:
    """Decode by the byte order mark, else by what the page says of itself, else by what the bytes look like."""
    declared = _CHARSET.search(data[:_DECLARED_WITHIN_BYTES])
    if declared is None or data.startswith(_MARKS):
        return decode_text(data).text
    name = declared[1].decode("ascii").lower()
    # Browsers read what calls itself Latin-1 as its superset of Windows (WHATWG Encoding Standard).
    name = "cp1252" if name in ("iso-8859-1", "latin1", "us-ascii") else name
    try:
        return data.decode(name)
    except (LookupError, UnicodeError):
        return decode_text(data).text


def _parse(text: str) -> Any:
    """Parse a page without what its readers do not see; what they may unfold counts as seen."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    page = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser, ensure_head_body=True)
    for element in page.xpath(_UNSEEN):
        if element.getparent() is not None:
            element.drop_tree()
    for folded in page.iter("details", "summary"):
        _unfold(folded)
    return page


def _unfold(element: Any) -> None:
    """Make ordinary blocks of what is folded; the text right behind its title is a paragraph."""
    if element.tag == "summary" and element.tail and element.tail.strip():
        element.addnext(builder.P(element.tail))
        element.tail = None
    element.tag = "div" if element.tag == "details" else "p"


def _blocks(body: Any) -> Iterator[Block]:
    """The blocks of what trafilatura found, in order."""
    for element in body:
        if element.tag == "head":
            yield Block(Shape.HEADING, _words(element), int(element.get("rend", "h2")[-1:] or 2))
        elif element.tag == "list":
            yield from _items(element)
        elif element.tag == "table":
            yield from (row(map(_words, line.iterchildren("cell"))) for line in element.iter("row"))
        elif element.tag == "quote" and len(element):
            yield from _blocks(element)
        else:
            yield Block(Shape.PARAGRAPH, _words(element))


def _items(listed: Any) -> Iterator[Block]:
    """The items of a list, those of lists in it after the item that holds them."""
    for item in listed.iterchildren("item"):
        inner = list(item.iterchildren("list"))
        for each in inner:
            item.remove(each)
        yield Block(Shape.ITEM, _words(item))
        for each in inner:
            yield from _items(each)


def _words(element: Any) -> str:
    return " ".join(element.itertext())


def _lines(body: Any) -> Iterator[Block]:
    """All that is seen, a line for each block: for pages too short to tell from menus what they say."""
    for element in body.iter(*_LEVELS, *_BLOCKS):
        mark = f"{'#' * _LEVELS.index(element.tag) + '#'} " if element.tag in _LEVELS else ""
        element.text = f"\n{mark}{element.text or ''}"
        element.tail = f"\n{element.tail or ''}"
    return (Block(Shape.PARAGRAPH, line) for line in body.text_content().split("\n"))


def _first_heading(page: Any, body: Any) -> Iterator[Block]:
    """The heading of the page, where it is taken for furniture."""
    heading = next(page.iter("h1"), None)
    if heading is not None and not any(element.get("rend") == "h1" for element in body.iter("head")):
        yield Block(Shape.HEADING, _words(heading))


def _left_out(page: Any, text: str) -> Iterator[str]:
    """Say when much of what stands outside menus and footers was not taken."""
    for element in page.xpath(_FURNITURE):
        if element.getparent() is not None:
            element.drop_tree()
    share = len(text.split()) / max(1, len(page.body.text_content().split()))
    if share < _LEAST_SHARE:
        yield f"about {share:.0%} of the words of the page were taken; the rest looked like menus and labels"
