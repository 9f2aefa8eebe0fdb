"""Claims by a chat model: passages are offered, claims come back that point at them, and what does not hold is gone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.answering.check import CheckedClaim, Reason, check
from app.answering.cite import choose_spans
from app.answering.compose import within_limit
from app.answering.composition import Composition
from app.answering.dialogue import Dialogue
from app.answering.find import Found
from app.answering.interpret import Interpreted
from app.answering.offer import Offered, offer, render
from app.answering.phrases import say
from app.answering.schemas import Gap, Question
from app.answering.statements import Statement
from app.answering.support import weak
from app.answering.understand import Understanding
from app.language import english_name
from app.markup import names_an_address, plain_prose
from app.prompt_outputs import NextQuestion
from app.services import Services

MOST_QUESTION_CHARACTERS = 300


@dataclass(frozen=True)
class Composed:
    """What a chat model contributed: statements and how much was dropped, or why there is nothing from it.

    `is_worded` says that the answer is the model's, even where that is silence.
    """

    statements: tuple[Statement, ...] = ()
    dropped: Counter[Reason] = field(default_factory=Counter)
    is_worded: bool = False
    fallback: str | None = None


EXTRACTIVE = Composed()


def compose_claims(
    question: Question, interpreted: Interpreted, found: Found, dialogue: Dialogue, services: Services
) -> Composed:
    """Let a chat model state what the passages say; where nothing of it holds, the quotes must do without it.

    Without any fair or strong passage there is nothing to compose, and silence is the answer.

    Raises:
        ChatError: whoever asked has left.
    """
    if all(item.relevance == "weak" for item in found.ranked):
        return EXTRACTIVE
    if not dialogue.may_help:
        return Composed(fallback=dialogue.failure)
    offered = offer(found.ranked)
    composition = dialogue.ask("compose_claims", _values(question, interpreted, found, offered), Composition)
    if composition is None:
        return Composed(fallback=dialogue.failure)
    return _settled(composition, offered, found, question.limit, dialogue, services)


def suggest_question(gaps: tuple[Gap, ...], understanding: Understanding, dialogue: Dialogue) -> tuple[Gap, ...]:
    """Word what to ask next time for the first gap, unless it is one of some people only; else all stays as it is."""
    if not gaps or gaps[0].kind not in ("never_asked", "no_mention", "subquestion_uncovered"):
        return gaps
    values = {
        "question": understanding.text,
        "gap": gaps[0].detail,
        "language": english_name(understanding.language),
    }
    said = dialogue.ask("suggest_next_question", values, NextQuestion)
    asked = " ".join(plain_prose(said.question).split()) if said else ""
    if not asked or len(asked) > MOST_QUESTION_CHARACTERS or names_an_address(asked):
        return gaps
    ask_next = say("ask_next", understanding.language, question=asked)
    return (gaps[0].model_copy(update={"ask_next": ask_next}), *gaps[1:])


def _values(question: Question, interpreted: Interpreted, found: Found, offered: Sequence[Offered]) -> dict[str, str]:
    return {
        "language": english_name(interpreted.understanding.language),
        "audience": question.audience,
        "passages": render(offered, found.vocabulary.codes),
        "parts": "\n".join(f"{number}. {part.question}" for number, part in enumerate(interpreted.parts, start=1)),
        "question": interpreted.understanding.text,
    }


def _settled(
    composition: Composition,
    offered: Sequence[Offered],
    found: Found,
    limit: int,
    dialogue: Dialogue,
    services: Services,
) -> Composed:
    named = _named(composition)
    pointed_at = [item for item in offered if item.id in named]
    spans = choose_spans([item.ranked for item in pointed_at], found.vector, services.embedder)
    checked = check(composition, offered, {item.id: span for item, span in zip(pointed_at, spans, strict=True)})
    if checked.claims:
        judged = zip(checked.claims, weak(checked.claims, dialogue, services), strict=True)
        statements = within_limit([_statement(claim, is_weak=is_weak) for claim, is_weak in judged], limit)
        return Composed(tuple(statements), checked.dropped, is_worded=True)
    if composition.claims or "claims" not in composition.model_fields_set:
        return Composed(dropped=checked.dropped, fallback="unverified")
    return Composed(is_worded=True)


def _named(composition: Composition) -> frozenset[str]:
    """All ids that a composition points at, offered or not."""
    return frozenset(pointer.id for claim in composition.claims for pointer in (*claim.evidence, *claim.against))


def _statement(claim: CheckedClaim, *, is_weak: bool) -> Statement:
    return Statement(claim.code, claim.polarity, claim.supporting, claim.contradicting, claim.text, claim.part, is_weak)
