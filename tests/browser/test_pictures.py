"""Every page at both widths, light and dark: it fits, axe finds nothing serious, and a picture is kept."""

import pytest

from browser.browsing import THEMES, WIDTHS, Browser

PAGES = {
    "ask": "/?study=nido",
    "quotes": "/quotes?study=nido",
    "quotes-narrowed": "/quotes?study=nido&kind=anxiety&segment=careful&words=Geld",
    "quotes-of-an-address": "/?study=nido&q=What+did+people+fear+would+happen+to+their+money%3F",
    "history": "/history?study=nido",
    "collections": "/collections?study=nido",
    "interviews": "/interviews?study=nido",
    "transcript": "/interviews/I01?study=nido",
    "transcript-interpreted": "/interviews/I18?study=nido",
    "segments": "/segments?study=nido",
    "segment": "/segments/careful?study=nido",
    "qualify": "/segments/qualify?study=nido",
    "qualified": "/segments/qualify?study=nido&participant=P07&said=Jeden+Morgen+im+Zug&criterion.careful-goals=yes",
    "matrix": "/matrix?study=nido",
    "matrix-cell": "/matrix/quotes?study=nido&criterion=CR4&segment=careful",
    "saturation": "/saturation?study=nido",
    "saturation-news": "/saturation/I02?study=nido",
    "economics": "/economics?study=nido",
    "insights": "/insights?study=nido",
    "insight": "/insights/IN03?study=nido",
    "hypotheses": "/hypotheses?study=nido",
    "ingest": "/ingest?study=nido",
    "admin": "/admin/health?study=nido",
    "admin-keys": "/admin/keys?study=nido",
    "admin-erasure": "/admin/erasure?study=nido&kind=participant&code=P07",
    "admin-consent": "/admin/consent?study=nido",
    "admin-audit": "/admin/audit?study=nido&verify=true",
    "admin-settings": "/admin/settings?study=nido",
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
