"""How pages look and weigh: narrow phones, light, dark and forced colours, bytes on the wire."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import PAGES

FIRST_VISIT = 60_000
FURTHER_PAGE = 14_000
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
}


@pytest.fixture(scope="module", params=list(LOOKS))
def look(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page in one of the looks."""
    context = browser.new_context(**LOOKS[request.param], viewport={"width": 1024, "height": 768})
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[Page]:
    """The narrowest phone."""
    context = browser.new_context(viewport={"width": 320, "height": 640})
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_nobody_scrolls_sideways_at_320_pixels(phone: Page, home: str, name: str) -> None:
    """A table for comparing may be wider, inside of a part that scrolls by itself."""
    phone.goto(home + PAGES[name])
    assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    too_wide = phone.evaluate("""() => [...document.querySelectorAll('main *')]
        .filter(one => !one.closest('.kern-sr-only, .sideways > table'))
        .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
        .map(one => one.className || one.tagName)""")
    assert not too_wide


@pytest.mark.parametrize("name", PAGES)
def test_targets_are_large_enough_for_a_finger(phone: Page, home: str, name: str) -> None:
    """WCAG 2.2, 2.5.5: 44 pixels high; links within a sentence apart. A box to tick counts with its label."""
    phone.goto(home + PAGES[name])
    small = phone.evaluate("""() => [...document.querySelectorAll(
            'button, summary, input, select, nav a, .tile, .told a, .back a, .plain a, .leg__name > a, .reach a')]
        .filter(one => one.type !== 'hidden' && one.checkVisibility())
        .map(one => [(one.closest('.kern-form-check') || one).getBoundingClientRect(), one])
        .filter(([box]) => box.width < 24 || box.height < 43.5)
        .map(([box, one]) => `${one.textContent.trim() || one.id} ${box.width}x${box.height}`)""")
    assert not small


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(look: Page, home: str, name: str) -> None:
    look.goto(home + PAGES[name])
    look.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = Axe().run(look, options={"resultTypes": ["violations"]}).response["violations"]
    assert not [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found]


def test_bytes_on_the_wire(browser: Browser, home: str) -> None:
    for name, path in PAGES.items():
        context = browser.new_context()
        context.set_default_timeout(60_000)
        page = context.new_page()
        assert _bytes_of(page, home + path) <= FIRST_VISIT, name
        context.close()
    context = browser.new_context()
    context.set_default_timeout(60_000)
    page = context.new_page()
    _bytes_of(page, home)
    _bytes_of(page, home + PAGES["routes"])  # with the style sheet of routes
    for name, path in PAGES.items():
        assert _bytes_of(page, home + path) <= FURTHER_PAGE, name
    context.close()


def _bytes_of(page: Page, address: str) -> int:
    """Everything transferred for one page, headers included."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    lengths: list[float] = []
    session.on("Network.loadingFinished", lambda event: lengths.append(event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    session.detach()
    return round(sum(lengths))


def test_nothing_is_asked_of_others(page: Page, server: str, home: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type in ("error", "warning") else None)
    for path in ("", PAGES["routes"], PAGES["station"]):
        page.goto(home + path, wait_until="networkidle")
    assert all(one.startswith(server) for one in asked)
    assert not problems
    assert not page.context.cookies()
