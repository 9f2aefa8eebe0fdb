"""A study of three interviews and four customers, small enough to compute everything by hand."""

from pathlib import Path

from app.services import Services
from ingest.pipeline import ingest_study

MANIFEST = """
study: shop
title: A shop
languages: [de]
customers: customers.csv
participants:
  - {id: P01, language: de, customer_id: C1}
  - {id: P02, language: de, customer_id: C2}
  - {id: P03, language: de}
interviews:
  - {id: I01, participant: P01, date: 2026-01-02, files: [I01.txt]}
  - {id: I02, participant: P02, date: 2026-01-01, files: [I02.txt]}
  - {id: I03, participant: P03, date: 2026-01-03, files: [I03.txt]}
codebook: codebook.yaml
taggings: taggings.csv
"""
CODEBOOK = "codes:\n" + "".join(
    f"  - {{code: {code}, kind: anxiety, label: Sorge {code}, about: Sorge {code}}}\n" for code in ("AX1", "AX2", "AX3")
)
CUSTOMERS = """customer_id,first_purchase,purchases,revenue_eur,ltv_eur
C1,2025-01-01,4,300.00,250.00
C2,2025-01-01,2,100.00,60.00
C3,2025-01-01,6,500.00,450.00
C4,2025-01-01,1,100.00,
"""
TAGGINGS = """interview,quote,code,polarity,author
I01,Ich hatte Angst um mein Geld.,AX1,affirmed,anna
I02,Ich hatte Angst um mein Geld.,AX1,affirmed,anna
I02,Die App war mir fremd.,AX2,affirmed,anna
I03,Ich hatte Angst um mein Geld.,AX3,denied,anna
"""
TALK = "Interviewer: Wovor hatten Sie Angst?\n{who}: Ich hatte Angst um mein Geld. Die App war mir fremd.\n"


def ingest_shop(services: Services, folder: Path, manifest: str = MANIFEST) -> None:
    """Ingest three interviews of which two tell something new, and four customers of whom two were interviewed."""
    files = {"study.yaml": manifest, "codebook.yaml": CODEBOOK, "customers.csv": CUSTOMERS, "taggings.csv": TAGGINGS}
    talks = {f"I0{n}.txt": TALK.format(who=f"P0{n}") for n in (1, 2, 3)}
    for name, text in {**files, **talks}.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert ingest_study(folder, services, lambda *_: None).succeeded
