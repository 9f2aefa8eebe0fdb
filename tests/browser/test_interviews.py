"""The pages of interviews in a browser: heard along, put right and taken back, by keyboard alone."""

from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from browser.browsing import Browser

CLOSE_ENOUGH_S = 0.3


def heard_s(browser: Browser) -> float:
    """Where the recording stands."""
    return float(browser.script("return document.getElementById('recording').currentTime"))


def starts_s(browser: Browser) -> list[float]:
    """When each utterance begins."""
    starts = browser.script(
        "return [...document.querySelectorAll('[data-utterance]')].map(u => u.dataset.startMs / 1000)"
    )
    return [float(start) for start in starts]


def lit(browser: Browser) -> int:
    """Which utterance is lit, -1 where none is."""
    return int(
        browser.script("return [...document.querySelectorAll('[data-utterance]')].findIndex(u => u.matches('.lit'))")
    )


def open_reader(browser: Browser, anchor: str = "") -> None:
    """Open the reader of the interview with a recording, and wait until it can be heard."""
    browser.open("/problems")
    browser.open(f"/interviews/I04?study=nido{anchor}")
    ready = "return document.getElementById('recording').readyState > 0"
    browser.wait(lambda: browser.script(ready), "the recording is not read")


def test_what_is_clicked_is_heard_and_what_is_heard_is_lit(browser: Browser, recorded: str) -> None:
    """A time that is clicked plays from there; where the recording goes, the light goes."""
    open_reader(browser)
    starts = starts_s(browser)
    browser.all("[data-seek]")[5].click()
    browser.wait(lambda: abs(heard_s(browser) - starts[5]) < CLOSE_ENOUGH_S, "it is not heard from its start")
    assert lit(browser) == 5
    browser.script("document.getElementById('recording').pause()")
    browser.script("document.getElementById('recording').currentTime = arguments[0]", starts[9] + 0.2)
    browser.wait(lambda: lit(browser) == 9, "what is heard is not lit")


def test_a_link_of_a_quote_leads_to_where_it_is_heard(browser: Browser, recorded: str) -> None:
    """The recording stands at the start of the utterance that the address names."""
    open_reader(browser)
    anchor = browser.all("[data-utterance]")[7].get_attribute("id")
    start = starts_s(browser)[7]
    open_reader(browser, f"#{anchor}")
    browser.wait(lambda: abs(heard_s(browser) - start) < CLOSE_ENOUGH_S, "it does not stand at the quote")
    assert lit(browser) == 7


def test_keys_are_enough_to_listen(browser: Browser, recorded: str) -> None:
    """J and K go through the turns, arrows through the seconds, Space plays and pauses."""
    open_reader(browser)
    starts = starts_s(browser)
    browser.press("j", "j", "j", "k")
    browser.wait(lambda: abs(heard_s(browser) - starts[1]) < CLOSE_ENOUGH_S, "J and K do not go through the turns")
    browser.press(Keys.ARROW_RIGHT)
    browser.wait(lambda: abs(heard_s(browser) - starts[1] - 5) < CLOSE_ENOUGH_S, "the arrow does not go on")
    browser.press(Keys.SPACE)
    browser.wait(
        lambda: not browser.script("return document.getElementById('recording').paused"), "Space does not play"
    )
    browser.press(Keys.SPACE)
    browser.wait(lambda: browser.script("return document.getElementById('recording').paused"), "Space does not pause")


def test_a_role_is_put_right_and_taken_back(browser: Browser) -> None:
    """In place, and as it was after Undo."""
    browser.open("/interviews/I05?study=nido")
    identifier = browser.script("return document.querySelector('.utterance.interviewer').id")
    browser.open(f"/interviews/I05?study=nido&edit={identifier.removeprefix('u-')}")
    Select(browser.find("#role")).select_by_value("other")
    browser.find(".corrections button").click()
    browser.find(".undo button")
    assert browser.all(f"#{identifier}.other")
    browser.find(".undo button").click()
    browser.find(f"#{identifier}.interviewer")
    assert not browser.all(".undo")


def test_interviews_are_narrowed_while_one_types(browser: Browser) -> None:
    """Without a button."""
    browser.open("/interviews?study=nido")
    browser.find("#words").send_keys("P07")
    browser.wait(lambda: len(browser.all(".interview")) == 1, "the list is not narrowed")
