"""What a person decides of a model's taggings: it becomes the person's, or goes for good, and can be taken back."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from codebook_factory import MODEL, add_model_tagging, stored_taggings
from pydantic import ValidationError
from shop_study import ingest_shop
from sqlalchemy import update
from study_factory import MadeStudy, add_study

from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.library.pages import PageRequest
from app.models import Utterance
from app.privacy.consent import ConsentChanges, change_consent
from app.research.codebook.codes import create_code
from app.research.codebook.moves import merge_codes
from app.research.codebook.review import (
    give_verdicts,
    list_queue,
    list_reviews,
    remove_tagging,
    undo_review,
)
from app.research.codebook.schemas import NewCode
from app.research.codebook.tagging_schemas import NewTagging, Review
from app.research.codebook.taggings import Wanted, add_tagging, list_taggings
from app.services import Services
from app.vocabulary import Kind, Polarity, Role
from ingest.pipeline import ingest_study
from ingest.retag import retag_study

OTHER = NewCode(code="AX2", kind=Kind.ANXIETY, labels={"en": "Loss"})


def review(tagging: uuid.UUID, verdict: str, **changes: Any) -> Review:
    """A verdict."""
    return Review.model_validate({"tagging": tagging, "verdict": verdict, **changes})


def of_models(services: Services, slug: str) -> set[tuple[str, str]]:
    """The words and codes of what models and rules tagged."""
    with services.database.sessions() as session:
        return {(words, code) for words, code, _, author, _ in stored_taggings(session, slug) if "tagger" in author}


def test_the_queue_has_the_least_sure_first(services: Services, study: MadeStudy) -> None:
    """Of models and rules alone, whatever filter would let persons in."""
    with services.database.sessions.begin() as session:
        for confidence in (0.9, 0.4):
            add_model_tagging(session, study, ("I01", 3), "AX1", confidence, end=int(confidence * 10))
        queue = list_queue(session, "acme", Wanted(order="most_confident"), PageRequest()).taggings
    assert [tagging.confidence for tagging in queue] == [0.4, 0.9]


def test_verdicts_make_taggings_a_persons(services: Services, study: MadeStudy) -> None:
    """Accepted as it is, corrected in words, code and polarity, rejected: nothing of the model is left."""
    with services.database.sessions.begin() as session:
        create_code(session, "acme", OTHER, "tina", services.embedder)
        before = stored_taggings(session)
        good, wrong, bad = (add_model_tagging(session, study, ("I01", 3), "AX1", 0.4, end) for end in (3, 4, 5))
        changes = {"code": "AX2", "quote": "die erste Rate", "polarity": Polarity.DENIED}
        verdicts = [review(good, "accepted"), review(wrong, "corrected", **changes), review(bad, "rejected")]
        reviewed = give_verdicts(session, "acme", verdicts, "tina")
        after = stored_taggings(session)
    assert [each for each in after if each not in before] == [
        ("Als", "AX1", "affirmed", "tina", 1.0),
        ("die erste Rate", "AX2", "denied", "tina", 1.0),
    ]
    assert [(each.verdict, each.code, each.tagger, each.quote) for each in reviewed.reviews] == [
        ("accepted", "AX1", MODEL, "Als"),
        ("corrected", "AX1", MODEL, "Als "),
        ("rejected", "AX1", MODEL, "Als i"),
    ]
    assert [each.tagging is None for each in reviewed.reviews] == [False, False, True]


def test_a_verdict_is_taken_back(services: Services, study: MadeStudy) -> None:
    """Everything is as it had been, once."""
    with services.database.sessions.begin() as session:
        ids = [add_model_tagging(session, study, ("I01", 3), "AX1", 0.4, end) for end in (3, 4, 5)]
        before = stored_taggings(session)
        verdicts = [review(ids[0], "accepted"), review(ids[1], "corrected", start=4, end=9), review(ids[2], "rejected")]
        reviewed = give_verdicts(session, "acme", verdicts, "tina")
        for each in reviewed.reviews:
            undone = undo_review(session, "acme", each.id, "ben")
            assert undone.undone_by == "ben"
        assert stored_taggings(session) == before
        with pytest.raises(ConflictError, match="taken back already"):
            undo_review(session, "acme", reviewed.reviews[0].id, "ben")
        assert len(list_reviews(session, "acme", PageRequest()).reviews) == 3


def test_what_the_person_had_said_before_is_not_undone(services: Services, study: MadeStudy) -> None:
    """Accepting what one has said already adds nothing, and taking it back takes nothing away."""
    with services.database.sessions.begin() as session:
        own = NewTagging(code="AX1", utterance=study.utterances["I01", 3], start=0, end=3)
        add_tagging(session, "acme", own, "tina")
        before = stored_taggings(session)
        (given,) = give_verdicts(
            session, "acme", [review(add_model_tagging(session, study, ("I01", 3), "AX1", 0.4), "accepted")], "tina"
        ).reviews
        assert stored_taggings(session) == before
        undo_review(session, "acme", given.id, "tina")
        assert len(stored_taggings(session)) == len(before) + 1


def test_a_removed_tagging_of_a_person_comes_back(services: Services, study: MadeStudy) -> None:
    """Like any verdict; after a merge under the code that is left."""
    with services.database.sessions.begin() as session:
        create_code(session, "acme", OTHER, "tina", services.embedder)
        (tagging,) = list_taggings(session, "acme", Wanted(participants=("P01",)), PageRequest()).taggings
        removed = remove_tagging(session, "acme", tagging.id, "tina")
        merge_codes(session, "acme", "AX1", "AX2", "tina")
        undo_review(session, "acme", removed.id, "tina")
        (back,) = list_taggings(session, "acme", Wanted(participants=("P01",)), PageRequest()).taggings
    assert (back.code, back.quote, back.author, back.basis) == ("AX2", tagging.quote, "anna", "person")


def test_verdicts_are_given_all_or_none(services: Services, study: MadeStudy) -> None:
    """One that is wrong is told with its place, and nothing is changed."""
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "rival")
        good = add_model_tagging(session, study, ("I01", 3), "AX1", 0.4)
        (own,) = list_taggings(session, "acme", Wanted(participants=("P01",), at_least=1), PageRequest()).taggings
        before = stored_taggings(session)
        cases: list[tuple[list[Review], type[Exception], str]] = [
            ([review(good, "accepted"), review(uuid.uuid4(), "rejected")], NotFoundError, "reviews.1.tagging"),
            ([review(good, "accepted"), review(own.id, "accepted")], InvalidInputError, "reviews.1.tagging"),
            ([review(good, "accepted"), review(good, "rejected")], InvalidInputError, "reviews.1.tagging"),
            ([review(good, "corrected", start=0, end=999)], InvalidInputError, "reviews.0.end"),
            ([review(good, "corrected", code="AX9")], InvalidInputError, "reviews.0.code"),
        ]
        for verdicts, error, place in cases:
            with pytest.raises(error) as refused:
                give_verdicts(session, "acme", verdicts, "tina")
            assert [fault.place for fault in refused.value.faults] == [place]  # type: ignore[attr-defined]
        with pytest.raises(NotFoundError):
            give_verdicts(session, "rival", [review(good, "accepted")], "tina")
        with pytest.raises(NotFoundError):
            undo_review(session, "rival", uuid.uuid4(), "tina")
        assert stored_taggings(session) == before


@pytest.mark.parametrize(
    "values",
    [
        {"verdict": "corrected"},
        {"verdict": "accepted", "code": "AX1"},
        {"verdict": "rejected", "start": 1, "end": 2},
        {"verdict": "corrected", "start": 1},
        {"verdict": "perhaps"},
    ],
)
def test_a_verdict_that_says_nothing_clear_is_refused(values: dict[str, Any]) -> None:
    """Only a correction says what is otherwise, and it must."""
    with pytest.raises(ValidationError):
        review(uuid.uuid4(), **values)


def test_what_was_rejected_does_not_come_back(services: Services, tmp_path: Path) -> None:
    """Neither by tagging anew nor by ingesting again; other suggestions for the same words stay."""
    ingest_shop(services, tmp_path)
    with services.database.sessions.begin() as session:
        queue = list_queue(session, "shop", Wanted(), PageRequest(200)).taggings
        first = queue[0]
        give_verdicts(session, "shop", [review(first.id, "rejected")], "tina")
    left = {(each.utterance, each.code) for each in queue[1:]}
    for again in (
        lambda: retag_study(services, "shop", lambda *_: None),
        lambda: ingest_study(tmp_path, services, lambda *_: None),
    ):
        again()
        with services.database.sessions() as session:
            now = list_queue(session, "shop", Wanted(), PageRequest(200)).taggings
        assert {(each.utterance, each.code) for each in now} == left - {(first.utterance, first.code)}


def test_accepting_one_suggestion_decides_nothing_of_the_others(services: Services, tmp_path: Path) -> None:
    """What else the tagger said of the same utterance is still there when it tags anew."""
    ingest_shop(services, tmp_path)
    with services.database.sessions.begin() as session:
        create_code(
            session,
            "shop",
            NewCode(code="OWN", kind=Kind.ANXIETY, labels={"de": "Angst um mein Geld"}),
            "t",
            services.embedder,
        )
    retag_study(services, "shop", lambda *_: None)
    before = of_models(services, "shop")
    with services.database.sessions.begin() as session:
        (first, *_) = list_queue(session, "shop", Wanted(), PageRequest(200)).taggings
        give_verdicts(session, "shop", [review(first.id, "accepted")], "tina")
        of_utterance = {
            each.code
            for each in list_queue(session, "shop", Wanted(), PageRequest(200)).taggings
            if each.utterance == first.utterance
        }
    retag_study(services, "shop", lambda *_: None)
    with services.database.sessions() as session:
        now = {
            each.code
            for each in list_queue(session, "shop", Wanted(), PageRequest(200)).taggings
            if each.utterance == first.utterance
        }
    assert now == of_utterance
    assert of_models(services, "shop") <= before


def test_a_file_brings_no_removed_tagging_back(services: Services, tmp_path: Path) -> None:
    """What a person took away of the researcher's own, ingesting leaves away, until it is undone."""
    ingest_shop(services, tmp_path)
    with services.database.sessions.begin() as session:
        before = stored_taggings(session, "shop")
        (tagging,) = list_taggings(session, "shop", Wanted(codes=("AX3",), authors=("anna",)), PageRequest()).taggings
        removed = remove_tagging(session, "shop", tagging.id, "tina")
    assert ingest_study(tmp_path, services, lambda *_: None).succeeded
    with services.database.sessions.begin() as session:
        assert not [each for each in stored_taggings(session, "shop") if each[1] == "AX3"]
        undo_review(session, "shop", removed.id, "tina")
        persons = [each for each in stored_taggings(session, "shop") if each[3] == "anna"]
    assert persons == [each for each in before if each[3] == "anna"]


def test_saying_so_oneself_takes_a_rejection_back(services: Services, study: MadeStudy) -> None:
    """A person who puts the code there after all has changed one's mind."""
    with services.database.sessions.begin() as session:
        tagging = add_model_tagging(session, study, ("I01", 3), "AX1", 0.4)
        give_verdicts(session, "acme", [review(tagging, "rejected")], "tina")
        own = NewTagging(code="AX1", utterance=study.utterances["I01", 3], start=0, end=3)
        add_tagging(session, "acme", own, "ben")
        (given,) = list_reviews(session, "acme", PageRequest()).reviews
    assert given.undone_by == "ben"


@pytest.mark.parametrize("gone", ["consent", "role"])
def test_no_verdict_on_words_that_may_not_be_quoted_is_taken_back(
    services: Services, study: MadeStudy, gone: str
) -> None:
    """Consent was withdrawn, or somebody else is said to speak: nothing is changed, and the remedy is told."""
    utterance = study.utterances["I01", 3]
    with services.database.sessions.begin() as session:
        tagging = add_model_tagging(session, study, ("I01", 3), "AX1", 0.4)
        removed = remove_tagging(session, "acme", tagging, "tina")
        if gone == "consent":
            change_consent(session, "acme", "I01", ConsentChanges(quotes=False), "anna")
        else:
            session.execute(update(Utterance).where(Utterance.id == utterance).values(role=Role.INTERVIEWER))
        with pytest.raises(ConflictError, match="may not be quoted at present"):
            undo_review(session, "acme", removed.id, "tina")
