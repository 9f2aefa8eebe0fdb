"""What was said, put right by a person: a new version with other words in one place, found and quoted; taken back."""

import json
import uuid
from hashlib import sha256
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from app.answering.answer import answer_by_id, answer_question
from app.answering.schemas import Question
from app.corrected_words import open_words, words_fingerprint
from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.library.collections.manage import add_quote, create_collection, read_collection
from app.library.collections.schemas import QuotePlace
from app.library.corrected_words import correct_words, restore_words
from app.library.corrections import Voice, correct_utterance
from app.library.pages import PageRequest
from app.library.transcript import read_utterance
from app.main import create_app
from app.models import IngestRun, Interview, Transcript, Utterance
from app.privacy.keys import LOCAL_USER, KeyRole, create_key
from app.research.codebook.tagging_schemas import NewTagging
from app.research.codebook.taggings import Wanted, add_tagging, list_taggings
from app.services import Services
from app.vocabulary import Role
from ingest.pipeline import ingest_study, process_run
from ingest.speech.recordings import SpeechProcess

MANIFEST = """\
study: shop
title: Why people come back
languages: [de]
codebook: codebook.yaml
participants: [{id: P01, language: de}]
interviews:
  - {id: I01, participant: P01, files: [I01.vtt], speakers: {Anna: interviewer, P01: participant}}
"""
CODEBOOK = "codes: [{code: AX1, kind: anxiety, label: Angst um das Geld, about: Das Geld ist weg}]\n"
TALK = """\
WEBVTT

00:00.000 --> 00:02.000
<v Anna>Was war der Anlass, sich etwas Neues zu suchen?

00:02.000 --> 00:05.000
<v P01>Ich hatte Angst um mein Geld.

00:05.000 --> 00:09.000
<v P01>Die Tank wollte Gebühren.

00:09.000 --> 00:10.000
<v Anna>Und dann?

00:10.000 --> 00:14.000
<v P01>Ich habe am selben Abend gekündigt.
"""
SAID = "Ich hatte Angst um mein Geld. Die Tank wollte Gebühren."
RIGHT = "Ich hatte Angst um mein Geld. Die Bank wollte plötzlich Gebühren."
LAST = "Ich habe am selben Abend gekündigt."


@pytest.fixture
def shop(services: Services, tmp_path: Path) -> Services:
    """A study of one interview, published."""
    for name, text in {"study.yaml": MANIFEST, "codebook.yaml": CODEBOOK, "I01.vtt": TALK}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert ingest_study(tmp_path, services, lambda *_: None).succeeded
    return services


def said(services: Services) -> dict[str, uuid.UUID]:
    """The published utterances of the participant, by their words."""
    statement = (
        select(Utterance.text, Utterance.id)
        .join(Interview, Interview.transcript_id == Utterance.transcript_id)
        .where(Utterance.role == Role.PARTICIPANT)
        .order_by(Utterance.index)
    )
    with services.database.sessions() as session:
        return dict(session.execute(statement).all())


def correct(services: Services, utterance: uuid.UUID, text: str) -> None:
    """Put words right, as Tina does."""
    with services.database.sessions.begin() as session:
        correct_words(session, services.vault, utterance, text, "tina")


def restore(services: Services, utterance: uuid.UUID) -> None:
    """Take that back."""
    with services.database.sessions.begin() as session:
        restore_words(session, services.vault, utterance, "tina")


def work(services: Services) -> None:
    """Process what waits."""
    with services.database.sessions() as session:
        runs = session.scalars(select(IngestRun.id).where(IngestRun.status == "queued")).all()
    for run in runs:
        assert process_run(run, "I01", services, SpeechProcess()).status == "published"


def test_corrected_words_are_a_new_version_that_is_found_and_quoted(shop: Services, client: TestClient) -> None:
    """Until it is processed the old words are not quoted, and afterwards stay under their own address."""
    before = said(shop)
    correct(shop, before[SAID], f"  {RIGHT}\r\n")
    quotes = client.get("/v1/quotes?study=shop").json()["quotes"]
    assert [quote["quote"] for quote in quotes] == [LAST]
    work(shop)
    assert list(said(shop)) == [RIGHT, LAST]
    (found,) = client.get("/v1/quotes", params={"study": "shop", "words": "plötzlich"}).json()["quotes"]
    assert found["utterance_text"] == RIGHT
    assert (found["start_ms"], found["end_ms"]) == (2000, 9000)
    assert client.get("/v1/quotes", params={"study": "shop", "words": "Tank"}).json()["quotes"] == []
    answer = answer_question(Question(question="Was wollte die Bank?", study="shop", recognise=False), shop)
    assert all(quote.utterance_text in (RIGHT, LAST) for quote in answer.quotes)
    with shop.database.sessions() as session:
        old = read_utterance(session, before[SAID], LOCAL_USER)
        versions = session.execute(select(Transcript.version, Transcript.maker).order_by(Transcript.version)).all()
    assert (old.text, old.superseded) == (SAID, True)
    assert [tuple(row) for row in versions] == [(1, "verbatim-import/1"), (2, "tina")]


def test_an_answer_from_before_says_that_it_is_superseded(shop: Services) -> None:
    """It keeps the words that it cited."""
    answer = answer_question(Question(question="Hatten sie Angst um ihr Geld?", study="shop", recognise=False), shop)
    assert answer.quotes
    correct(shop, said(shop)[SAID], RIGHT)
    work(shop)
    kept = answer_by_id(answer.id, shop)
    assert [quote.quote for quote in kept.quotes] == [quote.quote for quote in answer.quotes]
    assert all(quote.superseded for quote in kept.quotes)


def test_the_first_version_comes_back_as_it_was(shop: Services) -> None:
    """The same utterances under the same ids, whether or not the correction was processed meanwhile."""
    before = said(shop)
    for is_processed in (True, False):
        correct(shop, before[SAID], RIGHT)
        if is_processed:
            work(shop)
        restore(shop, before[SAID])
        work(shop)
        assert said(shop) == before
    with shop.database.sessions() as session:
        assert len(session.scalars(select(Transcript.id)).all()) == 2


def test_nobody_tries_out_what_the_words_were(shop: Services) -> None:
    """Who has the database and not the key; a hash of short words would be guessed."""
    correct(shop, said(shop)[SAID], "Nein.")
    with shop.database.sessions() as session:
        first, second = session.scalars(select(Transcript).order_by(Transcript.version))
        made_from = json.dumps([first.fingerprint, {1: "Nein."}], sort_keys=True)
        assert open_words(shop.vault, second) == {1: "Nein."}
    assert second.fingerprint != sha256(made_from.encode()).hexdigest()
    assert second.fingerprint == words_fingerprint(shop.vault, {1: "Nein."}, first.fingerprint)


def test_corrections_add_up(shop: Services) -> None:
    """Also of two that nobody processed in between; each is taken back by itself."""
    before = said(shop)
    correct(shop, before[SAID], RIGHT)
    correct(shop, before[LAST], "Ich habe gekündigt.")
    work(shop)
    assert list(said(shop)) == [RIGHT, "Ich habe gekündigt."]
    restore(shop, before[SAID])
    work(shop)
    assert list(said(shop)) == [SAID, "Ich habe gekündigt."]


def test_what_persons_said_of_it_comes_along(shop: Services) -> None:
    """Tags on words that stayed, who speaks, and the quotes of lists; there and back."""
    ids = said(shop)
    with shop.database.sessions.begin() as session:
        for words, start, end in ((SAID, 0, 29), (LAST, 0, 8)):
            add_tagging(session, "shop", NewTagging(code="AX1", utterance=ids[words], start=start, end=end), "tina")
        collection = create_collection(session, "shop", "Angst", LOCAL_USER).id
        add_quote(session, collection, QuotePlace(utterance=ids[LAST], span=(0, 8)), LOCAL_USER)
        correct_utterance(session, ids[LAST], Voice(Role.PARTICIPANT, "P01"))
    work(shop)

    def known() -> tuple[set[str], list[str], str]:
        with shop.database.sessions() as session:
            tags = list_taggings(session, "shop", Wanted(authors=("tina",)), PageRequest()).taggings
            items = read_collection(session, collection).items
            basis = session.scalars(select(Utterance.role_basis).where(Utterance.id == said(shop)[LAST])).one()
        return {tag.quote for tag in tags}, [item.quote.quote for item in items], basis

    expected = ({"Ich hatte Angst um mein Geld.", "Ich habe"}, ["Ich habe"], "person")
    assert known() == expected
    correct(shop, ids[SAID], RIGHT)
    work(shop)
    assert known() == expected
    restore(shop, ids[SAID])
    work(shop)
    assert known() == expected


def test_a_folder_that_says_the_same_leaves_corrected_words(shop: Services, tmp_path: Path) -> None:
    """Ingesting it once more does not bring the old words back; a transcript that is another one does its own."""
    correct(shop, said(shop)[SAID], RIGHT)
    work(shop)
    assert ingest_study(tmp_path, shop, lambda *_: None).succeeded
    assert list(said(shop)) == [RIGHT, LAST]
    before = said(shop)
    (tmp_path / "I01.vtt").write_text(TALK.replace("Abend", "Morgen"), "utf-8")
    assert ingest_study(tmp_path, shop, lambda *_: None).succeeded
    assert list(said(shop)) == [SAID, LAST.replace("Abend", "Morgen")]
    with pytest.raises(ConflictError, match="was replaced"):
        restore(shop, before[LAST])


def test_what_cannot_be_corrected_is_refused(shop: Services) -> None:
    """No words, too many, an utterance that is none, is in work, or was replaced; the same words change nothing."""
    ids = said(shop)
    for text in (" \n", "\u200b", "x" * 20_001):
        with pytest.raises(InvalidInputError):
            correct(shop, ids[SAID], text)
    correct(shop, ids[SAID], f" {SAID}")
    with pytest.raises(NotFoundError):
        correct(shop, uuid.uuid4(), RIGHT)
    with shop.database.sessions() as session:
        assert not session.scalars(select(IngestRun).where(IngestRun.status == "queued")).all()
    with shop.database.sessions.begin() as session:
        session.execute(update(IngestRun).values(status="running"))
    with pytest.raises(ConflictError, match="being processed"):
        correct(shop, ids[SAID], RIGHT)
    with shop.database.sessions.begin() as session:
        session.execute(update(IngestRun).values(status="published"))
    correct(shop, ids[SAID], RIGHT)
    work(shop)
    with pytest.raises(ConflictError, match="was replaced"):
        correct(shop, ids[SAID], "Anders.")


def test_words_are_corrected_over_http_by_researchers(shop: Services) -> None:
    """By the same PATCH as who speaks; nothing at all, or a participant without a role, is none."""
    ids = said(shop)
    with shop.database.sessions.begin() as session:
        keys = {role: create_key(session, role, role) for role in (KeyRole.VIEWER, KeyRole.RESEARCHER)}
    with TestClient(create_app(shop, require_keys=True)) as client:

        def patch(role: KeyRole, **body: str) -> int:
            headers = {"Authorization": f"Bearer {keys[role]}"}
            return client.patch(f"/v1/utterances/{ids[SAID]}", json=body, headers=headers).status_code

        assert patch(KeyRole.VIEWER, text=RIGHT) == 403
        assert patch(KeyRole.RESEARCHER) == patch(KeyRole.RESEARCHER, text=RIGHT, participant="P01") == 422
        assert patch(KeyRole.RESEARCHER, text=RIGHT) == 200
    work(shop)
    assert list(said(shop)) == [RIGHT, LAST]
