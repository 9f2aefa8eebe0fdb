"""Days and moments are written out: pydantic alone would count seconds since 1970."""

import datetime as dt

import pytest
from fastapi.testclient import TestClient
from pydantic import TypeAdapter, ValidationError
from study_factory import MadeStudy

from app.days import Day, Moment

DAY: TypeAdapter[dt.date] = TypeAdapter(Day)
MOMENT: TypeAdapter[dt.datetime] = TypeAdapter(Moment)


@pytest.mark.parametrize("written", [0, 86_400, 0.5, "0", "86400", "0.5", "", "٢٠٢٦-01-31", None, True])
def test_a_number_is_no_day(written: object) -> None:
    """Neither as a number nor as its digits."""
    for kind in (DAY, MOMENT):
        with pytest.raises(ValidationError):
            kind.validate_python(written)


def test_days_and_moments_are_as_written() -> None:
    """A moment has its offset to UTC; a day alone is none."""
    assert DAY.validate_python("2026-01-31") == dt.date(2026, 1, 31)
    assert MOMENT.validate_python("2026-01-31T12:00:00+01:00") == dt.datetime(2026, 1, 31, 11, tzinfo=dt.UTC)
    for without_offset in ("2026-01-31", "2026-01-31T12:00:00"):
        with pytest.raises(ValidationError):
            MOMENT.validate_python(without_offset)


@pytest.mark.parametrize(
    ("method", "address", "body", "pointer"),
    [
        ("GET", "/v1/audit?since=0.5", None, "#/query/since"),
        ("GET", "/v1/sources/S01/changes?study=acme&since=86400", None, "#/query/since"),
        ("PATCH", "/v1/interviews/I01/consent?study=acme", {"until": 86_400}, "#/until"),
        ("POST", "/v1/insights", {"study": "acme", "statement": "x", "date": 0}, "#/date"),
        ("POST", "/v1/sources", {"study": "acme", "url": "https://example.org", "date": 86_400}, "#/date"),
    ],
)
def test_whoever_sends_a_number_is_told_so(
    client: TestClient, study: MadeStudy, method: str, address: str, body: object, pointer: str
) -> None:
    """Each address that takes a day refuses what its schema does not allow."""
    response = client.request(method, address, json=body)
    assert (response.status_code, [error["pointer"] for error in response.json()["errors"]]) == (422, [pointer])
