"""The verdict on a hypothesis, by how many people speak for it and against it. Pure functions."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from app.frozen import Frozen
from app.research.queries import Person
from app.vocabulary import Stance

Verdict = Literal["supported", "contradicted", "mixed", "untested"]
VERDICTS: tuple[Verdict, ...] = ("supported", "contradicted", "mixed", "untested")


class VerdictRule(Frozen):
    """How a hypothesis is judged.

    `untested` while fewer than `least_people` say anything for it or against it; `supported` where at least `ratio`
    times as many people speak for it as against it, `contradicted` the other way round; else `mixed`. Whoever speaks
    both for it and against it counts on both sides.
    """

    least_people: int = Field(3, ge=1, le=1000)
    ratio: float = Field(3.0, ge=1, le=1000)


class Sides(Frozen):
    """How many people speak for something and how many against it, of how many."""

    supporting: int
    contradicting: int
    of: int


class EvidenceCounts(Sides):
    """People who speak for a hypothesis and against it; whoever does both is in both, and in `both`.

    It came up with `raised_with`; of the others `asked_without_mention` were asked about it and `never_asked` were not:
    raised_with + asked_without_mention + never_asked = of. In a language people count by what they said in it.
    `quotes` are the places that say so.
    """

    both: int
    raised_with: int
    asked_without_mention: int
    never_asked: int
    by_segment: dict[str, Sides]
    by_language: dict[str, Sides]
    quotes: int


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody who speaks for a hypothesis or against it, in a language."""

    person: str
    language: str
    stance: Stance


def judge(rule: VerdictRule, supporting: int, contradicting: int, spoke: int) -> Verdict:
    """Judge a hypothesis.

    Args:
        rule: how.
        supporting: people who speak for it.
        contradicting: people who speak against it.
        spoke: people who do either, or both.
    """
    if spoke < rule.least_people:
        return "untested"
    if supporting >= rule.ratio * contradicting:
        return "supported"
    return "contradicted" if contradicting >= rule.ratio * supporting else "mixed"


def count_evidence(
    people: Collection[Person], heard: Iterable[Heard], asked: Collection[str], quotes: int
) -> EvidenceCounts:
    """Count the people behind the evidence, each once however often they say it.

    Args:
        people: those in scope.
        heard: who of them says what.
        asked: who of them was asked about it.
        quotes: in how many places it is said.
    """
    spoken = frozenset(heard)
    everybody = {person.code for person in people}
    sides = _sides(spoken, everybody)
    raised = {each.person for each in spoken} & everybody
    in_vain = (everybody - raised) & set(asked)
    segments = sorted({person.segment for person in people if person.segment})
    languages = sorted({language for person in people for language in person.languages})
    return EvidenceCounts(
        **sides.model_dump(),
        both=sides.supporting + sides.contradicting - len(raised),
        raised_with=len(raised),
        asked_without_mention=len(in_vain),
        never_asked=len(everybody - raised - in_vain),
        by_segment={
            segment: _sides(spoken, {person.code for person in people if person.segment == segment})
            for segment in segments
        },
        by_language={
            language: _sides(
                (each for each in spoken if each.language == language),
                {person.code for person in people if language in person.languages},
            )
            for language in languages
        },
        quotes=quotes,
    )


def _sides(heard: Iterable[Heard], people: Collection[str]) -> Sides:
    found = {(each.person, each.stance) for each in heard if each.person in people}
    return Sides(
        supporting=sum(stance is Stance.FOR for _, stance in found),
        contradicting=sum(stance is Stance.AGAINST for _, stance in found),
        of=len(people),
    )
