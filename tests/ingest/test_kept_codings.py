"""What persons decided of tags comes over to the next version of a transcript, where the same words stand."""

import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shop_study import ingest_shop
from sqlalchemy import func, select

from app.library.pages import PageRequest
from app.models import IngestRun, Tagging
from app.research.codebook.review import give_verdicts, list_queue, list_reviews, remove_tagging
from app.research.codebook.tagging_schemas import NewTagging, Review
from app.research.codebook.taggings import Wanted, add_tagging, list_taggings
from app.services import Services
from app.vocabulary import TaggingBasis
from ingest.kept_codings import Coded, FormerCodings, KeptCodings, NewUtterance, keep_codings
from ingest.pipeline import ingest_study

CODE = uuid.uuid4()
SAID = "Ich hatte Angst um mein Geld."
TALK = "Interviewer: Wovor hatten Sie Angst?\nP01: Ich hatte Angst um mein Geld. Die App war mir fremd.\n"
BY_TINA = Wanted(authors=("tina",), interviews=("I01",))


def utterances(*texts: str) -> list[NewUtterance]:
    """Utterances of a participant; those that begin with `?` are an interviewer's."""
    return [NewUtterance(uuid.uuid5(CODE, str(n)), text, not text.startswith("?")) for n, text in enumerate(texts)]


def former(texts: Mapping[int, str], *spans: tuple[int, int, int]) -> FormerCodings:
    """A version in which a person tagged spans of utterances: (index, start, end)."""
    taggings = tuple(
        Coded(index, texts[index], uuid.uuid4(), {"code_id": CODE, "author": "tina", "start": start, "end": end})
        for index, start, end in spans
    )
    return FormerCodings(texts, taggings)


def places(kept: KeptCodings) -> list[tuple[Any, int, int]]:
    """Where taggings came to."""
    return [(row["utterance_id"], row["start"], row["end"]) for row in kept.taggings]


def test_the_same_words_take_it_over() -> None:
    """At the same place, or elsewhere if they are there once before and now."""
    now = utterances("Ja.", "Neu.", SAID, "Ja.")
    kept = keep_codings(former({0: "Ja.", 1: SAID}, (0, 0, 2), (1, 4, 9)), now)
    assert places(kept) == [(now[0].id, 0, 2), (now[2].id, 4, 9)]
    assert kept.settled == (now[0].id, now[2].id)
    assert (kept.lost, kept.warnings) == (0, ())


def test_tagged_words_are_found_in_other_utterances() -> None:
    """Where a turn was cut or mended, the very words that were tagged may still stand, once, and be a participant's."""
    now = utterances("?hatte Angst", f"Also: {SAID} Ja.", "Die App.")
    kept = keep_codings(former({0: SAID, 1: "Die App. Die Bank."}, (0, 4, 15), (1, 9, 18)), now)
    assert places(kept) == [(now[1].id, 10, 21)]
    assert kept.settled == ()
    assert kept.lost == 1
    assert kept.warnings[0].startswith("1 tagging by a person could not be carried over")


def test_words_that_stand_twice_are_lost() -> None:
    """Nobody knows which of them was meant."""
    kept = keep_codings(former({0: SAID}, (0, 4, 15)), utterances(f"{SAID} Ja.", f"Ja. {SAID}"))
    assert (kept.taggings, kept.lost) == ((), 1)


@given(st.lists(st.sampled_from(["Ja.", SAID, "Die App.", "Gut."]), max_size=8), st.data())
def test_a_kept_tagging_has_the_very_same_words(texts: list[str], data: st.DataObject) -> None:
    """Whatever happened to the transcript, what is kept is word for word what was tagged; the rest is counted."""
    before = {n: data.draw(st.sampled_from([SAID, "Ja.", "Die App. Ja."])) for n in range(4)}
    version = former(before, *((n, 0, len(text) - 1) for n, text in before.items()))
    now = utterances(*texts)
    by_id = {each.id: each.text for each in now}
    kept = keep_codings(version, now)
    tagged = [each.text[each.values["start"] : each.values["end"]] for each in version.taggings]
    for identifier, start, end in places(kept):
        assert by_id[identifier][start:end] in tagged
    assert len(kept.taggings) + kept.lost == len(version.taggings)


def put_right(folder: Path, services: Services, talk: str) -> None:
    """Ingest another version of the first interview."""
    (folder / "I01.txt").write_text(talk, encoding="utf-8")
    assert ingest_study(folder, services, lambda *_: None).succeeded


@pytest.fixture
def folder(services: Services, tmp_path: Path) -> Path:
    """The study `shop`, where tina tagged words of the first interview by hand and rejected what a model said."""
    ingest_shop(services, tmp_path)
    (tmp_path / "taggings.csv").write_text("interview,quote,code,polarity,author\n", encoding="utf-8")
    with services.database.sessions.begin() as session:
        add_tagging(session, "shop", NewTagging(code="AX2", interview="I01", quote="App war mir fremd"), "tina")
        queue = list_queue(session, "shop", Wanted(interviews=("I01",)), PageRequest()).taggings
        give_verdicts(session, "shop", [Review(tagging=each.id, verdict="rejected") for each in queue], "tina")
        assert queue
    return tmp_path


def test_a_new_version_keeps_what_persons_decided(folder: Path, services: Services) -> None:
    """Where an utterance is as it was: the tagging by hand, and that a suggestion was rejected."""
    put_right(folder, services, TALK.replace("Wovor", "Und wovor") + "Interviewer: Danke!\n")
    with services.database.sessions() as session:
        (tagging,) = list_taggings(session, "shop", BY_TINA, PageRequest()).taggings
        assert list_queue(session, "shop", Wanted(interviews=("I01",)), PageRequest()).taggings == ()
        assert {each.verdict for each in list_reviews(session, "shop", PageRequest()).reviews} == {"rejected"}
    assert (tagging.quote, tagging.code, tagging.basis) == ("App war mir fremd", "AX2", TaggingBasis.PERSON)


def test_a_mended_utterance_keeps_words_but_no_rejection(folder: Path, services: Services) -> None:
    """Other words may well be about what the former were not about."""
    put_right(folder, services, TALK.replace("Ich hatte Angst", "Ich hatte große Angst"))
    with services.database.sessions() as session:
        (tagging,) = list_taggings(session, "shop", BY_TINA, PageRequest()).taggings
        assert tagging.quote == "App war mir fremd"
        assert list_queue(session, "shop", Wanted(interviews=("I01",)), PageRequest()).taggings


def test_lost_taggings_are_told(folder: Path, services: Services) -> None:
    """The interview is published with a warning, and the old version keeps its tagging."""
    put_right(folder, services, TALK.replace("Die App war mir fremd", "Die Bank"))
    with services.database.sessions() as session:
        assert list_taggings(session, "shop", BY_TINA, PageRequest()).taggings == ()
        warnings = [warning for run in session.scalars(select(IngestRun.warnings)) for warning in run]
        assert session.scalar(select(func.count()).select_from(Tagging).where(Tagging.author == "tina")) == 1
    assert any("tagging by a person could not be carried over" in warning for warning in warnings)


def test_going_back_to_a_version_brings_nothing_back(folder: Path, services: Services) -> None:
    """What was taken away in the newer version stays away, what was added there comes along."""
    put_right(folder, services, TALK + "Interviewer: Danke!\n")
    with services.database.sessions.begin() as session:
        (tagging,) = list_taggings(session, "shop", BY_TINA, PageRequest()).taggings
        remove_tagging(session, "shop", tagging.id, "tina")
        add_tagging(session, "shop", NewTagging(code="AX1", interview="I01", quote="um mein Geld"), "tina")
    put_right(folder, services, TALK)
    with services.database.sessions() as session:
        back = list_taggings(session, "shop", BY_TINA, PageRequest()).taggings
    assert [(each.code, each.quote) for each in back] == [("AX1", "um mein Geld")]
