"""The Ask page without scripts: asked by a form, answered under a permanent link, judged, followed up, collected."""

import re
import uuid
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from fastapi.testclient import TestClient
from scripted_provider import ScriptedProvider
from scripted_rules import LURE, MISBEHAVIOURS
from sqlalchemy import func, select
from study_factory import MadeStudy, Person, Turn, add_study

from app.chat import Chat
from app.database import Database
from app.main import create_app
from app.models import Answer, AnswerFeedback
from app.prompts import load_prompts
from app.services import Services
from app.settings import Settings

OWN = {"Origin": "http://127.0.0.1"}
FEAR = "Were people afraid of losing their money?"
EVIL = '<script>alert(1)</script><img src=x onerror="alert(1)"> & "quoted"'


@pytest.fixture
def asked(client: TestClient, study: MadeStudy) -> str:
    """The permanent link of an answer."""
    return ask(client)


@pytest.fixture
def chatting(services: Services, chat: Chat, study: MadeStudy) -> Iterator[TestClient]:
    """A client of the service with a chat model."""
    settings = Settings(chat_model="openai:scripted")
    with_chat = Services(settings, services.database, services.embedder, services.blobs, chat, load_prompts())
    with TestClient(create_app(with_chat, require_keys=False), base_url="http://127.0.0.1") as client:
        yield client


def ask(client: TestClient, question: str = FEAR, **fields: Any) -> str:
    """Ask by the form, as a browser without scripts does; gives where it leads."""
    answer = client.post("/?study=acme", data={"q": question, **fields}, headers=OWN, follow_redirects=False)
    assert answer.status_code == 303
    return answer.headers["location"]


def test_a_question_leads_to_its_permanent_link(client: TestClient, asked: str, study: MadeStudy) -> None:
    """The answer shows counts, counter-evidence, quotes with who said them and where, and stays as it is."""
    page = client.get(asked).text
    assert f'<h1 id="asked" tabindex="-1">{FEAR}</h1>' in page
    for code in ("P01", "P02", "P03"):
        assert code in page
    assert f'href="/interviews/I01?study=acme#u-{study.utterances["I01", 1]}"' in page
    assert "Contradicted by" in page
    assert re.search(r"\d of 3 people", page)
    numbers = set(re.findall(r'data-mark="(\d+)"', page))
    assert numbers
    assert all(f'id="quote-{n}"' in page for n in numbers)
    assert client.get(asked).text == page


def test_an_address_is_answered_by_quotes_alone(
    chatting: TestClient, provider: ScriptedProvider, database: Database
) -> None:
    """Whoever opens a link with a question costs nothing, and leaves nothing behind."""
    page = chatting.get("/", params={"study": "acme", "q": FEAR}).text
    assert "Quotes, not written up" in page
    assert 'id="quote-1"' in page
    assert provider.asked == []
    with database.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Answer)) == 0


def test_a_page_view_asks_no_model(chatting: TestClient, provider: ScriptedProvider) -> None:
    """The model is asked when the form is sent, and by no page, however often it is opened."""
    link = ask(chatting)
    calls = len(provider.asked)
    assert calls
    for path in (link, link, "/", "/history", f"{link}?lang=de"):
        assert chatting.get(path).status_code == 200
    assert len(provider.asked) == calls
    page = chatting.get(link).text
    assert "Generierte Antwort" in page
    assert "Maschinelle Übersetzung" in page


def test_filters_are_asked_with(client: TestClient, study: MadeStudy) -> None:
    """Boxes of the form narrow the question; of an address, too, where they stand checked."""
    answer = client.get(f"/v1{ask(client, segment='careful', language='de')}").json()
    assert (answer["filters"]["segments"], answer["filters"]["languages"]) == (["careful"], ["de"])
    page = client.get("/?study=acme&segment=careful&kind=anxiety").text
    checked = re.findall(r'name="(\w+)" value="(\w+)"[^>]* checked', page)
    assert sorted(checked) == [("kind", "anxiety"), ("segment", "careful")]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"q": "?"}, 422),
        ({"q": "x" * 2001}, 422),
        ({"q": FEAR, "kind": "mood"}, 422),
        ({"q": FEAR, "segment": "nobody"}, 422),
        ({"q": FEAR, "thread": "that one"}, 422),
        ({}, 422),
    ],
)
def test_what_nobody_can_answer_is_refused(
    client: TestClient, study: MadeStudy, fields: dict[str, str], status: int
) -> None:
    """With a page that says what to do."""
    answer = client.post("/?study=acme", data=fields, headers=OWN | {"Accept": "text/html"}, follow_redirects=False)
    assert answer.status_code == status
    assert "<h1>This cannot be used</h1>" in answer.text


def test_questions_of_other_sites_are_not_asked(client: TestClient, study: MadeStudy) -> None:
    """Asking may cost money: no page of elsewhere makes a browser do it."""
    answer = client.post("/?study=acme", data={"q": FEAR}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


def test_a_follow_up_stays_in_the_conversation(chatting: TestClient) -> None:
    """It carries the thread; the page leads to the turns before."""
    first = ask(chatting)
    thread = re.search(r'name="thread" value="([0-9a-f-]+)"', chatting.get(first).text)
    assert thread is not None
    second = ask(chatting, "And what about the careful ones?", thread=thread[1])
    page = chatting.get(second).text
    assert f'<a href="{first}">' in page
    assert f'<a href="{second}" aria-current="page">' in page


def test_the_history_leads_to_the_answers(client: TestClient, asked: str) -> None:
    """Each question with its link and what came of it."""
    page = client.get("/history?study=acme").text
    assert f'<a href="{asked}">{FEAR}</a>' in page
    assert "quotes" in page


def test_readers_say_whether_it_helped(client: TestClient, asked: str, database: Database) -> None:
    """A thumb with a reason is kept, shown as pressed, and can be turned."""
    for verdict in ("unhelpful", "helpful"):
        form = {"verdict": verdict, "reason": f"{verdict} {EVIL}"}
        answer = client.post(f"{asked}/feedback?study=acme", data=form, headers=OWN)
        assert "Thank you" in answer.text
        assert f'value="{verdict}" aria-pressed="true"' in answer.text
        assert "<script>alert" not in answer.text
    with database.sessions() as session:
        (opinion,) = session.scalars(select(AnswerFeedback))
    assert (opinion.verdict, opinion.reason) == ("helpful", f"helpful {EVIL}")
    assert client.post(f"/answers/{uuid.uuid4()}/feedback", data={"verdict": "helpful"}, headers=OWN).status_code == 404


def test_who_the_answer_is_for_stands_in_the_address(client: TestClient, study: MadeStudy) -> None:
    """It is chosen there, kept by examples, asked with, and offered again for what follows."""
    page = client.get("/?study=acme&audience=support").text
    assert '<option value="support" selected>' in page
    assert re.findall(r'href="/\?study=acme&amp;audience=support&amp;q=[^"]+" data-example', page)
    fields = {"q": "Hatten sie Angst um ihr Geld?", "audience": "marketing"}
    answered = client.post("/?study=acme", data=fields, headers=OWN)
    assert '<option value="marketing" selected>' in answered.text
    kept = client.get(f"/v1{answered.url.path}").json()
    assert kept["audience"] == "marketing"
    assert client.get("/?study=acme&audience=everybody").status_code == 422
    assert client.post("/?study=acme", data=fields | {"audience": "everybody"}, headers=OWN).status_code == 422


def test_a_quote_is_put_on_a_list(client: TestClient, asked: str) -> None:
    """On a new one by its title, then on that one; the list shows it and lets it go."""
    page = client.get(asked).text
    place = dict(re.findall(r'name="(pick)" value="([^"]+)"', page)[:1])
    back = f"{asked}#quote-1"
    made = client.post(
        "/collections/quotes?study=acme",
        data={**place, "title": EVIL, "back": back},
        headers=OWN,
        follow_redirects=False,
    )
    assert made.headers["location"] == back
    page = client.get(asked).text
    assert "The quote is on the list." in page
    collection = re.search(r'name="collection" value="([^"]+)"', page)
    assert collection is not None
    client.post("/collections/quotes?study=acme", data={**place, "collection": collection[1]}, headers=OWN)
    listed = client.get(f"/collections/{collection[1]}").text
    assert EVIL in unescape(listed)
    assert "<script>alert" not in listed
    item = re.findall(r'<button class="quiet" name="item" value="([^"]+)"', listed)
    assert len(item) == 1
    emptied = client.post(f"/collections/{collection[1]}/remove", data={"item": item[0]}, headers=OWN)
    assert "This list is empty" in emptied.text
    renamed = client.post(f"/collections/{collection[1]}/title", data={"title": "Fears"}, headers=OWN)
    assert "<h1>Fears</h1>" in renamed.text
    gone = client.post(f"/collections/{collection[1]}/delete", data={}, headers=OWN)
    assert gone.status_code == 200
    assert "No list yet" in gone.text


def test_hostile_words_are_text_everywhere(client: TestClient, services: Services) -> None:
    """In names, quotes, codes, titles and questions."""
    person = Person(
        "P01", EVIL, "en", "careful", 10, "D", (Turn(EVIL, "en", speaker=EVIL), Turn(f"I lost it. {EVIL}", "en"))
    )
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "acme", (person,), EVIL)
    pages = [client.get(ask(client, f"Who lost it? {EVIL}")), client.get("/history"), client.get("/")]
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text


def test_what_a_model_says_is_text(chatting: TestClient, provider: ScriptedProvider) -> None:
    """A model that obeyed an injection puts neither links nor markup on the page."""
    provider.rule = MISBEHAVIOURS["obeyed injection"]
    page = chatting.get(ask(chatting)).text
    assert LURE not in page
    assert "evil.example" not in re.findall(r'(?:href|src)="([^"]*)"', page)
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_without_a_study_the_page_says_what_to_do(client: TestClient) -> None:
    """The start of an empty installation."""
    page = client.get("/")
    assert page.status_code == 200
    assert "verbatim ingest FOLDER" in page.text
    assert client.get("/history").status_code == 404


def test_the_page_is_light(client: TestClient, study: MadeStudy) -> None:
    """All that a browser fetches for it is less than 100 kB."""
    page = client.get("/?study=acme").text
    names = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page)) | {"/static/copy.js", "/static/player.js"}
    names |= {"/static/citations.js", "/static/events.js"}
    assert sum(len(client.get(name).content) for name in names) + len(page.encode()) < 100_000
