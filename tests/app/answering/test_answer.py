"""The invariants of an answer, on the whole sample study in a real database."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import text

from app.answering import retrieve
from app.answering.answer import answer_by_id, answer_question, find_answer
from app.answering.compose import own_code
from app.answering.queries import (
    ClaimEvidence,
    count_claims,
    count_people,
    count_scope,
    prevailing_polarities,
    read_vocabulary,
)
from app.answering.retrieve import LIST_DEPTH, Query, search
from app.answering.schemas import Answer, Question
from app.embedding import EmbedderIdentity, StaticEmbedder
from app.errors import InvalidInputError, NotFoundError
from app.index import MixedIndexError
from app.scope import Filters, filter_parameters, passage_conditions
from app.services import Services
from app.vocabulary import Polarity
from ingest.vector_index import build_vector_index

QUESTIONS = (
    "What did people fear would happen to their money if the app disappeared?",
    "Was hat die Leute an der Steuerbescheinigung geärgert?",
    "¿Quién miró también Kapitalo y por qué no se quedó?",
    "Valora",
    "Wer schaut jeden Morgen im Zug auf die Kurse?",
)


def ask(services: Services, question: str, **fields: object) -> Answer:
    """Ask the sample study."""
    return find_answer(Question.model_validate({"question": question, "study": "nido", **fields}), services)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_is_the_stored_words_of_a_participant(nido: Services, question: str) -> None:
    """Cut at its span out of its utterance, whose role is participant, and said by the person named."""
    answer = ask(nido, question, limit=20)
    assert answer.quotes
    with nido.database.sessions() as session:
        for citation in answer.quotes:
            row = session.execute(
                text(
                    "SELECT utterance.text, role, participant.code FROM utterance "
                    "JOIN participant ON participant.id = participant_id WHERE utterance.id = :id"
                ),
                {"id": citation.utterance},
            ).one()
            assert citation.quote == row.text[slice(*citation.span)]
            assert (row.role, row.code, row.text) == ("participant", citation.participant, citation.utterance_text)
            assert citation.quote.strip() == citation.quote != ""
            assert citation.question_before is None or citation.question_before not in citation.quote


def test_an_english_question_finds_german_and_spanish_words(nido: Services) -> None:
    """The quotes keep their own language; the summary is in the question's."""
    answer = ask(nido, QUESTIONS[0], limit=30)
    assert {citation.language for citation in answer.quotes} == {"de", "es"}
    assert (answer.language, answer.status) == ("en", "answered")
    assert "people" in answer.summary
    assert "Personen" in ask(nido, QUESTIONS[1]).summary
    assert "personas" in ask(nido, QUESTIONS[2]).summary


@pytest.mark.parametrize(
    "filters",
    [
        {"segments": ["careful"]},
        {"languages": ["es"]},
        {"participants": ["P17"]},
        {"segments": ["starter"], "languages": ["es"]},
        {"bands": ["200-500"]},
        {"classes": ["A", "B"]},
        {"codes": ["AX1"]},
        {"kinds": ["anxiety"], "languages": ["de"]},
        {"segments": ["optimiser"], "languages": ["es"], "kinds": ["problem"]},
    ],
)
def test_a_filter_holds_exactly_and_no_list_is_short(nido: Services, filters: dict[str, list[str]]) -> None:
    """All candidates are in scope, and the dense list has as many as match, up to its depth, by either route."""
    chosen = Filters.model_validate(filters)
    with nido.database.sessions() as session:
        vocabulary = read_vocabulary(session, "nido")
        rows = count_scope(session, vocabulary.study_id, chosen, 10_000)
        matching = set(
            session.scalars(
                text(f"SELECT utterance_id FROM passage WHERE {passage_conditions(chosen)}"),  # noqa: S608 fixed fragments
                {"study_id": vocabulary.study_id, **filter_parameters(chosen)},
            )
        )
        vector = nido.embedder.embed_questions([QUESTIONS[0]])[0]
        query = Query(QUESTIONS[0], vector, vocabulary.study_id, vocabulary.languages, chosen, rows, 10_000)
        exact = search(session, query)
        indexed = search(session, replace(query, exact_scan_rows=0))
    assert rows == len(matching) > 0
    for candidates in (exact, indexed):
        assert {candidate.utterance_id for candidate in candidates} <= matching
        assert sum(candidate.dense_rank > 0 for candidate in candidates) == min(LIST_DEPTH, rows)
    assert {c.utterance_id for c in exact if c.dense_rank} == {c.utterance_id for c in indexed if c.dense_rank}


def test_the_index_route_agrees_with_the_exact_one(nido: Services) -> None:
    """With the HNSW index the ten nearest and those of near codes are as the exact scan has them, filtered or not."""
    with nido.database.sessions() as session:
        build_vector_index(session, nido.embedder.identity.dimension, least_rows=1)
        vocabulary = read_vocabulary(session, "nido")
        for filters in (Filters(), Filters(segments=("optimiser",)), Filters(participants=("P20",))):
            for vector in nido.embedder.embed_questions(QUESTIONS):
                query = Query("", vector, vocabulary.study_id, vocabulary.languages, filters, 100, 10_000)
                exact, indexed = search(session, query), search(session, replace(query, exact_scan_rows=0))
                nearest = [{c.utterance_id for c in found if 0 < c.dense_rank <= 10} for found in (exact, indexed)]
                assert nearest[0] == nearest[1]
                coded = [{(c.code_rank, c.utterance_id) for c in found if c.code_rank} for found in (exact, indexed)]
                assert coded[0] == coded[1]
        session.rollback()


def test_what_the_index_gives_late_is_ranked_by_its_likeness(nido: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index that looks at few vectors at a time gives nearer ones after farther ones; ranks follow likeness."""
    narrow = str(retrieve._BY_INDEX).replace(f"'{retrieve.HNSW_SEARCH}'", "'1'")  # noqa: SLF001
    assert "'1'" in narrow
    monkeypatch.setattr(retrieve, "_BY_INDEX", text(narrow))
    with nido.database.sessions() as session:
        build_vector_index(session, nido.embedder.identity.dimension, least_rows=1)
        session.execute(text("SET LOCAL enable_seqscan = off"))
        session.execute(text("SET LOCAL enable_sort = off"))
        vocabulary = read_vocabulary(session, "nido")
        for vector in nido.embedder.embed_questions(QUESTIONS):
            query = Query("", vector, vocabulary.study_id, vocabulary.languages, Filters(), 100, 0)
            found = [c for c in search(session, query) if c.dense_rank]
            ranked = sorted(found, key=lambda candidate: candidate.dense_rank)
            assert [c.dense_score for c in ranked] == sorted((c.dense_score for c in found), reverse=True)
        session.rollback()


def test_counts_are_of_people(nido: Services) -> None:
    """Support never exceeds the people in scope, adds up over segments, and equals a count by hand."""
    answer = ask(nido, "Wer hat sich Kapitalo angeschaut?", limit=20)
    claim = next(claim for claim in answer.claims if claim.code == "AL2")
    assert claim.support.of == 23
    assert sum(pair[0] for pair in claim.support.by_segment.values()) == claim.support.participants
    assert sum(pair[1] for pair in claim.support.by_segment.values()) == 23
    assert {language: pair[1] for language, pair in claim.support.by_language.items()} == {"de": 16, "es": 7}
    assert claim.support.participants <= claim.support.raised_with <= 23
    with nido.database.sessions() as session:
        tagged = set(
            session.scalars(
                text(
                    "SELECT participant.code FROM tagging JOIN code ON code.id = code_id JOIN utterance "
                    "ON utterance.id = utterance_id JOIN participant ON participant.id = utterance.participant_id "
                    "WHERE code.code = 'AL2' AND polarity = 'affirmed'"
                )
            )
        )
    cited = {c.participant for c in answer.quotes if c.n in claim.citations}
    assert claim.support.participants == len(tagged | cited)


def test_many_voices_are_heard(nido: Services) -> None:
    """Within a claim nobody is cited twice before everybody was cited once."""
    for question in QUESTIONS:
        answer = ask(nido, question, limit=10)
        for claim in answer.claims:
            people = [c.participant for c in answer.quotes if c.n in claim.citations]
            first_repeat = next((n for n, person in enumerate(people) if person in people[:n]), len(people))
            assert len(set(people[:first_repeat])) == len(set(people))


@pytest.mark.parametrize("question", ["qzx wvk jjq", "Lxkrpt Zvbnq?"])
def test_no_evidence_no_answer(nido: Services, question: str) -> None:
    """Words that mean nothing here get no quote, a gap, a question for next time and somebody to ask."""
    answer = ask(nido, question)
    assert (answer.status, answer.claims, answer.quotes) == ("no_evidence", (), ())
    assert answer.gaps[0].kind == "never_asked"
    assert answer.gaps[0].knowledge_holder == "anna"
    assert question in answer.gaps[0].ask_next


def test_the_same_question_gets_the_same_answer(nido: Services) -> None:
    """Nothing depends on chance or on the order of rows."""
    first, second = (ask(nido, QUESTIONS[0]).model_dump(exclude={"id", "provenance", "thread_id"}) for _ in range(2))
    assert first == second


def test_a_kept_answer_has_its_link(nido: Services) -> None:
    """What was answered is read again word for word."""
    answer = answer_question(Question(question=QUESTIONS[1], study="nido"), nido)
    assert answer_by_id(answer.id, nido) == answer


def test_unknown_names_are_refused_with_what_is_known(nido: Services) -> None:
    """A study, a segment or a code that does not exist is an error, never an empty answer."""
    with pytest.raises(NotFoundError, match="nido"):
        find_answer(Question(question="Why?", study="nada"), nido)
    with pytest.raises(InvalidInputError) as refusal:
        ask(nido, "Why?", filters={"segments": ["carefull"], "codes": ["AX9"], "participants": ["P99"]})
    assert [fault.place for fault in refusal.value.faults] == [
        "filters.segments",
        "filters.codes",
        "filters.participants",
    ]
    assert "'careful'" in refusal.value.faults[0].remedy


class _OtherEmbedder(StaticEmbedder):
    identity = EmbedderIdentity("other", "1", 256)

    def __init__(self) -> None:
        pass

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray:
        return np.ones((len(texts), 256), np.float32) / 16


def test_a_mixed_index_is_refused(nido: Services) -> None:
    """Vectors of one model are never compared with questions of another."""
    other = replace(nido, embedder=_OtherEmbedder())
    with pytest.raises(MixedIndexError, match="reembed"):
        ask(other, "Why?")


def test_a_kind_counts_only_who_is_cited(nido: Services) -> None:
    """A kind is wider than any question: its claim never counts people who are tagged with it for something else."""
    claims = [claim for question in QUESTIONS for claim in ask(nido, question, limit=20).claims]
    kinds = [claim for claim in claims if claim.code is not None and claim.code == claim.kind]
    assert kinds
    assert all(claim.support.participants <= len(claim.citations) for claim in kinds)


def test_a_claim_never_takes_the_side_of_the_few(nido: Services) -> None:
    """Where more people affirm a code than deny it, no claim says that it is denied, and the other way round."""
    with nido.database.sessions() as session:
        study_id = read_vocabulary(session, "nido").study_id
        for question in (*QUESTIONS, "How long did people wait for an answer from support?"):
            claims = [claim for claim in ask(nido, question, limit=4).claims if own_code(claim.code)]
            sides = prevailing_polarities(session, study_id, Filters(), {str(claim.code) for claim in claims})
            for claim in claims:
                opposed = claim.polarity is not sides[str(claim.code)]
                assert not (opposed and claim.counter_evidence)


def test_counts_are_of_people_however_often_they_say_it(nido: Services) -> None:
    """More taggings of the same people change no count and no side, and nobody counts twice in a scope."""
    codes = ("AX1", "PB2", "TR2")
    with nido.database.sessions() as session:
        study_id = read_vocabulary(session, "nido").study_id
        claims = [ClaimEvidence(code, Polarity.AFFIRMED, ()) for code in codes]

        def counts() -> tuple[object, ...]:
            sides = prevailing_polarities(session, study_id, Filters(), codes)
            return count_claims(session, study_id, Filters(), claims), sides

        before = counts()
        once = {"codes": ["AX1"], "people": 1, "copies": 50}
        session.execute(
            text(_TAG_AGAIN),
            {"codes": list(codes), "among": "affirmed", "polarity": "affirmed", "people": 99, "copies": 2},
        )
        assert counts() == before
        session.execute(text(_TAG_AGAIN), {**once, "polarity": "denied", "among": "affirmed"})
        assert prevailing_polarities(session, study_id, Filters(), codes) == before[1], "one person denies it often"
        session.execute(text("UPDATE tagging SET polarity = 'denied' WHERE author NOT LIKE 'copy %'"))
        session.execute(text("DELETE FROM tagging WHERE author LIKE 'copy %'"))
        session.execute(text(_TAG_AGAIN), {**once, "polarity": "affirmed", "among": "denied"})
        assert prevailing_polarities(session, study_id, Filters(), codes)["AX1"] is Polarity.DENIED
        people = count_people(session, study_id, Filters())
        registered = session.scalar(text("SELECT count(*) FROM participant WHERE study_id = :id"), {"id": study_id})
        session.rollback()
    assert people.total == registered
    assert sum(people.by_segment.values()) == registered


_TAG_AGAIN = """
WITH tagged AS (
  SELECT DISTINCT utterance.participant_id, code_id FROM tagging
    JOIN code ON code.id = code_id JOIN utterance ON utterance.id = utterance_id
  WHERE code.code = ANY(:codes) AND polarity = :among ORDER BY participant_id LIMIT :people)
INSERT INTO tagging (study_id, utterance_id, code_id, start, "end", polarity, author, basis, confidence)
SELECT utterance.study_id, utterance.id, code_id, 0, 1, :polarity, 'copy ' || copy, 'person', 1
FROM tagged JOIN utterance ON utterance.participant_id = tagged.participant_id AND utterance.role = 'participant'
  CROSS JOIN generate_series(1, :copies) AS copy
ON CONFLICT DO NOTHING
"""
