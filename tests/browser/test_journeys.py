"""What people do: three clicks to an answer, without JavaScript, by keyboard, on paper."""

from __future__ import annotations

from io import BytesIO

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import NINTH_GRADE

PRESSES = 120


def test_three_clicks_without_javascript(plain: Page, home: str) -> None:
    plain.goto(home)
    plain.get_by_role("link", name="Schule ab Klasse 5").click()
    plain.get_by_role("link", name="Realschule plus 7–9, Berufsreife").click()
    plain.get_by_role("link", name="Abitur", exact=True).click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Ihre Wege zum Ziel: Abitur")
    expect(plain.get_by_text("Anmelden bis").first).to_be_visible()


def test_a_question_is_answered_right_there(plain: Page, home: str) -> None:
    plain.goto(f"{home}route?{NINTH_GRADE}")
    form = plain.locator("form.question")
    asked = form.locator("legend, .kern-form-input label").first.inner_text()
    if form.locator("fieldset").count():
        form.get_by_label("Weiß ich nicht").check()
        form.get_by_role("button", name="Weiter").click()
    else:
        form.get_by_role("button", name="Weiß ich nicht").click()
    expect(plain.locator(".told")).to_contain_text(asked)
    expect(plain.locator(".told")).to_contain_text("weiß ich nicht")
    if plain.locator("form.question").count():
        expect(plain.locator("form.question")).not_to_contain_text(asked)


def _tab_to(page: Page, text: str, tag: str = "") -> None:
    for _ in range(PRESSES):
        page.keyboard.press("Tab")
        said = page.evaluate("""() => {
            const one = document.activeElement;
            const label = one.labels && one.labels.length ? one.labels[0].textContent : one.textContent;
            return [label.replace(/\\s+/g, ' ').trim(), one.tagName];
        }""")
        if said[0].startswith(text) and tag in ("", said[1]):
            return
    raise AssertionError(f"{text} was not reached with the Tab key")


def test_guided_questions_by_keyboard_alone(page: Page, home: str) -> None:
    page.set_default_timeout(60_000)
    page.goto(home)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Zum Inhalt springen"
    page.keyboard.press("Enter")
    _tab_to(page, "Ausbildung und Berufsschulen")
    page.keyboard.press("Enter")
    page.wait_for_url("**/start?stage=vocational")
    _tab_to(page, "Berufsfachschule II")
    page.keyboard.press("Enter")
    page.wait_for_url("**/start?from=bf2")
    _tab_to(page, "Berufsreife")
    page.keyboard.press("Space")
    _tab_to(page, "Weiter", "BUTTON")
    page.keyboard.press("Enter")
    page.wait_for_url("**step=goal**")
    _tab_to(page, "Erzieherin oder Erzieher")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Wege zum Ziel: Erzieherin oder Erzieher")
    expect(page.locator(".told")).to_contain_text("Berufsreife")


def test_focus_is_always_visible(page: Page, home: str) -> None:
    page.goto(home)
    for _ in range(12):
        page.keyboard.press("Tab")
        style = page.evaluate("""() => {
            const one = getComputedStyle(document.activeElement);
            return [one.outlineStyle, parseFloat(one.outlineWidth), one.boxShadow];
        }""")
        assert (style[0] != "none" and style[1] >= 2) or style[2] != "none"


def test_an_average_is_asked_once_the_certificate_is_ticked(page: Page, home: str) -> None:
    page.goto(f"{home}start?from=ausbildung-dual-3j")
    average = page.locator("#avg-q-qsek1")
    expect(average).to_be_hidden()
    page.locator("#q-qsek1").check()
    expect(average).to_be_visible()
    average.fill("2,4")
    page.get_by_role("button", name="Weiter").click()
    expect(page.locator(".told")).to_contain_text("Durchschnitt 2,4")


def test_a_route_prints_with_everything_open(page: Page, home: str) -> None:
    page.goto(f"{home}route?{NINTH_GRADE}&route=1")
    page.emulate_media(media="print")
    expect(page.locator(".site-header")).to_be_hidden()
    expect(page.locator(".back")).to_be_hidden()
    text = "".join(one.extract_text() for one in PdfReader(BytesIO(page.pdf(format="A4"))).pages)
    for words in (
        "Zuletzt mit den Quellen verglichen",
        "Falls das nicht klappt",
        "Was noch fehlt",
        "Berechnet für den",
    ):
        assert words in " ".join(text.split()), words


def test_paper_is_black_on_white_without_navigation(browser: Browser, home: str) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(f"{home}start?from=rsplus-koop-br&to=goal-ahr&step=goal")
    page.emulate_media(media="print", color_scheme="light")
    expect(page.get_by_role("link", name="Ich weiß es noch nicht")).to_be_hidden()
    page.goto(f"{home}route?{NINTH_GRADE}&route=1")
    colours = page.evaluate("""() => [...document.querySelectorAll('main a, main summary, main h1')]
        .map(one => getComputedStyle(one).color)""")
    assert set(colours[1:]) == {"rgb(0, 0, 0)"}
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    context.close()


def test_nobody_has_to_know_an_answer(plain: Page, home: str) -> None:
    for path in ("start?step=stage", "start?stage=adult", "start?stage=none"):
        plain.goto(home + path)
        plain.get_by_role("link", name="Ich weiß es nicht. Wer hilft mir?").click()
        expect(plain.get_by_role("heading", level=1)).to_have_text("Wer Ihnen hilft")
    plain.goto(f"{home}start?from=ausbildung-dual-3j")
    plain.get_by_role("link", name="Ich habe noch keinen Abschluss oder weiß es nicht").click()
    plain.get_by_role("link", name="Ich weiß es noch nicht. Was ist alles möglich?").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Was von hier aus möglich ist")


def test_text_spacing_and_large_type_lose_nothing(browser: Browser, home: str) -> None:
    """WCAG 1.4.12 and 1.4.4: wider letters, words and lines, and everything twice as large on a small screen."""
    context = browser.new_context(viewport={"width": 640, "height": 800}, bypass_csp=True)
    page = context.new_page()
    for path in ("", f"route?{NINTH_GRADE}", "station/bf2", "help"):
        page.goto(home + path)
        page.add_style_tag(
            content="html { font-size: 200%; } * { line-height: 1.5 !important; letter-spacing: .12em !important;"
            " word-spacing: .16em !important; } p { margin-block-end: 2em !important; }"
        )
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
        cut = page.evaluate("""() => [...document.querySelectorAll('main a, main p, main dd, main summary, button')]
            .filter(one => !one.closest('.kern-sr-only') && getComputedStyle(one).overflow === 'hidden')
            .filter(one => one.scrollHeight > one.clientHeight + 2).map(one => one.textContent.trim().slice(0, 40))""")
        assert not cut, path
    context.close()


@pytest.mark.parametrize("path", [f"route?{NINTH_GRADE}&route=1", "station/bf2"])
def test_a_printed_page_is_no_wider_than_paper(page: Page, home: str, path: str) -> None:
    page.set_viewport_size({"width": 690, "height": 1000})
    page.goto(home + path)
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
