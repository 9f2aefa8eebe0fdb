"""Words of participants that something rests on, and their quotes."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.answering.queries import StudyVocabulary
from app.answering.quotable import cite_spans
from app.answering.schemas import Citation
from app.answering.statements import Place
from app.text import Span
from app.vocabulary import Polarity


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of a participant, half-open in an utterance, and whether they affirm what they are marked for."""

    utterance_id: uuid.UUID
    start: int
    end: int
    polarity: Polarity

    @property
    def place(self) -> Place:
        """Where the words stand."""
        return self.utterance_id, self.start, self.end


def quote_marks(session: Session, study: StudyVocabulary, marks: Iterable[Mark]) -> dict[Mark, Citation]:
    """The quotes at marks, numbered in their order; what may not be quoted, or not any more, is left out."""
    wanted = tuple(dict.fromkeys(marks))
    spans = [(mark.utterance_id, Span(mark.start, mark.end)) for mark in wanted]
    cited = zip(wanted, cite_spans(session, study.slug, study.study_id, spans), strict=True)
    quotable = [(mark, quote) for mark, quote in cited if quote]
    return {
        mark: quote.model_copy(update={"n": n, "polarity": mark.polarity})
        for n, (mark, quote) in enumerate(quotable, start=1)
    }
