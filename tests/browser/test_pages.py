"""The pages in a real browser: they draw, search, lead on, and ask the network for nothing."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from kg.types import Graph
from kg.views.html import write_site
from tests.test_html import HOSTILE, hostile_graph

BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not (BROWSER and DRIVER) and not os.environ.get("CI"), reason="no chromium and chromedriver on this machine"
)
_FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--window-size=1400,900",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = BROWSER or ""
    for flag in [*_FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options=options, service=ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def site(seed_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages") / "site"
    write_site(seed_graph, folder)
    return folder


def visit(browser: Chrome, page: Path) -> None:
    """Opens a page and drops what the logs hold of earlier ones."""
    browser.get_log("browser")
    browser.get_log("performance")
    browser.get(page.as_uri())


def wait(browser: Chrome, script: str) -> object:
    return WebDriverWait(browser, 10).until(lambda b: b.execute_script(f"return {script}"))


@pytest.mark.parametrize(
    "page",
    [
        "index.html",
        "overview.html",
        "results.html",
        "papers.html",
        "datasets.html",
        "entity/dataset-mmlu.html",
        "entity/metric-accuracy.html",
    ],
)
def test_a_page_asks_the_network_for_nothing_and_reports_no_error(browser: Chrome, site: Path, page: str) -> None:
    visit(browser, site / page)
    wait(browser, "document.readyState === 'complete'")
    requested = [
        message["params"]["request"]["url"]
        for entry in browser.get_log("performance")
        if (message := json.loads(entry["message"])["message"])["method"] == "Network.requestWillBeSent"
    ]
    assert requested
    assert [u for u in requested if not u.startswith(("file://", "data:"))] == []
    assert browser.get_log("browser") == []


def test_the_drawing_is_there_at_once(browser: Chrome, site: Path) -> None:
    visit(browser, site / "entity" / "dataset-mmlu.html")
    drawn = """(() => { const c = document.querySelector("#graph canvas"); if (!c) return 0;
      const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data; let n = 0;
      for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n; })()"""
    assert int(str(wait(browser, drawn))) > 5_000


def test_a_click_on_a_node_leads_to_its_page(browser: Chrome, site: Path) -> None:
    visit(browser, site / "entity" / "dataset-mmlu.html")
    wait(browser, "document.querySelector('#graph canvas') !== null")
    canvas = browser.find_element(By.ID, "graph")
    size = canvas.size
    # Every node stands on a ring around the middle; click along one direction until a page opens.
    from selenium.webdriver import ActionChains

    for x, y in [(dx, dy) for dx in range(-300, 301, 12) for dy in (-280, -240, -200, -160, 120, 160, 200, 240)]:
        if abs(x) < size["width"] / 2 - 5 and abs(y) < size["height"] / 2 - 5:
            ActionChains(browser).move_to_element_with_offset(canvas, x, y).click().perform()
            if "dataset-mmlu" not in browser.current_url:
                break
    assert browser.current_url.startswith((site / "entity").as_uri()) or browser.current_url.startswith(
        (site / "paper").as_uri()
    )
    assert browser.find_element(By.TAG_NAME, "h1").text


def test_search_finds_with_a_typing_mistake_and_leads_there(browser: Chrome, site: Path) -> None:
    visit(browser, site / "index.html")
    browser.find_element(By.TAG_NAME, "body").send_keys("/")
    box = browser.switch_to.active_element
    box.send_keys("imagnet")
    wait(browser, "document.querySelectorAll('#hits [role=option]').length > 0")
    assert "ImageNet" in browser.find_element(By.ID, "hits").text
    box.send_keys(Keys.ENTER)
    wait(browser, "document.querySelector('h1').textContent.includes('ImageNet')")
    assert "/entity/dataset-imagenet" in browser.current_url


def test_search_finds_papers_and_says_when_there_is_nothing(browser: Chrome, site: Path) -> None:
    visit(browser, site / "entity" / "dataset-mmlu.html")
    box = browser.find_element(By.ID, "search")
    box.send_keys("MosaicBERT: A Bidir")
    assert "Paper 2023" in browser.find_element(By.ID, "hits").text
    box.send_keys(Keys.ESCAPE, "qqqqqqqqq")
    assert browser.find_element(By.ID, "hits").text == "Nothing has a name like this."


def test_results_are_filtered_by_words_and_kinds(browser: Chrome, site: Path) -> None:
    visit(browser, site / "results.html")
    shown = "[...document.querySelectorAll('.board tr')].filter((r) => r.offsetParent).length"
    everything = int(str(wait(browser, shown)))
    browser.find_element(By.ID, "filter").send_keys("  mmlu improve")
    few = int(str(browser.execute_script(f"return {shown}")))
    assert 0 < few < everything
    browser.find_element(By.CSS_SELECTOR, "input[value=change]").click()
    assert int(str(browser.execute_script(f"return {shown}"))) < few


def test_html_in_titles_and_names_shows_as_text(browser: Chrome, tmp_path: Path) -> None:
    write_site(hostile_graph(), tmp_path / "site")
    for page in sorted((tmp_path / "site").rglob("*.html")):
        visit(browser, page)
        wait(browser, "document.readyState === 'complete'")
        assert browser.execute_script("return document.querySelectorAll('img').length") == 0
        assert browser.get_log("browser") == []
    visit(browser, next((tmp_path / "site" / "paper").iterdir()))
    assert browser.find_element(By.TAG_NAME, "h1").text == HOSTILE
    box = browser.find_element(By.ID, "search")
    box.send_keys("img")
    assert "<img src=x onerror=alert(1)>" in browser.find_element(By.ID, "hits").text


@pytest.mark.parametrize("width", [390, 768, 1400])
@pytest.mark.parametrize("page", ["index.html", "results.html", "entity/dataset-mmlu.html"])
def test_nothing_is_wider_than_the_window(browser: Chrome, site: Path, page: str, width: int) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 800},
    )
    try:
        visit(browser, site / page)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
