"""A customer is qualified: the questions one by one on a terminal, and the verdict in lines of text."""

import sys
from collections.abc import Iterator

from app.commands.output import Line, line, tell
from app.library.export import spoken_at
from app.research.segments.cases import (
    LONGEST_ANSWER,
    Case,
    CriterionResult,
    Facts,
    GivenAnswer,
    NextQuestion,
    Qualification,
    ReadAnswer,
    SegmentResult,
)
from app.research.segments.qualify import qualify
from app.services import Services
from app.vocabulary import Stance

_VERDICT_STYLES = {"qualifies": "bold green", "does_not": "red", "undecided": "yellow"}
_CRITERION_STYLES = {"met": "green", "failed": "red", "contradictory": "yellow", "unknown": "dim"}


def converse(case: Case, services: Services) -> Qualification:
    """Ask what decides most, until it is decided or nothing is left to ask."""
    tell(("Type what the customer says; nothing passes over a question, Ctrl-D ends.", "dim"))
    said = ""
    while True:
        with services.database.sessions() as session:
            found = qualify(session, case, services.embedder)
        if said:
            tell(*_reading(found.answers[-1]), (f"  {found.sentence}", "bold"))
        if not found.ask_next:
            return found
        tell((found.ask_next[0].question, "bold cyan"))
        typed = sys.stdin.readline()
        if not typed:
            return found
        said = typed.strip()[:LONGEST_ANSWER]
        case = _answered(case, found.ask_next[0], said)


def _answered(case: Case, asked: NextQuestion, said: str) -> Case:
    """The case with what was said to a question; a question that was put is not put again."""
    facts = Facts(codes=case.facts.codes, criteria={**case.facts.criteria, asked.criterion: None})
    answers = [GivenAnswer(text=said, question=asked.question, criterion=asked.criterion)] if said else []
    return case.model_copy(update={"facts": facts, "answers": (*case.answers, *answers)})


def _reading(answer: ReadAnswer) -> Iterator[str | tuple[str, str]]:
    """How an answer was understood."""
    told = [] if answer.met is None else [f"{answer.criterion} {'met' if answer.met else 'failed'}"]
    told += [f"{code.code} {code.polarity} ({code.confidence:.2f})" for code in answer.codes]
    yield (f"→ {', '.join(told) or 'told nothing'}", "dim")


def qualification_lines(found: Qualification, base_url: str) -> Iterator[Line]:
    """Lay out a verdict; `base_url` is where the links of its quotes lead."""
    if found.participant is not None:
        person = found.participant
        worth = f"LTV band {person.band or 'unclassified'}, class {person.abcd_class or 'unclassified'}"
        yield line((person.code, "bold"), f"  in the study: {person.segment or 'no segment'}", (f"  {worth}", "dim"))
    yield line((found.sentence, "bold"))
    for answer in found.answers:
        yield line((f"answer {answer.number} ({answer.language}) ", "dim"), *_reading(answer))
    if found.untested_attributes:
        yield line((f"no criterion asks for {', '.join(found.untested_attributes)}", "dim"))
    for result in found.segments:
        yield line()
        yield from _segment_lines(result, found, base_url)
    if found.ask_next:
        yield line()
        yield line(("Ask next", "bold"))
    for asked in found.ask_next:
        apart = f", apart from {', '.join(asked.separates)}" if asked.separates else ""
        yield line("– ", asked.question)
        yield line((f"{asked.criterion}: a yes speaks for {asked.segment}{apart}", "dim"), indent=2)


def _segment_lines(result: SegmentResult, found: Qualification, base_url: str) -> Iterator[Line]:
    counts = f"{result.met} met, {result.failed} failed, {result.contradictory} contradictory, {result.unknown} unknown"
    yield line(
        (result.label, "bold"),
        ("  ", ""),
        (result.verdict.replace("_", " "), _VERDICT_STYLES[result.verdict]),
        (f"  {counts} of {result.of}; lead {result.lead:+.2f}", "dim"),
    )
    for criterion in result.criteria:
        yield from _criterion_lines(criterion, found, base_url)


def _criterion_lines(result: CriterionResult, found: Qualification, base_url: str) -> Iterator[Line]:
    sure = "" if result.confidence is None else f" {result.confidence:.2f}"
    verdict = (f"{result.verdict}{sure}", _CRITERION_STYLES[result.verdict])
    yield line(verdict, f"  {result.criterion}: {result.statement}", indent=2)
    for evidence in result.evidence:
        sign = "+" if evidence.speaks is Stance.FOR else "–"
        about = f"{evidence.code} {evidence.polarity}" if evidence.code else evidence.attribute or "as told"
        quote = found.citations[evidence.citation - 1] if evidence.citation else None
        source = f"answer {evidence.answer}" if evidence.answer else evidence.basis
        said = f" “{quote.quote}” {quote.interview} {spoken_at(quote.start_ms)}" if quote else ""
        yield line((f"{sign} {about} ({source}, {evidence.confidence:.2f})", "dim"), said, indent=4)
        if quote:
            yield line((base_url + quote.url, "dim"), indent=6)
