"""Views of the legs of a route, and of what is still to do on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from api.answers import Answers
from api.elsewhere_views import FEW_HELPERS, ElsewhereView, elsewhere_view
from api.frame import Frame, Link
from api.question_views import is_askable
from api.rule_views import Evidence, Rule, condition_words, doubts, evidence, help_links, rules
from api.told_views import query
from pathways.conditions import Combination
from pathways.itinerary import Judged, Leg, Milestone, Route
from pathways.person_conditions import Work
from pathways.station import Months
from pathways.verdict import Verdict

APPLY = frozenset({"contract", "place", "choice"})
EARN = frozenset(
    {"average", "grades", "result", "completed", "exam", "level", "german", "work", "holds", "school_years"}
)
TELLABLE = frozenset(
    {"fact", "age", "child_age", "german", "work", "contract", "school_years", "compulsory_schooling", "status"}
)
"""Kinds of rules that are open only because nobody told yet."""
FEW_PLACES = 4
FEW_ALERTS = 2


@dataclass(frozen=True)
class PlanBView:
    """What to do if a leg fails."""

    stops: tuple[str, ...]
    arrival: str
    later: str


@dataclass(frozen=True)
class LegView:
    """One leg on the rail. ``is_stop`` is False where only a certificate is gained."""

    is_stop: bool
    link: Link
    start: str
    duration: str
    kind: str
    """``automatic``, ``duty``, ``entitled`` or ``selective``."""
    verdict: str
    rules: tuple[Rule, ...]
    deadline: str
    passed: str
    """A last day that is over already, although the stop is still to come."""
    late: bool
    registration: str
    wait: str
    alongside: bool
    early: bool
    note: str
    plan_b: PlanBView | None
    alerts: tuple[str, ...]
    """What everybody must know who comes here."""
    more_alerts: tuple[str, ...]
    """The same, where there is too much of it to read at once."""
    before: str
    """What must pass before the stop can be entered, as a sentence."""
    stop_here: tuple[str, ...]
    """Certificates in hand when stopping after this leg."""
    maybe_here: tuple[str, ...]
    """Certificates that this stop gives as well, if what nobody knows yet turns out well."""
    unconfirmed: bool
    doubts: tuple[str, ...]
    ask: tuple[Link, ...]
    tells: tuple[Link, ...]
    """Who knows about what is open here, as far as no rule names its own office."""
    places: tuple[Link, ...]
    elsewhere: ElsewhereView | None
    evidence: Evidence


@dataclass(frozen=True)
class Todo:
    """One thing to do, and for which stop."""

    text: str
    stop: str
    until: str = ""
    ask: tuple[Link, ...] = ()
    answer: str = ""
    """Address of the question that settles it."""


@dataclass(frozen=True)
class Todos:
    """What is still missing on a route, sorted by what one does about it."""

    apply: tuple[Todo, ...]
    earn: tuple[Todo, ...]
    clarify: tuple[Todo, ...]

    def __bool__(self) -> bool:
        return bool(self.apply or self.earn or self.clarify)


def usual(frame: Frame, months: Months) -> str:
    """How long it usually takes."""
    return frame.reader.months(months.typical) if round(months.typical) else ""


def duration(frame: Frame, months: Months) -> str:
    """Least to most; one figure where they agree."""
    reader = frame.reader
    least, most = round(months.min), round(months.max)
    if least == most:
        return reader.months(most) if most else ""
    if least and least % 12 == 0 and most % 12 == 0:
        return reader.gettext("%(least)s bis %(most)s") % {"least": least // 12, "most": reader.months(most)}
    if most <= 24:
        return reader.gettext("%(least)s bis %(most)s Monate") % {"least": least, "most": most}
    if not least:
        return reader.gettext("bis zu %(most)s") % {"most": reader.months(most)}
    return reader.gettext("%(least)s bis %(most)s") % {"least": reader.months(least), "most": reader.months(most)}


def leg_view(frame: Frame, route: Route, place: int, day: date) -> LegView:
    """One leg with everything there is to say about it."""
    reader, network, leg = frame.reader, frame.network, route.legs[place]
    transition = leg.transition
    record = network.record(transition.target)
    station = network.stations.get(transition.station or "")
    moment = leg.conditions[0].moment if leg.conditions else None
    registration = transition.registration
    checked = getattr(record, "checked", None)
    sources = [
        *transition.sources,
        *(part.because.source for one in leg.conditions for part in one.condition.parts() if part.because),
        *(alert.because.source for alert in leg.alerts if alert.because),
    ]
    places = _places(frame, station.id) if station else ()
    ask = help_links(frame, _helpers(frame, leg))
    said = rules(frame, (one.condition for one in leg.conditions), moment)
    gained = _gained(route, place)
    alerts = tuple(reader.gettext(alert.text) for alert in leg.alerts)
    return LegView(
        is_stop=station is not None,
        link=frame.link_to(transition.target),
        start=reader.month(leg.start),
        duration=duration(frame, _stay(leg) if station is not None else leg.months),
        alerts=alerts[:FEW_ALERTS],
        more_alerts=alerts[FEW_ALERTS:],
        before=_before(frame, leg) if station is not None else "",
        kind=transition.kind,
        verdict=leg.verdict.key,
        rules=said,
        deadline=reader.date(leg.deadline) if leg.deadline and not leg.late and leg.deadline >= day else "",
        passed=reader.date(leg.deadline) if leg.deadline and not leg.late and leg.deadline < day else "",
        late=leg.late,
        registration=reader.pgettext(f"{transition.id}.register.text", registration.text) if registration else "",
        wait=reader.months(leg.wait_months) if leg.wait_months else "",
        alongside=leg.alongside,
        early=leg.early is not None,
        note=reader.pgettext(f"{transition.id}.note", transition.note),
        plan_b=_plan_b(frame, leg),
        stop_here=tuple(frame.short(one.qualification) for one in gained if one.is_held),
        maybe_here=tuple(frame.short(one.qualification) for one in gained if not one.is_held),
        unconfirmed=transition.confidence == "unconfirmed",
        doubts=doubts(frame, transition.unconfirmed),
        ask=ask,
        tells=ask[:FEW_HELPERS] if any(_is_left_open(one) for one in said) else (),
        places=places,
        elsewhere=elsewhere_view(frame, station, places) if station else None,
        evidence=evidence(frame, sources, checked, transition.confidence),
    )


def _stay(leg: Leg) -> Months:
    """Months in the stop itself, without what must pass before it can be entered."""
    edge = leg.edge_months
    return Months(min=leg.months.min - edge, typical=leg.months.typical - edge, max=leg.months.max - edge)


def _before(frame: Frame, leg: Leg) -> str:
    """What must pass before the stop can be entered: work to be made up, or a procedure."""
    if not leg.edge_months:
        return ""
    time = frame.reader.months(leg.edge_months)
    parts = (part for condition in leg.transition.conditions for part in condition.parts())
    if any(isinstance(part, Work) and part.made_up != "no" for part in parts):
        return frame.reader.gettext("Davor brauchen Sie noch %(time)s Arbeit oder Praxis.") % {"time": time}
    return frame.reader.gettext("Davor: %(time)s, bis es losgehen kann.") % {"time": time}


def _helpers(frame: Frame, leg: Leg) -> list[str]:
    """Counselling points of the stop; for a certificate those of the stop where it is earned."""
    network = frame.network
    station = network.stations.get(leg.transition.station or leg.origin)
    helpers = list(station.help) if station else []
    return helpers or [one for one in ("berufsberatung",) if one in network.help]


def _is_left_open(rule: Rule) -> bool:
    """True for a rule that is not met and names nobody to ask."""
    if rule.parts:
        return rule.verdict != Verdict.MET.key and any(_is_left_open(part) for part in rule.parts)
    return rule.verdict in (Verdict.UNKNOWN.key, Verdict.UNMET.key) and not rule.ask and not rule.offices


def _places(frame: Frame, station_id: str) -> tuple[Link, ...]:
    """The first few who offer it here, by name, and a link to all if there are more."""
    found = (
        frame.institutions_at(frame.network.region, frame.reader.language, station_id) if frame.institutions_at else ()
    )
    if len(found) <= FEW_PLACES:
        return tuple(found)
    words = frame.reader.gettext("alle %(count)s zeigen") % {"count": len(found)}
    return (*found[: FEW_PLACES - 1], Link(frame.to("institutions", f"station={station_id}"), words))


def _gained(route: Route, place: int) -> list[Milestone]:
    """What one holds when stopping after a leg; nothing is said of the last one."""
    return [one for one in route.milestones if one.leg == place < len(route.legs) - 1]


def _plan_b(frame: Frame, leg: Leg) -> PlanBView | None:
    plan = leg.plan_b
    if plan is None:
        return None
    stops = [stop for stop in plan.stops if stop in frame.network.stations] or list(plan.stops)
    months = plan.later_by_months
    return PlanBView(
        stops=tuple(frame.short(stop) for stop in dict.fromkeys(stops)),
        arrival=frame.reader.month(plan.arrival),
        later=frame.reader.months(months) if months > 0 else "",
    )


def todos(frame: Frame, told: Answers, route: Route, day: date) -> Todos:
    """What is open on a route, each thing once, where it comes first; what was only not told is a question."""
    reader = frame.reader
    apply: dict[str, Todo] = {}
    earn: dict[str, Todo] = {}
    clarify: dict[str, Todo] = {}
    for leg in route.legs:
        stop = frame.short(leg.transition.target)
        station = frame.network.stations.get(leg.transition.station or "")
        if station and (leg.deadline or leg.transition.kind == "selective"):
            is_open = leg.deadline is not None and not leg.late and leg.deadline >= day
            until = reader.date(leg.deadline) if leg.deadline and is_open else ""
            if leg.late:
                words = reader.gettext("Sofort nach Restplätzen fragen")
            elif leg.deadline and not is_open:
                words = reader.gettext("Sofort nachfragen: Die Anmeldung war bis %(day)s") % {
                    "day": reader.date(leg.deadline)
                }
            elif leg.transition.kind != "selective":
                words = reader.gettext("Anmelden")
            else:
                words = reader.gettext("Bewerben oder anmelden")
            apply.setdefault(station.id, Todo(words, stop, until, help_links(frame, station.help)[:FEW_HELPERS]))
        for judged in _open_parts(leg):
            text = condition_words(frame, judged.condition)
            answer = _question(frame, told, judged)
            todo = Todo(text, stop, "", help_links(frame, judged.condition.offices()), answer)
            kind = judged.condition.kind
            kept = apply if kind in APPLY else earn if kind in EARN else clarify
            kept.setdefault(text, todo)
    return Todos(tuple(apply.values()), tuple(earn.values()), tuple(clarify.values()))


def _question(frame: Frame, told: Answers, judged: Judged) -> str:
    """Address of the question behind an open rule; empty if nobody can answer it yet, or said *I don't know*."""
    if judged.verdict != Verdict.UNKNOWN or judged.condition.kind not in TELLABLE:
        return ""
    for fact in judged.condition.facts(judged.moment.target):
        if fact not in told.unsure and is_askable(frame.network, fact):
            return frame.to("start", query(told, ask=fact))
    return ""


def _open_parts(leg: Leg) -> list[Judged]:
    found = []
    for judged in leg.conditions:
        condition = judged.condition
        if condition.kind == "all_of" and isinstance(condition, Combination):
            parts = [Judged(one, one.judge(judged.moment), judged.moment) for one in condition.of]
        else:
            parts = [judged]
        found += [one for one in parts if one.verdict != Verdict.MET]
    return found
