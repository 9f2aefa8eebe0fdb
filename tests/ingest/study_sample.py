"""A small study folder, right in every part, for tests to break."""

from pathlib import Path

import pytest

from app.errors import Fault
from ingest.manifest import ManifestError, read_study

MANIFEST = """\
study: nido
title: "Nido: why customers stay"
languages: [de, es, en]
product: Nido
competitors: [Valora, Hausbank]
team:
  - {id: anna, name: Anna Brandt, role: researcher, contact: "anna@example.org"}
codebook: codebook.yaml
segments: segments.yaml
customers: customers.csv
participants:
  - {id: P01, customer_id: C-1041, language: de, segment: careful, attributes: {age: 34}}
  - id: P02
    language: es
interviews:
  - id: I01
    participant: P01
    date: 2026-03-02
    interviewer: anna
    files: [transcripts/P01.vtt, audio/P01.wav]
    speakers: {"Anna B.": anna, "P01": participant}
    channels: {left: interviewer, right: participant}
    consent: {recording: true, marketing: yes, until: 2028-01-01}
  - id: I02
    participant: [P02, P01]
    mode: interpreted
    interviewer_language: en
    files: [transcripts/P02.srt]
    speakers: {Maria: P02, Voice: interpreter}
sources:
  - {file: sources/valora.html, kind: competitor, title: Valora, url: "https://valora.example/preise", date: 2026-01-10}
taggings: taggings.csv
insights: insights.csv
"""

FILES = {
    "study.yaml": MANIFEST,
    "codebook.yaml": """\
codes:
  - {code: AH1, kind: aha, label: First plan ran, about: The plan ran by itself., examples: [Es lief einfach.]}
  - code: AX1
    kind: anxiety
    label: {en: Money gone, de: Geld weg}
""",
    "segments.yaml": """\
segments:
  - id: careful
    label: {en: Careful, de: Vorsichtige}
    aliases: {en: [cautious]}
    criteria:
      - statement: Wants calm.
        id: c1
        dimension: risk_attitude
        ask: {de: Ist Ihnen Ruhe wichtig?}
        indicators: {speaks_for: [AX1], speaks_against: [AH1]}
        attributes: {age: {at_least: 30.5, at_most: 45}, job: [nurse, teacher], kids: yes}
      - Decides late.
""",
    "customers.csv": """\
customer_id,first_purchase,purchases,revenue_eur,ltv_eur,country
C-1041,2025-09-01,31,691.70,777.20,DE
C-1042,,0,0,,ES
""",
    "taggings.csv": """\
interview,quote,start_ms,code,polarity,author
I01,"Es lief,
einfach so.",,AH1,,anna
I02,,81200,AX1,denied,anna
""",
    "insights.csv": """\
id,author,date,segment,statement,evidence
N1,anna,2026-04-01,careful,A birth starts the search.,Es lief einfach. | u-17
""",
    "transcripts/P01.vtt": "WEBVTT\n",
    "transcripts/P02.srt": "1\n",
    "audio/P01.wav": "RIFF",
    "sources/valora.html": "<p>Preise</p>",
}


def write_study(folder: Path, **changed: str) -> Path:
    """Write the sample study, some files of it with another content; `study_yaml` is `study.yaml`."""
    contents = FILES | {name.replace("_", "."): content for name, content in changed.items()}
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def faults_of(folder: Path) -> tuple[Fault, ...]:
    """List what is wrong with a study folder."""
    with pytest.raises(ManifestError) as caught:
        read_study(folder)
    return caught.value.faults
