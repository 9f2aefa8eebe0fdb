"""Words that everybody says: how often each is said is known, and questions made of them do not read everything."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.answering.queries import count_scope, read_vocabulary
from app.answering.retrieve import Hit, Query, search
from app.lexicon import count_words
from app.scope import Filters
from app.services import Services

COMMON = "Ich habe das Geld auf dem Konto bei der Bank"


def query_of(session: Session, services: Services, filters: Filters, question: str = COMMON) -> Query:
    """The question, ready to be searched."""
    vocabulary = read_vocabulary(session, "nido")
    rows = count_scope(session, vocabulary.study_id, filters, 10_000)
    vector = services.embedder.embed_questions([question])[0]
    return Query(question, vector, vocabulary.study_id, vocabulary.languages, filters, rows, 10_000)


def lexical(hits: Sequence[Hit]) -> list[tuple[int, str, float]]:
    """The lexical list."""
    held = sorted((each for each in hits if each.lexical_rank), key=lambda each: each.lexical_rank)
    return [(each.lexical_rank, str(each.utterance_id), round(each.lexical_score, 9)) for each in held]


def test_words_are_counted_as_the_passages_hold_them(nido: Services) -> None:
    """The lexicon agrees with counting, in each language, and lists no rare words."""
    with nido.database.sessions() as session:
        rows = session.execute(text("SELECT language, lexeme, passages FROM lexeme")).all()
        held = text(
            "SELECT count(*) FROM passage JOIN utterance ON utterance.id = utterance_id "
            "WHERE passage.language = :language AND words @@ CAST(quote_literal(:lexeme) AS tsquery)"
        )
        assert {row.language for row in rows} == {"de", "es"}
        for row in rows:
            counted = session.scalar(held, {"language": row.language, "lexeme": row.lexeme})
            assert counted == row.passages >= 10


def test_a_language_that_is_new_is_counted_at_once(nido: Services) -> None:
    """However few its passages are among all."""
    with nido.database.sessions() as session:
        study_id = read_vocabulary(session, "nido").study_id
        session.execute(text("DELETE FROM lexicon WHERE language = 'es'"))
        count_words(session, study_id)
        assert session.scalar(text("SELECT count(*) FROM lexeme WHERE language = 'es'"))
        session.rollback()


def test_words_are_not_counted_again_without_need(nido: Services) -> None:
    """As long as hardly any passage came or went."""
    with nido.database.sessions() as session:
        study_id = read_vocabulary(session, "nido").study_id
        session.execute(text("UPDATE lexeme SET passages = passages + 1"))
        count_words(session, study_id)
        assert not session.scalar(text("SELECT count(*) FROM lexeme WHERE passages = 10"))
        session.rollback()


@pytest.mark.parametrize("filters", [Filters(participants=("P07",)), Filters(languages=("de",), segments=("careful",))])
def test_a_small_scope_misses_nothing(nido: Services, filters: Filters) -> None:
    """Where common words are not looked up by themselves, a small scope has the list that it has otherwise."""
    with nido.database.sessions() as session:
        query = query_of(session, nido, filters)
        whole = lexical(search(session, replace(query, postings=100_000)))
        assert lexical(search(session, replace(query, postings=1))) == whole != []


def test_a_small_scope_is_searched_for_words_that_are_all_common(nido: Services) -> None:
    """Each is said more often than there are passages in scope, so that none of them is looked up by itself."""
    with nido.database.sessions() as session:
        filters = Filters(participants=("P07",))
        rows = query_of(session, nido, filters).scope_rows
        said_often = text(
            "SELECT string_agg(lexeme, ' ') FROM (SELECT lexeme FROM lexeme WHERE language = 'de' AND passages > :rows "
            "ORDER BY passages DESC LIMIT 6) AS often"
        )
        query = query_of(session, nido, filters, session.scalars(said_often, {"rows": rows}).one())
        whole = lexical(search(session, replace(query, postings=100_000)))
        assert lexical(search(session, replace(query, postings=1))) == whole
    assert len(whole) > 1


def test_a_plan_that_is_kept_is_for_one_search(nido: Services) -> None:
    """Whatever follows in the transaction is planned as Postgres does."""
    with nido.database.sessions() as session:
        search(session, query_of(session, nido, Filters()))
        assert session.scalar(text("SHOW plan_cache_mode")) == "auto"


def test_who_says_most_of_the_words_is_found_in_a_large_scope(nido: Services) -> None:
    """By the index route with few postings: the first are those of a whole search, and score the same."""
    with nido.database.sessions() as session:
        query = replace(query_of(session, nido, Filters()), exact_scan_rows=0)
        whole = lexical(search(session, replace(query, postings=100_000)))
        within = lexical(search(session, replace(query, postings=60)))
    assert within[0] == whole[0]
    scores = {utterance: score for _, utterance, score in whole}
    shared = [(utterance, score) for _, utterance, score in within if utterance in scores]
    assert len(shared) >= len(whole) // 2
    assert all(scores[utterance] == score for utterance, score in shared)
