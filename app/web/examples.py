"""Questions to begin with: made of what a study is tagged with, its competitors and its segments."""

from collections.abc import Iterator
from itertools import islice

from sqlalchemy.orm import Session

from app.answering.queries import read_vocabulary
from app.library.studies import read_study
from app.vocabulary import Kind
from app.web.languages import Catalogue

MOST_EXAMPLES = 5

_KINDS = (
    Kind.ANXIETY,
    Kind.AHA,
    Kind.TRIGGER,
    Kind.DISAPPOINTMENT,
    Kind.JOB_EMOTIONAL,
    Kind.PROBLEM,
    Kind.CRITERION,
    Kind.PUSH,
)


def example_questions(session: Session, study: str, texts: Catalogue) -> tuple[str, ...]:
    """A few questions that the study has something on, in the reader's language.

    Raises:
        NotFoundError: there is no such study.
    """
    return tuple(islice(_questions(session, study, texts), MOST_EXAMPLES))


def _questions(session: Session, study: str, texts: Catalogue) -> Iterator[str]:
    detail, tagged = read_study(session, study), read_vocabulary(session, study).tagged_kinds
    if len(detail.segments) > 1:
        first, second = (texts.label(segment.labels) or segment.slug for segment in detail.segments[:2])
        yield texts.text("ask.example.compare", first=first, second=second)
    if detail.competitors and Kind.COMPETITOR_REASON in tagged:
        yield texts.text("ask.example.competitor", competitor=detail.competitors[0])
    yield from (texts.text(f"ask.example.{kind}") for kind in _KINDS if kind in tagged)
