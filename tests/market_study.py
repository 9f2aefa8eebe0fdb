"""A study of six people with segments, competitors and criteria, small enough to count everything by hand."""

from pathlib import Path

from sqlalchemy import delete

from app.models import Tagging
from app.services import Services
from ingest.pipeline import ingest_study

MANIFEST = """
study: market
title: Why they choose us
languages: [de, es]
product: Sparfix
competitors: [Valora, Deutsche Bank]
codebook: codebook.yaml
segments: segments.yaml
taggings: taggings.csv
participants:
  - {id: P01, language: de, segment: calm}
  - {id: P02, language: de, segment: calm}
  - {id: P03, language: es, segment: keen}
  - {id: P04, language: de}
  - {id: P05, language: de, segment: keen}
  - {id: P06, language: de, segment: calm}
interviews:
  - {id: I01, participant: P01, files: [I01.txt]}
  - {id: I02, participant: P02, files: [I02.txt]}
  - {id: I03, participant: P03, files: [I03.txt]}
  - {id: I04, participant: P04, files: [I04.txt]}
  - {id: I05, participant: P05, files: [I05.txt]}
  - {id: I06, participant: P05, files: [I06.txt]}
  - {id: I07, participant: P06, files: [I07.txt], consent: {quotes: false}}
"""
CODEBOOK = """
codes:
  - {code: CR1, kind: criterion, label: {de: Gebühren vorher sichtbar}, about: Gebühren sind vor dem Kauf sichtbar}
  - {code: CR2, kind: criterion, label: Einlagensicherung, about: dass die Einlagen gesichert sind}
  - {code: AL1, kind: alternative, label: Verglichen mit Valora}
  - {code: AL2, kind: alternative, label: Sparstrumpf}
  - {code: RC1, kind: competitor_reason, label: Valora ist billig, about: Freunde wählen Valora weil es billig ist}
  - {code: RT1, kind: routine, label: Einmal im Monat, about: schaut einmal im Monat nach}
  - {code: RT2, kind: routine, label: Jeden Morgen im Zug, about: schaut jeden Morgen im Zug nach}
"""
SEGMENTS = """
segments:
  - id: calm
    label: {de: Ruhige, en: Calm}
    aliases: {de: [ruhige Kunden]}
    criteria:
      - id: calm-routine
        dimension: routines_and_rituals
        statement: Looks once a month.
        ask: {de: Schauen Sie einmal im Monat nach?}
        indicators: {speaks_for: [RT1], speaks_against: [RT2]}
      - Sleeps well.
  - id: keen
    label: {de: Eifrige, en: Keen}
    criteria:
      - id: keen-routine
        dimension: routines_and_rituals
        statement: Looks every morning.
        indicators: {speaks_for: [RT2], speaks_against: [RT1]}
"""
TAGGINGS = """interview,quote,code,polarity,author
I01,Die Gebühren wollte ich vorher sehen.,CR1,affirmed,anna
I01,Bei Valora waren die Kosten versteckt.,CR1,denied,anna
I01,Ich schaue einmal im Monat nach.,RT1,affirmed,anna
I02,Meine Freunde gehen zu Valora.,RC1,affirmed,anna
I03,Las comisiones me daban igual.,CR1,denied,anna
I04,Im Sparstrumpf gab es keine Gebühren.,CR1,affirmed,anna
I04,Im Sparstrumpf gab es keine Gebühren.,AL2,affirmed,anna
I05,Jeden Morgen schaue ich im Zug nach.,RT2,affirmed,anna
I05,Die Gebühren waren mir egal.,CR1,denied,anna
I06,Die Gebühren standen vorher da.,CR1,affirmed,anna
"""
TALKS = {
    "I01": """Interviewer: Wie haben Sie gewählt?
P01: Die Gebühren wollte ich vorher sehen. Ich las alles zweimal.
Interviewer: Und die anderen?
P01: Bei Valora waren die Kosten versteckt. Das gefiel mir nicht.
Interviewer: Wann schauen Sie nach?
P01: Ich schaue einmal im Monat nach. Immer am Sonntag.
""",
    "I02": """Interviewer: War Ihnen wichtig, dass die Gebühren vor dem Kauf sichtbar sind?
P02: Ach, das Wetter war damals schön.
Interviewer: Was machen die anderen?
P02: Meine Freunde gehen zu Valora. Immer am Sonntag reden wir darüber.
""",
    "I03": """Interviewer: ¿Cómo eligió?
P03: Las comisiones me daban igual. Yo miraba otras cosas.
""",
    "I04": """Interviewer: Was war vorher?
P04: Im Sparstrumpf gab es keine Gebühren. So war das.
""",
    "I05": """Interviewer: Wann schauen Sie nach?
P05: Jeden Morgen schaue ich im Zug nach. Das geht schnell.
Interviewer: Und die Kosten?
P05: Die Gebühren waren mir egal. Damals jedenfalls.
""",
    "I06": """Interviewer: Und heute?
P05: Die Gebühren standen vorher da. Das fand ich gut.
""",
    "I07": """Interviewer: Wie haben Sie gewählt?
P06: Die Gebühren wollte ich vorher sehen. Ich las alles zweimal.
""",
}


def ingest_market(services: Services, folder: Path) -> None:
    """Ingest the study with the taggings of its researcher alone; one of its people does not agree to be quoted."""
    files = {"study.yaml": MANIFEST, "codebook.yaml": CODEBOOK, "segments.yaml": SEGMENTS, "taggings.csv": TAGGINGS}
    for name, text in {**files, **{f"{code}.txt": talk for code, talk in TALKS.items()}}.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert ingest_study(folder, services, lambda *_: None).succeeded
    with services.database.sessions.begin() as session:
        session.execute(delete(Tagging).where(Tagging.basis != "person"))
