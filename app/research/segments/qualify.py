"""Which segment somebody belongs to, by what they said in an interview, what they answer now, and what is known."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from app.answering.queries import StudyVocabulary, read_vocabulary
from app.answering.schemas import Citation
from app.embedding import Embedder
from app.library.marks import Mark, quote_marks
from app.library.participants import read_participant
from app.library.schemas import ParticipantEntry
from app.research.phrases import FALLBACK
from app.research.queries import current_codes, read_tagged
from app.research.segments.answers import Listening, languages_of, read_answers, signs_of
from app.research.segments.attributes import AttributeValue, plain_name
from app.research.segments.cases import Case, Qualification, QualificationRule, ReadAnswer
from app.research.segments.criteria import Criterion
from app.research.segments.names import check_names
from app.research.segments.next_questions import choose_questions
from app.research.segments.queries import read_segments
from app.research.segments.results import Outcome, next_question, segment_result, sentence_of
from app.research.segments.signs import Sign, Weighed, weigh
from app.research.segments.verdicts import count, judge, leading
from app.scope import Filters
from app.tagging.store import read_codes
from app.vocabulary import Polarity


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
    person = read_participant(session, case.study, case.participant) if case.participant else None
    known = _attributes(case, person)
    signs = [*_facts(case, codes), *known, *(sign for answer in answers for sign in signs_of(answer))]
    if case.participant is not None:
        signs += _words(session, case.participant, criteria, vocabulary)
    weighed = {segment.slug: [weigh(each, signs) for each in segment.criteria] for segment in segments}
    judged = judge({slug: count(each) for slug, each in weighed.items()})
    marks = [sign.mark for each in weighed.values() for one in each for _, sign in one.signs if sign.mark]
    outcome = Outcome(segments, weighed, judged, language)
    return _tell(case, outcome, person, answers, quote_marks(session, vocabulary, marks))


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


def _attributes(case: Case, person: ParticipantEntry | None) -> list[Sign]:
    """What is known of somebody, by the study and, stronger, by who asks."""
    stored = person.attributes if person else {}
    known = {plain_name(name): value for name, value in (*stored.items(), *case.attributes.items())}
    return [
        Sign(Polarity.AFFIRMED, "fact", 1.0, attribute=name, value=value)
        for name, value in known.items()
        if isinstance(value, AttributeValue)
    ]


def _untested(case: Case, weighed: Mapping[str, Sequence[Weighed]]) -> tuple[str, ...]:
    """Attributes that were given and speak neither for nor against any criterion."""
    told = {sign.attribute for each in weighed.values() for one in each for _, sign in one.signs}
    given = (name for name, value in case.attributes.items() if value is not None)
    return tuple(name for name in given if plain_name(name) not in told)


def _words(
    session: Session, participant: str, criteria: Mapping[str, Criterion], vocabulary: StudyVocabulary
) -> Iterator[Sign]:
    """What the words of a participant in all interviews say of the codes that tell something."""
    telling = frozenset[str]().union(*(criterion.indicators for criterion in criteria.values()))
    for found in read_tagged(session, vocabulary.study_id, telling, Filters(participants=(participant,))):
        yield Sign(found.mark.polarity, found.basis, found.confidence, code=found.code, mark=found.mark)


def _tell(
    case: Case,
    outcome: Outcome,
    person: ParticipantEntry | None,
    answers: Sequence[ReadAnswer],
    quotes: Mapping[Mark, Citation],
) -> Qualification:
    asked_in_vain = [criterion for criterion, met in case.facts.criteria.items() if met is None]
    questions = choose_questions(outcome.segments, outcome.weighed, outcome.judged, asked_in_vain)
    results = [segment_result(segment, outcome, quotes) for segment in outcome.segments]
    return Qualification(
        study=case.study,
        language=outcome.language,
        participant=person,
        best=leading(outcome.judged),
        sentence=sentence_of(outcome, asks=bool(questions)),
        segments=tuple(sorted(results, key=lambda result: (-result.lead, -result.met, result.segment))),
        ask_next=tuple(next_question(chosen, outcome.language) for chosen in questions),
        answers=tuple(answers),
        untested_attributes=_untested(case, outcome.weighed),
        citations=tuple(quotes.values()),
        rule=QualificationRule(),
    )
