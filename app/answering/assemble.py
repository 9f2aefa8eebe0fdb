"""From statements to what an answer shows: verified, cited, counted, against what is stored."""

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.answering.check import Reason
from app.answering.cite import Quoted, choose_spans, cite
from app.answering.compose import Draft, draft_claims, own_code, polarity_of
from app.answering.count import compare, evidence_of, make_claim, numbers_in, support_of
from app.answering.find import Found, Stopwatch
from app.answering.numerals import Quantity
from app.answering.prose import settle_prose
from app.answering.queries import (
    PeopleCount,
    StoredUtterance,
    count_claims,
    count_people,
    prevailing_polarities,
    stored_utterances,
)
from app.answering.schemas import Citation, Claim, Comparison, Dropped
from app.answering.statements import Place, Statement, place_of
from app.answering.verify import verify
from app.embedding import Embedder


@dataclass(frozen=True)
class Findings:
    """What was found, counted and cut for a question; `comparison` where it asks for several groups."""

    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    people: PeopleCount
    dropped: Dropped
    comparison: Comparison | None = None


def extract(session: Session, found: Found, limit: int, embedder: Embedder) -> list[Statement]:
    """State what the ranked candidates say, without a model."""
    codes = {code for item in found.ranked if item.tag and (code := own_code(item.tag.code))}
    prevailing = prevailing_polarities(session, found.vocabulary.study_id, found.understanding.filters, codes)
    drafts = draft_claims(found.ranked, limit, prevailing)
    items = [item for draft in drafts for item in (*draft.supporting, *draft.contradicting)]
    spans = choose_spans(items, found.vector, embedder)
    quotes = {
        item.candidate.utterance_id: Quoted(item, span, polarity_of(item))
        for item, span in zip(items, spans, strict=True)
    }
    return [_statement(draft, quotes) for draft in drafts]


def assemble(
    session: Session, statements: Sequence[Statement], found: Found, stopwatch: Stopwatch, *, worded: bool
) -> Findings:
    """Verify, cite and count what is stated; a statement of which no supporting quote stands is left out."""
    study_id, filters = found.vocabulary.study_id, found.understanding.filters
    language = found.understanding.language
    with stopwatch.stage("cite"):
        quotes = [quote for statement in statements for quote in statement.quotes]
        stored = stored_utterances(session, [quote.ranked.candidate.utterance_id for quote in quotes])
        verified, dropped = verify(quotes, stored)
        standing = _standing(statements, verified)
        numbered = _numbered(standing, by_score=not worded and not found.understanding.is_of_kinds)
        citations = tuple(_cite(n, quote, stored, found) for n, quote in enumerate(numbered, start=1))
    with stopwatch.stage("count"):
        people = count_people(session, study_id, filters)
        counts = count_claims(session, study_id, filters, [evidence_of(statement) for statement in standing])
    numbers = {place_of(quote): n for n, quote in enumerate(numbered, start=1)}
    removed = Counter[Reason]()
    claims = []
    for statement, count in zip(standing, counts, strict=True):
        support = support_of(count, people)
        text = _settle(statement, citations, numbers, numbers_in(support), language, removed)
        claims.append(make_claim(statement, text, numbers, support, found.vocabulary.codes, found.understanding))
    labels = {code: entry.label(language) for code, entry in found.vocabulary.codes.items()}
    comparison = compare(claims, found.understanding.groups, labels)
    return Findings(tuple(claims), citations, people, add_dropped(dropped, removed), comparison)


def add_dropped(dropped: Dropped, more: Mapping[Reason, int]) -> Dropped:
    """Count what was dropped at another gate too."""
    return Dropped.model_validate(Counter(dict(dropped)) + Counter(dict(more)))


def _statement(draft: Draft, quotes: Mapping[uuid.UUID, Quoted]) -> Statement:
    supporting, contradicting = (
        tuple(quotes[item.candidate.utterance_id] for item in items)
        for items in (draft.supporting, draft.contradicting)
    )
    return Statement(draft.code, draft.polarity, supporting, contradicting)


def _standing(statements: Sequence[Statement], verified: Sequence[Quoted]) -> list[Statement]:
    places = frozenset(map(place_of, verified))
    kept = [statement.keeping(places) for statement in statements]
    return [statement for statement in kept if statement.supporting]


def _numbered(statements: Sequence[Statement], *, by_score: bool) -> list[Quoted]:
    """The quotes of all claims, each once: the best first, or in the order in which they are told."""
    quotes = list({place_of(quote): quote for statement in statements for quote in statement.quotes}.values())
    if by_score:
        quotes.sort(key=lambda quote: (-quote.ranked.score, str(quote.ranked.candidate.utterance_id)))
    return quotes


def _cite(n: int, quote: Quoted, stored: Mapping[uuid.UUID, StoredUtterance], found: Found) -> Citation:
    return cite(n, quote, stored[quote.ranked.candidate.utterance_id], found.vocabulary.slug)


def _settle(
    statement: Statement,
    citations: Sequence[Citation],
    numbers: Mapping[Place, int],
    counted: Collection[Quantity],
    language: str,
    removed: Counter[Reason],
) -> str | None:
    """What of a model's wording may be shown; nothing where no model worded it, or nothing is left."""
    if statement.text is None:
        return None
    quotes = [citations[numbers[place_of(quote)] - 1].quote for quote in statement.quotes]
    settled = settle_prose(statement.text, counted, quotes, language)
    removed.update(settled.dropped)
    return settled.text or None
