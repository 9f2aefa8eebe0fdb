"""Whether an answer affirms or denies what was raised before it.

"Nein, das war kein Thema" denies; "Das hat mir nicht gefallen" affirms a problem; "Nein, ich meine ja" affirms; "No sé"
leaves the question open, which is no denial.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from app.language import STAGE_DIRECTION, identify_languages, primary_language
from app.tagging.negation import NEGATIONS, Negation
from app.text import split_sentences
from app.vocabulary import Polarity

OPENING_SENTENCES = 3
STATEMENT_SENTENCES = 2
SHORT_ANSWER_WORDS = 6
MOST_ECHOES = 2

_ECHO = re.compile(r"(?:(?:[\w'’-]+ ){0,3}[\w'’-]+[?,]|(?:[\w'’-]+ )?[\w'’-]+[.…])\s+")
_AFTER_NO = re.compile(r"[\s,.;:!…–—-]*")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


class Judgement(NamedTuple):
    """A polarity and how sure it is, in [0, 1]."""

    polarity: Polarity
    confidence: float


AFFIRMED = Judgement(Polarity.AFFIRMED, 0.95)
TAKEN_BACK = Judgement(Polarity.AFFIRMED, 0.7)
COMPLAINED = Judgement(Polarity.AFFIRMED, 0.7)
NO_TO_NOTHING = Judgement(Polarity.AFFIRMED, 0.6)
LEFT_OPEN = Judgement(Polarity.AFFIRMED, 0.5)
UNKNOWN_LANGUAGE = Judgement(Polarity.AFFIRMED, 0.5)
EMPHATICALLY_DENIED = Judgement(Polarity.DENIED, 0.95)
DENIED = Judgement(Polarity.DENIED, 0.9)
DENIED_UNASKED = Judgement(Polarity.DENIED, 0.8)
DENIED_BRIEFLY = Judgement(Polarity.DENIED, 0.7)


def polarity_of(text: str, language: str, question: str | None) -> Judgement:
    """Judge whether an utterance denies the topic that was raised.

    Args:
        text: the utterance, or a run of its sentences.
        language: of the text, ISO 639-1; there are rules for German, Spanish and English, all else counts as affirmed.
        question: what the interviewer said before, in any of these languages; `None` for words on their own.
    """
    negation = NEGATIONS.get(primary_language(language))
    if negation is None:
        return UNKNOWN_LANGUAGE
    spoken = STAGE_DIRECTION.sub(" ", text)
    sentences = [spoken[span.start : span.end].lower() for span in split_sentences(spoken, language)]
    opening = " ".join(sentences[:OPENING_SENTENCES])
    if negation.double.search(opening):
        return TAKEN_BACK
    if negation.unsure.match(opening, _end(negation.fillers, opening, 0)):
        return LEFT_OPEN
    return _by_opening(opening, question, negation) or _by_statement(sentences, question, negation) or AFFIRMED


class _Asked(NamedTuple):
    """What a question asks for."""

    yes_or_no: bool
    good: bool


def _understand(question: str | None) -> _Asked:
    if not question or not question.strip():
        return _Asked(yes_or_no=False, good=False)
    words = question.lower().strip()
    negation = NEGATIONS[identify_languages([words], tuple(NEGATIONS), None)[0].language]
    good = negation.asks_for_good.search(words) and not negation.asks_for_weight.search(words)
    sentences = _SENTENCE_END.split(words)
    last = ([sentence for sentence in sentences if sentence.endswith("?")] or sentences)[-1]
    is_open = negation.open_question.match(last, _end(negation.connectives, last, 0))
    return _Asked(yes_or_no=not is_open, good=bool(good))


def _by_opening(opening: str, question: str | None, negation: Negation) -> Judgement | None:
    """Judge by the no that an answer begins with; `None` without one."""
    for start in _starts(opening, negation):
        emphatic = negation.emphatic.match(opening, start)
        no = emphatic or negation.refusal.match(opening, start)
        if no is None:
            continue
        end = _after_repetition(opening, no.end(), negation)
        if negation.reversal.match(opening, end):
            return TAKEN_BACK
        if negation.unsure.match(opening, end):
            return LEFT_OPEN
        is_emphatic = bool(
            emphatic or negation.emphatic.match(opening, end) or negation.statement.search(opening, no.start())
        )
        asked = _understand(question)
        if not asked.yes_or_no and not is_emphatic:
            return NO_TO_NOTHING
        if asked.good or (negation.complaint.search(opening, no.start()) and not is_emphatic):
            return COMPLAINED
        if not asked.yes_or_no:
            return DENIED_UNASKED
        return EMPHATICALLY_DENIED if is_emphatic else DENIED
    return None


def _by_statement(sentences: list[str], question: str | None, negation: Negation) -> Judgement | None:
    """Judge by sentences that deny without beginning with a no; `None` without one."""
    if any(negation.statement.search(sentence) for sentence in sentences[:STATEMENT_SENTENCES]):
        return DENIED_UNASKED
    first = sentences[0] if sentences else ""
    is_short = len(first.split()) <= SHORT_ANSWER_WORDS
    if not is_short or not negation.short_negation.search(first) or negation.agreement.search(first):
        return None
    asked = _understand(question)
    if not asked.yes_or_no:
        return None
    return COMPLAINED if asked.good or negation.complaint.search(first) else DENIED_BRIEFLY


def _starts(opening: str, negation: Negation) -> Iterator[int]:
    """Where an answer may begin: after fillers, or after the topic is echoed ("Valora? Nein")."""
    start = _end(negation.fillers, opening, 0)
    yield start
    for _ in range(MOST_ECHOES):
        echo = _ECHO.match(opening, start)
        if echo is None or negation.agreement.search(echo[0]):
            return
        start = _end(negation.fillers, opening, echo.end())
        yield start


def _after_repetition(opening: str, end: int, negation: Negation) -> int:
    """Skip what only repeats a no: "Nein, nein"."""
    while True:
        start = _end(negation.fillers, opening, _end(_AFTER_NO, opening, end))
        again = negation.refusal.match(opening, start)
        if again is None:
            return start
        end = again.end()


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start
