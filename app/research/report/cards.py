"""Segment cards as a table, and as charts of what their people say."""

from collections.abc import Iterator, Sequence

from app.library.export import write_table
from app.research.charts.bars import Bar, BarChart
from app.research.report.inputs import SegmentCard

COLUMNS = (
    "segment",
    "people",
    "about",
    "code",
    "label",
    "affirmed",
    "denied",
    "of",
    "participant",
    "language",
    "quote",
)


def cards_csv(cards: Sequence[SegmentCard]) -> str:
    """One line for each thing that people of a segment say, with its first quote, and for each typical phrase."""
    return write_table(COLUMNS, (row for card in cards for row in _rows(card)))


def profile_chart(card: SegmentCard, series: str) -> BarChart:
    """Of each thing that people of a segment say, how many of them affirm it; `series` is what the bars are called."""
    entries = [entry for group in card.groups for entry in group.codes]
    bars = tuple(
        Bar(
            entry.label,
            (entry.segment.affirmed / entry.segment.of if entry.segment.of else 0.0,),
            (f"{entry.segment.affirmed} / {entry.segment.of}",),
        )
        for entry in entries
    )
    told = "; ".join(f"{bar.name}: {bar.labels[0]}" for bar in bars)
    return BarChart(f"segment-{card.segment.slug}", card.segment.slug, told, (series,), bars)


def _rows(card: SegmentCard) -> Iterator[Sequence[object]]:
    for group in card.groups:
        for entry in group.codes:
            people = entry.segment
            quote = entry.quotes[0] if entry.quotes else None
            said = (quote.participant, quote.language, quote.quote) if quote else (None, None, None)
            counted = (people.affirmed, people.denied, people.of)
            yield (card.segment.slug, card.people, group.kind, entry.code, entry.label, *counted, *said)
    for language, phrases in card.typical_language.items():
        for each in phrases:
            counts = (each.people, None, each.of)
            yield (card.segment.slug, card.people, "typical_language", None, each.phrase, *counts, None, language, None)
