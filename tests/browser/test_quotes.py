"""The Quotes page in a browser: narrowed while one types and chooses, exported, by keyboard alone."""

from selenium.webdriver.common.keys import Keys

from browser.browsing import Browser


def shown(browser: Browser) -> list[str]:
    """The words of the quotes that stand on the page."""
    words: list[str] = browser.script(
        "return [...document.querySelectorAll('.quote-list blockquote')].map(q => q.textContent)"
    )
    return words


def test_quotes_are_narrowed_while_one_types_and_chooses(browser: Browser) -> None:
    """Without loading the page anew; the address holds it all, and gives the same when it is opened."""
    browser.open("/quotes?study=nido")
    browser.script("window.stayed = true")
    browser.find("#words").send_keys("Geld")
    browser.wait(lambda: "words=Geld" in browser.driver.current_url, "the address does not hold the words")
    assert all("geld" in quote.lower() for quote in shown(browser))
    browser.find("[name=segment][value=careful]").click()
    browser.wait(lambda: "segment=careful" in browser.driver.current_url, "the address does not hold the segment")
    assert browser.script("return document.activeElement.value") == "careful"
    assert browser.script("return window.stayed")
    narrowed = shown(browser)
    assert narrowed
    browser.open(browser.driver.current_url.removeprefix(browser.site))
    assert shown(browser) == narrowed
    browser.find(".narrowed .chip a").click()
    browser.wait(lambda: "segment=careful" not in browser.driver.current_url, "the chip does not take away")


def test_chosen_quotes_are_downloaded(browser: Browser) -> None:
    """Two are chosen; the file holds these two, word for word."""
    browser.open("/quotes?study=nido&kind=anxiety")
    for box in browser.all("[type=checkbox][name=pick]")[:2]:
        box.click()
    assert "2" in browser.find("[data-chosen-count]").text
    browser.all(".selection-actions summary")[1].click()
    browser.find("button[name=format][value=csv]").click()
    kept = browser.downloads / "quotes.csv"
    browser.wait(kept.exists, "nothing was downloaded")
    lines = browser.wait(lambda: kept.read_text(encoding="utf-8"), "the file is empty")
    assert [quote in lines for quote in shown(browser)[:3]] == [True, True, False]
    kept.unlink()


def test_the_keyboard_is_enough(browser: Browser) -> None:
    """Words, a facet, a quote and its list are reached and used by keys alone, each in sight of a focus ring."""
    browser.open("/quotes?study=nido")
    browser.find("#words").send_keys("Geld", Keys.ENTER)
    browser.wait(lambda: "words=Geld" in browser.driver.current_url, "Enter does not narrow")
    focused = browser.press(Keys.TAB)
    while focused.get_attribute("name") != "segment":
        focused = browser.press(Keys.TAB)
    browser.press(Keys.SPACE)
    browser.wait(lambda: "segment=" in browser.driver.current_url, "Space does not choose")
    assert browser.script("return getComputedStyle(document.activeElement).outlineStyle") != "none"
    box = browser.find("[type=checkbox][name=pick]")
    box.send_keys(Keys.SPACE)
    assert box.is_selected()
