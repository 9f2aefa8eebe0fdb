"""The pages speak three languages, each wholly: no text is missing, and none stands in a template."""

import re
import string
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from study_factory import MadeStudy

from app.web import view
from app.web.languages import CATALOGUES, LANGUAGES, choose_language

TEMPLATES = sorted((Path(view.__file__).parent / "templates").rglob("*.html"))
SPOKEN_ATTRIBUTES = ("alt", "aria-label", "placeholder", "title")
NAMES = {"Verbatim", "DOCTYPE"}

_DYNAMIC = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_KEY = re.compile(r"""\bt\(\s*"([a-z0-9_.-]+)"(\s*~)?""")


class Words(HTMLParser):
    """The words that a template itself holds, as text or in attributes that are read out."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._is_code = False
        self.feed(_DYNAMIC.sub("", source))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note attributes that are read out."""
        self._is_code = tag == "code"
        for name, value in attrs:
            if name in SPOKEN_ATTRIBUTES:
                self.handle_data(value or "")

    def handle_endtag(self, tag: str) -> None:
        """Leave what is code."""
        self._is_code = self._is_code and tag != "code"

    def handle_data(self, data: str) -> None:
        """Note words."""
        if not self._is_code:
            self.found += [word for word in re.findall(r"[^\W\d_]{2,}", data) if word not in NAMES]


def places_in(text: str) -> set[str]:
    """The names of the places of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(language: str) -> None:
    """Each catalogue has the same keys, and each text the same places for values."""
    texts, english = CATALOGUES[language].texts, CATALOGUES["en"].texts
    assert texts.keys() == english.keys()
    assert {key: places_in(text) for key, text in texts.items()} == {
        key: places_in(text) for key, text in english.items()
    }
    assert all(text.strip() for text in texts.values())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_bare_text(path: Path) -> None:
    """What a template says comes from the catalogues."""
    assert Words(path.read_text(encoding="utf-8")).found == []


def test_templates_name_texts_that_there_are() -> None:
    """A key in a template leads to a text, or begins some."""
    keys = CATALOGUES["en"].texts.keys()
    for path in TEMPLATES:
        for key, is_begin in _KEY.findall(path.read_text(encoding="utf-8")):
            fits = any(known.startswith(key) for known in keys) if is_begin else key in keys or f"{key}.one" in keys
            assert fits, f"{path.name} names {key}"


@pytest.mark.parametrize(
    ("wanted", "kept", "accepted", "language"),
    [
        (None, None, "", "en"),
        (None, None, "fr, de-AT;q=0.8, en;q=0.5", "de"),
        (None, None, "es;q=x, de;q=0", "en"),
        (None, "es", "de", "es"),
        ("de", "es", "en", "de"),
        ("xx", "es", "en", "es"),
        (None, "xx", "de", "de"),
    ],
)
def test_the_language_is_chosen(wanted: str | None, kept: str | None, accepted: str, language: str) -> None:
    """The address is stronger than what was kept, which is stronger than what the browser says."""
    assert choose_language(wanted, kept, accepted) == language


@pytest.mark.parametrize(
    ("language", "title"), [("de", "Die Interviews befragen"), ("es", "Pregunte a las entrevistas")]
)
def test_a_page_speaks_the_language_of_the_address_and_keeps_it(
    client: TestClient, study: MadeStudy, language: str, title: str
) -> None:
    """`lang` in the address is used at once, and remembered for the pages after."""
    page = client.get("/", params={"lang": language}, headers={"Accept-Language": "en"})
    assert page.headers["content-language"] == language
    assert f"<h1>{title}</h1>" in page.text
    assert f"<h1>{title}</h1>" in client.get("/", headers={"Accept-Language": "en"}).text


def test_numbers_agree_with_their_nouns() -> None:
    """One person, several people."""
    assert CATALOGUES["en"].text("component.people", 1, gave=1) == "1 of 1 person"
    assert CATALOGUES["de"].text("component.people", 16, gave=4) == "4 von 16 Personen"


def test_things_are_named_in_the_language_of_the_page() -> None:
    """Labels by language, else English, else any; languages and days as they are written."""
    german = CATALOGUES["de"]
    assert german.label({"en": "careful", "de": "vorsichtig"}) == "vorsichtig"
    assert german.label({"en": "careful"}) == "careful"
    assert german.label({"fr": "prudent"}) == "prudent"
    assert german.label({}) == ""
    assert CATALOGUES["es"].language_name("de") == "alemán"
    assert german.language_name("xx") == "xx"
