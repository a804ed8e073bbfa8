"""The template for translators is complete and up to date."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from api.messages import TEMPLATE, content_strings, extract_messages
from pathways.network import Network
from pathways.tree import FRONTEND

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@pytest.fixture(scope="module")
def extracted() -> str:
    return extract_messages()


def test_the_template_is_up_to_date(extracted: str) -> None:
    assert TEMPLATE.read_text(encoding="utf-8") == extracted, "Bitte `./dev exec bildungsnavi messages` aufrufen."


def test_interface_and_content_are_in_it(extracted: str, network: Network) -> None:
    assert 'msgid "Wo stehen Sie?"' in extracted
    assert 'msgctxt "bf2.name"' in extracted
    for way in ("bf1-zu-bf2.note", "bf2-gibt-q-qsek1.conditions.0.text"):
        assert f'msgctxt "{way}"' in extracted
    assert len(set(content_strings())) > 2_000
    assert all(f'msgctxt "{one}.text"' in extracted for one in network.stations)


def test_signs_of_percent_belong_to_a_placeholder(extracted: str) -> None:
    with TEMPLATE.open("rb") as file:
        for message in read_po(file):
            texts = message.id if isinstance(message.id, tuple) else (message.id,)
            for text in texts if message.context is None else ():
                assert "%" not in PLACEHOLDER.sub("", text).replace("%%", ""), text


def test_plural_forms_have_the_same_placeholders() -> None:
    with TEMPLATE.open("rb") as file:
        for message in read_po(file):
            if isinstance(message.id, tuple):
                one, many = (set(PLACEHOLDER.findall(text)) for text in message.id)
                assert one == many, message.id


def test_templates_say_nothing_past_the_catalog() -> None:
    """German words stand only inside of `_( … )`."""
    for path in sorted((FRONTEND / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL)
        text = re.sub(r"<[^>]*>", " ", text)
        assert not re.search(r"[A-Za-zÄÖÜäöüß]{3,}", text), f"{path.name}: {' '.join(text.split())[:80]}"
