"""Follow-up questions: read in their thread, in their study, and narrowed by nothing that nobody asked for."""

import uuid
from dataclasses import replace
from typing import Any

import pytest
from scripted_provider import Asked, Behaviour, Says, ScriptedProvider
from scripted_rules import honest
from sqlalchemy import text
from study_factory import MadeStudy, add_study

from app.answering.answer import answer_question
from app.answering.schemas import Answer, Question
from app.chat import Chat
from app.database import Database
from app.prompts import load_prompts
from app.services import Services

FIRST = "What did the careful customers fear?"
STANDALONE = "When did it click for the careful customers and the starters?"


@pytest.fixture
def chatting(services: Services, chat: Chat) -> Services:
    """The services with a chat model."""
    return replace(services, chat=chat, prompts=load_prompts())


def ask(services: Services, question: str, thread: uuid.UUID | None, study: str = "acme", **fields: Any) -> Answer:
    """Ask in a thread; the answer is kept."""
    asked = {"question": question, "study": study, "thread_id": thread, **fields}
    return answer_question(Question.model_validate(asked), services)


def following_up(asked: Asked) -> Behaviour:
    """Word every question as one about two segments."""
    if asked.output == "Interpretation":
        return Says({"question": STANDALONE, "sub_questions": [], "facets": []})
    return honest(asked)


def threads_told(provider: ScriptedProvider) -> list[str]:
    """What the model was told of earlier questions, one text for each question."""
    return [asked.data("thread") for asked in provider.asked if asked.output == "Interpretation"]


def test_a_thread_is_minted_and_read(chatting: Services, study: MadeStudy, provider: ScriptedProvider) -> None:
    """The first answer names its thread; the next question in it is told the first one with its answer."""
    first = ask(chatting, FIRST, None)
    assert first.thread_id is not None
    assert ask(chatting, FIRST, None).thread_id != first.thread_id
    provider.asked.clear()
    provider.rule = following_up
    second = ask(chatting, "And when did it click?", first.thread_id)
    assert second.thread_id == first.thread_id
    assert second.standalone_question == STANDALONE
    (told,) = threads_told(provider)
    assert FIRST in told
    assert first.summary.splitlines()[0] in told
    provider.asked.clear()
    ask(chatting, "And then?", first.thread_id)
    assert STANDALONE in threads_told(provider)[0]


def test_filters_are_carried_over_only_from_the_thread(
    chatting: Services, study: MadeStudy, provider: ScriptedProvider
) -> None:
    """Of two segments that the stand-alone wording names, only the one that was asked about before narrows."""
    first = ask(chatting, FIRST, None)
    assert first.filters.segments == ("careful",)
    provider.rule = following_up
    second = ask(chatting, "And when did it click?", first.thread_id)
    assert second.filters.segments == ("careful",)
    (facet,) = [facet for facet in second.facets if facet.hard]
    assert (facet.value, facet.span) == ("careful", None)
    assert ask(chatting, "And when did it click?", first.thread_id, recognise=False).filters.segments == ()
    given = ask(chatting, "And when did it click?", first.thread_id, filters={"segments": ["starter"]})
    assert given.filters.segments == ("starter",)


def test_a_thread_of_another_study_is_a_new_one(
    chatting: Services, study: MadeStudy, provider: ScriptedProvider
) -> None:
    """Nothing that was asked or answered in another study is told, and no unknown thread is an error."""
    with chatting.database.sessions.begin() as session:
        add_study(session, chatting.embedder, "rival")
    first = ask(chatting, FIRST, None)
    provider.asked.clear()
    other = ask(chatting, "And when did it click?", first.thread_id, study="rival")
    assert other.standalone_question is None
    assert threads_told(provider) == ["(none)"]
    assert ask(chatting, FIRST, uuid.uuid4()).standalone_question is None


def test_what_may_be_quoted_no_more_is_not_told(
    chatting: Services, own_database: Database, provider: ScriptedProvider
) -> None:
    """Once consent is withdrawn, what a model worded from those words is out of the prompt too."""
    with own_database.sessions.begin() as session:
        add_study(session, chatting.embedder, "acme")
    chatting = replace(chatting, database=own_database)
    first = ask(chatting, FIRST, None)
    cited = first.claims[0].text
    provider.asked.clear()
    ask(chatting, "And then?", first.thread_id)
    assert cited in threads_told(provider)[0]
    with own_database.sessions.begin() as session:
        session.execute(text("""UPDATE interview SET consent = '{"quotes": false}'"""))
    provider.asked.clear()
    ask(chatting, "And when did it click?", first.thread_id)
    (told,) = threads_told(provider)
    assert FIRST in told
    assert cited not in told


def test_only_the_last_turns_are_told(chatting: Services, own_database: Database, provider: ScriptedProvider) -> None:
    """A long conversation does not fill the prompt."""
    with own_database.sessions.begin() as session:
        add_study(session, chatting.embedder, "acme")
    chatting = replace(chatting, database=own_database)
    thread = uuid.uuid4()
    for number in range(6):
        ask(chatting, f"What did people fear, number {number}?", thread)
    told = threads_told(provider)[-1]
    assert [f"number {number}" in told for number in range(5)] == [False, True, True, True, True]


def test_without_a_chat_model_a_thread_is_kept_and_not_read(services: Services, study: MadeStudy) -> None:
    """The question is taken as it stands."""
    first = ask(services, FIRST, None)
    second = ask(services, "And when did it click?", first.thread_id)
    assert second.thread_id == first.thread_id
    assert (second.filters.segments, second.standalone_question) == ((), None)
