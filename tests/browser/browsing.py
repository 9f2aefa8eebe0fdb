"""What tests do in a browser: go to a page, look at it, wait for what is to happen."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

PICTURES = Path(__file__).resolve().parents[2] / ".pictures"
WIDTHS = (1280, 390)
HEIGHTS = {1280: 900, 390: 844}
THEMES = ("light", "dark")
AT_MOST_S = 20.0

_RUN_AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
  .then(found => done(JSON.stringify(found.violations.map(violation => ({
    id: violation.id, impact: violation.impact, nodes: violation.nodes.map(node => node.html)})))));
"""


class Browser:
    """Chromium at one site."""

    def __init__(self, driver: webdriver.Chrome, downloads: Path) -> None:
        self.driver = driver
        self.downloads = downloads
        self.site = ""

    def begin(self, site: str) -> None:
        """Forget what was, and stand before the site as a new reader."""
        self.site = site
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.faults()
        self.show_as(1280, "light")

    def show_as(self, width: int, theme: str) -> None:
        """Look with a width in pixels and a preferred theme."""
        metrics = {"width": width, "height": HEIGHTS[width], "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        features = [{"name": "prefers-color-scheme", "value": theme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def open(self, path: str) -> None:
        """Go to a page of the site."""
        self.driver.get(self.site + path)

    def find(self, selector: str) -> WebElement:
        """The first element of a CSS selector, as soon as there is one."""
        found: list[WebElement] = self.wait(lambda: self.all(selector), f"there is no {selector}")
        return found[0]

    def all(self, selector: str) -> list[WebElement]:
        """All elements of a CSS selector."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def press(self, *keys: str) -> WebElement:
        """Press keys, as at a keyboard; gives what has the focus then."""
        ActionChains(self.driver).send_keys(*keys).perform()
        return self.driver.switch_to.active_element

    def script(self, source: str, *arguments: Any) -> Any:
        """What a script returns."""
        return self.driver.execute_script(source, *arguments)

    def wait(self, condition: Callable[[], Any], otherwise: str) -> Any:
        """What a condition gives, as soon as it is true."""
        return WebDriverWait(self.driver, AT_MOST_S, 0.05).until(lambda _: condition(), otherwise)

    def drag(self, path: Path, place: WebElement) -> None:
        """Hold a file or a folder of the desk over an element."""
        for step in ("dragEnter", "dragOver"):
            self._drag_event(step, path, place)

    def drop(self, path: Path, place: WebElement) -> None:
        """Let go of what is held."""
        self._drag_event("drop", path, place)

    def _drag_event(self, step: str, path: Path, place: WebElement) -> None:
        box = self.driver.execute_script("return arguments[0].getBoundingClientRect().toJSON()", place)
        middle = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        held = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
        self.driver.execute_cdp_cmd("Input.dispatchDragEvent", {"type": step, **middle, "data": held})

    def picture(self, name: str, *, whole: bool = True) -> Path:
        """Keep a picture of the page for whoever looks at the artefacts."""
        PICTURES.mkdir(exist_ok=True)
        options = {"format": "png", "captureBeyondViewport": whole}
        if whole:
            size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
            options["clip"] = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        taken = self.driver.execute_cdp_cmd("Page.captureScreenshot", options)
        path = PICTURES / f"{name}.png"
        path.write_bytes(base64.b64decode(taken["data"]))
        return path

    def is_too_wide(self) -> bool:
        """Whether the page can be scrolled sideways."""
        return bool(self.script("return document.documentElement.scrollWidth > document.documentElement.clientWidth"))

    def serious_faults(self, axe: str) -> list[str]:
        """What axe-core calls serious or critical, each with the elements that it is about."""
        self.script(axe)
        violations = json.loads(self.driver.execute_async_script(_RUN_AXE))
        return [
            f"{found['id']}: {' '.join(found['nodes'][:3])}"
            for found in violations
            if found["impact"] in ("serious", "critical")
        ]

    def faults(self) -> list[str]:
        """What the browser complained about since it was asked last: scripts that failed, what the policy blocked."""
        logged: list[dict[str, str]] = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return [entry["message"] for entry in logged if entry["level"] == "SEVERE"]


@contextmanager
def start_chromium(downloads: Path) -> Iterator[Browser]:
    """Start Chromium without a window, and end it in the end."""
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--hide-scrollbars",
        "--lang=en",
        "--autoplay-policy=no-user-gesture-required",
        "--force-prefers-reduced-motion",
    ):
        options.add_argument(argument)
    preferences = {"download.default_directory": str(downloads), "intl.accept_languages": "en"}
    options.add_experimental_option("prefs", preferences)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, Service("/usr/bin/chromedriver"))
    try:
        driver.set_script_timeout(AT_MOST_S)
        driver.set_page_load_timeout(AT_MOST_S)
        yield Browser(driver, downloads)
    finally:
        driver.quit()
