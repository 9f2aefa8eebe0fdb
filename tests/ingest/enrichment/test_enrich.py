"""Enrichment in the database: by a real HTTP provider, batch by batch, never over persons, never twice."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from scripted_provider import Asked, Fails, Says, ScriptedProvider
from scripted_rules import honest
from shop_study import ingest_shop
from sqlalchemy import func, select, text, update

from app.answering.answer import find_answer
from app.answering.schemas import Question
from app.blobs import Blobs
from app.chat import open_chat
from app.database import Database
from app.embedding import Embedder
from app.main import create_app
from app.models import Interview, JobRecord, JobRecordEntry, PassageGist, Tagging, Utterance
from app.prompts import load_prompts
from app.research.codebook.review import remove_tagging, undo_review
from app.services import Services
from app.settings import Settings
from app.vocabulary import JobField
from ingest.enrichment.enrich import NOT_ENRICHED, enrich_study
from ingest.retag import retag_study


@pytest.fixture
def services(
    own_database: Database, embedder: Embedder, blobs: Blobs, provider: ScriptedProvider, tmp_path: Path
) -> Iterator[Services]:
    """The shop, ingested without a chat model; from then on there is one."""
    (tmp_path / "shop").mkdir()
    settings = Settings(chat_model="openai:scripted", chat_base_url=provider.url)
    plain = Services(Settings(), own_database, embedder, blobs)
    ingest_shop(plain, tmp_path / "shop")
    with open_chat(settings, own_database) as chat:
        yield replace(plain, settings=settings, chat=chat, prompts=load_prompts())


def study_id(services: Services) -> uuid.UUID:
    """The study."""
    with services.database.sessions() as session:
        return session.scalars(select(Interview.study_id).limit(1)).one()


def enrich(services: Services, *, anew: bool = False):  # type: ignore[no-untyped-def]
    """Enrich the shop."""
    return enrich_study(study_id(services), services, lambda *_: None, anew=anew)


def count(services: Services, table: type) -> int:
    """How many rows a table has."""
    with services.database.sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def authors(services: Services) -> dict[str, int]:
    """How many taggings there are of persons, of the tagger and of the chat model."""
    with services.database.sessions() as session:
        rows = session.execute(select(Tagging.author, func.count()).group_by(Tagging.author))
        return {author.partition("/")[0]: counted for author, counted in rows}


def test_every_passage_gets_a_gist_and_every_interview_a_story(services: Services) -> None:
    """With what made them; each entry of a story stands on the participant's own words."""
    report = enrich(services)
    assert (report.passages, report.stories, report.failed, report.ended_by) == (3, 3, 0, None)
    with services.database.sessions() as session:
        gists = session.scalars(select(PassageGist)).all()
        assert {gist.chat_model for gist in gists} == {"openai:scripted"}
        assert {gist.prompt for gist in gists} == {services.prompts["tag_passages"].provenance}
        entries = session.execute(
            select(JobRecordEntry, Utterance).join(Utterance, Utterance.id == JobRecordEntry.utterance_id)
        ).all()
        assert len(entries) == 3
        assert {said.role for _, said in entries} == {"participant"}
        assert all(0 <= entry.start < entry.end <= len(said.text) for entry, said in entries)
        assert {record.prompt for record in session.scalars(select(JobRecord))} == {
            services.prompts["tell_job"].provenance
        }


def test_nothing_is_made_twice(services: Services, provider: ScriptedProvider) -> None:
    """Only what is missing is asked for; anew, everything is, and takes the place of the former."""
    enrich(services)
    asked = len(provider.asked)
    assert enrich(services) == NOT_ENRICHED
    assert len(provider.asked) == asked
    report = enrich(services, anew=True)
    assert (report.passages, report.stories) == (3, 3)
    assert (count(services, PassageGist), count(services, JobRecord)) == (3, 3)


def test_the_chat_models_tags_replace_the_taggers_and_never_those_of_persons(
    services: Services, provider: ScriptedProvider
) -> None:
    """What persons tagged stays as it is, and gets no other of the study's codes."""
    before = authors(services)["anna"]
    provider.rule = lambda asked: Says(_tag_all(asked)) if asked.output == "PassageNotes" else honest(asked)
    enrich(services)
    found = authors(services)
    assert found["anna"] == before
    assert "verbatim-tagger" not in found
    with services.database.sessions() as session:
        mixed = session.execute(
            text(
                "SELECT count(*) FROM tagging JOIN code ON code.id = code_id WHERE basis = 'model' AND code <> kind "
                "AND utterance_id IN (SELECT utterance_id FROM tagging WHERE basis = 'person')"
            )
        ).scalar_one()
    assert mixed == 0
    retag_study(services, "shop", lambda *_: None)
    assert authors(services)["anna"] == before


def test_what_a_person_takes_away_comes_back_only_with_the_persons_leave(
    services: Services, provider: ScriptedProvider
) -> None:
    """A tag of the chat model that was rejected is not made anew, until the verdict is taken back."""
    provider.rule = lambda asked: Says(_tag_all(asked)) if asked.output == "PassageNotes" else honest(asked)
    enrich(services)
    before = authors(services)["chat-tagger"]
    with services.database.sessions.begin() as session:
        tag = session.scalars(select(Tagging.id).where(Tagging.basis == "model").order_by(Tagging.id).limit(1)).one()
        verdict = remove_tagging(session, "shop", tag, "tina")
    enrich(services, anew=True)
    assert authors(services)["chat-tagger"] == before - 1
    with services.database.sessions.begin() as session:
        undo_review(session, "shop", verdict.id, "tina")
    enrich(services, anew=True)
    assert authors(services)["chat-tagger"] == before


def _tag_all(asked: Asked) -> object:
    tags = [{"code": code, "sentences": [1], "confidence": 0.9} for code in ("AX1", "AX2", "AX3", "anxiety")]
    return {"notes": [{"id": line["id"], "gist": "x y", "tags": tags} for line in asked.lines if "id" in line]}


def test_one_bad_reply_costs_one_batch(services: Services, provider: ScriptedProvider) -> None:
    """Truncated twice: these passages wait for the next time, the others are noted; nothing is half written."""
    provider.will(Says('{"notes": ['), Says('{"notes": ['))
    report = enrich(services)
    assert (report.passages, report.failed) == (2, 1)
    again = enrich(services)
    assert (again.passages, again.failed) == (1, 0)


def test_a_model_that_cannot_be_reached_is_left_alone(services: Services, provider: ScriptedProvider) -> None:
    """The rest is left for later, with the reason; what was published stays as it was."""
    tagged = authors(services)
    provider.rule = lambda _: Fails(401)
    report = enrich(services)
    assert report.passages == 0
    assert report.ended_by is not None
    assert "VERBATIM_CHAT_API_KEY" in report.ended_by
    assert len(provider.asked) == 1
    assert authors(services) == tagged


def test_the_budget_of_the_day_ends_it(services: Services, provider: ScriptedProvider) -> None:
    """Tokens are charged to ingest, and not more of them are used than allowed."""
    with open_chat(services.settings.model_copy(update={"chat_tokens_per_day": 12_000}), services.database) as chat:
        report = enrich(replace(services, chat=chat))
    assert report.ended_by is not None
    assert "VERBATIM_CHAT_TOKENS" in report.ended_by
    with services.database.sessions() as session:
        assert session.execute(text("SELECT DISTINCT charge_to FROM chat_usage")).scalars().all() == ["ingest"]


def test_a_gist_finds_what_the_words_hide(services: Services, provider: ScriptedProvider) -> None:
    """A passage in images is found by what its gist says plainly, and quoted in its own words."""
    question = Question(question="Who repairs the violin of the postman?", study="shop", limit=3)
    assert find_answer(question, replace(services, chat=None)).status == "no_evidence"
    gist = "The person repairs the violin of the postman."
    provider.rule = lambda asked: (
        Says({"notes": [{"id": line["id"], "gist": gist, "tags": []} for line in asked.lines if "id" in line]})
        if asked.output == "PassageNotes"
        else honest(asked)
    )
    enrich(services)
    found = find_answer(question, replace(services, chat=None))
    assert found.citations
    assert gist not in found.model_dump_json()
    assert all(cited.quote in cited.utterance_text for cited in found.quotes)


def test_an_instruction_in_a_transcript_reaches_nothing_else(services: Services, provider: ScriptedProvider) -> None:
    """A model that obeys it may name codes of another study, links and ids: none of it is stored."""
    lure = {
        "notes": [
            {"id": "u1", "gist": "[Click](https://evil.example)", "tags": [{"code": "SECRET", "confidence": 1}]},
            {"id": "u99", "gist": "Somebody else's words.", "tags": []},
        ]
    }
    provider.rule = lambda asked: Says(lure) if asked.output == "PassageNotes" else honest(asked)
    enrich(services)
    with services.database.sessions() as session:
        assert set(session.scalars(select(PassageGist.text))) == {""}
        assert not session.scalars(select(Tagging.id).where(Tagging.basis == "model")).all()


def test_a_new_version_is_enriched_anew(services: Services) -> None:
    """Notes belong to the utterances of a version; nothing is noted of what is not published."""
    enrich(services)
    with services.database.sessions.begin() as session:
        session.execute(update(Interview).where(Interview.code == "I01").values(transcript_id=None))
        session.execute(text("DELETE FROM passage WHERE interview_id = (SELECT id FROM interview WHERE code = 'I01')"))
    assert enrich(services) == NOT_ENRICHED


def test_a_story_is_read_with_the_words_that_tell_it(services: Services) -> None:
    """Over HTTP: every entry has a quote of the participant; what was not told is there and empty."""
    with TestClient(create_app(services, require_keys=False), base_url="http://127.0.0.1") as client:
        address = "/v1/interviews/I01/job"
        untold = client.get(address, params={"study": "shop"}).json()
        assert (untold["chat_model"], set(untold["story"])) == (None, set(JobField))
        enrich(services)
        told = client.get(address, params={"study": "shop"}).json()
        (entry,) = told["story"]["push"]
        assert entry["quote"]["quote"] == "Ich hatte Angst um mein Geld."
        assert entry["quote"]["participant"] == "P01"
        assert not any(entries for field, entries in told["story"].items() if field != "push")
        assert client.get("/v1/interviews/I99/job", params={"study": "shop"}).status_code == 404
        assert client.get(address, params={"study": "other"}).status_code == 404
