"""`Accept` is read by its weights and its most specific ranges, whatever stands in it."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rest.negotiation import NotAcceptableError, choose_media_type

OFFERED = ("application/json", "text/csv", "text/markdown")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "application/json"),
        (" ", "application/json"),
        ("TEXT/CSV", "text/csv"),
        ("text/csv;q=0.1,*/*;q=0.2", "application/json"),
        ("*/*,application/json;q=0.1", "text/csv"),
        ("text/*;q=0.3,text/csv;q=0", "text/markdown"),
        ("text/markdown;charset=utf-8;q=0.9, application/json;q=0.8", "text/markdown"),
    ],
)
def test_the_preferred_format_is_chosen(accept: str | None, chosen: str) -> None:
    """The highest weight wins, the more specific range decides it, equals go to the first offered."""
    assert choose_media_type(accept, OFFERED) == chosen


@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "text/csv;q=nan", "text/csv;q=2", "nonsense", "*", ","])
def test_what_is_not_offered_is_refused(accept: str) -> None:
    """Without any usable range nothing is chosen."""
    with pytest.raises(NotAcceptableError):
        choose_media_type(accept, OFFERED)


@given(st.text(alphabet="*/;,=q.019 textcsvmarkdownjsonapplication-", max_size=80))
def test_any_header_is_read_or_refused(accept: str) -> None:
    """Whatever a client sends leads to an offered format or to a refusal."""
    with suppress(NotAcceptableError):
        assert choose_media_type(accept, OFFERED) in OFFERED
