"""The small records beside the network: layers, sources, counselling points, money, calendar, changes, questions."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, field_validator

from pathways.conditions import Confidence, Record


class Layer(Record):
    """A level of content: federal, Land or municipality. A region is a municipality with all layers above it."""

    id: str
    name: str
    kind: Literal["federal", "land", "municipality"]
    parent: str | None = None


class Source(Record):
    """A law, decree, page or press piece. Only a complete address has a `url`; the rest is shown as text."""

    id: str
    title: str
    address: str = ""
    addresses: tuple[str, ...] = ()
    url: str | None = None

    @field_validator("url")
    @classmethod
    def _complete(cls, value: str | None) -> str | None:
        if value is not None and (not value.startswith(("https://", "http://")) or "…" in value or " " in value):
            raise ValueError("a `url` is complete and starts with https://; write incomplete ones as `address`")
        return value


class Help(Record):
    """A counselling point or office: whom to ask."""

    id: str
    name: str
    who: str = ""
    what: str = ""
    topics: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    confidence: Confidence = "confirmed"


class Money(Record):
    """Financial help."""

    id: str
    name: str
    text: str
    unconfirmed: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    confidence: Confidence = "confirmed"


class CalendarEntry(Record):
    """A date or period people must know; ``yearly`` as MM-DD where it comes back."""

    id: str
    when: str
    text: str
    where: str = ""
    stations: tuple[str, ...] = ()
    start: date | None = Field(default=None, alias="from")
    until: date | None = None
    yearly: str | tuple[str, ...] | None = None
    unconfirmed: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    confidence: Confidence = "confirmed"


class Change(Record):
    """A change of the rules and what it does to the network."""

    id: str
    day: date | None = None
    when: str
    text: str
    effect: str = ""
    stations: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    confidence: Confidence | Literal["open"] = "confirmed"


class Conflict(Record):
    """Sources disagree, or nobody confirmed it; shown, never smoothed over."""

    id: str
    kind: Literal["conflict", "unconfirmed"]
    text: str
    stations: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class Question(Record):
    """A yes/no question behind the condition kind `fact`."""

    id: str
    question: str
    met: str
    unmet: str
    why: str = ""
    help: str | None = None


class StatusName(Record):
    """A coarse residence status."""

    id: str
    name: str
