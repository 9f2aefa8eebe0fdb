"""The Quotes page without scripts: narrowed by its address, chosen and exported by forms, without what is withheld."""

import io
import re
from html import unescape
from typing import Any

import pytest
from docx import Document
from fastapi.testclient import TestClient
from markupsafe import escape
from sqlalchemy import update
from study_factory import MadeStudy, Person, Turn, add_study

from app.models import Interview
from app.services import Services

OWN = {"Origin": "http://127.0.0.1"}
EVIL = '<script>alert(1)</script><img src=x onerror="alert(1)"> & "quoted"'


def quotes_on(client: TestClient, **parameters: Any) -> list[str]:
    """The words of the quotes of a page."""
    page = client.get("/quotes", params={"study": "acme", **parameters})
    assert page.status_code == 200
    return [unescape(words) for words in re.findall(r"<blockquote[^>]*>([^<]*)</blockquote>", page.text)]


def picks_on(client: TestClient, **parameters: Any) -> list[str]:
    """What the boxes of a page choose."""
    page = client.get("/quotes", params={"study": "acme", **parameters}).text
    return re.findall(r'name="pick" form="selection" value="([^"]+)"', page)


def count_of(page: str, facet: str, value: str) -> int:
    """How many quotes stand beside a value of a facet."""
    found = re.search(rf'name="{facet}" value="{value}"[^>]*>\s*<span[^>]*>[^<]*</span> <span[^>]*>(\d+)<', page)
    assert found, f"{facet} has no {value}"
    return int(found[1])


def test_words_narrow_and_the_address_holds_them(client: TestClient, study: MadeStudy) -> None:
    """All words have to stand in the quote, in any case; what LIKE has signs for is taken as it is."""
    everything = quotes_on(client)
    word = max(everything[0].split(), key=len)
    narrowed = quotes_on(client, words=word.upper())
    assert everything[0] in narrowed
    assert all(word.lower() in quote.lower() for quote in narrowed)
    assert quotes_on(client, words="%") == []
    assert f'value="{word}"' in client.get("/quotes", params={"study": "acme", "words": word}).text


def test_counts_say_what_each_value_would_give(client: TestClient, study: MadeStudy) -> None:
    """A facet is counted under the others, not under itself; what it counts is what choosing it shows."""
    page = client.get("/quotes", params={"study": "acme", "language": "de"}).text
    for language in ("de", "es"):
        assert count_of(page, "language", language) == len(quotes_on(client, language=language))
    for polarity in ("affirmed", "denied"):
        chosen = quotes_on(client, code="AX1", polarity=polarity)
        assert chosen
        page = client.get("/quotes", params={"study": "acme", "code": "AX1"}).text
        assert count_of(page, "polarity", polarity) == len(chosen)


def test_quotes_come_in_the_wanted_order(client: TestClient, study: MadeStudy) -> None:
    """Longest and shortest are each other's reverse in length; every order shows the same quotes."""
    lengths = [len(quote) for quote in quotes_on(client, order="longest")]
    assert lengths == sorted(lengths, reverse=True)
    assert [len(quote) for quote in quotes_on(client, order="shortest")] == sorted(lengths)
    assert sorted(quotes_on(client, order="newest")) == sorted(quotes_on(client))


def test_quotes_are_found_by_what_they_mean(client: TestClient, study: MadeStudy) -> None:
    """A question in another language finds what no word of it stands in."""
    assert quotes_on(client, words="afraid of losing money") == []
    assert quotes_on(client, words="afraid of losing money", by="meaning")
    page = client.get("/quotes", params={"study": "acme", "words": "afraid of losing money"}).text
    assert "by=meaning" in page


@pytest.mark.parametrize("interview", ["I02", "I03"])
def test_an_interview_is_chosen(client: TestClient, study: MadeStudy, interview: str) -> None:
    """Quotes of one interview alone."""
    page = client.get("/quotes", params={"study": "acme", "interview": interview}).text
    assert set(re.findall(r'<p class="source">(\w+)', page)) == {interview}


def test_what_a_study_does_not_have_is_refused(client: TestClient, study: MadeStudy) -> None:
    """Each with its place in the address."""
    assert client.get("/quotes?study=acme&interview=I99").status_code == 422
    assert client.get("/quotes?study=acme&segment=nobody").status_code == 422
    assert client.get("/quotes?study=acme&order=loudest").status_code == 422
    assert client.get("/v1/quotes?study=acme&interview=I99").json()["errors"][0]["pointer"] == "#/query/interview"
    assert client.get("/v1/quotes?study=acme&q=fear&words=fear").status_code == 422


def test_chosen_quotes_are_exported_in_each_format(client: TestClient, study: MadeStudy) -> None:
    """The chosen ones alone; without a choice all that the address leaves, over its pages."""
    quotes, picks = quotes_on(client), picks_on(client)

    def export(wanted: str, address: str = "/quotes/export?study=acme", pick: list[str] | None = None) -> Any:
        return client.post(address, data={"format": wanted, "pick": pick or []}, headers=OWN)

    chosen = export("csv", pick=picks[1:2])
    assert chosen.headers["content-disposition"] == 'attachment; filename="quotes.csv"'
    assert quotes[1] in chosen.text
    assert quotes[0] not in chosen.text
    assert quotes[0].split()[0] in export("markdown").text
    words = [paragraph.text for paragraph in Document(io.BytesIO(export("docx").content)).paragraphs]
    assert [f"“{quote}”" for quote in quotes] == [line for line in words if line.startswith("“")]
    spanish = export("csv", "/quotes/export?study=acme&language=es").text
    assert [quote in spanish for quote in quotes_on(client, language="es")] == [True] * len(
        quotes_on(client, language="es")
    )
    assert export("exe").status_code == 422
    assert export("csv", pick=["<b>"]).status_code == 422


def test_chosen_quotes_are_put_on_a_list(client: TestClient, study: MadeStudy) -> None:
    """On a new list with its title, at once; without a choice nothing is begun."""
    picks = picks_on(client)[:2]
    fields = {"pick": picks, "title": "Fears", "collection": "", "back": "/quotes?study=acme"}
    answer = client.post("/collections/quotes?study=acme", data=fields, headers=OWN, follow_redirects=False)
    assert answer.headers["location"] == "/quotes?study=acme"
    (made,) = client.get("/v1/collections?study=acme").json()["collections"]
    assert (made["title"], made["quotes"]) == ("Fears", 2)
    client.post("/collections/quotes?study=acme", data={"title": "None", "back": "//evil.example"}, headers=OWN)
    assert len(client.get("/v1/collections?study=acme").json()["collections"]) == 1


def test_a_list_is_exported_and_what_was_taken_out_is_had_back(client: TestClient, study: MadeStudy) -> None:
    """The file has the title and the quotes of the list; the last removal is offered to be taken back."""
    fields = {"pick": picks_on(client)[:2], "title": "Fears"}
    client.post("/collections/quotes?study=acme", data=fields, headers=OWN)
    (made,) = client.get("/v1/collections?study=acme").json()["collections"]
    exported = client.get(f"{made['url']}/export?format=markdown")
    assert exported.text.startswith("# Fears")
    assert exported.headers["content-disposition"] == 'attachment; filename="quotes.md"'
    page = client.get(made["url"]).text
    item = re.findall(r'name="item" value="([^"]+)"', page)[0]
    page = client.post(f"{made['url']}/remove", data={"item": item}, headers=OWN).text
    form = re.search(r'<form class="undo" action="([^"]+)".*?</form>', page, re.DOTALL)
    assert form
    hidden = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form[0])}
    back = client.post(unescape(form[1]), data=hidden, headers=OWN).text
    assert back.count('class="quote"') == 2
    assert 'class="undo"' not in back


def test_a_list_is_arranged_on_its_page(client: TestClient, study: MadeStudy) -> None:
    """Up and down by buttons, none of which leads out of the list; a note is text."""
    client.post("/collections/quotes?study=acme", data={"pick": picks_on(client)[:2], "title": "Fears"}, headers=OWN)
    (made,) = client.get("/v1/collections?study=acme").json()["collections"]

    def shown(page: str) -> list[str]:
        return re.findall(r"<blockquote[^>]*>([^<]*)</blockquote>", page)

    page = client.get(made["url"]).text
    assert len(re.findall(r'name="position"[^>]* disabled>', page)) == 2
    item = re.findall(r'name="item" value="([^"]+)"', page)[0]
    moved = client.post(f"{made['url']}/move", data={"item": item, "position": "2"}, headers=OWN)
    assert shown(moved.text) == shown(page)[::-1]
    noted = client.post(f"{made['url']}/note", data={"item": item, "note": EVIL}, headers=OWN).text
    assert noted.count(escape(EVIL)) == 2
    assert "<script>alert" not in noted
    assert 'class="note"' not in client.post(f"{made['url']}/note", data={"item": item, "note": " "}, headers=OWN).text


@pytest.mark.parametrize("span", ["0:4294967296", "9999999999:9999999999", "5:2", "3:3", "a:b", "-1:3", "0", "²:³"])
def test_an_impossible_place_is_refused(client: TestClient, study: MadeStudy, span: str) -> None:
    """Wherever a form or an address names the words of a quote."""
    place = f"{study.utterances['I01', 1]}:{span}"
    for action in ("/quotes/export?study=acme", "/collections/quotes?study=acme"):
        assert client.post(action, data={"format": "csv", "pick": [place]}, headers=OWN).status_code == 422
    no_utterance = {"format": "csv", "pick": [f"{'-' * 36}:0:3"]}
    assert client.post("/quotes/export?study=acme", data=no_utterance, headers=OWN).status_code == 422
    assert client.get("/v1/collections?study=acme").json()["collections"] == []


def test_what_may_not_be_quoted_is_nowhere(client: TestClient, services: Services, study: MadeStudy) -> None:
    """Without consent it is neither shown, nor counted, nor exported, even when a form names its place."""
    gone, pick = quotes_on(client)[0], picks_on(client)[0]
    before = len(quotes_on(client))
    with services.database.sessions.begin() as session:
        session.execute(update(Interview).where(Interview.code == "I01").values(consent={"quotes": False}))
    assert gone not in quotes_on(client)
    assert f"{before - 2} quotes" in client.get("/quotes?study=acme").text
    exported = client.post("/quotes/export?study=acme", data={"format": "csv", "pick": [pick]}, headers=OWN)
    assert gone not in exported.text


def test_markup_in_words_names_and_codes_is_text(client: TestClient, services: Services) -> None:
    """What was said, how codes are called and what was typed are shown, not done."""
    person = Person("P01", "Eve", "en", "careful", 10, "D", (Turn(EVIL, "en"), Turn("Yes.", "en")))
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "acme", (person,), EVIL)
    page = client.get("/quotes", params={"study": "acme", "words": EVIL}).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert EVIL in quotes_on(client)


def test_an_empty_find_says_what_to_do(client: TestClient, study: MadeStudy) -> None:
    """A way back to everything stands there."""
    page = client.get("/quotes?study=acme&words=zzzz").text
    assert "No quote fits" in page
    assert 'href="/quotes?study=acme"' in page
