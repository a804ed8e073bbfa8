"""The map of institutions in a real browser: a drawing for everybody, Leaflet for those who ask for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import serving

MAP = "institutions?view=map"
TILES = Path(__file__).with_name("one-tile.pmtiles")
"""326 bytes: one tile with land and a river, the same for all of the region."""
BUTTON = "Karte bewegen und vergrößern"


def _open(page: Page, address: str) -> list[str]:
    """Opens the map page and asks for the movable map; gives what was wrong on the console."""
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type in ("error", "warning") else None)
    page.goto(address, wait_until="networkidle")
    page.get_by_role("button", name=BUTTON).click()
    return problems


def test_without_javascript_the_drawing_stands_there(plain: Page, home: str) -> None:
    plain.goto(home + MAP)
    expect(plain.locator(".map__drawing")).to_be_visible()
    expect(plain.get_by_role("button", name=BUTTON)).to_be_hidden()
    assert plain.locator(".map__drawing a").count() >= 100
    assert plain.get_by_role("heading", name="Nicht auf der Karte").is_visible()


def test_leaflet_takes_over_and_asks_nobody_else(page: Page, server: str, home: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    problems = _open(page, home + MAP)
    expect(page.locator(".map__pin").first).to_be_visible()
    expect(page.locator(".map__drawing")).to_be_hidden()
    assert page.locator(".map__pin").count() >= 90
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_timeout(400)
    assert all(one.startswith(server) for one in asked), asked
    assert any("leaflet.js" in one for one in asked)
    assert not any("protomaps" in one for one in asked)
    assert not problems
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("Datenschule/schulscraper-data")


def test_the_map_works_with_the_keyboard_alone(page: Page, home: str) -> None:
    page.goto(home + MAP, wait_until="networkidle")
    page.get_by_role("button", name=BUTTON).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Karte der Einrichtungen")).to_be_focused()
    pane = page.locator(".leaflet-map-pane")
    before = pane.get_attribute("style")
    page.keyboard.press("ArrowRight")
    expect(pane).not_to_have_attribute("style", before or "")
    page.keyboard.press("Tab")
    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert name
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == name
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup a").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/trier/de/institution/[a-z0-9-]+$"))


@pytest.mark.parametrize("width", [320, 1024])
def test_the_movable_map_is_accessible_and_fits(page: Page, home: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    _open(page, home + MAP)
    expect(page.locator(".map__pin").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert not [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found]


def test_if_leaflet_does_not_come_the_drawing_stays(page: Page, home: str) -> None:
    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/leaflet.js*", refuse)
    page.goto(home + MAP, wait_until="networkidle")
    page.get_by_role("button", name=BUTTON).click()
    expect(page.locator(".map__status")).to_contain_text("lässt sich gerade nicht laden")
    expect(page.locator(".map__drawing")).to_be_visible()


def test_a_map_file_of_the_operator_is_painted_below(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path, BILDUNGSNAVI_MAP_FILE=str(TILES)) as server:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        problems = _open(page, f"{server}/trier/de/{MAP}")
        canvas = page.locator("canvas.leaflet-tile-loaded").first
        expect(canvas).to_be_visible()
        colours = canvas.evaluate("""one => {
            const seen = one.getContext('2d').getImageData(0, 0, one.width, one.height).data;
            const found = new Set();
            for (let at = 0; at < seen.length; at += 4 * 97) found.add(seen.slice(at, at + 4).join());
            return found.size;
        }""")
        assert colours >= 2  # land and water
        assert any(one.endswith("/map/tiles.pmtiles") for one in asked)
        assert all(one.startswith(server) for one in asked)
        assert not problems
        expect(page.locator(".leaflet-control-attribution")).to_contain_text("OpenStreetMap")
