"""Reads a page as a browser or a screen reader would and says what is wrong with it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
ENGLISH = re.compile(
    r"\b(the|and|with|from|not|met|unmet|unknown|selective|entitled|automatic|unconfirmed|None|True|False|null)\b"
)
RAW = re.compile(r"\b(goal|start|q)-[a-z0-9]+(-[a-z0-9]+)*\b|%\(|\{\{|\bdatetime\b|Verdict\.|<bound method")


@dataclass
class Element:
    """One element with its text."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    inside: list[str] = field(default_factory=list)
    """Tags around it, outermost first."""


class Page(HTMLParser):
    """A parsed page."""

    def __init__(self, path: str, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.path = path
        self.html = html
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.unbalanced: list[str] = []
        self.words: list[str] = []
        self.feed(html)
        self.unbalanced += [one.tag for one in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        one = Element(tag, {name: value or "" for name, value in attrs}, inside=[each.tag for each in self._open])
        self.elements.append(one)
        if tag not in VOID:
            self._open.append(one)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            self.unbalanced.append(f"</{tag}>")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for one in self._open:
            one.text += data
        if data.strip() and (not self._open or self._open[-1].tag not in ("script", "style")):
            self.words.append(" ".join(data.split()))

    def all(self, *tags: str) -> list[Element]:
        """Elements with one of these tags."""
        return [one for one in self.elements if one.tag in tags]

    @property
    def title(self) -> str:
        return " ".join(self.all("title")[0].text.split())

    @property
    def heading(self) -> str:
        return " ".join(self.all("h1")[0].text.split())

    @property
    def links(self) -> list[str]:
        """Addresses within the site."""
        found = [one.attributes.get("href", "") for one in self.all("a", "link")]
        return [link for link in found if link.startswith("/")]

    def href_of(self, text: str) -> str:
        """The address behind the link that begins with these words."""
        for one in self.all("a"):
            if " ".join(one.text.split()).startswith(text):
                return one.attributes["href"]
        raise AssertionError(f"{self.path}: no link „{text}“")


def faults(page: Page) -> list[str]:
    """Everything that is wrong with a page, in plain words."""
    found: list[str] = []
    html = page.all("html")
    if not html or not html[0].attributes.get("lang") or html[0].attributes.get("dir") not in ("ltr", "rtl"):
        found.append("no language or direction")
    headings = page.all("h1")
    if len(headings) != 1:
        found.append(f"{len(headings)} h1")
    elif page.heading not in page.title:
        found.append(f"title {page.title!r} does not repeat {page.heading!r}")
    found += [f"unbalanced {tag}" for tag in page.unbalanced]
    ids = Counter(one.attributes["id"] for one in page.elements if "id" in one.attributes)
    found += [f"id {name} stands {count} times" for name, count in ids.items() if count > 1]
    for one in page.elements:
        for name in ("aria-labelledby", "aria-describedby", "for"):
            for wanted in one.attributes.get(name, "").split():
                if wanted not in ids:
                    found.append(f"{name}={wanted} leads nowhere")
        if "style" in one.attributes or any(name.startswith("on") for name in one.attributes):
            found.append(f"inline style or script on {one.tag}")
    scripts = [one for one in page.all("script") if one.attributes.get("type") != "application/ld+json"]
    if page.all("style") or any("src" not in one.attributes for one in scripts):
        found.append("inline style or script element")
    labelled = {one.attributes.get("for") for one in page.all("label")}
    for one in page.all("input", "select", "textarea"):
        if one.attributes.get("type") != "hidden" and one.attributes.get("id") not in labelled:
            found.append(f"field without label: {one.attributes}")
    for one in page.all("a"):
        href = one.attributes.get("href", "")
        if not one.text.strip():
            found.append(f"empty link {href}")
        if not href or href.startswith("javascript:"):
            found.append(f"link without address: {one.text.strip()}")
        if href.startswith("#") and href[1:] not in ids:
            found.append(f"{href} leads nowhere")
        if "a" in one.inside or "button" in one.inside or "summary" in one.inside:
            found.append(f"link inside of another control: {one.text.strip()}")
    found += [f"button without words in {page.path}" for one in page.all("button") if not one.text.strip()]
    levels = [int(one.tag[1]) for one in page.elements if re.fullmatch("h[1-6]", one.tag)]
    found += [f"h{before} is followed by h{after}" for before, after in pairwise(levels) if after > before + 1]
    for words in page.words:
        if RAW.search(words) or (ENGLISH.search(words) and not _is_official(words)):
            found.append(f"left over: {words[:120]!r}")
    for list_ in page.all("ul", "ol"):
        if not list_.text.strip():
            found.append("empty list")
    return found


def _is_official(words: str) -> bool:
    """Titles of sources and names of courses may be English, an address is no sentence."""
    return "http" in words or ("." in words.strip(".") and "/" in words) or "Bachelor" in words or "Master" in words
