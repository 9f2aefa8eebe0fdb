"""Which segment somebody belongs to, by what they said in an interview, what they answer now, and what is known."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.answering.queries import StudyVocabulary, read_vocabulary
from app.answering.schemas import Citation
from app.embedding import Embedder
from app.library.participants import read_participant
from app.library.quotes import Mark, quote_marks
from app.research.phrases import FALLBACK
from app.research.queries import current_codes, read_tagged
from app.research.segments.answers import Listening, languages_of, read_answers, signs_of
from app.research.segments.cases import (
    Case,
    CriterionResult,
    Evidence,
    NextQuestion,
    Qualification,
    QualificationRule,
    ReadAnswer,
    SegmentResult,
)
from app.research.segments.criteria import Criterion, Segment
from app.research.segments.names import check_names
from app.research.segments.next_questions import Chosen, choose_questions
from app.research.segments.queries import read_segments
from app.research.segments.sentences import say_verdict, word_question
from app.research.segments.signs import Basis, Sign, Weighed, weigh
from app.research.segments.verdicts import Judged, count, judge, leading
from app.scope import Filters
from app.tagging.store import read_codes
from app.vocabulary import Polarity

_BASES: Mapping[str, Basis] = {"person": "person", "model": "model", "rule": "rule"}


@dataclass(frozen=True)
class _Outcome:
    """What was found of every segment, in the language that it is told in."""

    segments: tuple[Segment, ...]
    weighed: Mapping[str, Sequence[Weighed]]
    judged: Mapping[str, Judged]
    language: str


def qualify(session: Session, case: Case, embedder: Embedder) -> Qualification:
    """Say of every segment whether somebody belongs to it, by which criteria, and what to ask next to decide.

    The rules stand at `weigh` for a criterion and at `judge` for a segment; nothing is guessed: what nobody told of is
    unknown.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: it has no such participant, codes or criteria; all of them are named.
    """
    vocabulary = read_vocabulary(session, case.study)
    segments = read_segments(session, vocabulary.study_id)
    criteria = {criterion.id: criterion for segment in segments for criterion in segment.criteria}
    codes = current_codes(session, vocabulary.study_id)
    check_names(case, vocabulary, criteria, codes)
    spoken = languages_of(case.answers, vocabulary.languages, case.language)
    language = case.language or next(iter(spoken), FALLBACK)
    answers = _read(session, case, spoken, criteria, vocabulary, embedder)
    signs = [*_facts(case, codes), *(sign for answer in answers for sign in signs_of(answer))]
    if case.participant is not None:
        signs += _words(session, case.participant, criteria, vocabulary)
    weighed = {segment.slug: [weigh(each, signs) for each in segment.criteria] for segment in segments}
    judged = judge({slug: count(each) for slug, each in weighed.items()})
    marks = [sign.mark for each in weighed.values() for one in each for _, sign in one.signs if sign.mark]
    outcome = _Outcome(segments, weighed, judged, language)
    return _tell(case, outcome, answers, quote_marks(session, vocabulary, marks)).model_copy(
        update={"participant": read_participant(session, case.study, case.participant) if case.participant else None}
    )


def _read(
    session: Session,
    case: Case,
    spoken: Sequence[str],
    criteria: Mapping[str, Criterion],
    vocabulary: StudyVocabulary,
    embedder: Embedder,
) -> list[ReadAnswer]:
    if not case.answers:
        return []
    telling = frozenset[str]().union(*(criterion.indicators for criterion in criteria.values()))
    codes = [code for code in read_codes(session, vocabulary.study_id) if code.code in telling]
    return read_answers(case.answers, spoken, Listening(criteria, codes, embedder))


def _facts(case: Case, codes: Mapping[str, str]) -> Iterator[Sign]:
    for code, polarity in case.facts.codes.items():
        yield Sign(polarity, "fact", 1.0, code=codes[code])
    for criterion, met in case.facts.criteria.items():
        if met is not None:
            yield Sign(Polarity.AFFIRMED if met else Polarity.DENIED, "fact", 1.0, criterion=criterion)


def _words(
    session: Session, participant: str, criteria: Mapping[str, Criterion], vocabulary: StudyVocabulary
) -> Iterator[Sign]:
    """What the words of a participant in all interviews say of the codes that tell something."""
    telling = frozenset[str]().union(*(criterion.indicators for criterion in criteria.values()))
    for found in read_tagged(session, vocabulary.study_id, telling, Filters(participants=(participant,))):
        yield Sign(found.mark.polarity, _BASES[found.basis], found.confidence, code=found.code, mark=found.mark)


def _tell(
    case: Case, outcome: _Outcome, answers: Sequence[ReadAnswer], quotes: Mapping[Mark, Citation]
) -> Qualification:
    asked_in_vain = [criterion for criterion, met in case.facts.criteria.items() if met is None]
    questions = choose_questions(outcome.segments, outcome.weighed, outcome.judged, asked_in_vain)
    results = [_segment_result(segment, outcome, quotes) for segment in outcome.segments]
    return Qualification(
        study=case.study,
        language=outcome.language,
        participant=None,
        best=leading(outcome.judged),
        sentence=_sentence(outcome, asks=bool(questions)),
        segments=tuple(sorted(results, key=lambda result: (-result.lead, -result.met, result.segment))),
        ask_next=tuple(_next_question(chosen, outcome.language) for chosen in questions),
        answers=tuple(answers),
        citations=tuple(quotes.values()),
        rule=QualificationRule(),
    )


def _segment_result(segment: Segment, outcome: _Outcome, quotes: Mapping[Mark, Citation]) -> SegmentResult:
    judged = outcome.judged[segment.slug]
    tally = judged.tally
    return SegmentResult(
        segment=segment.slug,
        label=segment.label(outcome.language),
        verdict=judged.verdict,
        met=tally.met,
        failed=tally.failed,
        contradictory=tally.contradictory,
        unknown=tally.unknown,
        of=tally.of,
        share=None if tally.share is None else round(tally.share, 3),
        lead=round(judged.lead, 3),
        criteria=tuple(_criterion_result(each, quotes) for each in outcome.weighed[segment.slug]),
    )


def _criterion_result(weighed: Weighed, quotes: Mapping[Mark, Citation]) -> CriterionResult:
    criterion = weighed.criterion
    return CriterionResult(
        criterion=criterion.id,
        dimension=criterion.dimension,
        statement=criterion.statement,
        verdict=weighed.verdict,
        confidence=weighed.confidence,
        evidence=tuple(
            Evidence(
                speaks=stance,
                code=sign.code,
                polarity=sign.polarity,
                basis=sign.basis,
                confidence=sign.confidence,
                citation=quotes[sign.mark].n if sign.mark and sign.mark in quotes else None,
                answer=sign.answer,
            )
            for stance, sign in weighed.signs
        ),
        unknown_codes=criterion.unknown_codes,
    )


def _next_question(chosen: Chosen, language: str) -> NextQuestion:
    return NextQuestion(
        criterion=chosen.criterion.id,
        segment=chosen.segment.slug,
        dimension=chosen.criterion.dimension,
        question=word_question(chosen.criterion, language),
        separates=chosen.separates,
    )


def _sentence(outcome: _Outcome, *, asks: bool) -> str:
    if not any(segment.criteria for segment in outcome.segments):
        return say_verdict("no_segments", outcome.language, asks=asks)
    best = leading(outcome.judged)
    if best is None:
        fits_none = all(each.verdict == "does_not" for each in outcome.judged.values())
        return say_verdict("none_fits" if fits_none else "open", outcome.language, asks=asks)
    judged = outcome.judged[best]
    label = next(segment.label(outcome.language) for segment in outcome.segments if segment.slug == best)
    verdict = "qualifies" if judged.verdict == "qualifies" else "leads"
    counts = {"met": judged.tally.met, "failed": judged.tally.failed, "of": judged.tally.of}
    return say_verdict(verdict, outcome.language, asks=asks, label=label, **counts)
