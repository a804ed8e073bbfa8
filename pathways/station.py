"""Stations and situations: places in education where a person can stand.

A station is a programme type, a course, a procedure (recognition) or a support stop, never a house: houses are
institutions. A situation is where somebody comes from when no station fits.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from pathways.conditions import Because, Confidence, Record
from pathways.transition import Award, WayIn

Stage = Literal[
    "early-childhood",
    "primary",
    "lower-secondary",
    "upper-secondary",
    "vocational",
    "transition",
    "higher",
    "adult",
    "newcomers",
    "rehabilitation",
]
STAGES: tuple[str, ...] = Stage.__args__  # type: ignore[attr-defined]
"""Stages of the biography in the order they are shown (ISCED 2011 levels 0 to 8, then the cross-cutting ones)."""


class Months(Record):
    """A duration in months: least, usual, most."""

    min: float = Field(ge=0, le=300)
    typical: float = Field(ge=0, le=300)
    max: float = Field(ge=0, le=300)

    @model_validator(mode="after")
    def _in_order(self) -> Months:
        if not self.min <= self.typical <= self.max:
            raise ValueError("months must rise: min, typical, max")
        return self


class Ages(Record):
    """Usual age at entry in years; for readers, never a rule."""

    start: int | None = Field(default=None, alias="from", ge=0, le=99)
    to: int | None = Field(default=None, ge=0, le=99)


class Alongside(Record):
    """A station that may run beside another one. ``only``: it never stands on its own."""

    hosts: tuple[str, ...] = Field(min_length=1)
    only: bool = False


class Alert(Record):
    """A notice on a station that readers must see."""

    text: str
    because: Because | None = None
    valid_from: date | None = None
    until: date | None = None
    for_status: tuple[str, ...] = ()
    """Statuses of residence that it is about; on a route only who told one of them reads it. Empty: everybody."""

    def is_current(self, day: date) -> bool:
        """True if the notice holds on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.until is None or day <= self.until)

    def concerns(self, status: str | None) -> bool:
        """True if somebody with this status must see it."""
        return not self.for_status or status in self.for_status


class Here(Record):
    """What is known about this station in the municipality."""

    text: str
    sources: tuple[str, ...] = ()
    confidence: Confidence = "confirmed"


class Elsewhere(Record):
    """A place outside of the municipality where this station is known to exist. ``nearest``: a source says so."""

    place: str
    text: str = ""
    nearest: bool = False
    sources: tuple[str, ...] = Field(min_length=1)
    confidence: Confidence = "confirmed"


class Station(Record):
    """One place in education. Field meanings: content/README.md. Codes: DQR (EQF) level, ISCED 2011 programme."""

    id: str
    was: tuple[str, ...] = ()
    name: str
    short: str = Field(max_length=40)
    stage: Stage
    kind: Literal["programme", "course", "procedure", "exam", "support"] = "programme"
    text: str
    entry: str = ""
    entry_age: Ages = Ages()
    months: Months
    open_ended: bool = False
    starts: tuple[int, ...] = ()
    mode: str = ""
    certificates: str = ""
    dqr: str = ""
    isced: str = ""
    paid: bool | None = None
    practice: bool = False
    cost: str = ""
    money: tuple[str, ...] = ()
    providers: str = ""
    help: tuple[str, ...] = ()
    alongside: Alongside | None = None
    offered: bool = True
    closed_because: str = ""
    unconfirmed: tuple[str, ...] = ()
    alerts: tuple[Alert, ...] = ()
    here: tuple[Here, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    sources: tuple[str, ...] = ()
    confidence: Confidence
    checked: date
    ways_in: tuple[WayIn, ...] = ()
    awards: tuple[Award, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Station:
        if any(not 1 <= month <= 12 for month in self.starts):
            raise ValueError("`starts` lists calendar months 1 to 12")
        if not self.offered and not self.closed_because:
            raise ValueError("a station that is not offered needs `closed_because`")
        if sum(one.nearest for one in self.elsewhere) > 1:
            raise ValueError("only one place in `elsewhere` can be the nearest")
        return self


class Situation(Record):
    """Where somebody comes from when no station fits. ``facts`` are what the situation itself says."""

    id: str
    was: tuple[str, ...] = ()
    name: str
    short: str = Field(max_length=60)
    text: str
    entry: str = ""
    entry_age: Ages = Ages()
    facts: dict[str, bool] = Field(default_factory=dict)
    help: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    alerts: tuple[Alert, ...] = ()
    sources: tuple[str, ...] = ()
    confidence: Confidence
    checked: date
