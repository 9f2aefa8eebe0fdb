"""What was found of a customer, as it is told: a verdict on each segment, on each criterion, and what to ask next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.answering.schemas import Citation
from app.library.marks import Mark
from app.research.segments.cases import CriterionResult, Evidence, NextQuestion, SegmentResult
from app.research.segments.criteria import Segment
from app.research.segments.next_questions import Chosen
from app.research.segments.sentences import say_verdict, word_question
from app.research.segments.signs import Weighed
from app.research.segments.verdicts import Judged, leading


@dataclass(frozen=True)
class Outcome:
    """What was found of every segment, and the language that it is told in."""

    segments: tuple[Segment, ...]
    weighed: Mapping[str, Sequence[Weighed]]
    judged: Mapping[str, Judged]
    language: str


def segment_result(segment: Segment, outcome: Outcome, quotes: Mapping[Mark, Citation]) -> SegmentResult:
    """The verdict on a segment with its criteria."""
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
                attribute=sign.attribute,
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


def next_question(chosen: Chosen, language: str) -> NextQuestion:
    """A question to ask next, in words."""
    return NextQuestion(
        criterion=chosen.criterion.id,
        segment=chosen.segment.slug,
        dimension=chosen.criterion.dimension,
        question=word_question(chosen.criterion, language),
        separates=chosen.separates,
    )


def sentence_of(outcome: Outcome, *, asks: bool) -> str:
    """What it comes to; `asks` says whether there is something to ask next."""
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
