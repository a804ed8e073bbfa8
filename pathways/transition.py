"""Transitions: permitted ways from stations, situations or held qualifications to a station or a qualification.

They are written in the file of the station they lead to (`ways_in`) or of the station that gives a certificate
(`awards`), the way an admission regulation is written; the network turns both into one `Transition`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator, model_validator

from pathways.calendar_months import MonthDay
from pathways.conditions import AnyCondition, Confidence, Record

Kind = Literal["automatic", "duty", "entitled", "selective"]


class Stay(Record):
    """Months in the target station when this way in shortens or lengthens them."""

    min: float = Field(ge=0, le=300)
    typical: float = Field(ge=0, le=300)
    max: float = Field(ge=0, le=300)

    @model_validator(mode="after")
    def _in_order(self) -> Stay:
        if not self.min <= self.typical <= self.max:
            raise ValueError("months must rise: min, typical, max")
        return self


class Register(Record):
    """When to register. ``by``: last days of the year (MM-DD); ``late``: what happens afterwards."""

    by: tuple[str, ...] = ()
    opens: str | None = None
    years_before: int = Field(default=0, ge=0, le=3)
    late: Literal["closed", "left-over", "open"] = "closed"
    text: str = ""

    @field_validator("by", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _real_days(self) -> Register:
        for text in (*self.by, *([self.opens] if self.opens else [])):
            MonthDay.parse(text)
        return self


class _Written(Record):
    id: str
    was: tuple[str, ...] = ()
    kind: Kind
    months: float = Field(default=0, ge=0, le=120)
    conditions: tuple[AnyCondition, ...] = ()
    note: str = ""
    unconfirmed: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    confidence: Confidence


class WayIn(_Written):
    """A way into the record it stands in. ``stay`` and ``starts`` override those of the station."""

    origins: tuple[str, ...] = Field(alias="from", min_length=1)
    stay: Stay | None = None
    starts: tuple[int, ...] | None = None
    register_: Register | None = Field(default=None, alias="register")


class Award(_Written):
    """A qualification given by the record it stands in.

    ``parameter`` where it has one (an occupation, a level); ``after_months`` if it is earned before the end, so that
    somebody may leave with it.
    """

    gives: str
    after_months: int | None = Field(default=None, ge=1, le=120)
    parameter: str | None = Field(default=None, alias="as")


class Transition(Record):
    """One permitted way, as the network holds it. Exactly one of `station` and `qualification` is set."""

    id: str
    was: tuple[str, ...] = ()
    origins: tuple[str, ...]
    station: str | None = None
    qualification: str | None = None
    parameter: str | None = None
    kind: Kind
    months: float = 0
    stay: Stay | None = None
    starts: tuple[int, ...] | None = None
    after_months: int | None = None
    registration: Register | None = None
    conditions: tuple[AnyCondition, ...] = ()
    note: str = ""
    unconfirmed: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    confidence: Confidence

    @property
    def target(self) -> str:
        """Id of the station or qualification it leads to."""
        target = self.station or self.qualification
        assert target is not None
        return target

    @property
    def gives_award(self) -> bool:
        """True if it leads to a qualification."""
        return self.qualification is not None

    def is_always_open(self) -> bool:
        """True if it costs an open point for every person: selective, unconfirmed, or with a rule nobody can decide."""
        return (
            self.kind == "selective"
            or self.confidence == "unconfirmed"
            or any(condition.is_always_open() for condition in self.conditions)
        )


def from_way_in(way: WayIn, target: str, *, into_qualification: bool) -> Transition:
    """The transition a way in describes."""
    return Transition(
        id=way.id,
        was=way.was,
        origins=way.origins,
        station=None if into_qualification else target,
        qualification=target if into_qualification else None,
        kind=way.kind,
        months=way.months,
        stay=way.stay,
        starts=way.starts,
        registration=way.register_,
        conditions=way.conditions,
        note=way.note,
        unconfirmed=way.unconfirmed,
        sources=way.sources,
        confidence=way.confidence,
    )


def from_award(award: Award, origin: str) -> Transition:
    """The transition an award describes."""
    return Transition(
        id=award.id,
        was=award.was,
        origins=(origin,),
        qualification=award.gives,
        parameter=award.parameter,
        after_months=award.after_months,
        kind=award.kind,
        months=award.months,
        conditions=award.conditions,
        note=award.note,
        unconfirmed=award.unconfirmed,
        sources=award.sources,
        confidence=award.confidence,
    )
