"""Asking in a browser: the answer as it is made, quotes beside it, playback of exactly their seconds, the keyboard."""

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from app.services import Services
from browser.browsing import THEMES, WIDTHS, Browser

FEAR = "What did people fear would happen to their money?"
IN_TIME_S = 0.3


@pytest.fixture
def answered(browser: Browser) -> Browser:
    """The browser before an answer that it has asked for."""
    browser.open("/?study=nido")
    ask(browser, FEAR)
    return browser


def ask(browser: Browser, question: str) -> None:
    """Write a question, send it with Enter, and wait for the answer under its own address."""
    before = browser.driver.current_url
    browser.find("#q").send_keys(question, Keys.ENTER)
    browser.wait(lambda: "/answers/" in browser.driver.current_url != before, "no answer came")
    browser.find(".answer #asked")


def point_at(browser: Browser, selector: str) -> None:
    """Move the mouse over an element."""
    element = browser.find(selector)
    browser.script("arguments[0].scrollIntoView({block: 'center'})", element)
    ActionChains(browser.driver).move_to_element(element).perform()


def test_an_answer_is_streamed_and_stays(browser: Browser) -> None:
    """Stages and verified quotes come first; the answer has an address that shows the same again."""
    browser.open("/?study=nido")
    browser.script(
        "window.seen = []; new MutationObserver(() => {"
        "  const shown = document.querySelector('[data-streamed]');"
        "  if (shown && !shown.hidden) seen.push(shown.querySelectorAll('blockquote').length);"
        "}).observe(document.querySelector('main'), {subtree: true, childList: true, characterData: true})"
    )
    ask(browser, FEAR)
    assert max(browser.script("return window.seen")) > 0
    assert browser.find(".badge.generated").text == "Generated answer"
    claims = [claim.text for claim in browser.all(".claim-text")]
    assert browser.driver.title.startswith(FEAR)
    browser.driver.refresh()
    assert [claim.text for claim in browser.all(".claim-text")] == claims
    browser.driver.back()
    browser.wait(lambda: browser.all(".examples"), "the way back leads nowhere")
    assert browser.faults() == []


def test_an_answer_fits_and_is_accessible(answered: Browser, axe: str) -> None:
    """At both widths, light and dark, also with a menu open over it."""
    for width in WIDTHS:
        for theme in THEMES:
            answered.show_as(width, theme)
            answered.picture(f"answer-{width}-{theme}")
            assert not answered.is_too_wide()
            assert answered.serious_faults(axe) == []
    answered.find(".cited details.menu summary").click()
    assert not answered.is_too_wide()
    assert answered.serious_faults(axe) == []


def test_a_mark_shows_its_quote_and_opens_it(answered: Browser) -> None:
    """When pointed at or focused, the quote is shown where one looks; a click lights it beside the answer."""
    mark = answered.find("a[data-mark]")
    number = mark.get_attribute("data-mark")
    words = answered.find(f"#quote-{number} blockquote").text
    point_at(answered, "a[data-mark]")
    answered.wait(lambda: answered.find(".preview").is_displayed(), "no quote is shown")
    assert answered.find(".preview blockquote").text == words
    answered.find("body").send_keys(Keys.ESCAPE)
    answered.wait(lambda: not answered.find(".preview").is_displayed(), "Escape hides nothing")
    mark.click()
    assert answered.script("return document.querySelector('.quote:target').id") == f"quote-{number}"


def test_on_a_phone_the_quote_opens_over_the_answer(answered: Browser) -> None:
    """A sheet holds the whole card, and closes again."""
    answered.show_as(390, "light")
    mark = answered.find("a[data-mark]")
    mark.click()
    sheet = answered.find("dialog[open]")
    assert answered.find("dialog[open] blockquote").text
    assert answered.find("dialog[open] [href*='/interviews/']").is_displayed()
    answered.find("dialog[open] form button").click()
    answered.wait(lambda: not sheet.is_displayed(), "the sheet stays")


def test_a_quote_plays_its_very_seconds(browser: Browser, recorded: str) -> None:
    """From its start, within 0.3 s, and not beyond its end."""
    browser.open(f"/?study=nido&participant={recorded}")
    ask(browser, FEAR)
    link = browser.find("a[data-play]")
    start_s, end_s = (int(link.get_attribute(f"data-{name}-ms") or "") / 1000 for name in ("start", "end"))
    browser.script(
        "window.played = []; const audio = document.getElementById('player');"
        "audio.playbackRate = audio.defaultPlaybackRate = 4; audio.muted = true;"
        "for (const name of ['playing', 'pause'])"
        "  audio.addEventListener(name, () => played.push([name, audio.currentTime]));"
    )
    browser.script("arguments[0].scrollIntoView({block: 'center'})", link)
    link.click()
    played = browser.wait(
        lambda: (seen := browser.script("return played")) and seen[-1][0] == "pause" and seen, "nothing was played"
    )
    assert played[0][0] == "playing"
    assert abs(played[0][1] - start_s) <= IN_TIME_S
    assert end_s <= played[-1][1] < end_s + 1
    assert browser.find("a[data-play] span").text == "Play"


def test_every_menu_fits_a_phone(browser: Browser) -> None:
    """Wherever a menu opens, nothing of it lies beyond the edge; Escape closes it."""
    edge = "return document.querySelector('details[open] .menu-body').getBoundingClientRect().right"
    browser.show_as(390, "light")
    browser.open("/?study=nido")
    for summary in browser.all("details.facet summary"):
        summary.click()
        assert not browser.is_too_wide()
        assert browser.script(edge) <= 390
        press(browser, Keys.ESCAPE)
        assert browser.all("details[open]") == []


def test_filters_narrow_and_stand_in_the_address(browser: Browser) -> None:
    """A chosen segment is named in its chip, and everybody quoted is of it."""
    browser.open("/?study=nido")
    menu = browser.find("details.facet")
    menu.click()
    browser.find("details.facet[open] input[value=careful]").click()
    assert browser.find("details.facet [data-chosen]").text == "Careful"
    ask(browser, FEAR)
    assert {tag.text for tag in browser.all(".cited .quote-head strong + .tag")} == {"Careful"}
    browser.open("/?study=nido&segment=starter&kind=anxiety")
    chosen = [box.get_attribute("value") for box in browser.all("details.facet input:checked")]
    assert chosen == ["starter", "anxiety"]


def test_a_follow_up_question_and_a_thumb(answered: Browser) -> None:
    """The conversation grows; an opinion with a reason is kept."""
    first = answered.driver.current_url
    ask(answered, "And what calmed them?")
    assert [turn.text for turn in answered.all(".turns a")] == [FEAR, "And what calmed them?"]
    assert answered.find(".turns a").get_attribute("href") == first
    answered.find("#reason").send_keys("It names the fears.")
    answered.find("button[name=verdict][value=helpful]").click()
    assert answered.find(".flash").text == "Thank you, your opinion was kept."
    assert answered.find("button[value=helpful]").get_attribute("aria-pressed") == "true"


def test_a_quote_goes_on_a_list(answered: Browser) -> None:
    """By its menu, onto a new list, which has a page of its own."""
    answered.find(".cited details.menu summary").click()
    answered.find(".cited details.menu[open] input[name=title]").send_keys("For the campaign", Keys.ENTER)
    assert answered.find(".flash").text == "The quote is on the list."
    answered.open("/collections?study=nido")
    answered.find(".history a").click()
    assert answered.find("h1").text == "For the campaign"
    assert answered.find(".collected blockquote").text


def test_an_answer_that_fails_says_so(browser: Browser) -> None:
    """A question that nobody can answer leaves the page as it was, with the reason."""
    browser.open("/?study=nido")
    browser.find("#q").send_keys("???", Keys.ENTER)
    fault = browser.find("[data-fault]")
    browser.wait(fault.is_displayed, "nothing says that it failed")
    assert fault.text.startswith("No answer came of it.")
    assert browser.find("#q").get_attribute("value") == "???"


def test_the_keyboard_is_enough(browser: Browser) -> None:
    """Skip to the content, ask, walk to a mark, see its quote, open it; focus is always visible."""
    browser.open("/history?study=nido")
    press(browser, Keys.TAB)
    assert browser.script("return document.activeElement.className") == "skip"
    press(browser, Keys.ENTER)
    browser.wait(lambda: browser.script("return document.activeElement.id") == "main", "skipping leads nowhere")
    press(browser, Keys.TAB, Keys.ENTER)
    browser.wait(
        lambda: browser.script("return document.activeElement.id") == "q", "the box does not wait for a question"
    )
    press(browser, FEAR, Keys.ENTER)
    browser.wait(lambda: "/answers/" in browser.driver.current_url, "no answer came")
    assert browser.script("return document.activeElement.id") == "asked"
    for _ in range(12):
        press(browser, Keys.TAB)
        if browser.script("return document.activeElement.dataset.mark"):
            break
    assert browser.script("return getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert browser.find(".preview").is_displayed()
    press(browser, Keys.ENTER)
    browser.wait(lambda: browser.all(".quote:target"), "the mark leads nowhere")


def press(browser: Browser, *keys: str) -> None:
    """Press keys, wherever the focus is."""
    ActionChains(browser.driver).send_keys(*keys).perform()


def test_hostile_words_are_inert(browser: Browser, hostile: Services) -> None:
    """Markup in a name, a quote, a title and a question runs nowhere."""
    browser.open("/?study=evil")
    ask(browser, "Who lost money? <img src=x onerror='window.hacked=1'>")
    for path in ("/history?study=evil", "/interviews/I01?study=evil"):
        assert browser.script("return window.hacked === undefined")
        browser.open(path)
    assert browser.script("return window.hacked === undefined")
    assert "<script>" in browser.find(".utterance .text").text
