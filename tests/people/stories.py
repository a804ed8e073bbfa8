"""Reads the stories: cards about single ways, and persons with whole routes.

The head of a card says what the dossier says of the way as such: `was` its number, `kind`, `months` it takes on its own
(none if not said), `confidence` (confirmed if not said), and the `kinds` of its conditions in order. A case tells what
somebody `holds` and lets us `know` on a `day`, the verdict `then`, and where it matters the `start`, the `months`, the
last day to register (`deadline`), and whether that day is over (`late`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent
Card = dict[str, Any]
Case = dict[str, Any]


def _cards() -> list[Card]:
    return [
        card
        for path in sorted((HERE / "ways").glob("*.yaml"))
        for card in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def persons() -> list[Card]:
    """Whole stories of persons."""
    return [
        story
        for path in sorted((HERE / "persons").glob("*.yaml"))
        for story in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


WAY_CARDS = _cards()


def all_cases() -> list[Any]:
    """Every case of every card, named for the test report."""
    return [
        pytest.param(card, case, id=f"{card['way']}-{number}")
        for card in WAY_CARDS
        for number, case in enumerate(card["cases"])
    ]
