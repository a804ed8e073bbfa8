"""A second language: records with the same German words may differ, and what has no translation says it is German."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from markupsafe import escape
from starlette.requests import Request

from api import frame, language
from api.frame import Frame, PageWords, marked, render
from api.language import German, Reader
from api.messages import content_strings
from api.record_views import station_page
from api.settings import Settings
from pathways.network import Network


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, network: Network) -> Iterator[Reader]:
    """Reads English, as far as it is translated."""
    catalog = Catalog(locale="en")
    catalog.add("Wo stehen Sie?", "Where are you?")
    catalog.add("Name", "name", context="bf1.name")
    catalog.add("Name", "another name", context="bf2.name")
    catalog.add(network.stations["bf2"].name, "Vocational school II", context="bf2.name")
    catalog.add("Abschluss: %(name)s", "Certificate: %(name)s")
    catalog.add("Nicht fertig", "not ready", flags=["fuzzy"])
    (tmp_path / "en").mkdir()
    with (tmp_path / "en" / "messages.po").open("wb") as file:
        write_po(file, catalog)
    monkeypatch.setattr(language, "LOCALES", tmp_path)
    language.catalog.cache_clear()
    yield Reader(network, "en")
    language.catalog.cache_clear()
    frame.templates_in.cache_clear()


def test_records_with_the_same_german_words_may_differ(reader: Reader) -> None:
    assert reader.pgettext("bf1.name", "Name") == "name"
    assert reader.pgettext("bf2.name", "Name") == "another name"
    assert reader.name("bf2") == "Vocational school II"


def test_words_without_their_context_take_the_first_translation(reader: Reader) -> None:
    assert reader.gettext("Name") == reader.pgettext("hbf.name", "Name") == "name"
    assert reader.pgettext("bf2.name", "Wo stehen Sie?") == "Where are you?"


def test_nothing_said_stays_nothing(reader: Reader, network: Network) -> None:
    for one in (reader, Reader(network)):
        assert one.gettext("") == one.pgettext("bf2.note", "") == ""


def test_what_has_no_translation_says_that_it_is_german(reader: Reader, network: Network) -> None:
    for text in (reader.gettext("Nicht fertig"), reader.name("bf1"), reader.gettext("bis %(day)s") % {"day": "<b>"}):
        assert isinstance(text, German)
        assert str(marked(text)).startswith('<span lang="de" dir="ltr">')
    assert marked(German("<b>")) == '<span lang="de" dir="ltr">&lt;b&gt;</span>'
    assert marked(reader.gettext("Wo stehen Sie?")) == "Where are you?"
    assert not isinstance(Reader(network).name("bf1"), German)


def test_a_page_marks_what_is_german_only_in_another_language(reader: Reader) -> None:
    line = "{{ text|marked }}"
    known, unknown = reader.gettext("Wo stehen Sie?"), reader.gettext("Ohne Übersetzung")
    template = frame.templates_in("en").env.from_string(line)
    assert template.render(text=known) == "Where are you?"
    assert template.render(text=unknown) == '<span lang="de" dir="ltr">Ohne Übersetzung</span>'
    assert frame.templates_in("de").env.from_string(line).render(text="Ohne Übersetzung") == "Ohne Übersetzung"


def test_pages_mark_german_names_rules_and_sources(reader: Reader, network: Network) -> None:
    shown = Frame(PageWords(network, "en"), date(2026, 11, 21), Settings(), "station/bf1", "")
    view = station_page(shown, network.stations["bf1"])
    request = Request({"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []})
    html = bytes(render(request, shown, "pages/record.html", view).body).decode()
    german = '<span lang="de" dir="ltr">'
    rules = [rule.text for way in (*view.ways_in, *view.ways_on) for rule in way.rules if isinstance(rule.text, German)]
    assert rules
    for text in (network.stations["bf1"].short, view.facts[0].text, rules[0]):
        assert german + str(escape(text)) in html, text
    assert '" lang="de" dir="ltr">' in html.partition("Quelle")[2]


def test_the_contexts_asked_for_are_those_of_the_template(network: Network) -> None:
    contexts: dict[str, set[str]] = defaultdict(set)
    for context, text in content_strings():
        contexts[context].add(text)
    for station in network.stations.values():
        assert station.short in contexts[f"{station.id}.short"]
    for way in network.transitions.values():
        assert not way.note or way.note in contexts[f"{way.id}.note"]
        text = way.registration.text if way.registration else ""
        assert not text or text in contexts[f"{way.id}.register.text"]
    for status in network.statuses.values():
        assert status.name in contexts[f"{status.id}.name"]
    for question in network.questions.values():
        assert question.met in contexts[f"{question.id}.met"]
