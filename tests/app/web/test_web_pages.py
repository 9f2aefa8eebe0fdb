"""The pages show what was asked and said, as text alone, and load nothing from elsewhere."""

import re
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from study_factory import MadeStudy, Person, Turn, add_study, people

from app.database import Database
from app.models import Answer
from app.services import Services

EVIL = '<script>alert(1)</script><img src=x onerror="alert(1)"> & "quoted"'
PAGES = (
    "/",
    "/?study=acme&q=money",
    "/history?study=acme",
    "/collections?study=acme",
    "/quotes?study=acme&language=de",
    "/interviews?study=acme",
    "/interviews/I02?study=acme",
    "/segments?study=acme",
    "/segments/careful?study=acme",
    "/segments/qualify?study=acme&participant=P01",
    "/matrix?study=acme",
    "/saturation?study=acme",
    "/saturation/I01?study=acme",
    "/economics?study=acme",
    "/insights?study=acme",
    "/hypotheses?study=acme",
    "/problems",
    "/docs",
    "/ingest",
    "/admin/health",
    "/admin/consent?study=acme",
    "/admin/audit?verify=true",
    "/admin/keys",
    "/admin/erasure?code=P01",
    "/admin/settings",
)


class Page(HTMLParser):
    """What a browser makes of a page: its elements and the text of each `class="text"`."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._in_text = False
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))
        self._in_text = dict(attrs).get("class") == "text"
        if self._in_text:
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        """Leave a text."""
        self._in_text = self._in_text and tag != "p"

    def handle_data(self, data: str) -> None:
        """Note the words of a text."""
        if self._in_text:
            self.texts[-1] += data

    def attributes(self, name: str) -> list[str]:
        """All values of an attribute."""
        return [value for _, attributes in self.elements if (value := attributes.get(name)) is not None]


@pytest.mark.parametrize("url", PAGES)
def test_pages_hold_no_inline_script_or_style(client: TestClient, study: MadeStudy, url: str) -> None:
    """Everything comes from this service, so that the strict policy blocks nothing of ours."""
    page = Page(client.get(url).text)
    assert not page.attributes("style")
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert "style" not in {tag for tag, _ in page.elements}
    assert all(attributes.get("src") for tag, attributes in page.elements if tag == "script")
    for address in page.attributes("src") + page.attributes("href"):
        assert address.startswith(("/", "#", "?"))
        assert not address.startswith("//")


@pytest.mark.parametrize("url", PAGES)
def test_files_that_pages_name_are_there(client: TestClient, study: MadeStudy, url: str) -> None:
    """Style sheets, scripts and icons are served with their own types, nothing from a network of elsewhere."""
    page = Page(client.get(url).text)
    files = [address for address in page.attributes("src") + page.attributes("href") if address.startswith("/static/")]
    assert files
    for address in files:
        response = client.get(address)
        assert response.status_code == 200
        assert re.match(r"text/(css|javascript)|image/svg\+xml", response.headers["content-type"])


def test_a_transcript_is_shown_with_anchors(client: TestClient, study: MadeStudy) -> None:
    """Each utterance stands under its anchor with its role in words, its language and its very text."""
    page = Page(client.get("/interviews/I02?study=acme").text)
    assert page.texts == [turn.text for turn in people()[1].turns]
    anchors = [f"u-{study.utterances['I02', index]}" for index in range(4)]
    assert [identifier for identifier in page.attributes("id") if identifier.startswith("u-")] == anchors
    assert [name for name in page.attributes("class") if name.startswith("utterance ")] == [
        "utterance interviewer",
        "utterance interpreter",
        "utterance participant",
        "utterance interpreter",
    ]
    assert [attributes["lang"] for _, attributes in page.elements if attributes.get("class") == "text"] == [
        "en",
        "es",
        "es",
        "en",
    ]


def test_what_was_said_is_shown_not_done(client: TestClient, services: Services) -> None:
    """Markup in a transcript, in a label or in a question is text on every page."""
    person = Person("P01", "Eve", "en", "careful", 10, "D", (Turn(EVIL, "en", speaker=EVIL), Turn("Yes.", "en")))
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "acme", (person,), EVIL)
    assert Page(client.get("/interviews/I01?study=acme").text).texts == [EVIL, "Yes."]
    for url, parameters in (("/interviews/I01", {}), ("/", {"q": EVIL})):
        page = Page(client.get(url, params={"study": "acme", **parameters}).text)
        assert "onerror" not in {name for _, attributes in page.elements for name in attributes}
        loaded = [str(attributes.get("src")) for tag, attributes in page.elements if tag in ("script", "img")]
        assert all(address.startswith("/static/") for address in loaded)


def test_a_question_is_answered_on_the_page(client: TestClient, study: MadeStudy, database: Database) -> None:
    """The answer shows its quotes with links to the transcripts; reading a page keeps nothing."""
    page = client.get("/", params={"study": "acme", "q": "Were people afraid of losing their money?"})
    for code in ("P01", "P02", "P03"):
        assert code in page.text
    assert f'href="/interviews/I01?study=acme#u-{study.utterances["I01", 1]}"' in page.text
    assert "Contradicted by" in page.text
    with database.sessions() as session:
        assert session.scalars(select(Answer)).all() == []


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({}, 200),
        ({"study": "acme"}, 200),
        ({"study": "acme", "q": " "}, 200),
        ({"study": "acme", "q": "?"}, 422),
        ({"study": "nobody", "q": "fear"}, 404),
        ({"study": "acme", "q": "x" * 2001}, 422),
    ],
)
def test_an_empty_or_wrong_question(
    client: TestClient, study: MadeStudy, parameters: dict[str, str], status: int
) -> None:
    """Without a question the page waits for one; one that nobody can ask is a problem document."""
    response = client.get("/", params=parameters)
    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html" if status == 200 else "application/problem+json")
