"""A folder is sent from the browser, its faults are said, and its quotes are found when a worker is through with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from http_server import served
from workplace import WORDS, Workplace, make_study

from browser.browsing import THEMES, WIDTHS, Browser


@pytest.fixture
def at_ingest(chromium: Browser, workplace: Workplace) -> Iterator[Browser]:
    """The browser at a service without any study, with a worker beside it."""
    with served(workplace.services) as url, workplace.worker():
        chromium.begin(url)
        yield chromium


def send(browser: Browser, folder: Path) -> None:
    """Choose a folder, and let its files be checked."""
    browser.open("/ingest")
    browser.find("#folder").send_keys(str(folder))
    assert browser.find("[data-chosen]").text.startswith(str(len(list(folder.iterdir()))))
    browser.find(".deliver-row button").click()


def look_at(browser: Browser, axe: str, name: str) -> None:
    """Keep pictures of a page that fits and has no serious fault."""
    for width in WIDTHS:
        for theme in THEMES:
            browser.show_as(width, theme)
            browser.picture(f"{name}-{width}-{theme}")
            assert not browser.is_too_wide(), f"{name} scrolls sideways at {width} pixels"
            assert browser.serious_faults(axe) == []
    browser.show_as(1280, "light")


def test_a_folder_becomes_quotes_that_are_found(at_ingest: Browser, axe: str, tmp_path: Path) -> None:
    """Sent, checked, started, followed without reloading, asked."""
    send(at_ingest, make_study(tmp_path / "shop", texts=3))
    at_ingest.find("[data-status=ready]")
    assert "3" in at_ingest.find(".plan").text
    look_at(at_ingest, axe, "ingest-ready")
    at_ingest.find(".acts form[action*=start] button").click()
    at_ingest.find("[data-status=finished]")
    assert [tag.text for tag in at_ingest.all(".runs .tag")] == ["published"] * 3
    look_at(at_ingest, axe, "ingest-finished")
    at_ingest.find("[data-ask]").click()
    assert at_ingest.find("#study-picker option[selected]").get_attribute("value") == "shop"
    at_ingest.open("/?study=shop&q=Angst+um+mein+Geld")
    assert WORDS in at_ingest.find(".quote blockquote").text
    assert at_ingest.faults() == []


def test_what_is_dropped_is_sent(at_ingest: Browser, tmp_path: Path) -> None:
    """A folder from the desk, over the place that lights up for it."""
    folder = make_study(tmp_path / "shop", texts=2)
    at_ingest.open("/ingest")
    place = at_ingest.find("[data-drop]")
    at_ingest.drag(folder, place)
    assert "over" in (place.get_attribute("class") or "").split()
    at_ingest.drop(folder, place)
    at_ingest.wait(lambda: at_ingest.find("[data-chosen]").text.startswith("3"), "the files are not counted")
    assert "over" not in (place.get_attribute("class") or "").split()
    at_ingest.find(".deliver-row button").click()
    at_ingest.find("[data-status=ready]")
    assert "2" in at_ingest.find(".plan").text
    assert at_ingest.faults() == []


def test_faults_are_shown_before_anything_starts(at_ingest: Browser, axe: str, tmp_path: Path) -> None:
    """Each with its place; what cannot even be taken in is said where it was sent from."""
    folder = make_study(tmp_path / "shop", texts=2)
    manifest = (folder / "study.yaml").read_text(encoding="utf-8")
    (folder / "study.yaml").write_text(manifest.replace("P02.txt", "P03.txt"), encoding="utf-8")
    send(at_ingest, folder)
    at_ingest.find("[data-status=refused]")
    assert "study.yaml:6" in at_ingest.find(".fault-list code").text
    look_at(at_ingest, axe, "ingest-refused")
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK no archive")
    at_ingest.open("/ingest")
    at_ingest.find("#files").send_keys(str(broken))
    at_ingest.find(".deliver-row button").click()
    assert "broken.zip" in at_ingest.find("[data-refusal] .fault-list code").text
    look_at(at_ingest, axe, "ingest-not-taken")
