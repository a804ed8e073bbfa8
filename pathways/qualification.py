"""Qualifications and goals: what one can hold, and what one can want."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field, model_validator

from pathways.conditions import Confidence, Record
from pathways.station import Alert
from pathways.transition import Award, WayIn


class Qualification(Record):
    """Something one holds (Abschluss). An entitlement (Berechtigung) is a right that follows; never merge the two."""

    id: str
    was: tuple[str, ...] = ()
    name: str
    short: str = Field(max_length=48)
    kind: Literal["certificate", "entitlement", "language", "recognition", "part"] = "certificate"
    includes: tuple[str, ...] = ()
    german: Literal["a1", "a2", "b1", "b2", "c1", "c2"] | None = None
    opens: str = ""
    obtained: str = ""
    recognition: str = ""
    dqr: str = ""
    door: bool = False
    unconfirmed: tuple[str, ...] = ()
    alerts: tuple[Alert, ...] = ()
    sources: tuple[str, ...] = ()
    confidence: Confidence
    checked: date
    ways_in: tuple[WayIn, ...] = ()
    awards: tuple[Award, ...] = ()


class Wanted(Record):
    """Part of a goal: hold one of these, have begun a station, or have left it with success."""

    holds: tuple[str, ...] = ()
    parameter: str | None = None
    at: tuple[str, ...] = ()
    done: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError("a goal part is `{holds: q-x}`, `{at: station}` or `{done: station}`")
        spread: dict[str, Any] = {}
        for key, content in value.items():
            if key == "holds" and isinstance(content, dict):
                spread["holds"] = content.get("any", ())
                spread["parameter"] = content.get("as")
            elif key in ("holds", "at", "done"):
                spread[key] = (content,) if isinstance(content, str) else content
            else:
                spread[key] = content
        return spread


class Reached(Record):
    """Reached when any part is."""

    any_of: tuple[Wanted, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _single(cls, value: Any) -> Any:
        if isinstance(value, dict) and "any_of" not in value:
            return {"any_of": [value]}
        return value


class Goal(Record):
    """A predicate over qualifications and stations (Ziel)."""

    id: str
    was: tuple[str, ...] = ()
    name: str
    short: str = Field(max_length=48)
    text: str = ""
    reached: Reached
    help: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
