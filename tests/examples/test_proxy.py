"""The proxies of the examples let through what Verbatim takes in."""

import re
from pathlib import Path

import pytest

from app.rest.gate import UPLOADS

PROXY = Path(__file__).resolve().parents[2] / "examples" / "proxy"


def test_nginx_takes_long_bodies_where_verbatim_does() -> None:
    """Uploads have a location of their own, and no other address matches it."""
    located = re.search(
        r"location ~ (\^\S+\$) \{\s+client_max_body_size 20g", (PROXY / "nginx.conf").read_text("utf-8")
    )
    assert located
    addresses = [*UPLOADS, *(f"{upload}/other" for upload in UPLOADS), "/v1/answers", "/"]
    assert {address for address in addresses if re.match(located[1], address)} == UPLOADS


@pytest.mark.parametrize("matcher", ["@uploads path", "@others not path"])
def test_caddy_takes_long_bodies_where_verbatim_does(matcher: str) -> None:
    """Both matchers name all uploads, and nothing else."""
    named = re.search(rf"{matcher} (.+)", (PROXY / "Caddyfile").read_text("utf-8"))
    assert named
    assert set(named[1].split()) == UPLOADS
