"""The report: one file that fetches nothing and runs nothing, right in its numbers, with every text labelled."""

import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import html
from sqlalchemy.orm import Session
from study_factory import Person, Turn, add_study

from app.answering.kept_translations import keep_translations
from app.answering.schemas import Citation
from app.errors import NotFoundError
from app.research.charts.drawing import to_svg
from app.research.charts.picture import draw
from app.research.charts.style import hash_of
from app.research.report.cards import cards_csv, profile_chart
from app.research.report.inputs import InsightNote, MatrixCounts, SegmentCard
from app.research.report.matrix import matrix_csv
from app.research.report.read import Artefacts, Wanted, read_report
from app.research.report.render import STYLE, render_report
from app.rest.examples import CITATION
from app.services import Services

NOTHING_MORE = Artefacts()
EVIL = '<script>alert("x")</script>=HYPERLINK("http://evil")'
CELL: dict[str, Any] = {
    "option": "us",
    "segment": None,
    "of": 3,
    "named_for": 2,
    "named_against": 1,
    "asked_without_mention": 0,
    "never_asked": 0,
}
MATRIX = MatrixCounts.model_validate(
    {
        "options": [{"option": "us", "label": "Nido"}, {"option": "bank", "label": EVIL}],
        "segments": [{"segment": None, "label": "all", "people": 3}],
        "rows": [
            {
                "code": "CR1",
                "label": "=safety",
                "cells": [
                    CELL,
                    CELL | {"option": "bank", "named_for": 0, "named_against": 0, "never_asked": 3},
                ],
            }
        ],
    }
)
INSIGHTS = (
    InsightNote(statement="Trust comes before price", author="Anna", status="confirmed", caveat="superseded"),
    InsightNote(statement=EVIL, author="Owen", status="draft", made_by="openai:gpt", segments=("careful",)),
)
CARD = SegmentCard.model_validate(
    {
        "segment": {"slug": "careful", "labels": {}, "description": None},
        "people": 4,
        "groups": [
            {
                "kind": "trigger",
                "label": "Trigger",
                "codes": [
                    {
                        "code": "TR1",
                        "label": "=Fee letter",
                        "segment": {"affirmed": 3, "denied": 1, "of": 4},
                        "quotes": [CITATION | {"quote": "Der Brief."}],
                    }
                ],
            }
        ],
        "typical_language": {"de": [{"phrase": "-nix", "people": 2, "of": 4, "z": 2.5}]},
    }
)
QUOTED = "Der Brief."


def wanted(language: str = "en") -> Wanted:
    """A report of one day."""
    return Wanted(language, "http://host", date(2026, 11, 30))


def written(session: Session, study: str, language: str = "en", artefacts: Artefacts = NOTHING_MORE) -> str:
    """The report of a study as a page."""
    return render_report(read_report(session, study, wanted(language), artefacts), language)


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


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_nothing_is_fetched_and_nothing_runs(shop: Session, language: str) -> None:
    """No scripts, no addresses that load by themselves, one style sheet that the policy of the page names."""
    page = written(shop, "shop", language)
    outside = Outside()
    outside.feed(page)
    assert outside.found == []
    assert not re.search(r"url\((?!#)|@import", page)
    (style,) = re.findall("<style>(.*?)</style>", page, re.DOTALL)
    assert style == STYLE
    assert f"style-src '{hash_of(style)}'" in page
    assert f'<html lang="{language if language != "fr" else "en"}">' in page


def test_the_numbers_are_those_of_the_artefacts(shop: Session) -> None:
    """Bands with their shares, the verdict, topics with counts of people and quotes of different people."""
    page = html.fromstring(written(shop, "shop"))
    rows = [[cell.text_content().strip() for cell in row.iter("td", "th")] for row in page.iter("tr")]
    assert ["200-500", "2", "5.0", "800.00", "80%", "350.00", "1", "50%", "0.62"] in rows
    assert ["unclassified", "1", "1.0", "100.00", "10%", "–", "0", "0%", "0.00"] in rows
    text = page.text_content()
    assert "insufficient for a verdict: the rule needs 6" in text
    assert "came up with 2 of 3 people; 2 affirm it, 0 deny it" in text
    assert "came up with 1 of 3 people; 0 affirm it, 1 deny it" in text
    quotes = [quote.text_content() for quote in page.iter("blockquote")]
    assert "“Ich hatte Angst um mein Geld.”" in quotes
    assert "denies it" in text


def test_numbers_are_written_in_the_language(shop: Session) -> None:
    """Decimal commas in German and Spanish; quotes stay in theirs."""
    page = written(shop, "shop", "de")
    assert "800,00" in page
    assert "nicht eingeordnet" in page
    assert "Ich hatte Angst um mein Geld." in page


def test_every_text_is_labelled(shop: Session) -> None:
    """What was computed, what a person concluded, what a machine wrote, and what a machine translated."""
    report = read_report(shop, "shop", wanted(), Artefacts(insights=INSIGHTS))
    quote = report.topics[0].quotes[0]
    keep_translations(shop, {(quote.utterance, *quote.span): "I was afraid for my money."}, "en", "model", "prompt")
    page = written(shop, "shop", artefacts=Artefacts(insights=INSIGHTS))
    text = " ".join(html.fromstring(page).text_content().split())
    assert "conclusion of Anna confirmed · superseded" in text
    assert "generated by openai:gpt draft · careful" in text
    assert "machine translation (en) I was afraid for my money." in text
    assert page.count('<span class="mark">computed</span>') >= 3


def test_hostile_texts_do_nothing(services: Services) -> None:
    """Neither in names nor quotes nor what other parts hand over; charts and tables likewise."""
    person = Person("P01", "Eve", "en", "careful", 320, "A", (Turn(EVIL, "en"),))
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "acme", (person,), EVIL)
        quoted = InsightNote(
            statement=EVIL, author=EVIL, status=EVIL, quotes=(Citation.model_validate(CITATION | {"quote": EVIL}),)
        )
        page = written(session, "acme", artefacts=Artefacts(matrix=MATRIX, insights=(*INSIGHTS, quoted)))
    outside = Outside()
    outside.feed(page)
    assert outside.found == []
    assert EVIL in html.fromstring(page).text_content()


def test_a_study_without_anything_has_a_report(services: Services) -> None:
    """It says what is missing, and draws nothing."""
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "acme", ())
        page = written(session, "acme")
    assert "No interview is published here yet." in page
    assert "The study knows no customers yet" in page
    assert "Nothing is tagged yet." in page
    assert "<svg" not in page


def test_cards_and_matrix_as_tables() -> None:
    """One line for each cell and each thing that people say; no cell is a formula."""
    lines = matrix_csv(MATRIX).splitlines()
    assert lines[0].startswith("code,label,segment,option,of")
    assert lines[1] == "CR1,'=safety,,us,3,2,1,0,0"
    lines = cards_csv([CARD]).splitlines()
    assert lines[0].startswith("segment,people,about")
    assert lines[1] == f"careful,4,trigger,TR1,'=Fee letter,3,1,4,P01,de,{QUOTED}"
    assert lines[2] == "careful,4,typical_language,,'-nix,2,,4,,de,"


def test_a_card_as_a_chart() -> None:
    """A bar for each thing that people of the segment say: three of four affirm it."""
    (bar,) = profile_chart(CARD, "people").bars
    assert (bar.name, bar.shares, bar.labels) == ("=Fee letter", (0.75,), ("3 / 4",))
    assert "=Fee letter" in to_svg(draw(profile_chart(CARD, "people")))


def test_cards_are_made_of_what_people_of_a_segment_say(nido: Services) -> None:
    """Each kind has the codes that most of them speak of, with counts of people and quotes of that segment."""
    with nido.database.sessions() as session:
        report = read_report(session, "nido", wanted("de"))
    careful = next(card for card in report.cards if card.segment.slug == "careful")
    assert careful.people == 10
    assert {group.kind for group in careful.groups} == {"trigger", "aha", "criterion", "problem", "disappointment"}
    for group in careful.groups:
        raised = [code.segment.affirmed + code.segment.denied for code in group.codes]
        assert raised
        assert all(code.segment.of == 10 for code in group.codes)
        assert {quote.segment for code in group.codes for quote in code.quotes} == {"careful"}
    for topic in report.topics:
        people = [quote.participant for quote in topic.quotes]
        assert len(people) == len(set(people))
        assert all(topic.code in quote.codes for quote in topic.quotes)


def test_over_http_it_is_a_page_with_its_own_policy(client: TestClient, shop: Session) -> None:
    """In the language that is wanted; what is unknown is a problem."""
    response = client.get("/v1/report", params={"study": "shop", "language": "es"})
    assert response.headers["content-type"].startswith("text/html")
    assert hash_of(STYLE) in response.headers["content-security-policy"]
    assert "Quién aporta el dinero" in response.text
    assert "http://127.0.0.1/interviews/I01?study=shop#u-" in response.text
    assert client.get("/v1/report", params={"study": "nothing"}).status_code == 404
    assert client.get("/v1/report", params={"study": "shop", "language": "fr"}).status_code == 422
    with pytest.raises(NotFoundError):
        read_report(shop, "nothing", wanted())
