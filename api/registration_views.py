"""When to register: the days that the rules give for the ways into a station."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.frame import Frame, Link
from api.rule_views import SourceView, source_view
from pathways.calendar_months import MonthDay
from pathways.transition import Register, Transition


@dataclass(frozen=True)
class Registration:
    """How and when one gets from some stops into another. No days: none of our sources gives any."""

    target: Link
    origins: tuple[Link, ...]
    days: str
    late: str
    note: str
    is_doubtful: bool
    sources: tuple[SourceView, ...]


def registrations(frame: Frame, ways: Iterable[Transition], *, even_unknown: bool = False) -> tuple[Registration, ...]:
    """One entry per target and rule. ``even_unknown``: also ways for which somebody must register, day not known."""
    by_rule: dict[tuple[str, Register | None, bool], list[Transition]] = {}
    for way in ways:
        doubtful = "register" in way.unconfirmed
        if way.registration or doubtful or (even_unknown and way.kind != "automatic"):
            by_rule.setdefault((way.target, way.registration, doubtful), []).append(way)
    return tuple(_registration(frame, *rule, same) for rule, same in by_rule.items())


def days_of(frame: Frame, register: Register | None) -> str:
    """The next days on which to register, with their year; empty if no day is known."""
    if register is None or not register.by:
        return ""
    reader = frame.reader
    last = sorted(MonthDay.parse(one).next_from(frame.day) for one in register.by)
    said = [reader.date(day) for day in last]
    if register.opens and len(last) == 1:
        first = MonthDay.parse(register.opens).last_before(last[0])
        return reader.gettext("%(first)s bis %(last)s") % {"first": reader.date(first), "last": said[0]}
    return reader.gettext("bis %(day)s") % {"day": reader.listing(said, either=True)}


def _registration(
    frame: Frame, target: str, register: Register | None, doubtful: bool, ways: list[Transition]
) -> Registration:
    gettext = frame.reader.gettext
    words = {"left-over": gettext("danach nur noch freie Plätze"), "open": gettext("später ist auch möglich")}
    days = days_of(frame, register)
    return Registration(
        target=frame.link_to(target),
        origins=tuple(frame.link_to(one) for one in dict.fromkeys(origin for way in ways for origin in way.origins)),
        days=days,
        late=words.get(register.late, "") if register and days else "",
        note=gettext(register.text) if register and register.text else "",
        is_doubtful=doubtful,
        sources=tuple(source_view(frame, one) for one in dict.fromkeys(one for way in ways for one in way.sources)),
    )
