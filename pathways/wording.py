"""How the domain speaks: whole sentences through gettext, names and dates through the reader's language.

The domain writes German source sentences and hands them to a `Words`; the web service and the command line give
one that translates. `GermanWords` is the source language itself, used by tests and the command line.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Protocol


class Words(Protocol):
    """A reader's language."""

    def gettext(self, message: str, /) -> str:
        """The message in the reader's language, or the German source."""

    def ngettext(self, singular: str, plural: str, number: int, /) -> str:
        """The right plural form for `number`."""

    def name(self, record_id: str, /) -> str:
        """Display name of a record of the network; the id itself if there is none."""

    def date(self, day: date, /) -> str:
        """A day as people write it."""

    def number(self, value: float, /) -> str:
        """A number with the decimal sign of the language."""

    def grade(self, value: float, /) -> str:
        """An average mark with one decimal."""

    def listing(self, items: list[str], /, *, either: bool = False) -> str:
        """Items joined with commas and a final *and* (or *or*)."""


class GermanWords:
    """The source language. `names` maps a record id to its German name."""

    def __init__(self, names: Callable[[str], str] | None = None) -> None:
        self._names = names

    def gettext(self, message: str, /) -> str:
        return message

    def ngettext(self, singular: str, plural: str, number: int, /) -> str:
        return singular if number == 1 else plural

    def name(self, record_id: str, /) -> str:
        return self._names(record_id) if self._names else record_id

    def date(self, day: date, /) -> str:
        return f"{day.day:02}.{day.month:02}.{day.year}"

    def number(self, value: float, /) -> str:
        return f"{value:g}".replace(".", ",")

    def grade(self, value: float, /) -> str:
        return f"{value:.1f}".replace(".", ",")

    def listing(self, items: list[str], /, *, either: bool = False) -> str:
        if len(items) < 2:
            return "".join(items)
        joint = " oder " if either else " und "
        return ", ".join(items[:-1]) + joint + items[-1]


class Remedy(str):
    """A German sentence with its values filled in; `message` and `values` are what it is made of."""

    message: str
    values: dict[str, object]

    def __new__(cls, message: str, /, **values: object) -> Remedy:
        made = super().__new__(cls, message % values)
        made.message, made.values = message, values
        return made
