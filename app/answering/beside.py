"""Evidence beside the interviews, each class apart: it adds to what people said, and never counts as people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy.orm import Session

from app.answering.conclusions import Conclusion, find_conclusions
from app.answering.count import support_of
from app.answering.documents import find_documents
from app.answering.figures import find_figures
from app.answering.find import Found
from app.answering.phrases import say
from app.answering.queries import ClaimCount, PeopleCount
from app.answering.schemas import Citation, Claim, Evidence, OtherCitation
from app.answering.statements import Place
from app.embedding import Embedder
from app.vocabulary import Polarity

MOST_QUOTES_EACH = 2
NOBODY = ClaimCount(PeopleCount(0, {}, {}), 0)


@dataclass(frozen=True)
class Beside:
    """Claims on other evidence, and what they cite: `before` are told before what people said, `after` after it.

    `quotes` are what conclusions rest on and nobody quoted yet. `answers` is whether all this answers the question even
    where the search in the interviews found nothing.
    """

    before: tuple[Claim, ...] = ()
    after: tuple[Claim, ...] = ()
    quotes: tuple[Citation, ...] = ()
    others: tuple[OtherCitation, ...] = ()
    answers: bool = False


def find_beside(
    session: Session, found: Found, people: PeopleCount, quotes: Sequence[Citation], embedder: Embedder
) -> Beside:
    """Find what the customer base, insights and external documents say to a question.

    Documents alone answer only what asks for a competitor by name; else they stand beside what people said.

    Args:
        session: an open transaction.
        found: the question, understood and searched.
        people: who is in scope.
        quotes: what people said to it, as far as it is cited.
        embedder: the one that made the question's vector.
    """
    desk = _Desk(found, people, {_place(quote): quote.n for quote in quotes}, len(quotes))
    figures = find_figures(session, found.understanding, found.vocabulary)
    conclusions = find_conclusions(session, found, embedder)
    rested = [(conclusion, tuple(desk.numbered(conclusion))) for conclusion in conclusions]
    documents = [
        document
        for document in find_documents(session, found, embedder)
        if document.names_competitor or ((quotes or conclusions) and not desk.is_narrow)
    ]
    before = [desk.claim(citation, "economics", citation.quote) for citation in figures]
    after = [desk.conclude(conclusion, numbers) for conclusion, numbers in rested]
    for document in documents:
        told = say("external_claim", found.understanding.language, title=document.citation.origin.title)
        after.append(desk.claim(document.citation, "external", told))
    answers = bool(figures or conclusions or any(document.names_competitor for document in documents))
    return Beside(tuple(before), tuple(after), tuple(desk.quotes), tuple(desk.others), answers)


@dataclass
class _Desk:
    """What is cited so far, by its numbers."""

    found: Found
    people: PeopleCount
    numbers: dict[Place, int]
    last: int
    quotes: list[Citation] = field(default_factory=list)
    others: list[OtherCitation] = field(default_factory=list)

    @property
    def is_narrow(self) -> bool:
        """Whether the words of some people alone are wanted."""
        filters = self.found.understanding.filters
        return any(getattr(filters, name) for name in ("segments", "languages", "participants", "bands", "classes"))

    def numbered(self, conclusion: Conclusion) -> Iterator[int]:
        """The numbers of the quotes that a conclusion rests on; some are quoted anew while there is room."""
        room = self.found.understanding.limit - len(self.numbers)
        fresh = [quote for quote in conclusion.quotes if _place(quote) not in self.numbers]
        for quote in islice(fresh, max(0, min(room, MOST_QUOTES_EACH))):
            self.last += 1
            self.numbers[_place(quote)] = self.last
            self.quotes.append(quote.model_copy(update={"n": self.last}))
        yield from (self.numbers[_place(quote)] for quote in conclusion.quotes if _place(quote) in self.numbers)

    def claim(self, citation: OtherCitation, evidence: Evidence, text: str, rests_on: Sequence[int] = ()) -> Claim:
        """A claim on what is cited; behind a conclusion stand those whose words it rests on, else nobody."""
        self.last += 1
        origin = citation.origin.model_copy(update={"rests_on": tuple(rests_on)})
        self.others.append(citation.model_copy(update={"n": self.last, "origin": origin}))
        return Claim(
            text=text,
            code=None,
            kind=None,
            citations=(self.last, *rests_on),
            polarity=Polarity.AFFIRMED,
            relevance="fair",
            support=support_of(NOBODY, self.people),
            counter_evidence=(),
            evidence=evidence,
        )

    def conclude(self, conclusion: Conclusion, rests_on: Sequence[int]) -> Claim:
        """A claim in the words of a researcher, with the people whose words it rests on."""
        language = self.found.understanding.language
        author = conclusion.citation.origin.author or ""
        stale = f" ({say('stale', language)})" if conclusion.citation.origin.stale else ""
        text = f"{say('insight_claim', language, author=author)}{stale}: {conclusion.citation.quote}"
        claim = self.claim(conclusion.citation, "insight", text, rests_on)
        return claim.model_copy(update={"support": support_of(conclusion.count, self.people)})


def _place(quote: Citation) -> Place:
    return (quote.utterance, *quote.span)
