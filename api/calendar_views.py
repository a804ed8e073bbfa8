"""Views of dates, changes of the rules, and open points of the content."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from api.frame import Frame, Link
from api.rule_views import SourceView, doubts, source_view
from pathways.calendar_months import MonthDay
from pathways.reference import CalendarEntry


@dataclass(frozen=True)
class Notice:
    """A text with its sources: an alert, a change, a local fact, a conflict, a date."""

    text: str
    when: str = ""
    effect: str = ""
    where: str = ""
    confidence: str = "confirmed"
    doubts: tuple[str, ...] = ()
    sources: tuple[SourceView, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class CalendarPage:
    """Dates and changes of the rules."""

    title: str
    coming: tuple[Notice, ...]
    always: tuple[Notice, ...]
    past: tuple[Notice, ...]
    changes: tuple[Notice, ...]


@dataclass(frozen=True)
class UnclearPage:
    """Where sources disagree, and what nobody confirmed."""

    title: str
    conflicts: tuple[Notice, ...]
    unconfirmed: tuple[Notice, ...]


def calendar_page(frame: Frame) -> CalendarPage:
    """All dates by the day they come next, and changes of the rules."""
    network = frame.network
    coming: list[tuple[date, Notice]] = []
    always: list[Notice] = []
    past: list[tuple[date, Notice]] = []
    for entry in network.calendar.values():
        notice = dates_of(frame, (entry,))[0]
        following = _next_day(frame.day, entry.start, entry.until, entry.yearly)
        last = entry.until or entry.start
        if following is not None:
            coming.append((following, notice))
        elif last is not None and last < frame.day:
            past.append((last, notice))
        else:
            always.append(notice)
    return CalendarPage(
        title=frame.reader.gettext("Termine und Änderungen"),
        coming=tuple(notice for _, notice in sorted(coming, key=lambda pair: pair[0])),
        always=tuple(always),
        past=tuple(notice for _, notice in sorted(past, key=lambda pair: pair[0], reverse=True)),
        changes=changes_of(frame),
    )


def unclear_page(frame: Frame) -> UnclearPage:
    """Open points of the content, never smoothed over."""
    return UnclearPage(
        title=frame.reader.gettext("Was noch unklar ist"),
        conflicts=conflicts_of(frame, kind="conflict"),
        unconfirmed=conflicts_of(frame, kind="unconfirmed"),
    )


def _next_day(day: date, start: date | None, until: date | None, yearly: str | tuple[str, ...] | None) -> date | None:
    if yearly:
        listed = (yearly,) if isinstance(yearly, str) else yearly
        return min(MonthDay.parse(text).next_from(day) for text in listed)
    if start is not None and (until or start) >= day:
        return max(start, day)
    return until if start is None and until is not None and until >= day else None


def dates_of(frame: Frame, entries: Iterable[CalendarEntry]) -> tuple[Notice, ...]:
    """Calendar entries in words."""
    return tuple(
        Notice(
            text=frame.said(one.id, "text", one.text),
            when=frame.said(one.id, "when", one.when),
            where=frame.said(one.id, "where", one.where),
            confidence=one.confidence,
            doubts=doubts(frame, one.unconfirmed),
            sources=tuple(source_view(frame, source) for source in one.sources),
            links=_stations(frame, one.stations),
        )
        for one in entries
    )


def _stations(frame: Frame, ids: Iterable[str]) -> tuple[Link, ...]:
    known = set(frame.network.ids())
    return tuple(frame.link_to(one) for one in ids if one in known)


def changes_of(frame: Frame, station: str = "") -> tuple[Notice, ...]:
    """Changes of the rules, the latest first; those of one station or all."""
    changes = [one for one in frame.network.changes.values() if not station or station in one.stations]
    changes.sort(key=lambda one: (one.day is None, one.day or frame.day), reverse=True)
    return tuple(
        Notice(
            text=frame.said(one.id, "text", one.text),
            when=frame.said(one.id, "when", one.when),
            effect=frame.said(one.id, "effect", one.effect),
            confidence=one.confidence,
            doubts=doubts(frame, one.unconfirmed),
            sources=tuple(source_view(frame, source) for source in one.sources),
            links=_stations(frame, one.stations) if not station else (),
        )
        for one in changes
    )


def conflicts_of(frame: Frame, station: str = "", kind: str = "") -> tuple[Notice, ...]:
    """Where sources disagree (`conflict`) or nobody confirmed it (`unconfirmed`)."""
    return tuple(
        Notice(
            text=frame.said(one.id, "text", one.text),
            sources=tuple(source_view(frame, source) for source in one.sources),
            links=_stations(frame, one.stations) if not station else (),
        )
        for one in frame.network.conflicts.values()
        if (not station or station in one.stations) and (not kind or one.kind == kind)
    )
