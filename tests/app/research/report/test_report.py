"""The report: one file that fetches nothing and runs nothing, right in its numbers, with every text labelled."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from lxml import html
from market_study import ingest_market
from sqlalchemy.orm import Session
from study_factory import Person, Turn, add_study

from app.answering.kept_translations import keep_translations
from app.embedding import Embedder
from app.errors import NotFoundError
from app.library.studies import read_study
from app.research.charts.style import hash_of
from app.research.hypotheses.examine import add_hypothesis
from app.research.hypotheses.schemas import NewHypothesis
from app.research.insights.forms import EvidenceForm, InsightForm
from app.research.insights.manage import create_insight
from app.research.insights.schemas import EvidenceBalance, InsightDetail, InsightEntry, InsightQuote
from app.research.matrix.mentions import Wanted as WantedMatrix
from app.research.matrix.read import read_matrix
from app.research.report.read import Report, Wanted, read_report
from app.research.report.render import STYLE, report_html, report_markdown
from app.research.segments.profile import read_segment
from app.research.sources.schemas import Change, Changes, SourceVersion
from app.services import Services
from app.vocabulary import Stance

EVIL = '<script>alert("x")</script>=HYPERLINK("http://evil")'


def wanted(language: str = "en") -> Wanted:
    """A report of one day."""
    return Wanted(language, "http://host", date(2026, 11, 30))


@pytest.fixture
def market_report(services: Services, tmp_path: Path) -> Iterator[tuple[Session, Report]]:
    """The report of the study `market`, with a belief and an insight, one quote of which speaks against it."""
    ingest_market(services, tmp_path)
    belief = NewHypothesis(study="market", statement="Gebühren sind vorher sichtbar", codes=("CR1",))
    add_hypothesis(belief, "Owen", services, "en")
    evidence = EvidenceForm(quote="Die Gebühren wollte ich vorher sehen.", stance=Stance.AGAINST)
    insight = InsightForm(study="market", code="K1", statement="Price comes last", author="Anna", evidence=(evidence,))
    create_insight(services, insight, "Anna")
    with services.database.sessions() as session:
        yield session, read_report(session, "market", wanted(), services.embedder)


class Outside(HTMLParser):
    """Gathers everything in a page that would run or fetch, and the tags that are there."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        if tag in {"script", "iframe", "object", "embed", "link", "img", "video", "audio", "form", "base"}:
            self.found.append(tag)
        self.found += [
            name for name, value in attrs if name.startswith("on") or name in {"src", "style", "srcset", "action"}
        ]


def plain(page: str) -> str:
    """The text of a page, in single spaces."""
    return " ".join(html.fromstring(page).text_content().split())


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_nothing_is_fetched_and_nothing_runs(shop: Session, embedder: Embedder, language: str) -> None:
    """No scripts, no addresses that load by themselves, one style sheet that the policy of the page names."""
    page = report_html(read_report(shop, "shop", wanted(language), embedder))
    outside = Outside()
    outside.feed(page)
    assert outside.found == []
    assert not re.search(r"url\((?!#)|@import", page)
    (style,) = re.findall("<style>(.*?)</style>", page, re.DOTALL)
    assert style == STYLE
    assert f"style-src '{hash_of(style)}'" in page
    assert f'<html lang="{language if language != "fr" else "en"}">' in page


def test_the_numbers_are_those_of_the_artefacts(shop: Session, embedder: Embedder) -> None:
    """Bands with their shares, the verdict, topics with counts of people and quotes of different people."""
    report = read_report(shop, "shop", wanted(), embedder)
    page = html.fromstring(report_html(report))
    rows = [[cell.text_content().strip() for cell in row.iter("td", "th")] for row in page.iter("tr")]
    assert ["200-500", "2", "5.0", "800.00", "80%", "350.00", "1", "50%", "0.62"] in rows
    assert ["unclassified", "1", "1.0", "100.00", "10%", "–", "0", "0%", "0.00"] in rows
    text = page.text_content()
    assert "insufficient for a verdict: the rule needs 6" in text
    assert "came up with 2 of 3 people; 2 affirm it, 0 deny it" in text
    assert "came up with 1 of 3 people; 0 affirm it, 1 deny it" in text
    assert "“Ich hatte Angst um mein Geld.”" in [quote.text_content() for quote in page.iter("blockquote")]
    assert "denies it" in text
    written = report_markdown(report)
    assert "| 200-500 | 2 | 5.0 | 800.00 | 80% | 350.00 | 1 | 50% | 0.62 |" in written
    assert "came up with 1 of 3 people; 0 affirm it, 1 deny it" in written
    assert "> Ich hatte Angst um mein Geld." in written


def test_numbers_are_written_in_the_language(shop: Session, embedder: Embedder) -> None:
    """Decimal commas in German and Spanish; quotes stay in theirs."""
    report = read_report(shop, "shop", wanted("de"), embedder)
    for page in (report_html(report), report_markdown(report)):
        assert "800,00" in page
        assert "nicht eingeordnet" in page
        assert "Ich hatte Angst um mein Geld." in page


def test_it_holds_the_artefacts_themselves(market_report: tuple[Session, Report], embedder: Embedder) -> None:
    """Cards and matrix are what the service tells elsewhere; hypotheses and insights come with what is missing."""
    session, report = market_report
    assert report.segments == tuple(read_segment(session, "market", slug) for slug in ("calm", "keen"))
    assert report.matrix == read_matrix(session, "market", WantedMatrix(), embedder)
    page = html.fromstring(report_html(report))
    rows = [[cell.text_content().strip() for cell in row.iter("td", "th")] for row in page.iter("tr")]
    assert ["CR1 Gebühren vorher sichtbar", "1 / 1 · 1 · 0", "1 / 2 · 0 · 0", "3 / 3 · 1 · 0"] in rows
    text = plain(report_html(report))
    assert "Ruhige" not in text
    assert "Calm calm · 2 people" in text
    assert "1 of 2 people, 1 deny it; elsewhere 2 of 3" in text
    assert "Gebühren sind vorher sichtbar mixed" in text
    assert "H001 · belief of Owen" in text
    assert "conclusion of Anna K1 · draft · 0 people “Die Gebühren" in text
    assert "P01 · calm · de · I01 · speaks against it · transcript" in text
    written = report_markdown(report)
    assert "| CR1 Gebühren vorher sichtbar | 1 / 1 · 1 · 0 | 1 / 2 · 0 · 0 | 3 / 3 · 1 · 0 |" in written
    assert "### Gebühren sind vorher sichtbar — mixed" in written


def test_every_text_is_labelled(shop: Session, embedder: Embedder) -> None:
    """What was computed, and what a machine translated, beside the original."""
    quote = read_report(shop, "shop", wanted(), embedder).topics[0].quotes[0]
    keep_translations(shop, {(quote.utterance, *quote.span): "I was afraid for my money."}, "en", "model", "prompt")
    report = read_report(shop, "shop", wanted(), embedder)
    page = report_html(report)
    assert "machine translation (en) I was afraid for my money." in plain(page)
    assert page.count('<span class="mark">computed</span>') >= 3
    assert "> *machine translation (en):* I was afraid for my money." in report_markdown(report)


def test_every_change_of_a_source_is_told(shop: Session, embedder: Embedder) -> None:
    """However many sentences changed, came and went."""
    report = read_report(shop, "shop", wanted(), embedder)
    version = SourceVersion(
        version=1,
        name="fees.txt",
        media_type="text/plain",
        size_bytes=1,
        sha256="0" * 64,
        language="en",
        extractor="text",
        chunks=1,
        date=None,
        seen_at=datetime(2026, 11, 30, tzinfo=UTC),
        created_at=datetime(2026, 11, 30, tzinfo=UTC),
    )
    numbers = range(10, 60)
    changes = Changes(
        study="shop",
        source="S01",
        title="Fees",
        before=version,
        after=version,
        changed=tuple(
            Change(before=f"old {n}.", after=f"new {n}.", numbers_before=(), numbers_after=()) for n in numbers
        ),
        added=tuple(f"came {n}." for n in numbers),
        removed=tuple(f"went {n}." for n in numbers),
    )
    told = replace(report, changes=(changes,))
    for page in (plain(report_html(told)), report_markdown(told)):
        assert [page.count(f"{word} {n}.") for word in ("old", "new", "came", "went") for n in numbers] == [1] * 200


def test_hostile_texts_do_nothing(services: Services) -> None:
    """Neither in names nor quotes nor insights; in Markdown they make no markup and no links either."""
    person = Person("P01", "Eve", "en", "careful", 320, "A", (Turn(EVIL, "en"),))
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "acme", (person,), EVIL)
        report = read_report(session, "acme", wanted(), services.embedder)
        entry = InsightEntry(
            code=EVIL,
            statement=EVIL,
            author=EVIL,
            date=None,
            segments=(EVIL,),
            theme=None,
            status="draft",
            origin="person",
            stale=False,
            why=(),
            evidence=EvidenceBalance(given=1, current=1, superseded=0, withdrawn=0, erased=0, not_found=0),
            people=1,
            updated_at="2026-11-30T00:00:00Z",
        )
        quotes = tuple(InsightQuote(stance=Stance.AGAINST, citation=quote) for quote in report.citations)
        told = report.__class__(
            **{**vars(report), "insights": (InsightDetail(study="acme", insight=entry, quotes=quotes),)}
        )
    page, written = report_html(told), report_markdown(told)
    outside = Outside()
    outside.feed(page)
    assert outside.found == []
    assert EVIL in html.fromstring(page).text_content()
    assert "<script" not in re.sub(r"`[^`]*`", "", written).replace("\\<", "")


def test_a_study_without_anything_has_a_report(services: Services) -> None:
    """It says what is missing, and draws nothing."""
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "acme", ())
        report = read_report(session, "acme", wanted(), services.embedder)
        assert read_study(session, "acme") == report.study
    for page in (report_html(report), report_markdown(report)):
        assert "No interview is published here yet." in page
        assert "The study knows no customers yet" in page
        assert "Nothing is tagged yet." in page
        assert "Nobody has written down a conclusion yet." in page
        assert "<svg" not in page


def test_over_http_it_is_a_page_with_its_own_policy(client: TestClient, shop: Session, embedder: Embedder) -> None:
    """In the language and format that is wanted; what is unknown is a problem."""
    response = client.get("/v1/report", params={"study": "shop", "language": "es"})
    assert response.headers["content-type"].startswith("text/html")
    assert hash_of(STYLE) in response.headers["content-security-policy"]
    assert "Quién aporta el dinero" in response.text
    assert "http://127.0.0.1/interviews/I01?study=shop#u-" in response.text
    by_format = client.get("/v1/report", params={"study": "shop", "format": "markdown"})
    by_accept = client.get("/v1/report", params={"study": "shop"}, headers={"Accept": "text/markdown"})
    assert by_format.text == by_accept.text
    assert by_format.text.startswith("# A shop\n")
    assert client.get("/v1/report", params={"study": "nothing"}).status_code == 404
    assert client.get("/v1/report", params={"study": "shop", "language": "fr"}).status_code == 422
    assert client.get("/v1/report?study=shop", headers={"Accept": "application/pdf"}).status_code == 406
    with pytest.raises(NotFoundError):
        read_report(shop, "nothing", wanted(), embedder)
