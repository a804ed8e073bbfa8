"""Reads the stories: cards about single ways, and persons with whole routes."""

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
