"""Ask every gold question, compare with the gold, and report."""

import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from app.answering.answer import find_answer
from app.answering.schemas import Answer, Citation, Question
from app.evaluation.align import align
from app.evaluation.gold import Gold, GoldQuestion, GoldTurn, read_gold
from app.evaluation.metrics import accuracy, confusion, hit_at, mean, precision_at, precision_recall, reciprocal_rank
from app.evaluation.queries import StoredTurn, codebook_kinds, published_turns
from app.scope import Filters
from app.services import Services
from app.vocabulary import Role

QUOTES = 10


class Evaluation(BaseModel):
    """All figures of one run; rates in [0, 1], `None` where there was nothing to measure.

    `chat_model` is what worded the answers, `None` for extractive ones; `fallbacks` counts those that it was of no use
    for, `dropped` what was kept from being shown, by reason.
    """

    study: str
    chat_model: str | None = None
    fallbacks: int = 0
    dropped: dict[str, int] = {}
    questions: int
    hit_at_5: float | None
    precision_at_5: float | None
    mrr: float | None
    participant_recall: float | None
    language_parity: dict[str, dict[str, float | None]]
    language_gap: float | None
    abstention: float | None
    wrongful_abstention: float | None
    denied_as_denied: float | None
    role_accuracy: float | None
    role_confusion: dict[str, dict[str, int]]
    language_accuracy: float | None
    tagging_by_kind: dict[str, tuple[float | None, float | None]]
    verbatim_fidelity: float | None
    answer_p50_ms: float | None
    per_question: dict[str, dict[str, float | str]]


@dataclass(frozen=True)
class Judged:
    """An answer beside its gold question; `relevant` judges the supporting citations in order."""

    gold: GoldQuestion
    answer: Answer
    relevant: tuple[bool, ...]
    faithful: tuple[bool, ...]
    took_ms: float


def evaluate(path: Path, services: Services) -> Evaluation:
    """Measure answers, roles and taggings against a gold file.

    Raises:
        InvalidInputError: the gold file cannot be read.
        NotFoundError: the study is not ingested.
    """
    gold = read_gold(path)
    with services.database.sessions() as session:
        stored = published_turns(session, gold.study)
        kind_of = codebook_kinds(session, gold.study)
    turn_of = _gold_turns(gold, stored)
    texts = {turn.id: turn.text for turn in stored}
    judged = [_judge(gold.study, question, services, turn_of, texts) for question in gold.questions]
    turns = [(turn, turn_of[turn.id]) for turn in stored if turn.id in turn_of]
    return _report(gold, judged, turns, kind_of)


def _gold_turns(gold: Gold, stored: Sequence[StoredTurn]) -> dict[uuid.UUID, GoldTurn]:
    by_interview: dict[str, list[StoredTurn]] = defaultdict(list)
    for turn in stored:
        by_interview[turn.interview].append(turn)
    found: dict[uuid.UUID, GoldTurn] = {}
    for interview, turns in by_interview.items():
        names = (interview, *turns[0].participants)
        true = next((gold.interviews[name] for name in names if name in gold.interviews), ())
        aligned = align([turn.text for turn in true], [turn.text for turn in turns])
        found |= {turn.id: true[index] for turn, index in zip(turns, aligned, strict=True) if index is not None}
    return found


def _judge(
    study: str,
    gold: GoldQuestion,
    services: Services,
    turn_of: Mapping[uuid.UUID, GoldTurn],
    texts: Mapping[uuid.UUID, str],
) -> Judged:
    question = Question(
        question=gold.question, study=study, filters=_filters(gold), audience=gold.audience, limit=QUOTES
    )
    start = time.perf_counter()
    answer = find_answer(question, services)
    took_ms = (time.perf_counter() - start) * 1000
    return Judged(
        gold,
        answer,
        tuple(_is_relevant(gold, turn_of.get(citation.utterance)) for citation in answer.quotes),
        tuple(_is_faithful(citation, texts, turn_of) for citation in answer.quotes),
        took_ms,
    )


def _filters(gold: GoldQuestion) -> Filters:
    given = gold.filters
    fields = {
        "segments": given.segment,
        "languages": given.language,
        "participants": given.participant,
        "codes": given.code,
        "kinds": given.kind,
        "bands": given.band,
        "classes": given.customer_class,
    }
    return Filters.model_validate({name: (value,) for name, value in fields.items() if value})


def _is_relevant(gold: GoldQuestion, turn: GoldTurn | None) -> bool:
    if turn is None:
        return False
    return bool((turn.denied if gold.denied else turn.affirmed) & set(gold.relevant_codes))


def _is_faithful(citation: Citation, texts: Mapping[uuid.UUID, str], turn_of: Mapping[uuid.UUID, GoldTurn]) -> bool:
    start, end = citation.span
    turn = turn_of.get(citation.utterance)
    spoken_by_participant = turn is None or turn.role is Role.PARTICIPANT
    return citation.quote == texts.get(citation.utterance, "")[start:end] and spoken_by_participant


def _report(
    gold: Gold,
    judged: Sequence[Judged],
    turns: Sequence[tuple[StoredTurn, GoldTurn]],
    kind_of: Mapping[str, str],
) -> Evaluation:
    answerable = [item for item in judged if not item.gold.unanswerable]
    unanswerable = [item for item in judged if item.gold.unanswerable]
    parity = _parity(answerable)
    measured = [rate for row in parity.values() for rate in row.values() if rate is not None]
    roles = confusion([turn.role for _, turn in turns], [stored.role for stored, _ in turns])
    times_ms = sorted(item.took_ms for item in judged)
    return Evaluation(
        study=gold.study,
        chat_model=next((item.answer.provenance.chat_model for item in judged), None),
        fallbacks=sum(item.answer.provenance.fallback is not None for item in judged),
        dropped=dict(sum((Counter(dict(item.answer.dropped)) for item in judged), Counter[str]())),
        questions=len(judged),
        hit_at_5=mean([hit_at(item.relevant, 5) for item in answerable]),
        precision_at_5=mean([precision_at(item.relevant, 5) for item in answerable]),
        mrr=mean([reciprocal_rank(item.relevant) for item in answerable]),
        participant_recall=mean([_participant_recall(item) for item in answerable if item.gold.relevant_participants]),
        language_parity=parity,
        language_gap=max(measured) - min(measured) if measured else None,
        abstention=mean([float(item.answer.status == "no_evidence") for item in unanswerable]),
        wrongful_abstention=mean([float(item.answer.status == "no_evidence") for item in answerable]),
        denied_as_denied=mean([_denied_as_denied(item) for item in answerable if item.gold.denied]),
        role_accuracy=accuracy(roles),
        role_confusion=roles,
        language_accuracy=mean([float(stored.language == turn.language) for stored, turn in turns]),
        tagging_by_kind=_tagging(turns, kind_of),
        verbatim_fidelity=mean([float(faithful) for item in judged for faithful in item.faithful]),
        answer_p50_ms=times_ms[len(times_ms) // 2] if times_ms else None,
        per_question={
            item.gold.id: {"status": item.answer.status, "reciprocal_rank": reciprocal_rank(item.relevant)}
            for item in judged
        },
    )


def _participant_recall(item: Judged) -> float:
    cited = {
        citation.participant for citation, relevant in zip(item.answer.quotes, item.relevant, strict=True) if relevant
    }
    wanted = set(item.gold.relevant_participants)
    return len(cited & wanted) / min(len(wanted), QUOTES)


def _denied_as_denied(item: Judged) -> float:
    denials = {citation.n for citation in item.answer.quotes if citation.polarity == "denied"}
    relevant = {c.n for c, is_relevant in zip(item.answer.quotes, item.relevant, strict=True) if is_relevant}
    return float(bool(denials & relevant))


def _parity(judged: Sequence[Judged]) -> dict[str, dict[str, float | None]]:
    """Share of questions in each language that cite relevant words in each language among the first five."""
    languages = sorted({item.gold.language for item in judged})
    spoken = sorted({citation.language for item in judged for citation in item.answer.quotes})
    return {
        asked: {
            language: mean(
                [
                    float(_cites(item, language))
                    for item in judged
                    if item.gold.language == asked and item.gold.filters.language in (None, language)
                ]
            )
            for language in spoken
        }
        for asked in languages
    }


def _cites(item: Judged, language: str) -> bool:
    own = [
        relevant
        for citation, relevant in zip(item.answer.quotes, item.relevant, strict=True)
        if citation.language == language
    ]
    return any(own[:5])


def _tagging(
    turns: Sequence[tuple[StoredTurn, GoldTurn]], kind_of: Mapping[str, str]
) -> dict[str, tuple[float | None, float | None]]:
    """Precision and recall of the kinds that no person tagged, over the participants' turns that no person tagged."""
    predicted, true = defaultdict(set), defaultdict(set)
    for stored, turn in turns:
        if turn.role is not Role.PARTICIPANT or any(by_person for _, _, _, by_person in stored.tags):
            continue
        for _, kind, _, _ in stored.tags:
            predicted[kind].add(stored.id)
        for code in turn.affirmed | turn.denied:
            true[kind_of.get(code, "unknown")].add(stored.id)
    return {
        kind: precision_recall(frozenset(predicted[kind]), frozenset(true[kind]))
        for kind in sorted(predicted.keys() | true.keys())
    }
