"""What the interviews do not tell, what to ask next time, and who of the team knows most."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.answering.phrases import say
from app.answering.queries import PeopleCount
from app.answering.rank import Ranked
from app.answering.schemas import Claim, Gap, GapKind
from app.answering.understand import Understanding

MOST_NEAREST = 10


@dataclass(frozen=True)
class Coverage:
    """How far the interviews cover a question.

    `asked` counts the people in scope who were asked about it, `None` where something answers it; `uncovered` are the
    sub-questions that nothing answers.
    """

    people: PeopleCount
    asked: int | None = None
    uncovered: tuple[str, ...] = ()


def find_gaps(
    understanding: Understanding, claims: Sequence[Claim], coverage: Coverage, knowledge_holder: str | None
) -> tuple[Gap, ...]:
    """Name the gaps: nothing at all, or sub-questions, segments and languages in scope without any evidence."""
    language = understanding.language

    def gap(kind: GapKind, phrase: str, question: str, **values: object) -> Gap:
        return Gap(
            kind=kind,
            detail=say(phrase, language, **({"of": coverage.people.total} | values)),
            ask_next=say("ask_next", language, question=question),
            knowledge_holder=knowledge_holder,
        )

    if not claims:
        missing = tuple(_absent(understanding, coverage.people)) or (_unanswered(coverage),)
        return tuple(
            gap(kind, phrase, understanding.text, name=name, asked=coverage.asked) for kind, phrase, name in missing
        )
    uncovered = [gap("subquestion_uncovered", "subquestion_uncovered", part, name=part) for part in coverage.uncovered]
    silent = [
        gap(kind, kind, understanding.text, name=name, of=of) for kind, name, of in _silent(claims, coverage.people)
    ]
    return (*uncovered, *silent)


def nearest_holder(ranked: Sequence[Ranked], interviewers: Mapping[str, str], otherwise: str | None) -> str | None:
    """Who of the team held most of the interviews that come nearest to a question, else who held most of all.

    Args:
        ranked: candidates, best first.
        interviewers: who held which interview.
        otherwise: who of the team held the most interviews of the study.
    """
    held = [interviewers.get(item.candidate.interview) for item in ranked[:MOST_NEAREST]]
    counted = Counter(member for member in held if member)
    return counted.most_common(1)[0][0] if counted else otherwise


def _absent(understanding: Understanding, people: PeopleCount) -> Iterator[tuple[GapKind, str, str]]:
    """The segments and languages that were asked for, where nobody in scope is of them."""
    for name in understanding.filters.segments:
        if name not in people.by_segment:
            yield "segment_without_evidence", "nobody_in_segment", name
    for name in understanding.filters.languages:
        if name not in people.by_language:
            yield "language_without_evidence", "nobody_speaks", name


def _unanswered(coverage: Coverage) -> tuple[GapKind, str, str]:
    if coverage.asked == 0:
        return "never_asked", "never_asked", ""
    return "no_mention", "asked_in_vain" if coverage.asked else "no_mention", ""


def _silent(claims: Sequence[Claim], people: PeopleCount) -> Iterator[tuple[GapKind, str, int]]:
    """The segments and languages in scope of which nobody supports any claim."""
    for name, of in people.by_segment.items():
        if not any(claim.support.by_segment[name][0] for claim in claims):
            yield "segment_without_evidence", name, of
    for name, of in people.by_language.items():
        if not any(claim.support.by_language[name][0] for claim in claims):
            yield "language_without_evidence", name, of
