"""What persons decided of tags in one version of a transcript: brought over to the next version, where it can be.

An utterance whose words are the same takes all of it over. Of other utterances single taggings are brought to where
the very same words stand, if they stand there once.
"""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.models import Tagging, TaggingReview, Utterance
from app.text import Span, find_words

Values = dict[str, Any]

_DECIDED = ("study_id", "code_id", "start", "end", "polarity", "author", "confidence", "created_at")
_REVIEWED = (*_DECIDED, "verdict", "tagger", "basis")


@dataclass(frozen=True)
class Coded:
    """A decision of a person on an utterance, by index, and the values of its row; `text` is of the utterance."""

    index: int
    text: str
    id: uuid.UUID
    values: Values


@dataclass(frozen=True)
class FormerCodings:
    """A version of a transcript with what persons decided of its tags.

    `reviewed` leads from the id of a tagging to that of a person's tagging that took its place.
    """

    texts: Mapping[int, str]
    taggings: tuple[Coded, ...] = ()
    reviews: tuple[Coded, ...] = ()


@dataclass(frozen=True)
class NewUtterance:
    """An utterance of the next version; only what a participant says can be tagged anew."""

    id: uuid.UUID
    text: str
    is_participant: bool


@dataclass(frozen=True)
class KeptCodings:
    """The rows for the next version; `settled` are its utterances that take over what was decided of the former."""

    settled: tuple[uuid.UUID, ...] = ()
    taggings: tuple[Values, ...] = ()
    reviews: tuple[Values, ...] = ()
    lost: int = 0

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to say of taggings that fit nowhere any more."""
        if not self.lost:
            return ()
        noun = "tagging by a person" if self.lost == 1 else "taggings by persons"
        return (f"{self.lost} {noun} could not be carried over: those words are gone or no longer unique",)


def read_codings(session: Session, transcript_id: uuid.UUID) -> FormerCodings:
    """Read a version."""
    of_version = Utterance.transcript_id == transcript_id
    said = session.execute(select(Utterance.id, Utterance.index.label("place"), Utterance.text).where(of_version)).all()
    utterances = {row.id: row for row in said}
    taggings = select(Tagging).where(Tagging.utterance_id.in_(utterances), Tagging.basis == "person")
    reviews = select(TaggingReview).where(TaggingReview.utterance_id.in_(utterances), TaggingReview.undone_at.is_(None))

    def coded(row: Tagging | TaggingReview, columns: Sequence[str]) -> Coded:
        said_then = utterances[row.utterance_id]
        return Coded(said_then.place, said_then.text, row.id, {name: getattr(row, name) for name in columns})

    return FormerCodings(
        {row.place: row.text for row in said},
        tuple(coded(row, _DECIDED) for row in session.scalars(taggings.order_by(Tagging.id))),
        tuple(coded(row, (*_REVIEWED, "tagging_id")) for row in session.scalars(reviews.order_by(TaggingReview.id))),
    )


def keep_codings(former: FormerCodings, utterances: Sequence[NewUtterance]) -> KeptCodings:
    """Find what the decisions of the former version are about in the next one."""
    same = {
        index: utterances[place] for index, place in _same_utterances(former.texts, [each.text for each in utterances])
    }
    kept: dict[uuid.UUID, Values] = {}
    for tagging in former.taggings:
        span = Span(tagging.values["start"], tagging.values["end"])
        place = (same[tagging.index], span) if tagging.index in same else _sole(tagging, span, utterances)
        if place is not None:
            kept[tagging.id] = _moved(tagging, *place)
    reviews = tuple(
        review.values
        | {"utterance_id": same[review.index].id}
        | {"tagging_id": kept.get(review.values["tagging_id"], {}).get("id")}
        for review in former.reviews
        if review.index in same
    )
    settled = tuple(utterance.id for utterance in same.values())
    return KeptCodings(settled, tuple(kept.values()), reviews, len(former.taggings) - len(kept))


def save_codings(session: Session, kept: KeptCodings) -> None:
    """Put the decisions of the former version in the place of those that an earlier publication of this one left."""
    if kept.settled:
        session.execute(delete(TaggingReview).where(TaggingReview.utterance_id.in_(kept.settled)))
        session.execute(delete(Tagging).where(Tagging.utterance_id.in_(kept.settled), Tagging.basis == "person"))
    if kept.taggings:
        session.execute(upsert(Tagging).on_conflict_do_nothing(), kept.taggings)
    if kept.reviews:
        session.execute(upsert(TaggingReview), kept.reviews)


def _same_utterances(former: Mapping[int, str], now: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of indexes: of the same text at the same place, else of a text that is there once before and now."""
    before, after = Counter(former.values()), Counter(now)
    places = {text: place for place, text in enumerate(now)}
    for index, text in former.items():
        if index < len(now) and now[index] == text:
            yield index, index
        elif before[text] == after[text] == 1:
            yield index, places[text]


def _moved(tagging: Coded, utterance: NewUtterance, span: Span) -> Values:
    """The row of a tagging on an utterance of the next version; the same place has the same id."""
    place = f"{tagging.values['code_id']} {tagging.values['author']} {span.start} {span.end}"
    return tagging.values | {
        "id": uuid.uuid5(utterance.id, place),
        "utterance_id": utterance.id,
        "basis": "person",
        "start": span.start,
        "end": span.end,
    }


def _sole(tagging: Coded, span: Span, utterances: Sequence[NewUtterance]) -> tuple[NewUtterance, Span] | None:
    """The one place where a participant says the tagged words."""
    words = tagging.text[span.start : span.end]
    places = [
        (utterance, found)
        for utterance in utterances
        if utterance.is_participant
        for found in find_words(words, utterance.text)
    ]
    return places[0] if len(places) == 1 else None
