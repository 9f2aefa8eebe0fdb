"""What persons decide of taggings by models: accepted, corrected, rejected, and taken back."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import RowMapping, func
from sqlalchemy.orm import Session

from app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from app.library.pages import PageRequest, cut_page, decode_moment, moment_keys
from app.library.queries import find_study
from app.models import Code
from app.research.codebook.places import find_span
from app.research.codebook.store import follow_code
from app.research.codebook.tagging_queries import is_quotable, reviews_before, reviews_by_id
from app.research.codebook.tagging_schemas import Review, Reviewed, ReviewEntry, ReviewPage, TaggingPage
from app.research.codebook.tagging_store import (
    Put,
    delete_taggings,
    hold_review,
    hold_taggings,
    note_reviews,
    put_back,
    put_taggings,
)
from app.research.codebook.taggings import Wanted, list_taggings
from app.tagging.store import read_code_names
from app.text import Span
from app.vocabulary import TaggingBasis


def list_queue(session: Session, study: str, wanted: Wanted, page: PageRequest) -> TaggingPage:
    """One page of the taggings by models and rules, the least confident first; raises what `list_taggings` raises."""
    bases = tuple(basis for basis in wanted.bases if basis is not TaggingBasis.PERSON)
    bases = bases or (TaggingBasis.MODEL, TaggingBasis.RULE)
    return list_taggings(session, study, replace(wanted, bases=bases, order="least_confident"), page)


def give_verdicts(session: Session, study: str, reviews: Sequence[Review], author: str) -> Reviewed:
    """Accept, correct or reject taggings by models, all or none.

    What is accepted or corrected becomes the person's tagging; what is rejected does not come back by itself.

    Raises:
        NotFoundError: there is no such study, or a tagging is not in it any more.
        InvalidInputError: a tagging is a person's or comes twice, or a correction is none.
    """
    study_id = find_study(session, study)
    held = hold_taggings(session, study_id, {review.tagging for review in reviews})
    _check(reviews, held)
    puts = {review.tagging: _put(session, study_id, n, review, held) for n, review in enumerate(reviews)}
    placed = put_taggings(session, study_id, author, [put for put in puts.values() if put])
    delete_taggings(session, study_id, held)
    rows = []
    for review in reviews:
        put = puts[review.tagging]
        own = placed[put] if put else None
        row = _review_row(study_id, held[review.tagging], review.verdict, author)
        rows.append(row | {"tagging_id": own.id if own and own.is_new else None})
    return _told(session, study, study_id, note_reviews(session, rows))


def remove_tagging(session: Session, study: str, tagging_id: uuid.UUID, author: str) -> ReviewEntry:
    """Take a tagging away, whoever put it there: neither the tagger nor the study folder brings it back.

    Raises:
        NotFoundError: there is no such study or tagging.
    """
    study_id = find_study(session, study)
    held = hold_taggings(session, study_id, [tagging_id])
    if tagging_id not in held:
        raise NotFoundError("there is no such tagging in this study")
    delete_taggings(session, study_id, held)
    noted = note_reviews(session, [_review_row(study_id, held[tagging_id], "rejected", author)])
    return _told(session, study, study_id, noted).reviews[0]


def undo_review(session: Session, study: str, review_id: uuid.UUID, author: str) -> ReviewEntry:
    """Take a verdict back: the tagging is as it had been.

    Raises:
        NotFoundError: there is no such study or verdict.
        ConflictError: it was taken back already, or its words may not be quoted any more.
    """
    study_id = find_study(session, study)
    review = hold_review(session, study_id, review_id)
    if review is None:
        raise NotFoundError("there is no such verdict in this study")
    if review.undone_at is not None:
        raise ConflictError("this verdict was taken back already")
    if not is_quotable(session, review.utterance_id):
        raise ConflictError(
            "these words may not be quoted at present: their transcript was replaced, somebody else is said to speak,"
            " or consent was withdrawn; a verdict on words that may be quoted can be taken back"
        )
    if review.tagging_id is not None:
        delete_taggings(session, study_id, [review.tagging_id])
    name = session.get_one(Code, review.code_id).code
    put_back(session, review, read_code_names(session, study_id)[name].id)
    review.undone_at, review.undone_by = func.now(), author
    session.flush()
    return _told(session, study, study_id, [review_id]).reviews[0]


def list_reviews(session: Session, study: str, page: PageRequest) -> ReviewPage:
    """One page of the verdicts on taggings of published interviews, the newest first.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: the cursor is none.
    """
    study_id = find_study(session, study)
    found = reviews_before(session, study_id, decode_moment(page.cursor), page.limit + 1)
    rows, next_cursor = cut_page(found, page.limit, moment_keys)
    return ReviewPage(study=study, reviews=tuple(map(_entry, rows)), next_cursor=next_cursor)


def _check(reviews: Sequence[Review], held: Mapping[uuid.UUID, RowMapping]) -> None:
    places = {review.tagging: f"reviews.{place}.tagging" for place, review in enumerate(reviews)}
    gone = tuple(
        Fault(place, f"there is no tagging {tagging}", "list the queue anew")
        for tagging, place in places.items()
        if tagging not in held
    )
    if gone:
        raise NotFoundError("taggings are not in this study, or not any more", gone)
    often = Counter(review.tagging for review in reviews)
    twice = [tagging for tagging, count in often.items() if count > 1]
    own = [tagging for tagging, row in held.items() if row["basis"] == "person"]
    faults = (
        *(Fault(places[tagging], "comes twice", "decide once") for tagging in twice),
        *(
            Fault(places[tagging], "is a person's, and not to be reviewed", "remove it, or add another")
            for tagging in own
        ),
    )
    if faults:
        raise InvalidInputError("not all of these can be reviewed", faults)


def _put(
    session: Session, study_id: uuid.UUID, place: int, review: Review, held: Mapping[uuid.UUID, RowMapping]
) -> Put | None:
    """The person's tagging that a verdict comes to; none of a rejection."""
    if review.verdict == "rejected":
        return None
    row, path = held[review.tagging], f"reviews.{place}."
    code_id = follow_code(session, study_id, review.code, f"{path}code").id if review.code else row["code_id"]
    span = find_span(row["text"], review, path) if review.is_given else Span(row["start"], row["end"])
    return Put(row["utterance_id"], code_id, span, review.polarity or row["polarity"])


def _review_row(study_id: uuid.UUID, row: RowMapping, verdict: str, author: str) -> dict[str, Any]:
    kept = ("utterance_id", "code_id", "start", "end", "polarity", "tagger", "basis", "confidence")
    return {"study_id": study_id, "verdict": verdict, "author": author, **{name: row[name] for name in kept}}


def _told(session: Session, study: str, study_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> Reviewed:
    rows = reviews_by_id(session, study_id, ids)
    return Reviewed(study=study, reviews=tuple(_entry(rows[each]) for each in ids))


def _entry(row: RowMapping) -> ReviewEntry:
    values = dict(row)
    text, start, end = values.pop("text"), values.pop("start"), values.pop("end")
    return ReviewEntry(**values, quote=text[start:end], span=(start, end))
