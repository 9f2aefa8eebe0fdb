"""What a customer's answers tell: a yes or no to a criterion, and the codes that their words affirm or deny."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.answering.understand import QUESTION_LANGUAGES
from app.embedding import Embedder
from app.language import identify_languages
from app.research.segments.cases import FoundCode, GivenAnswer, ReadAnswer
from app.research.segments.criteria import Criterion
from app.research.segments.plain_answers import plain_answer
from app.research.segments.sentences import word_question
from app.research.segments.signs import Sign
from app.tagging.features import Said
from app.tagging.tagger import Tagger
from app.tagging.targets import TagCode
from app.vocabulary import Polarity

MOST_EXAMPLES = 10
"""Of the passages that persons tagged with a code so many are enough to know it again, and quick to compare with."""


@dataclass(frozen=True)
class Listening:
    """What is listened for: the criteria by id, and the codes that tell something of them."""

    criteria: Mapping[str, Criterion]
    codes: Sequence[TagCode]
    embedder: Embedder


def languages_of(answers: Sequence[GivenAnswer], spoken: Sequence[str], expected: str | None) -> list[str]:
    """The language of each answer: as it was given, else one of the study's, or of those that questions come in."""
    candidates = tuple(dict.fromkeys((*([expected] if expected else []), *spoken, *QUESTION_LANGUAGES)))
    unsaid = [answer.text for answer in answers if answer.language is None]
    found = iter(identify_languages(unsaid, candidates, expected or next(iter(spoken), None)) if unsaid else ())
    return [answer.language or next(found).language for answer in answers]


def read_answers(answers: Sequence[GivenAnswer], languages: Sequence[str], listening: Listening) -> list[ReadAnswer]:
    """Understand answers, in order; a question that is put to customers stands for its criterion."""
    said = []
    criteria = [_criterion_of(answer, listening.criteria) for answer in answers]
    for number, (answer, language, criterion) in enumerate(zip(answers, languages, criteria, strict=True)):
        question = answer.question or (word_question(criterion, language) if criterion else None)
        said.append(Said(number, answer.text, language, question))
    found = _find_codes(said, listening)
    return [
        ReadAnswer(
            number=number + 1,
            language=languages[number],
            criterion=criterion.id if criterion else None,
            met=_met(said[number]) if criterion else None,
            codes=tuple(found.get(number, ())),
        )
        for number, criterion in enumerate(criteria)
    ]


def signs_of(answer: ReadAnswer) -> Iterator[Sign]:
    """What an answer says of criteria."""
    for code in answer.codes:
        yield Sign(code.polarity, "answer", code.confidence, code=code.code, answer=answer.number)
    if answer.met is not None:
        polarity = Polarity.AFFIRMED if answer.met else Polarity.DENIED
        yield Sign(polarity, "answer", 1.0, criterion=answer.criterion, answer=answer.number)


def _criterion_of(answer: GivenAnswer, criteria: Mapping[str, Criterion]) -> Criterion | None:
    """The criterion that was asked about: the one that was named, or whose question was put."""
    if answer.criterion is not None:
        return criteria[answer.criterion]
    asked = " ".join((answer.question or "").casefold().split())
    put = (
        criterion
        for criterion in criteria.values()
        if any(" ".join(question.casefold().split()) == asked for question in criterion.ask.values())
    )
    return next(put, None) if asked else None


def _met(said: Said) -> bool | None:
    polarity = plain_answer(said.text, said.language, said.question or "")
    return None if polarity is None else polarity is Polarity.AFFIRMED


def _find_codes(said: Sequence[Said], listening: Listening) -> dict[int, list[FoundCode]]:
    codes = [replace(code, passages=code.passages[:MOST_EXAMPLES]) for code in listening.codes]
    names = {code.id: code.code for code in codes}
    found: dict[int, list[FoundCode]] = {}
    for tagging in Tagger.of(codes, listening.embedder).tag(said, None) if codes else ():
        code = FoundCode(code=names[tagging.code_id], polarity=tagging.polarity, confidence=tagging.confidence)
        found.setdefault(tagging.index, []).append(code)
    return found
