"""Economics and saturation of a study in the database, against numbers computed by hand."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.evaluation.gold import read_gold
from app.models import Customer
from app.research.artefacts import Wanted, read_economics, read_saturation
from app.research.economics import Uninterviewed, invite_next
from app.research.saturation import last_news
from app.research.schemas import Group
from app.research.sentences import say_saturation
from app.services import Services
from ingest.pipeline import ingest_study

NIDO = Path(__file__).resolve().parents[3] / "examples" / "nido"
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


@pytest.fixture
def shop(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """Three interviews of which two tell something new, four customers of whom two were interviewed."""
    folder = tmp_path_factory.mktemp("shop")
    files = {"study.yaml": MANIFEST, "codebook.yaml": CODEBOOK, "customers.csv": CUSTOMERS, "taggings.csv": TAGGINGS}
    talks = {f"I0{n}.txt": TALK.format(who=f"P0{n}") for n in (1, 2, 3)}
    for name, text in {**files, **talks}.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert ingest_study(folder, services, lambda *_: None).succeeded
    with services.database.sessions() as session:
        yield session


def test_bands_and_classes_by_hand(shop: Session) -> None:
    """Shares are of all revenue; who has no lifetime value is unclassified; who is no customer is told."""
    found = read_economics(shop, "shop")
    assert (found.customers, found.revenue_eur, found.interviewed_without_customer) == (4, Decimal("1000.00"), 1)
    assert [(band.name, band.customers, band.revenue_share, band.interviewed) for band in found.bands] == [
        ("50-100", 1, 0.1, 1),
        ("200-500", 2, 0.8, 1),
    ]
    rich = found.bands[1]
    assert (rich.mean_purchases, rich.mean_ltv_eur, rich.revenue_eur) == (5.0, Decimal("350.00"), Decimal("800.00"))
    assert found.unclassified_bands is not None
    assert (found.unclassified_bands.customers, found.unclassified_bands.mean_ltv_eur) == (1, None)
    assert [(group.name, group.customers) for group in found.classes] == [("A", 1), ("B", 1), ("C", 2)]
    assert [(each.band, each.wanting, each.customers) for each in found.invite_next] == [("200-500", 1, ("C3",))]


def test_no_customers_are_no_fault(shop: Session) -> None:
    """A study whose customers earn nothing has no shares; an unknown study is refused."""
    shop.execute(update(Customer).values(revenue_eur=0))
    assert {band.revenue_share for band in read_economics(shop, "shop").bands} == {0.0}
    with pytest.raises(NotFoundError):
        read_economics(shop, "nothing")


def test_a_study_without_customers_says_so(shop: Session) -> None:
    """Nobody is counted, and nobody is invited."""
    shop.execute(delete(Customer))
    found = read_economics(shop, "shop")
    assert (found.customers, found.revenue_eur) == (0, Decimal(0))
    assert not found.bands
    assert not found.invite_next
    assert found.interviewed_without_customer == 3


def test_the_most_wanting_band_comes_first() -> None:
    """Of ten interviews a band with 60 % of the revenue should have six; a band with enough is not named."""

    def band(name: str, share: float, interviewed: int) -> Group:
        return Group(
            name=name,
            customers=9,
            mean_purchases=None,
            revenue_eur=Decimal(1),
            revenue_share=share,
            mean_ltv_eur=None,
            interviewed=interviewed,
        )

    bands = [band("0-50", 0.1, 6), band("50-100", 0.3, 2), band("100-200", 0.6, 2)]
    invited = invite_next(bands, [Uninterviewed("C7", "100-200"), Uninterviewed("C8", "0-50")])
    assert [(each.band, each.wanting, each.customers) for each in invited] == [
        ("100-200", 4, ("C7",)),
        ("50-100", 1, ()),
    ]


def test_saturation_goes_by_date_and_by_what_is_affirmed(shop: Session) -> None:
    """The interview of the first day comes first; what is denied, or only a kind, is no new code."""
    found = read_saturation(shop, "shop", Wanted(by_persons=True, planned=25))
    assert [(step.interview, step.new, step.distinct) for step in found.steps] == [
        ("I02", ("AX1", "AX2"), 2),
        ("I01", (), 2),
        ("I03", (), 2),
    ]
    assert (found.last_new, found.saturated_at) == (1, None)
    assert found.sentence.startswith("After interview 1 of 3 nothing new came up.")


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_the_sentence_says_whether_to_stop(language: str) -> None:
    """Every case has a sentence with its numbers, in English where the language is not known."""
    assert "20" in say_saturation(23, 20, 20, 0, 25, language)
    assert "25" in say_saturation(23, 20, 20, 0, 25, language)
    assert "7" in say_saturation(9, 9, None, 7, None, language)
    nothing = {say_saturation(0, 0, None, 0, None, language), say_saturation(3, 0, None, 0, None, language)}
    assert len(nothing) == 2


def test_the_last_news_of_the_sample_study_is_in_interview_20() -> None:
    """Computed from the true tags of every turn."""
    interviews = read_gold(NIDO / "gold.yaml").interviews
    told = [frozenset().union(*(turn.affirmed for turn in interviews[name])) for name in sorted(interviews)]
    assert len(told) == 23
    assert last_news(told) == 20


def test_the_routes_refuse_what_makes_no_sense(client: TestClient, shop: Session) -> None:
    """Numbers out of range, unknown parameters and unknown studies are problems; what is right is answered."""
    assert client.get("/v1/economics", params={"study": "shop"}).json()["customers"] == 4
    told = client.get("/v1/saturation", params={"study": "shop", "base": 1, "run": 1, "told_in": "de"}).json()
    assert [run["share"] for run in told["runs"]] == [0.0, 0.0]
    for wrong in ({"base": 0}, {"threshold": 2}, {"colour": "red"}, {"told_in": "deutsch"}):
        assert client.get("/v1/saturation", params={"study": "shop", **wrong}).status_code == 422
    for url in ("/v1/economics", "/v1/saturation"):
        assert client.get(url, params={"study": "nothing"}).status_code == 404
