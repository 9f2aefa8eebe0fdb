"""Segment cards as a table, and as charts of what their people say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple

from app.library.export import write_table
from app.research.charts.bars import Bar, BarChart
from app.research.phrases import fill
from app.research.segments.criteria import in_language
from app.research.segments.queries import Voices
from app.research.segments.schemas import People, ProfileCode, SegmentDefinition, SegmentProfile

COLUMNS = (
    "segment",
    "people",
    "about",
    "code",
    "label",
    "affirmed",
    "denied",
    "of",
    "affirmed_elsewhere",
    "denied_elsewhere",
    "of_elsewhere",
    "z",
    "participant",
    "language",
    "interview",
    "quote",
)
TYPICAL_LANGUAGE = "typical_language"
NOBODY = Voices(0, 0)
MOST_CODES = 4
"""Of each kind a card and a chart show so many codes, those that most people affirm; tables show all."""

_PHRASES: Mapping[str, Mapping[str, str]] = {
    "title": {
        "en": "{name}: what {people} people say (−: deny it)",
        "de": "{name}: was {people} Personen sagen (−: verneinen es)",
        "es": "{name}: lo que dicen {people} personas (−: lo niegan)",
    },
    "elsewhere": {"en": "everybody else", "de": "alle anderen", "es": "todos los demás"},
    "voices": {
        "en": "Who is heard how much: people and quotes",
        "de": "Wer wie viel gehört ist: Personen und Zitate",
        "es": "A quién se escucha cuánto: personas y citas",
    },
    "people": {"en": "people", "de": "Personen", "es": "personas"},
    "quotes": {"en": "quotes", "de": "Zitate", "es": "citas"},
    "nothing": {
        "en": "Nobody of this segment can be quoted yet.",
        "de": "Aus diesem Segment lässt sich noch niemand zitieren.",
        "es": "Aún no se puede citar a nadie de este segmento.",
    },
}


def name_of(segment: SegmentDefinition, language: str) -> str:
    """What a segment is called in a language."""
    return in_language(segment.labels, language) or segment.slug


def profile_csv(profiles: Sequence[SegmentProfile]) -> str:
    """One line for each thing that people of a segment say, with its most typical quote, and for each phrase."""
    return write_table(COLUMNS, (row for profile in profiles for row in _rows(profile)))


def profile_chart(profile: SegmentProfile, language: str) -> BarChart:
    """Of what most people of a segment affirm, which share of them does, and which share of everybody else."""
    bars = tuple(_bar(group.label, code) for group in profile.groups for code in group.codes[:MOST_CODES])
    name = name_of(profile.segment, language)
    series = (name, fill(_PHRASES["elsewhere"], language))
    title = fill(_PHRASES["title"], language, name=name, people=profile.people)
    nothing = "" if bars else fill(_PHRASES["nothing"], language)
    return BarChart(f"segment-{profile.segment.slug}", " ".join(filter(None, (title, nothing))), series, bars)


def voices_chart(segments: Sequence[SegmentDefinition], voices: Mapping[str, Voices], language: str) -> BarChart:
    """Of each segment which share of the people who may be quoted it has, and which share of what they say."""
    people, quotes = (sum(counted) or 1 for counted in zip(*map(astuple, (*voices.values(), NOBODY)), strict=True))
    heard = [(each, voices.get(each.slug, NOBODY)) for each in segments]
    bars = tuple(
        Bar(name_of(segment, language), (of.people / people, of.quotes / quotes), (str(of.people), str(of.quotes)))
        for segment, of in heard
    )
    series = tuple(fill(_PHRASES[counted], language) for counted in ("people", "quotes"))
    return BarChart("segments", fill(_PHRASES["voices"], language), series, bars)


def _bar(kind: str, code: ProfileCode) -> Bar:
    counted = (code.segment, code.elsewhere)
    return Bar(code.label, tuple(map(_share, counted)), tuple(map(_said, counted)), under=kind)


def _said(people: People) -> str:
    return f"{people.affirmed} / {people.of}" + (f", {people.denied} −" if people.denied else "")


def _share(people: People) -> float:
    return people.affirmed / people.of if people.of else 0.0


def _rows(profile: SegmentProfile) -> Iterator[Sequence[object]]:
    start = (profile.segment.slug, profile.people)
    for group in profile.groups:
        for code in group.codes:
            quote = code.quotes[0] if code.quotes else None
            said = (quote.participant, quote.language, quote.interview, quote.quote) if quote else (None,) * 4
            counted = tuple(
                number for people in (code.segment, code.elsewhere) for number in people.model_dump().values()
            )
            yield (*start, group.kind, code.code, code.label, *counted, None, *said)
    for language, phrases in profile.typical_language.items():
        for each in phrases:
            counts = (each.people, None, each.of, each.elsewhere, None, each.elsewhere_of, each.z)
            said = (each.quote.participant, language, each.quote.interview, each.quote.quote)
            yield (*start, TYPICAL_LANGUAGE, None, each.phrase, *counts, *said)
