"""Quotes for people who never open the service: a document with what they are from, as DOCX and as Markdown."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from docx import Document
from docx.document import Document as DocxDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from sqlalchemy.orm import Session

from app.answering.schemas import Citation
from app.library.export import escape_markdown, said_by, to_markdown
from app.library.queries import find_study, study_by_id
from app.library.schemas import QuotePage
from app.scope import Filters

LABEL = "Quotes are verbatim; translations are machine-made."

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_QUIET = RGBColor(0x57, 0x60, 0x6A)
_LINK = RGBColor(0x1D, 0x4F, 0x91)
_FILTER_NAMES = {
    "segments": "segment",
    "languages": "language",
    "codes": "code",
    "kinds": "kind",
    "participants": "participant",
    "bands": "LTV band",
    "classes": "class",
    "uses": "for",
}


@dataclass(frozen=True)
class QuotePack:
    """Quotes of a study, what they were filtered by, and when; links begin with `host`."""

    title: str
    filters: Filters
    made_on: date
    host: str
    quotes: tuple[Citation, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """What stands below the heading."""
        narrowed = " · ".join(_narrowings(self.filters)) or "all that participants said"
        return (f"{len(self.quotes)} quotes · {narrowed} · {self.made_on:%Y-%m-%d}", LABEL)


def pack_quotes(session: Session, page: QuotePage, made_on: date, host: str) -> QuotePack:
    """Put quotes together with what their study is called."""
    study = study_by_id(session, find_study(session, page.study))
    return QuotePack(study["title"], page.filters, made_on, host, page.quotes)


def pack_markdown(pack: QuotePack) -> str:
    """The pack as Markdown: heading, facts, label, and a block quotation for each quote."""
    facts = "\n\n".join(escape_markdown(fact) for fact in pack.facts)
    return f"# {escape_markdown(pack.title)}\n\n{facts}\n\n{to_markdown(pack.quotes, pack.host)}"


def pack_docx(pack: QuotePack) -> bytes:
    """The pack as a Word document."""
    document = Document()
    document.add_heading(_plain(pack.title), level=1)
    for fact in pack.facts:
        _add(document.add_paragraph(), fact, quiet=True)
    for quote in pack.quotes:
        _add_quote(document, quote, pack.host)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = _plain(pack.title), "Verbatim", LABEL
    properties.created = properties.modified = datetime.combine(pack.made_on, time(), UTC)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _narrowings(filters: Filters) -> Iterator[str]:
    for field, values in filters:
        if values:
            yield f"{_FILTER_NAMES[field]} {', '.join(map(str, values))}"


def _add_quote(document: DocxDocument, quote: Citation, host: str) -> None:
    said = document.add_paragraph(style="Intense Quote")
    said.paragraph_format.keep_with_next = True
    said.add_run(f"“{_plain(quote.quote)}”")
    if quote.translation:
        made = document.add_paragraph()
        made.paragraph_format.keep_with_next = True
        _add(made, f"machine translation ({quote.translation.language}): ", quiet=True)
        _add(made, quote.translation.text).italic = True
    where = document.add_paragraph()
    _add(where, " · ".join((*said_by(quote), "")), quiet=True)
    _add_link(where, "transcript", f"{host}{quote.url}")


def _add(paragraph: Paragraph, text: str, *, quiet: bool = False) -> Run:
    run = paragraph.add_run(_plain(text))
    if quiet:
        run.font.size, run.font.color.rgb = Pt(9), _QUIET
    return run


def _add_link(paragraph: Paragraph, text: str, url: str) -> None:
    """Add a link, for which python-docx has no function of its own."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb, run.font.underline = Pt(9), _LINK, True
    link.append(run._r)  # noqa: SLF001 the element of a run has no public name
    paragraph._p.append(link)  # noqa: SLF001 likewise


def _plain(text: str) -> str:
    """A text without what XML cannot hold."""
    return _NOT_XML.sub("", text)
