"""Every page at both widths, light and dark: it fits, axe finds nothing serious, and a picture is kept."""

import pytest

from browser.browsing import THEMES, WIDTHS, Browser

PAGES = {
    "ask": "/?study=nido",
    "quotes": "/quotes?study=nido",
    "quotes-narrowed": "/quotes?study=nido&kind=anxiety&segment=careful&words=Geld",
    "transcript": "/interviews/I01?study=nido",
    "problems": "/problems",
    "not-found": "/interviews/I99?study=nido",
}
"""Every page of the site by the name of its pictures."""


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_and_is_accessible(browser: Browser, axe: str, name: str) -> None:
    """No sideways scrolling, no serious fault, nothing that the policy blocks."""
    for width in WIDTHS:
        for theme in THEMES:
            browser.show_as(width, theme)
            browser.open(PAGES[name])
            browser.picture(f"{name}-{width}-{theme}")
            assert not browser.is_too_wide(), f"{name} scrolls sideways at {width} pixels"
            assert browser.serious_faults(axe) == []
    assert [fault for fault in browser.faults() if "status of 404" not in fault] == []
