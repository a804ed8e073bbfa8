"""Views of stations, situations, qualifications and goals, and of the calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from api.answers import Answers
from api.calendar_views import Notice, changes_of, conflicts_of, dates_of
from api.elsewhere_views import ElsewhereView, elsewhere_view
from api.frame import Frame, Link
from api.leg_views import duration
from api.rule_views import Evidence, Rule, SourceView, doubts, evidence, help_links, rules, source_view
from api.told_views import query, standing_at, wanting
from api.views import nothing_told, stage_words
from pathways.person import Certificate, Person
from pathways.qualification import Goal, Qualification
from pathways.reaching import leads_on, leads_to
from pathways.station import Alert, Months, Situation, Station
from pathways.transition import Transition


@dataclass(frozen=True)
class Fact:
    """A line of a profile: what, and whether a source confirms it."""

    label: str
    text: str
    unconfirmed: bool = False


@dataclass(frozen=True)
class WayView:
    """A way in or on, as it is in the rules, without a person."""

    links: tuple[Link, ...]
    kind: str
    is_award: bool
    """True if it gives a certificate instead of leading to a stop."""
    months: str
    rules: tuple[Rule, ...]
    registration: str
    note: str
    doubts: tuple[str, ...]
    evidence: Evidence


@dataclass(frozen=True)
class MoneyView:
    """Financial help."""

    name: str
    text: str
    confidence: str
    doubts: tuple[str, ...]
    sources: tuple[SourceView, ...]


@dataclass(frozen=True)
class RecordPage:
    """A station, situation, qualification or goal."""

    title: str
    official: str
    preline: str
    text: tuple[str, ...]
    closed: str
    alerts: tuple[Notice, ...]
    facts: tuple[Fact, ...]
    money: tuple[MoneyView, ...]
    here: tuple[Notice, ...]
    has_places: bool
    places: tuple[Link, ...]
    all_places: str
    elsewhere: ElsewhereView | None
    ways_in: tuple[WayView, ...]
    ways_on: tuple[WayView, ...]
    changes: tuple[Notice, ...]
    calendar: tuple[Notice, ...]
    conflicts: tuple[Notice, ...]
    doubts: tuple[str, ...]
    help: tuple[Link, ...]
    evidence: Evidence | None
    actions: tuple[Link, ...]


def station_page(frame: Frame, station: Station) -> RecordPage:
    """Everything about a station."""
    reader, gettext = frame.reader, frame.reader.gettext
    empty = nothing_told(frame)
    doubtful = frozenset(station.unconfirmed)
    at = frame.institutions_at
    places = tuple(at(frame.network.region, reader.language, station.id)) if at else ()

    def said(field: str) -> str:
        return frame.said(station.id, field, getattr(station, field))

    facts = [
        Fact(gettext("Für wen"), said("entry"), bool(doubtful & {"entry", "entry_age"})),
        Fact(gettext("Dauer"), _how_long(frame, station), "months" in doubtful),
        Fact(gettext("Beginn"), _starts(frame, station.starts), "starts" in doubtful),
        Fact(gettext("Form"), said("mode"), "mode" in doubtful),
        Fact(gettext("Am Ende haben Sie"), said("certificates"), "certificates" in doubtful),
        Fact(gettext("Kosten"), said("cost"), "cost" in doubtful),
        Fact(gettext("Lohn oder Vergütung"), _paid(frame, station.paid), "paid" in doubtful),
        Fact(gettext("Wer es anbietet"), said("providers"), "providers" in doubtful),
        Fact(gettext("Niveau (DQR)"), station.dqr, "dqr" in doubtful),
        Fact(gettext("Einordnung (ISCED)"), station.isced, "isced" in doubtful),
    ]
    return RecordPage(
        title=said("short"),
        official=said("name") if station.name != station.short else "",
        preline=stage_words(frame)[station.stage][0],
        text=_paragraphs(said("text")),
        closed="" if station.offered else said("closed_because"),
        alerts=_alerts(frame, station.alerts),
        facts=tuple(fact for fact in facts if fact.text),
        money=_money(frame, station.money),
        here=tuple(
            Notice(
                gettext(one.text),
                confidence=one.confidence,
                sources=tuple(source_view(frame, source) for source in one.sources),
            )
            for one in station.here
        ),
        has_places=True,
        places=places,
        all_places=frame.to("institutions", f"station={station.id}"),
        elsewhere=elsewhere_view(frame, station, places),
        ways_in=_ways(frame, leads_to(frame.network, station.id), inward=True),
        ways_on=_ways(frame, leads_on(frame.network, station.id), inward=False),
        changes=changes_of(frame, station.id),
        calendar=dates_of(frame, (one for one in frame.network.calendar.values() if station.id in one.stations)),
        conflicts=conflicts_of(frame, station.id),
        doubts=doubts(frame, station.unconfirmed),
        help=help_links(frame, station.help),
        evidence=evidence(frame, station.sources, station.checked, station.confidence),
        actions=_actions(frame, standing_at(empty, station.id), wanting(empty, station.id)),
    )


def situation_page(frame: Frame, situation: Situation) -> RecordPage:
    """A situation somebody comes from."""
    gettext = frame.reader.gettext
    empty = nothing_told(frame)
    entry = frame.said(situation.id, "entry", situation.entry)
    return RecordPage(
        title=frame.said(situation.id, "name", situation.name),
        official="",
        preline=gettext("Ausgangslage"),
        text=_paragraphs(frame.said(situation.id, "text", situation.text)),
        closed="",
        alerts=_alerts(frame, situation.alerts),
        facts=(Fact(gettext("Für wen"), entry),) if entry else (),
        money=(),
        here=(),
        has_places=False,
        places=(),
        all_places="",
        elsewhere=None,
        ways_in=(),
        ways_on=_ways(frame, leads_on(frame.network, situation.id), inward=False),
        changes=changes_of(frame, situation.id),
        calendar=(),
        conflicts=conflicts_of(frame, situation.id),
        doubts=doubts(frame, situation.unconfirmed),
        help=help_links(frame, situation.help),
        evidence=evidence(frame, situation.sources, situation.checked, situation.confidence),
        actions=_actions(frame, standing_at(empty, situation.id), None),
    )


def qualification_page(frame: Frame, one: Qualification) -> RecordPage:
    """A certificate or entitlement."""
    gettext = frame.reader.gettext
    empty = nothing_told(frame)
    doubtful = frozenset(one.unconfirmed)
    kinds = {
        "certificate": gettext("Abschluss"),
        "entitlement": gettext("Berechtigung"),
        "language": gettext("Sprachnachweis"),
        "recognition": gettext("Anerkennung"),
        "part": gettext("Teil eines Abschlusses"),
    }
    includes = sorted(frame.network.includes.get(one.id, frozenset()) - {one.id})
    facts = [
        Fact(gettext("Das öffnet der Abschluss"), frame.said(one.id, "opens", one.opens), "opens" in doubtful),
        Fact(gettext("So bekommt man ihn"), frame.said(one.id, "obtained", one.obtained), "obtained" in doubtful),
        Fact(
            gettext("Zeugnis aus dem Ausland"),
            frame.said(one.id, "recognition", one.recognition),
            "recognition" in doubtful,
        ),
        Fact(gettext("Zählt auch als"), frame.reader.listing([frame.short(part) for part in includes])),
        Fact(gettext("Niveau (DQR)"), one.dqr, "dqr" in doubtful),
    ]
    held = replace(empty, person=Person(at=(one.id,), holds=(Certificate(one.id),)))
    return RecordPage(
        title=frame.said(one.id, "short", one.short),
        official=frame.said(one.id, "name", one.name) if one.name != one.short else "",
        preline=kinds[one.kind],
        text=(),
        closed="",
        alerts=_alerts(frame, one.alerts),
        facts=tuple(fact for fact in facts if fact.text),
        money=(),
        here=(),
        has_places=False,
        places=(),
        all_places="",
        elsewhere=None,
        ways_in=_ways(frame, leads_to(frame.network, one.id), inward=True),
        ways_on=_ways(frame, leads_on(frame.network, one.id), inward=False),
        changes=changes_of(frame, one.id),
        calendar=(),
        conflicts=conflicts_of(frame, one.id),
        doubts=doubts(frame, one.unconfirmed),
        help=(),
        evidence=evidence(frame, one.sources, one.checked, one.confidence),
        actions=_actions(frame, held, wanting(empty, one.id)),
    )


def goal_page(frame: Frame, goal: Goal) -> RecordPage:
    """A goal and everything that reaches it."""
    gettext = frame.reader.gettext
    reached: dict[str, None] = {}
    for part in goal.reached.any_of:
        reached.update(dict.fromkeys((*part.holds, *part.at, *part.done)))
    names = [frame.short(one) for one in reached]
    return RecordPage(
        title=frame.said(goal.id, "name", goal.name),
        official="",
        preline=gettext("Ziel"),
        text=_paragraphs(frame.said(goal.id, "text", goal.text)),
        closed="",
        alerts=(),
        facts=(Fact(gettext("Erreicht mit"), frame.reader.listing(names, either=True)),),
        money=(),
        here=(),
        has_places=False,
        places=(),
        all_places="",
        elsewhere=None,
        ways_in=_ways(frame, _ways_to_goal(frame, goal), inward=True),
        ways_on=(),
        changes=(),
        calendar=(),
        conflicts=(),
        doubts=doubts(frame, goal.unconfirmed),
        help=help_links(frame, goal.help),
        evidence=evidence(frame, goal.sources, None, "confirmed") if goal.sources else None,
        actions=_actions(frame, None, wanting(nothing_told(frame), goal.id)),
    )


def _ways_to_goal(frame: Frame, goal: Goal) -> Iterator[Transition]:
    """The last ways before a goal; where it asks for a recognition *as* something, no other recognition."""
    for part in goal.reached.any_of:
        for one in (*part.holds, *part.at, *part.done):
            for way in leads_to(frame.network, one):
                if part.parameter in (None, way.parameter):
                    yield way


def _actions(frame: Frame, here: Answers | None, there: Answers | None) -> tuple[Link, ...]:
    gettext = frame.reader.gettext
    links = []
    if here:
        links.append(Link(frame.to("start", query(here)), gettext("Ich stehe hier. Wohin will ich?")))
        links.append(Link(frame.to("reach", here.query), gettext("Was ist von hier aus möglich?")))
    if there:
        links.append(Link(frame.to("start", query(there)), gettext("Wie komme ich hierhin?")))
    return tuple(links)


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(type(text)(part.strip()) for part in text.split("\n") if part.strip())


def _how_long(frame: Frame, station: Station) -> str:
    said = duration(frame, station.months)
    if station.open_ended:
        return frame.reader.gettext("so lange, bis der nächste Schritt beginnt")
    return said


def _starts(frame: Frame, months: Iterable[int]) -> str:
    names = frame.reader.locale.months["stand-alone"]["wide"]
    return frame.reader.listing([names[month] for month in months])


def _paid(frame: Frame, paid: bool | None) -> str:
    if paid is None:
        return ""
    return frame.reader.gettext("ja") if paid else frame.reader.gettext("nein")


def _money(frame: Frame, ids: Iterable[str]) -> tuple[MoneyView, ...]:
    found = []
    for one in ids:
        money = frame.network.money.get(one)
        if money:
            found.append(
                MoneyView(
                    frame.said(one, "name", money.name),
                    frame.said(one, "text", money.text),
                    money.confidence,
                    doubts(frame, money.unconfirmed),
                    tuple(source_view(frame, source) for source in money.sources),
                )
            )
    return tuple(found)


def _alerts(frame: Frame, alerts: Iterable[Alert]) -> tuple[Notice, ...]:
    return tuple(
        Notice(
            frame.reader.gettext(one.text),
            sources=(source_view(frame, one.because.source, one.because.at),) if one.because else (),
        )
        for one in alerts
        if one.is_current(frame.day)
    )


def _ways(frame: Frame, ways: Iterable[Transition], *, inward: bool) -> tuple[WayView, ...]:
    found = []
    for one in {way.id: way for way in ways}.values():
        targets = one.origins if inward else (one.target,)
        registration = one.registration
        stay = one.stay
        months = Months(min=stay.min, typical=stay.typical, max=stay.max) if stay else None
        found.append(
            WayView(
                links=tuple(frame.link_to(target) for target in targets),
                kind=one.kind,
                is_award=one.qualification is not None,
                months=duration(frame, months) if months else "",
                rules=rules(frame, one.conditions),
                registration=frame.said(one.id, "register.text", registration.text) if registration else "",
                note=frame.said(one.id, "note", one.note),
                doubts=doubts(frame, one.unconfirmed),
                evidence=evidence(frame, one.sources, None, one.confidence),
            )
        )
    found.sort(key=lambda view: view.links[0].text.casefold())
    return tuple(found)
