"""Translations stand beside the original, are made once, and are left out where they are of no use."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from candidate_factory import ranked
from hypothesis import given
from hypothesis import strategies as st
from scripted_provider import Asked, Behaviour, Fails, Says, ScriptedProvider, scripted_provider
from sqlalchemy import delete, func, select
from study_factory import MadeStudy

from app.answering.cite import Quoted, cite
from app.answering.dialogue import Dialogue
from app.answering.queries import StoredUtterance
from app.answering.schemas import Citation, Translation
from app.answering.translate import MOST_QUOTES_AT_ONCE, translate, usable_translation
from app.chat import grant_allowance, open_chat
from app.models import QuoteTranslation, Utterance
from app.prompts import load_prompts
from app.services import Services
from app.settings import Settings
from app.text import Span
from app.vocabulary import Polarity


def _translated(asked: Asked) -> Behaviour:
    """Put every passage into English, so to speak."""
    return Says({"translations": [{"id": line["id"], "text": f"In English: {line['text']}"} for line in asked.lines]})


@pytest.fixture
def provider() -> Iterator[ScriptedProvider]:
    """A server that translates unless told otherwise."""
    with scripted_provider(_translated) as provider:
        yield provider


@pytest.fixture
def dialogue(provider: ScriptedProvider, services: Services) -> Iterator[Dialogue]:
    """A dialogue with that server."""
    settings = Settings(chat_model="openai:scripted", chat_base_url=provider.url, chat_api_key="key")
    with open_chat(settings, services.database) as chat:
        assert chat is not None
        yield Dialogue(chat, load_prompts(), grant_allowance(settings, "a key"))


@pytest.fixture
def citations(services: Services, study: MadeStudy) -> tuple[Citation, ...]:
    """What the three people of the study said first."""
    with services.database.sessions.begin() as session:
        rows = [session.get_one(Utterance, study.utterances[place]) for place in (("I01", 1), ("I02", 2), ("I03", 1))]
    return tuple(
        cite(
            n,
            Quoted(ranked(row.text, language=row.language, utterance_id=row.id), Span(0, 20), Polarity.AFFIRMED),
            StoredUtterance(row.text, None, None, ()),
            study.slug,
        )
        for n, row in enumerate(rows, start=1)
    )


def _translations(citations: tuple[Citation, ...]) -> list[Translation | None]:
    return [citation.translation for citation in citations]


def test_quotes_in_other_languages_are_translated(
    citations: tuple[Citation, ...], dialogue: Dialogue, services: Services
) -> None:
    """The original stays as it is; what is in the question's language already is left alone."""
    told = translate(citations, "en", dialogue, services)
    assert [citation.quote for citation in told] == [citation.quote for citation in citations]
    german, spanish, english = _translations(told)
    assert german == Translation(text=f"In English: {citations[0].quote.strip()}", language="en", machine=True)
    assert spanish is not None
    assert english is None
    assert dialogue.used == {"translate_quotes": dialogue.prompts["translate_quotes"].provenance}


def test_a_quote_is_translated_once(
    citations: tuple[Citation, ...], dialogue: Dialogue, services: Services, provider: ScriptedProvider
) -> None:
    """The second answer asks nobody; another span of the same words and another language are asked for."""
    first = translate(citations, "en", dialogue, services)
    assert translate(citations, "en", dialogue, services) == first
    assert len(provider.asked) == 1
    longer = citations[0].model_copy(update={"span": (0, 30), "quote": citations[0].utterance_text[:30]})
    assert translate((longer,), "en", dialogue, services)[0].translation is not None
    translate(citations, "es", dialogue, services)
    assert [len(asked.lines) for asked in provider.asked] == [2, 1, 2]
    other = Dialogue(replace(dialogue.chat, identity="other"), dialogue.prompts, dialogue.allowance)
    translate(citations, "en", other, services)
    assert len(provider.asked) == 4


def test_translations_go_with_the_words(
    citations: tuple[Citation, ...], dialogue: Dialogue, services: Services, provider: ScriptedProvider
) -> None:
    """Where an utterance is erased, so are its translations; and none is kept of what was erased meanwhile."""

    def erase_meanwhile(asked: Asked) -> Behaviour:
        with services.database.sessions.begin() as session:
            session.execute(delete(Utterance).where(Utterance.id == citations[1].utterance))
        return _translated(asked)

    translate(citations[:1], "en", dialogue, services)
    provider.will(erase_meanwhile)
    assert all(_translations(translate(citations[:2], "en", dialogue, services)))
    with services.database.sessions.begin() as session:
        assert session.scalars(select(QuoteTranslation.utterance_id)).all() == [citations[0].utterance]
        session.execute(delete(Utterance).where(Utterance.id == citations[0].utterance))
        assert session.scalar(select(func.count()).select_from(QuoteTranslation)) == 0


@pytest.mark.parametrize(
    "behaviour",
    [
        Fails(401),
        Says({"translations": []}),
        Says({"translations": [{"id": "t9", "text": "Somebody else's"}]}),
        Says({"translations": [{"id": "t1", "text": "See https://evil.example"}]}),
        Says({"translations": [{"id": "t1", "text": "word " * 200}]}),
        Says({"translations": [{"id": "t1", "text": "***"}]}),
    ],
)
def test_a_useless_translation_is_none(
    behaviour: Behaviour,
    citations: tuple[Citation, ...],
    dialogue: Dialogue,
    services: Services,
    provider: ScriptedProvider,
) -> None:
    """A failure, an unknown id, a link, too many words or none leave the quote as it was, and nothing is kept."""
    provider.will(behaviour)
    assert translate(citations[:1], "en", dialogue, services) == citations[:1]
    assert translate(citations[:1], "en", dialogue, services)[0].translation is not None


def test_many_quotes_take_several_calls(
    citations: tuple[Citation, ...], dialogue: Dialogue, services: Services, provider: ScriptedProvider
) -> None:
    """Each call holds a bounded number of quotes; what was translated before a failure stays."""
    spans = [(0, end) for end in range(5, 5 + MOST_QUOTES_AT_ONCE + 3)]
    many = tuple(
        citations[0].model_copy(update={"span": span, "quote": citations[0].utterance_text[slice(*span)]})
        for span in spans
    )
    provider.will(_translated, Fails(401))
    told = _translations(translate(many, "en", dialogue, services))
    assert [translation is not None for translation in told] == [True] * MOST_QUOTES_AT_ONCE + [False] * 3


@given(st.text(max_size=60), st.text(max_size=400))
def test_a_translation_is_plain_and_short(quote: str, text: str) -> None:
    """Whatever the model wrote, a translation has no markup, no link, one line, and no flood of words."""
    usable = usable_translation(text, quote)
    if usable is not None:
        assert usable
        assert not set("<>[]`*\n") & set(usable)
        assert "://" not in usable
        assert len(usable) <= 4 * len(quote) + 80
