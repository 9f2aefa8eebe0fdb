"""Who said what of the criteria of a study, and who was asked about them, each of which options."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from app.answering.asked import PutQuestions
from app.answering.queries import StudyVocabulary, read_vocabulary
from app.embedding import Embedder
from app.library.queries import study_by_id
from app.research.matrix.cells import Asked, Voice
from app.research.matrix.options import (
    HOUSE,
    RIVAL_KINDS,
    US,
    Name,
    competitors_in,
    competitors_of_codes,
    names_of,
    options_of,
)
from app.research.matrix.queries import MatrixCode, Mention, read_codes, read_mentions
from app.research.phrases import FALLBACK
from app.research.queries import read_code_vectors, read_put
from app.vocabulary import Kind


@dataclass(frozen=True)
class Wanted:
    """Which matrix is wanted: of criteria alone or of trade-offs too, by whose taggings, told in which language."""

    tradeoffs: bool = False
    by_persons: bool = False
    told_in: str = FALLBACK

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of its rows."""
        return (Kind.CRITERION, Kind.TRADEOFF) if self.tradeoffs else (Kind.CRITERION,)


@dataclass(frozen=True)
class Found:
    """The codes of a matrix with what people said of them, and of which options; `owners` tells whose a reason is."""

    vocabulary: StudyVocabulary
    product: str | None
    criteria: tuple[MatrixCode, ...]
    reasons: tuple[MatrixCode, ...]
    names: tuple[Name, ...]
    owners: Mapping[str, frozenset[str]]
    mentions: tuple[tuple[Mention, frozenset[str]], ...]

    @property
    def voices(self) -> Iterator[Voice]:
        """What people said, without the words."""
        for mention, options in self.mentions:
            yield Voice(mention.person, mention.code, mention.mark.polarity, options)


def find_mentions(session: Session, study: str, wanted: Wanted, embedder: Embedder) -> Found:
    """Find who said what of the criteria of a study, and of its reasons to choose another.

    Words belong to a competitor where they, or the question or the words before them, name it, or where they affirm a
    code of an alternative, a reason or a habit that is its own; to the house alternative by such codes that are no
    competitor's; else to the product itself.

    Raises:
        NotFoundError: there is no such study.
    """
    vocabulary = read_vocabulary(session, study)
    entry = study_by_id(session, vocabulary.study_id)
    codes = read_codes(session, vocabulary.study_id, (*wanted.kinds, *RIVAL_KINDS))
    names = names_of(entry["competitors"])
    rivals = {code.code: tuple(code.labels.values()) for code in codes if code.kind in RIVAL_KINDS}
    owners = competitors_of_codes(rivals, names, embedder)
    criteria = tuple(code for code in codes if code.kind in wanted.kinds)
    reasons = tuple(code for code in codes if code.kind is Kind.COMPETITOR_REASON)
    looked_for = [code.code for code in (*criteria, *reasons)]
    mentions = read_mentions(session, vocabulary.study_id, looked_for, rivals, by_persons=wanted.by_persons)
    about = (
        (
            each,
            options_of(competitors_in((each.text[: each.mark.end], each.question_before), names), each.beside, owners),
        )
        for each in mentions
    )
    return Found(vocabulary, entry["product"], criteria, reasons, names, owners, tuple(about))


def find_asked(session: Session, found: Found, embedder: Embedder) -> Iterator[Asked]:
    """Find whom interviewers asked about codes: of competitors that they named, else of the product and the house."""
    put = read_put(session, found.vocabulary.study_id)
    codes = read_code_vectors(session, found.vocabulary.study_id, embedder)
    about = PutQuestions.of(put, embedder).about(codes.vectors)
    for row, column in zip(*np.nonzero(about), strict=True):
        text, person = put[row]
        yield Asked(person, codes.names[column], competitors_in([text], found.names) or frozenset({US, HOUSE}))
