"""Quotes outside of answers: searched, the best first, or browsed in the order in which they were said."""

import uuid
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from app.answering.candidates import Candidate, read_candidates
from app.answering.cite import Quoted, choose_spans, cite
from app.answering.compose import polarity_of
from app.answering.find import Stopwatch, find
from app.answering.queries import check_filters, read_vocabulary, stored_utterances
from app.answering.rank import Ranked
from app.answering.schemas import Citation, Question
from app.answering.verify import verify
from app.errors import Fault, InvalidInputError
from app.library.browse.queries import places_after, unknown_interviews
from app.library.browse.wanted import WantedQuotes
from app.library.pages import MOST_LIMIT, PageRequest, cut_page, decode_cursor
from app.library.queries import find_study
from app.library.schemas import QuotePage
from app.scope import Filters
from app.services import Services
from app.text import Span


def search_quotes(session: Session, question: Question, most: int, services: Services) -> QuotePage:
    """The quotes that fit a question best, up to `most`; each says how relevant it is.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: the filters name things that the study does not have.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    found = find(session, question, services, most, Stopwatch())
    spans = choose_spans(found.ranked, found.vector, services.embedder)
    quoted = [_quoted(item, span) for item, span in zip(found.ranked, spans, strict=True)]
    quotes = _verified(session, quoted, question.study)
    return QuotePage(study=question.study, filters=found.understanding.filters, quotes=quotes, next_cursor=None)


def browse_quotes(session: Session, study: str, wanted: WantedQuotes, page: PageRequest) -> QuotePage:
    """One page of what participants said, in the wanted order, else in that of interviews and utterances.

    A quote is the whole utterance; under a filter on codes, kinds or polarities, the words that a person tagged so.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: the filters name things that the study does not have, or the cursor is none.
    """
    vocabulary = read_vocabulary(session, study)
    check_filters(vocabulary, wanted.filters)
    _check_interviews(session, vocabulary.study_id, wanted.interviews)
    after = decode_cursor(page.cursor, (-1, "", -1))
    found = places_after(session, vocabulary.study_id, wanted, after, page.limit + 1)
    rows, next_cursor = cut_page(found, page.limit, lambda row: [row["rank"], row["interview"], row["index"]])
    candidates = read_candidates(session, vocabulary.study_id, [row["id"] for row in rows])
    quoted = [_browsed(candidates[row["id"]], wanted) for row in rows]
    quotes = tuple(quote.model_copy(update={"relevance": None}) for quote in _verified(session, quoted, study))
    return QuotePage(study=study, filters=wanted.filters, quotes=quotes, next_cursor=next_cursor)


def gather_quotes(session: Session, study: str, wanted: WantedQuotes, asked: PageRequest) -> QuotePage:
    """As many quotes as are asked for, page after page; raises what `browse_quotes` raises."""
    page = browse_quotes(session, study, wanted, replace(asked, limit=min(asked.limit, MOST_LIMIT)))
    quotes = list(page.quotes)
    while page.next_cursor and len(quotes) < asked.limit:
        following = PageRequest(min(asked.limit - len(quotes), MOST_LIMIT), page.next_cursor)
        page = browse_quotes(session, study, wanted, following)
        quotes += page.quotes
    return page.model_copy(update={"quotes": tuple(quotes)})


def quote_code(session: Session, study: str, code: str, utterances: Sequence[uuid.UUID]) -> tuple[Citation, ...]:
    """Quotes of utterances for a code, in this order; what may not be quoted is left out.

    Raises:
        NotFoundError: there is no such study.
    """
    rows = read_candidates(session, find_study(session, study), utterances)
    quoted = [
        _browsed(rows[utterance], WantedQuotes(Filters(codes=(code,)))) for utterance in utterances if utterance in rows
    ]
    return tuple(quote.model_copy(update={"relevance": None}) for quote in _verified(session, quoted, study))


def _verified(session: Session, quoted: Sequence[Quoted], study: str) -> tuple[Citation, ...]:
    stored = stored_utterances(session, [item.ranked.candidate.utterance_id for item in quoted])
    kept, _ = verify(quoted, stored)
    return tuple(
        cite(n, item, stored[item.ranked.candidate.utterance_id], study) for n, item in enumerate(kept, start=1)
    )


def _quoted(ranked: Ranked, span: Span) -> Quoted:
    return Quoted(ranked, span, polarity_of(ranked))


def _browsed(candidate: Candidate, wanted: WantedQuotes) -> Quoted:
    tag = wanted.tag_of(candidate.tags)
    by_person = tag is not None and tag.basis == "person"
    span = Span(tag.start, tag.end) if tag and by_person else Span(0, len(candidate.text))
    return _quoted(Ranked(candidate, 0.0, "fair", tag), span)


def _check_interviews(session: Session, study_id: uuid.UUID, interviews: Sequence[str]) -> None:
    unknown = unknown_interviews(session, study_id, interviews) if interviews else []
    if unknown:
        faults = tuple(Fault("interviews", f"{code!r} is unknown", "/v1/interviews lists them") for code in unknown)
        raise InvalidInputError("the filters name things that this study does not have", faults)
