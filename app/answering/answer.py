"""One question to one answer: the only place of answering that opens transactions; none is open across a model call."""

import uuid
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.answering.asked import count_asked
from app.answering.assemble import Findings, add_dropped, assemble, extract
from app.answering.beside import Beside, find_beside
from app.answering.chat_claims import EXTRACTIVE, Composed, compose_claims, suggest_question
from app.answering.count import summarise
from app.answering.dialogue import Dialogue
from app.answering.events import Answered, Began, Cited, Event, pieces
from app.answering.find import Found, Stopwatch, find, read_question
from app.answering.gaps import Coverage, find_gaps, nearest_holder
from app.answering.gather import gather
from app.answering.interpret import Interpreted, by_rules, interpret
from app.answering.of_kinds import state_kinds, with_kinds
from app.answering.queries import (
    interviewers_of,
    read_answer,
    save_answer,
    superseded_transcripts,
    withheld_utterances,
)
from app.answering.rerank import rerank
from app.answering.schemas import Answer, AnyCitation, Citation, Claim, Gap, Provenance, Question, Status
from app.answering.threads import read_thread
from app.answering.tombstones import bury
from app.answering.translate import translate
from app.chat import Allowance, grant_allowance
from app.metrics import observe_answer, observe_chat
from app.services import Services

RANKED_PER_QUOTE = 4
LOCAL = "local user"


@dataclass(frozen=True)
class Outcome:
    """What came of a question, ready to be shown; `composed` says what a chat model contributed."""

    interpreted: Interpreted
    findings: Findings
    beside: Beside
    gaps: tuple[Gap, ...]
    composed: Composed

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What is claimed on all evidence, in the order in which it is told."""
        return (*self.beside.before, *self.findings.claims, *self.beside.after)

    @property
    def quotes(self) -> tuple[Citation, ...]:
        """All quotes of participants, by their numbers."""
        return self.findings.citations + self.beside.quotes

    @property
    def summary(self) -> str:
        """All of it, told; that nobody said anything where that is so."""
        language, worded = self.interpreted.understanding.language, self.composed.is_worded
        return summarise(self.claims, language, worded=worded)


def answer_question(question: Question, services: Services, allowance: Allowance | None = None) -> Answer:
    """Answer one question with cited quotes, and keep the answer under its permanent link.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: the filters name things that the study does not have.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    return _last(answer_events(question, services, allowance))


def find_answer(question: Question, services: Services, allowance: Allowance | None = None) -> Answer:
    """Answer one question without keeping the answer; raises what `answer_question` raises."""
    return _last(answer_events(question, services, allowance, keep=False))


def answer_events(
    question: Question, services: Services, allowance: Allowance | None = None, *, keep: bool = True
) -> Iterator[Event]:
    """Answer one question step by step; raises what `answer_question` raises.

    Args:
        question: what is asked.
        services: with a chat model or without one.
        allowance: time and tokens for the chat model, and how it is cancelled; unset, what the settings grant.
        keep: whether to keep the answer under its permanent link.
    """
    stopwatch = Stopwatch()
    if services.chat is None:
        dialogue = None
        outcome = yield from _by_rules(question, services, stopwatch)
    else:
        dialogue = Dialogue(services.chat, services.prompts, allowance or grant_allowance(services.settings, LOCAL))
        outcome = yield from _by_chat(question, services, dialogue, stopwatch)
    answer = yield from _tell(question, outcome, services, dialogue, stopwatch)
    provenance = answer.provenance
    observe_answer(answer.status, provenance.fallback, provenance.timings_ms, answer.dropped.model_dump())
    observe_chat(provenance.calls, provenance.tokens)
    if keep:
        with services.database.begin_in_turn() as session:
            save_answer(session, answer.study, answer.id, answer.model_dump(mode="json"))
    yield Answered(answer)


def answer_by_id(answer_id: uuid.UUID, services: Services) -> Answer:
    """Read a kept answer; citations of a transcript that was replaced since say so, and keep their words.

    Raises:
        NotFoundError: there is no such answer.
    """
    with services.database.sessions.begin() as session:
        answer = Answer.model_validate(read_answer(session, answer_id))
        answer = bury(answer, withheld_utterances(session, [quote.utterance for quote in answer.quotes]), "withheld")
        replaced = superseded_transcripts(session, [quote.transcript for quote in answer.quotes])
    citations = tuple(
        citation.model_copy(update={"superseded": citation.transcript in replaced}) for citation in answer.citations
    )
    return answer.model_copy(update={"citations": citations})


def _last(events: Iterator[Event]) -> Answer:
    return next(event.answer for event in events if isinstance(event, Answered))


def _by_rules(question: Question, services: Services, stopwatch: Stopwatch) -> Generator[Event, None, Outcome]:
    """Without a chat model: search once, and quote what is found."""
    with services.database.read_in_turn() as session:
        found = find(session, question, services, RANKED_PER_QUOTE * question.limit, stopwatch)
    found = _reranked(found, services)
    with services.database.read_in_turn() as session:
        outcome = _conclude(session, by_rules(found.understanding), found, EXTRACTIVE, services, stopwatch)
    yield Began("check")
    return outcome


def _by_chat(
    question: Question, services: Services, dialogue: Dialogue, stopwatch: Stopwatch
) -> Generator[Event, None, Outcome]:
    """With a chat model: understand, search several times, compose, check; quote what is found wherever it fails."""
    with services.database.read_in_turn() as session:
        vocabulary, understood = read_question(session, question)
    with services.database.begin_in_turn() as session:  # a replica may not have the last answer yet
        turns = read_thread(session, vocabulary.study_id, question.thread_id)
    yield Began("understand")
    with stopwatch.stage("understand"):
        interpreted = interpret(question, understood, vocabulary, turns, dialogue, services.embedder)
    yield Began("search")
    with stopwatch.stage("retrieve"), services.database.read_in_turn() as session:
        found = with_kinds(session, gather(session, interpreted, vocabulary, services), services)
    found = _reranked(found, services)
    yield Began("compose")
    with stopwatch.stage("compose"):
        composed = compose_claims(question, interpreted, found, dialogue, services)
    yield Began("check")
    with services.database.read_in_turn() as session:
        return _conclude(session, interpreted, found, composed, services, stopwatch)


def _reranked(found: Found, services: Services) -> Found:
    ranked = rerank(found.understanding.matter, found.ranked, services.settings.reranker)
    return replace(found, ranked=tuple(ranked))


def _conclude(
    session: Session,
    interpreted: Interpreted,
    found: Found,
    composed: Composed,
    services: Services,
    stopwatch: Stopwatch,
) -> Outcome:
    """Verify, cite and count what was composed, or what is quoted without a model; say what is missing."""
    understanding, study_id = interpreted.understanding, found.vocabulary.study_id
    statements = composed.statements
    if not composed.is_worded:
        with stopwatch.stage("compose"):
            kinds = state_kinds(session, found, services) if understanding.is_of_kinds else []
            statements = tuple(kinds or extract(session, found, understanding.limit, services.embedder))
    findings = assemble(session, statements, found, stopwatch, worded=composed.is_worded)
    with stopwatch.stage("beside"):
        beside = find_beside(session, found, findings.people, findings.citations, services.embedder)
    with stopwatch.stage("gaps"):
        asked = None if findings.claims else count_asked(session, found, services)
        holders = interviewers_of(session, study_id, {item.candidate.interview for item in found.ranked})
        holder = nearest_holder(found.ranked, holders, found.vocabulary.knowledge_holder)
        coverage = Coverage(findings.people, asked, _uncovered(interpreted, findings, composed))
        gaps = find_gaps(understanding, findings.claims, coverage, holder)
    return Outcome(interpreted, findings, beside, gaps, composed)


def _uncovered(interpreted: Interpreted, findings: Findings, composed: Composed) -> tuple[str, ...]:
    """The sub-questions that no claim answers; nobody knows them where no model sorted the claims."""
    if not composed.is_worded or len(interpreted.parts) == 1:
        return ()
    answered = {claim.part for claim in findings.claims}
    return tuple(part.question for number, part in enumerate(interpreted.parts, start=1) if number not in answered)


def _tell(
    question: Question, outcome: Outcome, services: Services, dialogue: Dialogue | None, stopwatch: Stopwatch
) -> Generator[Event, None, Answer]:
    """Show the citations, then the words, then what only helps to read them: translations, the next question."""
    citations, gaps, summary = outcome.quotes, outcome.gaps, outcome.summary
    others: tuple[AnyCitation, ...] = outcome.beside.others
    yield from map(Cited, citations + others)
    yield from pieces(summary)
    if dialogue is not None and dialogue.may_help:
        yield Began("translate")
        with stopwatch.stage("translate"):
            language = outcome.interpreted.understanding.language
            citations = translate(citations, language, dialogue, services)
            gaps = suggest_question(gaps, outcome.interpreted.understanding, dialogue)
    return _answer(question, outcome, summary, citations + others, gaps, services, dialogue, stopwatch)


def _answer(
    question: Question,
    outcome: Outcome,
    summary: str,
    citations: tuple[AnyCitation, ...],
    gaps: tuple[Gap, ...],
    services: Services,
    dialogue: Dialogue | None,
    stopwatch: Stopwatch,
) -> Answer:
    interpreted, findings = outcome.interpreted, outcome.findings
    understanding, parts = interpreted.understanding, interpreted.parts
    return Answer(
        id=uuid.uuid4(),
        question=question.question,
        standalone_question=interpreted.standalone,
        sub_questions=tuple(part.question for part in parts) if len(parts) > 1 else (),
        language=understanding.language,
        study=question.study,
        filters=understanding.filters,
        facets=understanding.facets,
        audience=question.audience,
        thread_id=question.thread_id or uuid.uuid4(),
        status=_status(outcome),
        summary=summary,
        claims=outcome.claims,
        comparison=outcome.findings.comparison,
        citations=citations,
        gaps=gaps,
        dropped=add_dropped(findings.dropped, outcome.composed.dropped),
        provenance=Provenance(
            embedder=str(services.embedder.identity),
            chat_model=dialogue.chat.identity if dialogue else None,
            prompts=dialogue.used if dialogue else {},
            timings_ms=stopwatch.timings_ms,
            calls=dialogue.calls if dialogue else 0,
            tokens=dialogue.tokens if dialogue else 0,
            cost=dialogue.cost if dialogue else None,
            fallback=outcome.composed.fallback,
        ),
    )


def _status(outcome: Outcome) -> Status:
    if not outcome.findings.claims:
        return "partial" if outcome.beside.answers else "no_evidence"
    filters, kinds = outcome.interpreted.understanding.filters, {gap.kind for gap in outcome.gaps}
    asked_for = len(filters.segments) + len(filters.languages)
    missing = not kinds.isdisjoint(("segment_without_evidence", "language_without_evidence"))
    return "partial" if "subquestion_uncovered" in kinds or (asked_for > 1 and missing) else "answered"
