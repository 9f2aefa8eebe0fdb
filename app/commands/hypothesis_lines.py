"""Hypotheses as lines of text: verdicts with their counts, the evidence on both sides, what survived."""

from collections.abc import Iterator, Sequence

from app.answering.schemas import Citation
from app.commands.answers import quote_lines
from app.commands.output import Line, line
from app.research.hypotheses.rule import VERDICTS, EvidenceCounts
from app.research.hypotheses.schemas import (
    Hypothesis,
    HypothesisEntry,
    HypothesisPage,
    ImportedHypotheses,
    VerdictEntry,
)

_STYLES = {"supported": "bold green", "contradicted": "bold red", "mixed": "yellow", "untested": "dim"}


def entry_lines(entry: HypothesisEntry) -> Iterator[Line]:
    """Lay out a hypothesis with its current verdict."""
    current = entry.current
    verdict = current.verdict if current else "untested"
    stale = ("  stale: test it again", "yellow") if entry.stale else ("", "")
    yield line((entry.id, "bold"), f"  {entry.statement}", (f"  {entry.author}", "dim"))
    yield line((verdict, _STYLES[verdict]), f"  {current.sentence if current else ''}", stale, indent=2)


def hypothesis_lines(found: Hypothesis, base_url: str) -> Iterator[Line]:
    """Lay out a hypothesis with its evidence and history; `base_url` is where the links of its quotes lead."""
    yield from entry_lines(found)
    if found.current:
        yield from _current_lines(found.current)
    for name, quotes in (("For it", found.supporting), ("Against it", found.contradicting)):
        yield from _quotes_lines(name, quotes, base_url)
    if found.left_out:
        yield line((f"and {found.left_out} more quotes", "dim"))
    if len(found.history) > 1:
        yield line()
        yield line(("Before", "bold"))
    for earlier in found.history[1:]:
        yield line(f"{earlier.tested_at:%Y-%m-%d %H:%M}  {earlier.verdict}  {earlier.sentence}", indent=2)


def _current_lines(current: VerdictEntry) -> Iterator[Line]:
    counts, rule = current.counts, current.rule
    codes = f"{' '.join(current.codes)} {current.polarity}" if current.codes else "no code"
    narrowed = [f"{name} {', '.join(map(str, values))}" for name, values in current.filters if values]
    yield line((" · ".join([f"by {codes}", *narrowed, f"judged by {current.judge}"]), "dim"), indent=2)
    yield line(
        f"{counts.raised_with} of {counts.of} people say something, {counts.both} of them both ways; "
        f"asked, and say nothing of it: {counts.asked_without_mention}; never asked: {counts.never_asked}",
        indent=2,
    )
    yield from _group_lines(counts)
    yield line(
        (f"untested below {rule.least_people} people; supported or contradicted from {rule.ratio:g} to 1 on", "dim"),
        indent=2,
    )


def _group_lines(counts: EvidenceCounts) -> Iterator[Line]:
    for name, groups in (("segment", counts.by_segment), ("language", counts.by_language)):
        if groups:
            listed = [f"{key} {each.supporting}+ {each.contradicting}− of {each.of}" for key, each in groups.items()]
            yield line((f"by {name}: {' · '.join(listed)}", "dim"), indent=2)


def _quotes_lines(name: str, quotes: Sequence[Citation], base_url: str) -> Iterator[Line]:
    if quotes:
        yield line()
        yield line((name, "bold"))
        yield from quote_lines(quotes, base_url)


def import_lines(found: ImportedHypotheses) -> Iterator[Line]:
    """Lay out what became of a list of beliefs."""
    for name in ("created", "updated", "unchanged"):
        codes = getattr(found, name)
        if codes:
            yield line((f"{len(codes)} {name}", "bold"), f"  {' '.join(codes)}")
    yield line(found.sentence)


def report_lines(found: HypothesisPage) -> Iterator[Line]:
    """Lay out which hypotheses survived, by verdict."""
    yield line((found.sentence, "bold"))
    for verdict in VERDICTS:
        own = [each for each in found.hypotheses if (each.current.verdict if each.current else "untested") == verdict]
        if own:
            yield line()
            yield line((verdict, _STYLES[verdict]))
        yield from (Line(each.text, each.indent + 2) for entry in own for each in entry_lines(entry))
