"""The search field as people use it: typing, arrow keys, a screen reader, a phone, and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.conftest import serving

WHERE = {"start": "", "search": "search"}
"""Both pages with the field."""


@pytest.fixture(params=list(WHERE))
def asked(request: pytest.FixtureRequest, page: Page, home: str) -> Page:
    """A page with the search field, ready."""
    page.goto(home + WHERE[request.param])
    expect(field(page)).to_have_attribute("role", "combobox")
    return page


def field(page: Page) -> Locator:
    return page.locator("#q")


def options(page: Page) -> Locator:
    return page.locator('[role="listbox"] > [role="option"]')


def typed(page: Page, text: str) -> Locator:
    """Type, and wait for suggestions."""
    field(page).press_sequentially(text, delay=20)
    expect(options(page).first).to_be_visible()
    return options(page)


def test_suggestions_appear_while_typing(asked: Page) -> None:
    found = typed(asked, "gymn")
    assert 1 <= found.count() <= 8
    expect(found.filter(has_text="Gymnasium").first).to_be_visible()
    expect(field(asked)).to_have_attribute("aria-expanded", "true")
    assert "aria-activedescendant" not in field(asked).evaluate("one => one.getAttributeNames()")
    field(asked).fill("")
    expect(found).to_have_count(0)
    expect(field(asked)).to_have_attribute("aria-expanded", "false")


def test_arrow_keys_go_round_and_the_chosen_one_is_named(asked: Page) -> None:
    found = typed(asked, "gymn")
    count = found.count()
    field(asked).press("ArrowDown")
    expect(found.first).to_have_attribute("aria-selected", "true")
    expect(field(asked)).to_have_attribute("aria-activedescendant", str(found.first.get_attribute("id")))
    field(asked).press("ArrowUp")
    expect(found.nth(count - 1)).to_have_attribute("aria-selected", "true")
    expect(asked.locator('[role="listbox"] > [aria-selected="true"]')).to_have_count(1)
    field(asked).press("ArrowDown")
    expect(found.first).to_have_attribute("aria-selected", "true")
    expect(field(asked)).to_be_focused()


def test_escape_closes_and_keeps_what_was_typed(asked: Page) -> None:
    found = typed(asked, "gymn")
    field(asked).press("Escape")
    expect(found).to_have_count(0)
    expect(field(asked)).to_have_value("gymn")
    field(asked).press("ArrowDown")
    expect(found.first).to_be_visible()


def test_enter_takes_the_chosen_suggestion(asked: Page, home: str) -> None:
    found = typed(asked, "gymn")
    field(asked).press("ArrowDown")
    name = found.first.evaluate("one => one.firstChild.textContent")
    field(asked).press("Enter")
    asked.wait_for_url(re.compile(r"/trier/de/(station|goal|institution|qualification)/"))
    assert name in asked.title()


def test_enter_without_a_choice_searches(asked: Page) -> None:
    typed(asked, "Grundschule")
    field(asked).press("Enter")
    asked.wait_for_url("**/search?q=Grundschule*")
    expect(asked.locator(".hit").first).to_be_visible()


def test_a_suggestion_is_taken_by_mouse(asked: Page) -> None:
    typed(asked, "gymn").first.click()
    asked.wait_for_url(re.compile(r"/trier/de/(station|goal|institution|qualification)/"))


def test_the_count_is_said_to_screen_readers(asked: Page) -> None:
    status = asked.locator('form[data-part="search"] [role="status"]')
    expect(status).to_have_text("")
    count = typed(asked, "gymn").count()
    expect(status).to_have_text(f"{count} Vorschläge")
    field(asked).fill("")
    field(asked).press_sequentially("xqzvwkj", delay=20)
    expect(status).to_have_text("0 Vorschläge")


def test_the_pattern_is_complete(asked: Page) -> None:
    typed(asked, "gymn")
    said = field(asked).evaluate("""one => {
        const list = document.getElementById(one.getAttribute("aria-controls"));
        return [one.getAttribute("aria-autocomplete"), list.getAttribute("role"), list.getAttribute("aria-label"),
                [...list.children].every(item => item.getAttribute("role") === "option" && item.id)];
    }""")
    assert said[:2] == ["list", "listbox"]
    assert said[2].startswith("Suchwort")
    assert said[3]


def test_a_service_that_fails_leaves_a_form(page: Page, home: str) -> None:
    def fail(route: Route) -> None:
        route.fulfill(status=503, body="no")

    page.route("**/api/v1/**", fail)
    page.goto(home)
    field(page).press_sequentially("Grundschule", delay=20)
    page.wait_for_timeout(400)
    expect(options(page)).to_have_count(0)
    field(page).press("Enter")
    page.wait_for_url("**/search?q=Grundschule*")


@pytest.mark.parametrize("where", list(WHERE))
def test_without_javascript_it_is_a_form(plain: Page, home: str, where: str) -> None:
    plain.goto(home + WHERE[where])
    field(plain).fill("Grundschule Olewig")
    plain.get_by_role("button", name="Suchen").click()
    expect(plain.locator(".hit").first).to_contain_text("Olewig")
    assert "role" not in field(plain).evaluate("one => one.getAttributeNames()")


LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 320, "height": 640}},
}


@pytest.fixture(params=list(LOOKS))
def looked_at(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page in one of the looks."""
    context = browser.new_context(**LOOKS[request.param])
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("where", list(WHERE))
def test_open_suggestions_look_right(looked_at: Page, home: str, where: str) -> None:
    looked_at.goto(home + WHERE[where])
    typed(looked_at, "gymn")
    field(looked_at).press("ArrowDown")
    found = Axe().run(looked_at, options={"resultTypes": ["violations"]}).response["violations"]
    assert not [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found]
    assert looked_at.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    boxes = looked_at.evaluate(
        "[...document.querySelectorAll('.suggestion')].map(one => one.getBoundingClientRect())"
        ".map(box => [box.left, box.right, box.height])"
    )
    width = looked_at.evaluate("innerWidth")
    assert all(left >= 0 and right <= width and height >= 24 for left, right, height in boxes)


@pytest.fixture
def home_from_right_to_left(tmp_path: Path) -> Iterator[str]:
    """The start page of a service that offers Arabic, translated or not."""
    with serving(tmp_path, first="from api.language import LANGUAGES; LANGUAGES['ar'] = 'العربية'") as server:
        yield f"{server}/trier/ar/"


def test_from_right_to_left_suggestions_lie_below_the_field(page: Page, home_from_right_to_left: str) -> None:
    page.goto(home_from_right_to_left)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    typed(page, "روضة")
    below = page.evaluate("""() => {
        const list = document.querySelector(".suggestions").getBoundingClientRect();
        const input = document.querySelector("#q").getBoundingClientRect();
        return [Math.abs(list.left - input.left), Math.abs(list.right - input.right), list.top - input.bottom];
    }""")
    assert max(below[:2]) < 2
    assert -2 <= below[2] <= 8
