"""Taggings: codes on words of participants, by persons and models, and what persons decide of the models' ones."""

import uuid
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from pydantic import Field

from app.library.pages import DEFAULT_LIMIT, LONGEST_CURSOR, MOST_LIMIT, PageRequest
from app.research.codebook.review import give_verdicts, list_queue, list_reviews, remove_tagging, undo_review
from app.research.codebook.tagging_schemas import (
    MOST_VERDICTS,
    NewTagging,
    Order,
    Review,
    Reviewed,
    ReviewEntry,
    ReviewPage,
    TaggingEntry,
    TaggingPage,
)
from app.research.codebook.taggings import Wanted, add_tagging, list_taggings
from app.rest.codebook import OfStudy
from app.rest.dependencies import EditorDep, SessionDep
from app.rest.negotiation import require_json
from app.rest.paging import LONGEST_CODE, PageDep, StudyParam, link_next
from app.rest.routing import Router
from app.scope import MOST_VALUES
from app.vocabulary import Kind, Polarity, TaggingBasis

router = Router(prefix="/taggings", tags=["research"])

_WRITES = [Depends(require_json)]
_Name = Annotated[str, Field(max_length=LONGEST_CODE)]


def _values(about: str) -> Any:
    return Field(default=(), max_length=MOST_VALUES, description=f"{about}; repeat it for more")


class QueueQuery(OfStudy):
    """Which taggings are wanted: values of one parameter widen, parameters narrow."""

    code: tuple[_Name, ...] = _values("code of the codebook")
    kind: tuple[Kind, ...] = _values("kind of the codebook")
    participant: tuple[_Name, ...] = _values("participant code")
    interview: tuple[_Name, ...] = _values("interview code")
    basis: tuple[TaggingBasis, ...] = _values("what a tagging is by")
    author: tuple[_Name, ...] = _values("who tagged: a person, or a tagger with its version")
    polarity: tuple[Polarity, ...] = _values("affirmed or denied")
    at_least: float | None = Field(None, ge=0, le=1, description="least confidence")
    at_most: float | None = Field(None, ge=0, le=1, description="most confidence")
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MOST_LIMIT, description="most taggings of this page")
    cursor: str | None = Field(None, max_length=LONGEST_CURSOR, description="`next_cursor` of the page before")

    def wanted(self, order: Order) -> Wanted:
        """What the feature is asked for."""
        return Wanted(
            codes=self.code,
            kinds=self.kind,
            participants=self.participant,
            interviews=self.interview,
            bases=self.basis,
            authors=self.author,
            polarities=self.polarity,
            at_least=self.at_least,
            at_most=self.at_most,
            order=order,
        )


class TaggingQuery(QueueQuery):
    """Which taggings are wanted, and in which order."""

    order: Order = "most_confident"


class TaggingCreation(OfStudy, NewTagging):
    """A code that a person puts on words of a participant, and the study."""


class Verdicts(OfStudy):
    """What a person decides of taggings by models; all of it is done, or nothing."""

    reviews: tuple[Review, ...] = Field(min_length=1, max_length=MOST_VERDICTS)


@router.get("", name="list_taggings")
def get_taggings(
    request: Request, response: Response, query: Annotated[TaggingQuery, Query()], session: SessionDep
) -> TaggingPage:
    """List taggings, each with its words, its confidence and by whom it is."""
    page = PageRequest(query.limit, query.cursor)
    found = list_taggings(session, query.study, query.wanted(query.order), page)
    link_next(request, response, found.next_cursor)
    return found


@router.post("", name="create_tagging", status_code=201, dependencies=_WRITES)
def post_tagging(creation: TaggingCreation, session: SessionDep, editor: EditorDep) -> TaggingEntry:
    """Put a code on words of a participant, named by offsets or quoted; the same again changes its polarity."""
    return add_tagging(session, creation.study, creation, editor.name)


@router.get("/queue", name="list_review_queue")
def get_queue(
    request: Request, response: Response, query: Annotated[QueueQuery, Query()], session: SessionDep
) -> TaggingPage:
    """List what models and rules tagged, the least confident first, for persons to review."""
    page = PageRequest(query.limit, query.cursor)
    found = list_queue(session, query.study, query.wanted("least_confident"), page)
    link_next(request, response, found.next_cursor)
    return found


@router.get("/reviews", name="list_reviews")
def get_reviews(
    request: Request, response: Response, session: SessionDep, study: StudyParam, page: PageDep
) -> ReviewPage:
    """List what persons decided of taggings, the newest first."""
    found = list_reviews(session, study, page)
    link_next(request, response, found.next_cursor)
    return found


@router.post("/reviews", name="review_taggings", dependencies=_WRITES)
def post_reviews(verdicts: Verdicts, session: SessionDep, editor: EditorDep) -> Reviewed:
    """Accept, correct or reject taggings by models, one or many, all or none.

    What is accepted or corrected becomes a person's tagging; what is rejected does not come back by itself.
    """
    return give_verdicts(session, verdicts.study, verdicts.reviews, editor.name)


@router.delete("/reviews/{review_id}", name="undo_review")
def delete_review(review_id: uuid.UUID, session: SessionDep, editor: EditorDep, study: StudyParam) -> ReviewEntry:
    """Take a verdict back: the tagging is as it had been."""
    return undo_review(session, study, review_id, editor.name)


@router.delete("/{tagging_id:uuid}", name="remove_tagging")
def delete_tagging(tagging_id: uuid.UUID, session: SessionDep, editor: EditorDep, study: StudyParam) -> ReviewEntry:
    """Take a tagging away, whoever put it there; what comes back can be undone like any verdict."""
    return remove_tagging(session, study, tagging_id, editor.name)
