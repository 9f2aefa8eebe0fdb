"""The proxies of the examples let through what Verbatim takes in."""

import re
from pathlib import Path

import pytest

from app.rest.gate import MOST_BODY_BYTES, UPLOADS

PROXY = Path(__file__).resolve().parents[2] / "examples" / "proxy"
_CADDY = (PROXY / "Caddyfile").read_text("utf-8")


def test_nginx_takes_long_bodies_where_verbatim_does() -> None:
    """Uploads have a location of their own, and no other address matches it."""
    located = re.search(
        r"location ~ (\^\S+\$) \{\s+client_max_body_size 20g", (PROXY / "nginx.conf").read_text("utf-8")
    )
    assert located
    addresses = [*UPLOADS, *(f"{upload}/other" for upload in UPLOADS), "/v1/answers", "/"]
    assert {address for address in addresses if re.match(located[1], address)} == UPLOADS


def test_caddy_takes_long_bodies_where_verbatim_does() -> None:
    """All uploads are named, and nothing else."""
    named = re.search(r"@uploads path (.+)", _CADDY)
    assert named
    assert set(named[1].split()) == UPLOADS


@pytest.mark.parametrize(
    ("place", "size_bytes", "is_refused"),
    [
        (0, 19_999_999_999, False),
        (0, 20_000_000_000, True),
        (0, 100_000_000_000, True),
        (1, 999_999, False),
        (1, MOST_BODY_BYTES + 1, True),
    ],
)
def test_caddy_refuses_a_body_that_says_it_is_too_long(place: int, size_bytes: int, *, is_refused: bool) -> None:
    """At once: what `request_body` ends in the middle becomes a 502."""
    pattern = re.findall(r"@long header_regexp Content-Length (\S+)", _CADDY)[place]
    assert bool(re.match(pattern, str(size_bytes))) is is_refused
