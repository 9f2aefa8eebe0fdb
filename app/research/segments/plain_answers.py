"""Whether an answer is a plain yes or no to what was asked."""

import re

from app.language import primary_language
from app.tagging.negation import NEGATIONS, Negation
from app.tagging.polarity import polarity_of
from app.vocabulary import Polarity

# Where the rules of a language find neither, a yes or no of any language that stands as a clause by itself is one.
_CLAUSE = r"[\s\"„“«»¡¿'–—-]*(?:{})(?=\s*(?:[,.;:!?…–—-]|$))"
_YES = re.compile(
    _CLAUSE.format("yes|yeah|yep|ja|jo|sí|si|oui|ouais|sim|sì|da|tak|hai|evet|kyllä|ναι|да|так|はい"), re.IGNORECASE
)
_NO = re.compile(_CLAUSE.format("no|nope|nein|nee|nö|non|não|nao|nie|nej|hayır|ei|όχι|нет|ні|いいえ"), re.IGNORECASE)
_PAUSE = re.compile(r"[\s,.;:!…–—-]*")
_JOINED = re.compile(r"\s+(?:que\s)?")


def plain_answer(text: str, language: str, question: str) -> Polarity | None:
    """Whether an answer says yes to a question, or no; `None` where it tells something else, or leaves it open.

    Args:
        text: the answer.
        language: of the answer, ISO 639-1.
        question: one that yes or no answers.
    """
    negation = NEGATIONS.get(primary_language(language))
    if negation is not None:
        opening = text.lower()
        start = _end(negation.fillers, opening, 0)
        if negation.unsure.match(opening, start):
            return None
        no = negation.emphatic.match(opening, start) or negation.refusal.match(opening, start)
        if no is not None:
            return _after_no(opening, no.end(), negation)
        if yes := negation.agreement.match(opening, start):
            return _after_yes(opening, yes.end(), negation)
        if polarity_of(text, language, question).polarity is Polarity.DENIED:
            return Polarity.DENIED
    if _YES.match(text):
        return Polarity.AFFIRMED
    return Polarity.DENIED if _NO.match(text) else None


def _after_no(opening: str, end: int, negation: Negation) -> Polarity | None:
    """What a no comes to: some take it back ("no, I mean yes"), some leave the question open ("no, I'm not sure")."""
    behind = _end(_PAUSE, opening, end)
    if negation.unsure.match(opening, behind):
        return None
    return Polarity.AFFIRMED if negation.reversal.match(opening, behind) else Polarity.DENIED


def _after_yes(opening: str, end: int, negation: Negation) -> Polarity:
    """What a yes comes to: "of course", or "of course not"."""
    is_denied = negation.short_negation.match(opening, _end(_JOINED, opening, end))
    return Polarity.DENIED if is_denied else Polarity.AFFIRMED


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start
