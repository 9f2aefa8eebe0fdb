"""A study folder says where its LTV bands and ABCD classes end, and its participants find their customers."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from shop_study import CUSTOMERS, MANIFEST, ingest_shop
from sqlalchemy import select
from sqlalchemy.orm import Session
from study_sample import FILES, faults_of, write_study

from app.customer_value import CLASS_SHARES
from app.models import Customer, Participant, Study
from app.services import Services
from ingest.manifest import read_study
from ingest.pipeline import ingest_study


def with_economics(economics: str) -> str:
    """The manifest of the sample study with a section about economics."""
    return f"{FILES['study.yaml']}economics: {economics}\n"


def rewrite(folder: Path, **files: str) -> None:
    """Change files of a study folder."""
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("economics", "bands", "classes"),
    [
        ("{bands_eur: [100, 300]}", (100, 300), CLASS_SHARES),
        ("{class_shares: {A: 0.8, B: .2}}", None, {"A": Decimal("0.8"), "B": Decimal("0.2")}),
        ("{class_limits_eur: {A: 500, B: 200, C: 50}}", None, {"A": 500, "B": 200, "C": 50}),
    ],
)
def test_a_scheme_is_read(tmp_path: Path, economics: str, bands: tuple[int, ...] | None, classes: Any) -> None:
    """What is not said is as it is by default."""
    scheme = read_study(write_study(tmp_path, study_yaml=with_economics(economics))).value_scheme
    assert scheme is not None
    assert scheme.bands_eur == (bands or (50, 100, 200, 500, 1000))
    assert (scheme.class_shares or scheme.class_limits_eur) == classes


def test_without_a_scheme_there_is_none(tmp_path: Path) -> None:
    """So that one which was set otherwise stays."""
    assert read_study(write_study(tmp_path)).value_scheme is None


@pytest.mark.parametrize(
    ("economics", "problem"),
    [
        ("{bands_eur: [100, 50]}", "the limits do not rise"),
        ("{bands_eur: []}", "there are 0 limits"),
        ("{bands_eur: [a]}", "is not a count"),
        ("{class_shares: {A: 0.5, B: 0.4}}", "the shares are not 1 together"),
        ("{class_shares: {A: 50 %}}", "is not a share"),
        ("{class_shares: {X: 1}}", "`X` is not a class"),
        ("{class_limits_eur: {A: 5, B: 10}}", "the limits do not fall"),
        ("{class_shares: {A: 1}, class_limits_eur: {A: 5}}", "classes have shares already"),
        ("{bands: [5]}", "is not a key here"),
        ("5", "should be keys with values"),
    ],
)
def test_a_wrong_scheme_is_said_with_its_line(tmp_path: Path, economics: str, problem: str) -> None:
    """The line is that of the value."""
    line = with_economics(economics).count("\n")
    (fault,) = faults_of(write_study(tmp_path, study_yaml=with_economics(economics)))
    assert fault.place == f"study.yaml:{line}"
    assert problem in fault.problem
    assert fault.remedy


def test_customers_are_valued_by_the_scheme_of_the_folder(services: Services, tmp_path: Path) -> None:
    """Also those that came in otherwise; a folder that says nothing leaves the scheme as it is."""
    ingest_shop(services, tmp_path)

    def again(manifest: str) -> dict[str, str | None]:
        rewrite(tmp_path, study_yaml=manifest)
        assert ingest_study(tmp_path, services, lambda *_: None).succeeded
        with services.database.sessions() as session:
            return {row.code: row.band for row in session.scalars(select(Customer).order_by(Customer.code))}

    with services.database.sessions.begin() as session:
        study_id = session.scalars(select(Study.id)).one()
        session.add(Customer(study_id=study_id, code="X1", ltv_eur=Decimal(99), attributes={}))
    scheme = "economics: {bands_eur: [99, 300]}\n"
    told = {"C1": "99-300", "C2": "0-99", "C3": "300+", "C4": None, "X1": "99-300"}
    assert again(MANIFEST + scheme) == told
    assert again(MANIFEST) == told


def test_a_participant_keeps_the_code_of_an_unknown_customer(services: Services, tmp_path: Path) -> None:
    """Without customers in the folder the code is kept, and is the customer when there is one."""

    def links(session: Session) -> dict[str, tuple[str | None, bool]]:
        rows = session.scalars(select(Participant).order_by(Participant.code))
        return {row.code: (row.customer_code, row.customer_id is not None) for row in rows}

    ingest_shop(services, tmp_path, MANIFEST.replace("customers: customers.csv\n", ""))
    with services.database.sessions() as session:
        assert links(session) == {"P01": ("C1", False), "P02": ("C2", False), "P03": (None, False)}
    rewrite(tmp_path, study_yaml=MANIFEST, customers_csv=CUSTOMERS)
    assert ingest_study(tmp_path, services, lambda *_: None).succeeded
    with services.database.sessions() as session:
        assert links(session) == {"P01": ("C1", True), "P02": ("C2", True), "P03": (None, False)}
