"""What interviewers and interpreters say is never a quote: each gate holds, should all others be gone."""

import uuid
from collections.abc import Iterable, Iterator

import pytest
from pgvector import HalfVector
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from study_factory import MadeStudy

from app.answering import candidates, quotable
from app.answering.candidates import read_candidates
from app.answering.queries import StoredUtterance, stored_utterances
from app.answering.quotable import cite_spans
from app.answering.schemas import Citation, Question
from app.library import quotes
from app.library.browse.wanted import WantedQuotes
from app.library.pages import PageRequest
from app.library.quotes import browse_quotes, search_quotes
from app.models import InterviewParticipant, Passage, Utterance
from app.services import Services
from app.text import Span
from app.vocabulary import Role

GATE = "AND utterance.role = 'participant'"
ASKED = Question(question="What made them hesitate, the fear of losing all the money?", study="acme", recognise=False)


@pytest.fixture
def session(study: MadeStudy, services: Services) -> Iterator[Session]:
    """A session over a study whose index holds whatever anybody said, as if its participant had said it."""
    with services.database.sessions.begin() as session:
        indexed = select(Passage.utterance_id)
        strangers = (
            select(Utterance, InterviewParticipant.participant_id)
            .join(InterviewParticipant, InterviewParticipant.interview_id == Utterance.interview_id)
            .where(Utterance.id.not_in(indexed))
        )
        for said, participant_id in session.execute(strangers).all():
            assert said.role in (Role.INTERVIEWER, Role.INTERPRETER)
            passage = Passage(
                utterance_id=said.id,
                study_id=study.study_id,
                interview_id=said.interview_id,
                participant_id=participant_id,
                language=said.language,
                model_id=study.model_id,
                embedding=HalfVector(services.embedder.embed_passages([said.text])[0]),
            )
            session.add(passage)
    with services.database.sessions() as session:
        yield session


@pytest.fixture
def participants(session: Session) -> set[uuid.UUID]:
    """What participants said: it is quoted, and nothing else."""
    return set(session.scalars(select(Utterance.id).where(Utterance.role == Role.PARTICIPANT)))


@pytest.fixture
def _ungated_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `read_candidates` find what anybody said."""
    statement = str(vars(candidates)["_CANDIDATES"])
    assert GATE in statement
    monkeypatch.setattr(candidates, "_CANDIDATES", text(statement.replace(GATE, "")))


@pytest.fixture
def _ungated_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let words be read, and verified, of anybody."""
    for module in (quotable, quotes):
        monkeypatch.setattr(module, "stored_utterances", of_anybody)


def of_anybody(session: Session, utterances: list[uuid.UUID]) -> dict[uuid.UUID, StoredUtterance]:
    """What `stored_utterances` would give without its gate."""
    rows = session.scalars(select(Utterance).where(Utterance.id.in_(utterances)))
    return {row.id: StoredUtterance(row.text, row.start_ms, row.end_ms, tuple(row.cues)) for row in rows}


def quoted(citations: Iterable[Citation | None]) -> set[uuid.UUID]:
    """Which utterances are quoted."""
    return {citation.utterance for citation in citations if citation}


def cited(session: Session, study: MadeStudy) -> set[uuid.UUID]:
    """Which utterances are quoted where all of the study are asked for."""
    spans = [(utterance, Span(0, 10)) for utterance in study.utterances.values()]
    return quoted(cite_spans(session, "acme", study.study_id, spans))


def test_words_of_anybody_else_are_not_read(session: Session, study: MadeStudy, participants: set[uuid.UUID]) -> None:
    """What is verified against holds participants' utterances alone."""
    assert set(stored_utterances(session, list(study.utterances.values()))) == participants


def test_ids_of_anybody_else_are_not_found(session: Session, study: MadeStudy, participants: set[uuid.UUID]) -> None:
    """Not even where the index holds them."""
    assert set(read_candidates(session, study.study_id, study.utterances.values())) == participants


@pytest.mark.usefixtures("_ungated_ids")
def test_the_gate_of_words_is_enough(
    session: Session, study: MadeStudy, services: Services, participants: set[uuid.UUID]
) -> None:
    """What is found by its id, or by a search, is dropped where no participant said it."""
    assert cited(session, study) == participants
    assert quoted(search_quotes(session, ASKED, 50, services).quotes) == participants


@pytest.mark.usefixtures("_ungated_words")
def test_the_gate_of_ids_is_enough(session: Session, study: MadeStudy, participants: set[uuid.UUID]) -> None:
    """What is cited by its id is a participant's, whatever is read afterwards."""
    assert cited(session, study) == participants


@pytest.mark.usefixtures("_ungated_ids", "_ungated_words")
def test_the_gate_of_browsing_is_enough(session: Session, participants: set[uuid.UUID]) -> None:
    """Nobody else is listed, whatever is found by ids and read afterwards."""
    assert quoted(browse_quotes(session, "acme", WantedQuotes(), PageRequest(50)).quotes) == participants
