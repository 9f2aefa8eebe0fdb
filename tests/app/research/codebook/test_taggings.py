"""Taggings are listed by their confidence, and put by persons on words that a participant said."""

import uuid
from typing import Any

import pytest
from codebook_factory import MODEL, add_model_tagging, stored_taggings
from pydantic import ValidationError
from sqlalchemy import update
from study_factory import MadeStudy, Person, Turn, add_study, people

from app.errors import AppError, ConflictError, InvalidInputError, NotFoundError
from app.library.pages import PageRequest, encode_cursor
from app.models import Interview
from app.research.codebook.codes import create_code
from app.research.codebook.moves import retire_code
from app.research.codebook.review import remove_tagging
from app.research.codebook.schemas import NewCode
from app.research.codebook.tagging_schemas import NewTagging, Order, TaggingEntry
from app.research.codebook.taggings import Wanted, add_tagging, list_taggings, read_tagging
from app.services import Services
from app.vocabulary import Kind, Polarity, TaggingBasis

FIRST = people()[0].turns[1].text


def test_words_are_tagged_by_offsets_or_as_they_go(services: Services, study: MadeStudy) -> None:
    """The quote is cut out of the stored utterance, and the person is sure."""
    place = study.utterances["I01", 1]
    with services.database.sessions.begin() as session:
        by_offsets = add_tagging(session, "acme", NewTagging(code="AX1", utterance=place, start=4, end=15), "tina")
        quoted = NewTagging(code="AX1", interview="I01", quote="Meine  Bank\nkenne", polarity=Polarity.DENIED)
        by_quote = add_tagging(session, "acme", quoted, "tina")
    assert (by_offsets.quote, by_offsets.span) == (FIRST[4:15], (4, 15))
    assert (by_quote.quote, by_quote.polarity, by_quote.participant) == ("Meine Bank kenne", "denied", "P01")
    assert (by_quote.author, by_quote.basis, by_quote.confidence) == ("tina", "person", 1.0)
    assert by_quote.utterance_text[slice(*by_quote.span)] == by_quote.quote
    assert by_quote.question_before == "Was hat Sie zögern lassen? "


def test_the_same_again_changes_the_polarity(services: Services, study: MadeStudy) -> None:
    """A person has one opinion of a code on the same words; another person has one's own."""
    new = NewTagging(code="AX1", utterance=study.utterances["I01", 3], start=0, end=3)
    with services.database.sessions.begin() as session:
        first = add_tagging(session, "acme", new, "tina")
        again = add_tagging(session, "acme", new.model_copy(update={"polarity": Polarity.DENIED}), "tina")
        other = add_tagging(session, "acme", new, "ben")
    assert (again.id, again.polarity) == (first.id, "denied")
    assert other.id != first.id


@pytest.mark.parametrize(
    ("place", "code", "place_of_fault"),
    [
        ({"start": 0, "end": 10_000}, "AX1", "end"),
        ({"start": 9, "end": 3}, "AX1", "end"),
        ({"start": 3, "end": 3}, "AX1", "end"),
        ({"start": 16, "end": 17}, "AX1", "start"),
        ({"quote": "was nobody said"}, "AX1", "quote"),
        ({"quote": "e"}, "AX1", "quote"),
        ({"start": 0, "end": 3}, "AX9", "code"),
    ],
)
def test_a_span_that_is_none_is_refused(
    services: Services, study: MadeStudy, place: dict[str, Any], code: str, place_of_fault: str
) -> None:
    """Outside, reversed, empty, blank, not said, said twice, or under no code."""
    assert FIRST[16] == " "
    new = NewTagging(code=code, utterance=study.utterances["I01", 1], **place)
    with services.database.sessions.begin() as session, pytest.raises(InvalidInputError) as refused:
        add_tagging(session, "acme", new, "tina")
    assert [fault.place for fault in refused.value.faults] == [place_of_fault]


@pytest.mark.parametrize(
    "values",
    [
        {"code": "AX1"},
        {"code": "AX1", "interview": "I01"},
        {"code": "AX1", "quote": "x"},
        {"code": "AX1", "utterance": uuid.uuid4()},
        {"code": "AX1", "utterance": uuid.uuid4(), "start": 1},
        {"code": "AX1", "utterance": uuid.uuid4(), "start": 1, "end": 2, "quote": "x"},
        {"code": "AX1", "utterance": uuid.uuid4(), "start": -1, "end": 2},
        {"code": "AX1", "interview": "I01", "start": 1, "end": 2},
    ],
)
def test_what_names_no_words_is_refused(values: dict[str, Any]) -> None:
    """A tagging names an utterance with a span or a quote, or an interview with a quote."""
    with pytest.raises(ValidationError):
        NewTagging.model_validate(values)


def test_only_a_participants_published_words_are_tagged(services: Services, study: MadeStudy) -> None:
    """Neither an interviewer's, nor what may not be quoted, nor a superseded version, nor another study's."""
    silent = Person("P01", "Eve", "en", "careful", 10, "D", (Turn("Do not tell.", "en"),), quotes_allowed=False)
    with services.database.sessions.begin() as session:
        rival = add_study(session, services.embedder, "rival")
        shy = add_study(session, services.embedder, "shy", (silent,))
        session.execute(
            update(Interview).where(Interview.id == Interview.id, Interview.code == "I03").values(transcript_id=None)
        )
        cases: list[tuple[str, uuid.UUID, type[AppError], str]] = [
            ("acme", study.utterances["I01", 0], InvalidInputError, "cannot be tagged"),
            ("acme", study.utterances["I02", 1], InvalidInputError, "cannot be tagged"),
            ("acme", study.utterances["I03", 1], ConflictError, "was replaced"),
            ("acme", rival.utterances["I01", 1], NotFoundError, "no such utterance"),
            ("acme", uuid.uuid4(), NotFoundError, "no such utterance"),
        ]
        for slug, utterance, error, words in cases:
            new = NewTagging(code="AX1", utterance=utterance, start=0, end=3)
            with pytest.raises(error, match=words):
                add_tagging(session, slug, new, "tina")
        create_code(session, "shy", NewCode(code="AX2", kind=Kind.ANXIETY, labels={"en": "x"}), "t", services.embedder)
        new = NewTagging(code="AX2", utterance=shy.utterances["I01", 0], start=0, end=3)
        with pytest.raises(InvalidInputError, match="cannot be tagged"):
            add_tagging(session, "shy", new, "tina")
        with pytest.raises(NotFoundError, match="no published interview"):
            add_tagging(session, "acme", NewTagging(code="AX1", interview="I99", quote="x"), "tina")


@pytest.mark.parametrize("order", ["most_confident", "least_confident"])
def test_taggings_are_listed_by_confidence(services: Services, study: MadeStudy, order: Order) -> None:
    """From either end, in pages, each once."""
    seen: list[TaggingEntry] = []
    cursor = None
    with services.database.sessions.begin() as session:
        for confidence in (0.5, 0.9, 0.7):
            add_model_tagging(session, study, ("I01", 3), "AX1", confidence, end=int(confidence * 10))
        while len(seen) < 6:
            page = list_taggings(session, "acme", Wanted(order=order), PageRequest(2, cursor))
            seen += page.taggings
            cursor = page.next_cursor
    assert cursor is None
    assert [tagging.confidence for tagging in seen] == sorted(
        [1, 1, 1, 0.9, 0.7, 0.5], reverse=order == "most_confident"
    )
    assert len({tagging.id for tagging in seen}) == 6


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted(codes=("AX1",)), 4),
        (Wanted(kinds=(Kind.ANXIETY,)), 4),
        (Wanted(kinds=(Kind.AHA,)), 0),
        (Wanted(participants=("P01",)), 2),
        (Wanted(interviews=("I02", "I03")), 2),
        (Wanted(bases=(TaggingBasis.MODEL,)), 1),
        (Wanted(authors=("anna",)), 3),
        (Wanted(authors=(MODEL,)), 1),
        (Wanted(authors=("nobody",)), 0),
        (Wanted(polarities=(Polarity.DENIED,)), 1),
        (Wanted(participants=("P01",), bases=(TaggingBasis.PERSON,)), 1),
        (Wanted(at_most=0.6), 1),
        (Wanted(at_least=0.6), 3),
    ],
)
def test_filters_narrow(services: Services, study: MadeStudy, wanted: Wanted, count: int) -> None:
    """Of three taggings by anna and one by the tagger."""
    with services.database.sessions.begin() as session:
        add_model_tagging(session, study, ("I01", 3), "AX1", 0.5)
        assert len(list_taggings(session, "acme", wanted, PageRequest()).taggings) == count


@pytest.mark.parametrize("cursor", ["x", encode_cursor(["nan-", str(uuid.UUID(int=1))]), encode_cursor(["0.5", "x"])])
def test_a_foreign_cursor_is_refused(services: Services, study: MadeStudy, cursor: str) -> None:
    """Whatever it holds."""
    with services.database.sessions() as session, pytest.raises(InvalidInputError):
        list_taggings(session, "acme", Wanted(), PageRequest(10, cursor))


def test_unknown_names_are_told_together(services: Services, study: MadeStudy) -> None:
    """With what they may have been meant to be."""
    with services.database.sessions() as session, pytest.raises(InvalidInputError) as refused:
        list_taggings(session, "acme", Wanted(codes=("AX11",), interviews=("I9",)), PageRequest())
    assert [fault.place for fault in refused.value.faults] == ["query.code", "query.interview"]
    assert "'AX1'" in refused.value.faults[0].remedy


def test_a_retired_code_is_put_on_nothing(services: Services, study: MadeStudy) -> None:
    """Its taggings are listed where it is named, and only there."""
    with services.database.sessions.begin() as session:
        retire_code(session, "acme", "AX1", "tina")
        with pytest.raises(InvalidInputError, match="not in use"):
            add_tagging(session, "acme", NewTagging(code="AX1", interview="I01", quote="Angst"), "tina")
        assert list_taggings(session, "acme", Wanted(), PageRequest()).taggings == ()
        assert len(list_taggings(session, "acme", Wanted(codes=("AX1",)), PageRequest()).taggings) == 3


def test_a_tagging_is_taken_away(services: Services, study: MadeStudy) -> None:
    """And is gone; of another study it is not there."""
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "rival")
        (tagging,) = list_taggings(session, "acme", Wanted(participants=("P01",)), PageRequest()).taggings
        for missing in (
            lambda: remove_tagging(session, "rival", tagging.id, "tina"),
            lambda: read_tagging(session, "rival", tagging.id),
        ):
            with pytest.raises(NotFoundError):
                missing()
        review = remove_tagging(session, "acme", tagging.id, "tina")
        assert (review.verdict, review.tagger, review.quote) == ("rejected", "anna", tagging.quote)
        assert len(stored_taggings(session)) == 2
        with pytest.raises(NotFoundError):
            read_tagging(session, "acme", tagging.id)
