"""What people speak of, for a report: codes with counts of people, and quotes of different people."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.answering.queries import StudyVocabulary
from app.answering.schemas import Citation
from app.library.counts import PeopleGroup, count_people_by
from app.library.quotes import quote_code
from app.research.report.queries import best_places
from app.scope import Filters

MOST_TOPICS = 24
QUOTES_A_TOPIC = 3


@dataclass(frozen=True)
class Topic:
    """What people say of a code: with how many it came up, how many affirm and deny it, quotes of different people."""

    code: str
    label: str
    kind: str
    people: PeopleGroup
    quotes: tuple[Citation, ...]


def read_topics(session: Session, vocabulary: StudyVocabulary, language: str) -> tuple[Topic, ...]:
    """The study's own codes that came up with most people."""
    counted = _counted(session, vocabulary)
    quotes = _quotes(session, vocabulary, counted)
    return tuple(
        Topic(
            code=code,
            label=vocabulary.codes[code].label(language),
            kind=_kind_label(vocabulary, vocabulary.codes[code].kind, language),
            people=people,
            quotes=quotes[code],
        )
        for code, people in counted.items()
    )


def _kind_label(vocabulary: StudyVocabulary, kind: str, language: str) -> str:
    """What a kind is called; the general code of each has its name."""
    return vocabulary.codes[kind].label(language) if kind in vocabulary.codes else kind.replace("_", " ")


def _counted(session: Session, vocabulary: StudyVocabulary) -> dict[str, PeopleGroup]:
    """The study's own codes that anybody spoke of, most people first."""
    counts = count_people_by(session, vocabulary.slug, "code", Filters(), len(vocabulary.codes))
    own = {code.code for code in vocabulary.codes.values() if code.code != code.kind}
    told = [(group.value, group) for group in counts.groups if group.value in own and group.raised_with]
    return {code: group for code, group in told[:MOST_TOPICS] if code is not None}


def _quotes(session: Session, vocabulary: StudyVocabulary, codes: Collection[str]) -> dict[str, tuple[Citation, ...]]:
    places = best_places(session, vocabulary.study_id, codes, QUOTES_A_TOPIC)
    return {code: quote_code(session, vocabulary.slug, code, places.get(code, [])) for code in codes}
