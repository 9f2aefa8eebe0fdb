"""The files of the study folder beside its transcripts: manifest, codebook, taggings."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

from examples.rendering.source import Interview, StudySource, Theme

COMPETITORS = ("Valora", "Kapitalo", "Hausbank")
RESEARCHERS = ("anna", "joerdis")
MANIFEST_COMMENT = (
    "# The sample study. Rendered by `python -m examples.render_nido`: edit source/ and gold/, not this file.\n"
)


def render_manifest(
    source: StudySource,
    customer_ids: Mapping[str, str],
    transcripts: Mapping[str, str],
    external: Sequence[Mapping[str, Any]],
) -> bytes:
    """study.yaml; `customer_ids` go by participant, `transcripts` (paths in the study folder) by interview."""
    head = {
        "study": "nido",
        "title": "Nido: why customers stay",
        "languages": ["de", "es", "en"],
        "product": "Nido",
        "competitors": list(COMPETITORS),
        "codebook": "codebook.yaml",
        "segments": "segments.yaml",
        "customers": "customers.csv",
        "taggings": "taggings.csv",
        "insights": "insights.csv",
    }
    parts = [
        MANIFEST_COMMENT + _yaml(head),
        _yaml_lines("team", source.team),
        _yaml_lines("participants", _participants(source, customer_ids)),
        _yaml({"interviews": _interviews(source, transcripts)}),
        _yaml_lines("sources", external),
    ]
    return "\n".join(parts).encode()


def render_codebook(themes: Iterable[Theme]) -> bytes:
    """codebook.yaml: every theme as a code."""
    codes = [{"code": theme.code, "kind": theme.kind, "label": theme.label, "about": theme.about} for theme in themes]
    return _yaml_lines("codes", codes).encode()


def render_taggings(interviews: Iterable[Interview]) -> bytes:
    """taggings.csv: what the researchers tagged, a row for each code of a turn of the tagged interviews."""
    rows = [
        [interview.id, turn.text, code.removeprefix("!"), "denied" if code.startswith("!") else "affirmed", author]
        for interview in interviews
        if interview.tagged
        for author in [interview.interviewer if interview.interviewer in RESEARCHERS else RESEARCHERS[0]]
        for turn in interview.turns
        for code in turn.codes
    ]
    return render_csv([["interview", "quote", "code", "polarity", "author"], *rows])


def render_csv(rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows as CSV, with plain line ends."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _participants(source: StudySource, customer_ids: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "id": participant.id,
            "customer_id": customer_ids[participant.id],
            "language": participant.language,
            "segment": participant.segment,
            "attributes": {"age": participant.age, "occupation": participant.occupation, "city": participant.city},
        }
        for participant in source.participants
    ]


def _interviews(source: StudySource, transcripts: Mapping[str, str]) -> list[dict[str, Any]]:
    interpreted = {participant.id for participant in source.participants if participant.interpreted}
    return [
        {
            "id": interview.id,
            "participant": interview.participant,
            "date": interview.date,
            "interviewer": interview.interviewer,
            "mode": "interpreted" if interview.participant in interpreted else "direct",
            "interviewer_language": interview.turns[0].language,
            "files": [transcripts[interview.id]],
            **({"speakers": dict(interview.speakers)} if interview.speakers else {}),
            "consent": {"recording": True, "quotes": True},
        }
        for interview in source.interviews
    ]


def _yaml(document: Mapping[str, Any]) -> str:
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, default_flow_style=None, width=120)


def _yaml_lines(key: str, entries: Iterable[Mapping[str, Any]]) -> str:
    """A list of mappings, each on a line of its own."""
    lines = (
        yaml.safe_dump(dict(entry), allow_unicode=True, sort_keys=False, default_flow_style=True, width=1000)
        for entry in entries
    )
    return f"{key}:\n" + "".join(f"  - {line}" for line in lines)
