"""Evidence beside the interviews, each class apart: it adds to what people said, and never counts as people."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from sqlalchemy.orm import Session

from app.answering.figures import find_figures
from app.answering.find import Found
from app.answering.queries import PeopleCount
from app.answering.schemas import Claim, OtherCitation, Support
from app.vocabulary import Polarity


@dataclass(frozen=True)
class Beside:
    """Claims on other evidence, and what they cite: `before` are told before what people said, `after` after it.

    `answers` is whether they answer the question even where nobody said anything about it.
    """

    before: tuple[Claim, ...] = ()
    after: tuple[Claim, ...] = ()
    citations: tuple[OtherCitation, ...] = ()
    answers: bool = False

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All of them."""
        return self.before + self.after


def find_beside(session: Session, found: Found, people: PeopleCount, first: int) -> Beside:
    """Find what the customer base says to a question.

    Args:
        session: an open transaction.
        found: the question, understood and searched.
        people: who is in scope.
        first: the number of the first citation.
    """
    numbers = count(first)
    figures = [
        citation.model_copy(update={"n": next(numbers)})
        for citation in find_figures(session, found.understanding, found.vocabulary)
    ]
    return Beside(
        before=tuple(_claim(citation, people) for citation in figures),
        citations=tuple(figures),
        answers=bool(figures),
    )


def _claim(citation: OtherCitation, people: PeopleCount, rests_on: Sequence[int] = ()) -> Claim:
    """A claim in the words of what it cites; nobody stands behind it."""
    return Claim(
        text=citation.quote,
        code=None,
        kind=None,
        citations=(citation.n, *rests_on),
        polarity=Polarity.AFFIRMED,
        relevance="strong",
        support=_nobody(people),
        counter_evidence=(),
        evidence=citation.evidence,
    )


def _nobody(people: PeopleCount) -> Support:
    return Support(
        participants=0,
        of=people.total,
        raised_with=0,
        by_segment={name: (0, of) for name, of in people.by_segment.items()},
        by_language={name: (0, of) for name, of in people.by_language.items()},
    )
