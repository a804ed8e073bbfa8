"""Views of an answer: routes as timelines, what is missing, whom to ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from api.answers import Answers
from api.data import help_ids
from api.frame import Frame, Link
from api.question_views import AnswerView, QuestionView, answers_view, query, question_view, wanting
from api.rule_views import Evidence, Rule, condition_words, doubts, evidence, help_links, rules
from api.views import CHILDHOOD, stage_of_situation
from pathways.itinerary import Judged, Leg, Milestone, Route
from pathways.routes import Answer
from pathways.station import Months
from pathways.verdict import Verdict

APPLY = frozenset({"contract", "place", "choice"})
EARN = frozenset(
    {"average", "grades", "result", "completed", "exam", "level", "german", "work", "holds", "school_years"}
)


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
    stop_here: tuple[str, ...]
    """Certificates in hand when stopping after this leg."""
    unconfirmed: bool
    doubts: tuple[str, ...]
    ask: tuple[Link, ...]
    places: tuple[Link, ...]
    evidence: Evidence


@dataclass(frozen=True)
class Todo:
    """One thing to do, and for which stop."""

    text: str
    stop: str
    until: str = ""
    ask: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Todos:
    """What is still missing on a route, sorted by what one does about it."""

    apply: tuple[Todo, ...]
    earn: tuple[Todo, ...]
    clarify: tuple[Todo, ...]

    def __bool__(self) -> bool:
        return bool(self.apply or self.earn or self.clarify)


@dataclass(frozen=True)
class RouteView:
    """One route."""

    number: int
    href: str
    name: str
    start: str
    arrival: str
    months: str
    range: str
    changes: str
    open_points: str
    unpaid: str
    strengths: tuple[str, ...]
    legs: tuple[LegView, ...]
    milestones: tuple[str, ...]
    todos: Todos
    variants: tuple[str, ...]


@dataclass(frozen=True)
class BriefRoute:
    """One of the further routes, in a line."""

    href: str
    name: str
    arrival: str
    months: str


@dataclass(frozen=True)
class RoutesPage:
    """Everything found for one query."""

    title: str
    goal: Link
    answers: tuple[AnswerView, ...]
    found: str
    complete: bool
    already_there: bool
    routes: tuple[RouteView, ...]
    further: tuple[BriefRoute, ...]
    blocked: tuple[RouteView, ...]
    missing: tuple[Rule, ...]
    question: QuestionView | None
    sensible: str
    help: tuple[Link, ...]
    reach: str
    change: str


@dataclass(frozen=True)
class RoutePage:
    """One route opened on its own, for reading and printing."""

    title: str
    goal: Link
    origin: str
    answers: tuple[AnswerView, ...]
    route: RouteView
    all_routes: str
    day: str
    is_today: bool
    fresh: str
    help: tuple[Link, ...]


def routes_page(frame: Frame, told: Answers, answer: Answer) -> RoutesPage:
    """The results of a query."""
    reader = frame.reader
    goal = frame.said(answer.goal.id, "short", answer.goal.short)
    count = len(answer.shown)
    shown = [route_view(frame, told, answer, number) for number in range(1, count + 1)]
    rest = [brief_route(frame, told, answer, number) for number in range(count + 1, len(answer.routes) + 1)]
    blocked = tuple(
        _route_view(frame, route, number + 1, "", answer.day) for number, route in enumerate(answer.blocked)
    )
    return RoutesPage(
        title=reader.gettext("Ihre Wege zum Ziel: %(goal)s") % {"goal": goal},
        goal=frame.link_to(answer.goal.id),
        answers=answers_view(frame, told),
        found=_found(frame, answer, len(shown)),
        complete=answer.complete,
        already_there=answer.already_there,
        routes=tuple(shown),
        further=tuple(rest),
        blocked=blocked,
        missing=_missing(frame, answer.blocked),
        question=question_view(frame, told, answer),
        sensible=_sensible(frame, answer),
        help=help_links(frame, help_ids(answer)),
        reach=frame.to("reach", wanting(told, "").query),
        change=frame.to("start", query(wanting(told, ""), step="goal")),
    )


def in_order(answer: Answer) -> list[Route]:
    """The routes as they are numbered for readers: those shown first, then all others."""
    rest = [index for index in range(len(answer.routes)) if index not in answer.shown]
    return [answer.routes[index] for index in (*answer.shown, *rest)]


def route_page(frame: Frame, told: Answers, answer: Answer, number: int) -> RoutePage:
    """One route of an answer, by its number. Raises IndexError."""
    goal = frame.said(answer.goal.id, "short", answer.goal.short)
    view = route_view(frame, told, answer, number)
    words = frame.reader.gettext("Weg %(number)s zum Ziel: %(goal)s") % {"number": view.number, "goal": goal}
    return RoutePage(
        title=words,
        goal=frame.link_to(answer.goal.id),
        origin=frame.reader.listing([frame.short(place) for place in answer.person.at]),
        answers=answers_view(frame, told),
        route=view,
        all_routes=frame.to("route", told.query),
        day=frame.reader.date(answer.day),
        is_today=answer.day == frame.day,
        fresh=frame.to("route", replace(told, is_day_told=False).query),
        help=help_links(frame, help_ids(answer)),
    )


def route_view(frame: Frame, told: Answers, answer: Answer, number: int) -> RouteView:
    """One of the routes found."""
    route = in_order(answer)[number - 1]
    view = _route_view(frame, route, number, _address(frame, told, number), answer.day)
    return replace(view, unpaid="") if is_child(frame, answer) else view


def is_child(frame: Frame, answer: Answer) -> bool:
    """True for somebody in Kita or school: months without a wage mean nothing to them."""
    network = frame.network
    return any(
        (network.stations[place].stage if place in network.stations else stage_of_situation(network, place))
        in CHILDHOOD
        for place in answer.person.at
        if place not in network.qualifications
    )


def brief_route(frame: Frame, told: Answers, answer: Answer, number: int) -> BriefRoute:
    """A further route in a line."""
    route = in_order(answer)[number - 1]
    return BriefRoute(
        href=_address(frame, told, number),
        name=route_name(frame, route),
        arrival=frame.reader.month(route.arrival),
        months=usual(frame, route.months),
    )


def _address(frame: Frame, told: Answers, number: int) -> str:
    """A route on its own; the day is said, so that the number keeps its meaning."""
    return frame.to("route", query(replace(told, is_day_told=True), route=str(number)))


def _route_view(frame: Frame, route: Route, number: int, href: str, day: date) -> RouteView:
    reader = frame.reader
    changes = reader.ngettext("%(count)s Umstieg", "%(count)s Umstiege", route.changes) % {"count": route.changes}
    opens = reader.ngettext("%(count)s offener Punkt", "%(count)s offene Punkte", route.open_points) % {
        "count": route.open_points
    }
    return RouteView(
        number=number,
        href=href,
        name=route_name(frame, route),
        start=reader.month(route.legs[0].start) if route.legs else reader.month(day),
        arrival=reader.month(route.arrival),
        months=usual(frame, route.months),
        range=duration(frame, route.months) if round(route.months.min) != round(route.months.max) else "",
        changes=changes if route.changes else reader.gettext("ohne Umstieg"),
        open_points=opens if route.open_points else reader.gettext("nichts offen"),
        unpaid=reader.months(route.unpaid_months) if route.unpaid_months else "",
        strengths=strengths(frame, route),
        legs=tuple(leg_view(frame, route, place, day) for place in range(len(route.legs))),
        milestones=tuple(frame.short(one.qualification) for one in route.milestones),
        todos=todos(frame, route, day),
        variants=tuple(_variant(frame, route, variant) for variant in route.variants),
    )


def route_name(frame: Frame, route: Route) -> str:
    """A route by the stations it runs through."""
    stops = [frame.short(one) for one in dict.fromkeys(route.stations)]
    if not stops and route.legs:
        stops = [frame.short(route.legs[-1].transition.target)]
    return " → ".join(stops)


def strengths(frame: Frame, route: Route) -> tuple[str, ...]:
    """What the route is best at, in words."""
    gettext = frame.reader.gettext
    words = {
        "fastest": gettext("am schnellsten am Ziel"),
        "fewest-changes": gettext("am wenigsten Umstiege"),
        "fewest-open-points": gettext("am wenigsten offene Punkte"),
        "least-unpaid": gettext("am wenigsten Zeit ohne Lohn"),
        "most-certificates": gettext("die meisten Abschlüsse unterwegs"),
        "no-selection": gettext("ohne Auswahlverfahren"),
    }
    return tuple(words[name] for name in route.best_at if name in words)


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
    ]
    helpers = list(station.help) if station else []
    ask = help_links(frame, helpers or [one for one in ("berufsberatung",) if one in network.help])
    return LegView(
        is_stop=station is not None,
        link=frame.link_to(transition.target),
        start=reader.month(leg.start),
        duration=duration(frame, leg.months),
        kind=transition.kind,
        verdict=leg.verdict.key,
        rules=rules(frame, (one.condition for one in leg.conditions), moment),
        deadline=reader.date(leg.deadline) if leg.deadline and not leg.late and leg.deadline >= day else "",
        passed=reader.date(leg.deadline) if leg.deadline and not leg.late and leg.deadline < day else "",
        late=leg.late,
        registration=reader.gettext(registration.text) if registration and registration.text else "",
        wait=reader.months(leg.wait_months) if leg.wait_months else "",
        alongside=leg.alongside,
        early=leg.early is not None,
        note=reader.gettext(transition.note),
        plan_b=_plan_b(frame, leg),
        stop_here=()
        if place == len(route.legs) - 1
        else tuple(frame.short(one.qualification) for one in _gained(route.milestones, place)),
        unconfirmed=transition.confidence == "unconfirmed",
        doubts=doubts(frame, transition.unconfirmed),
        ask=ask,
        places=tuple(frame.institutions_at(network.region, reader.language, station.id)[:3])
        if station and frame.institutions_at
        else (),
        evidence=evidence(frame, sources, checked, transition.confidence),
    )


def _gained(milestones: Iterable[Milestone], place: int) -> list[Milestone]:
    return [one for one in milestones if one.leg == place]


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


def todos(frame: Frame, route: Route, day: date) -> Todos:
    """What is open on a route, each thing once, where it comes first."""
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
            words = (
                reader.gettext("Sofort nach Restplätzen fragen")
                if leg.late
                else reader.gettext("Anmelden")
                if leg.transition.kind != "selective"
                else reader.gettext("Bewerben oder anmelden")
            )
            apply.setdefault(station.id, Todo(words, stop, until, help_links(frame, station.help)))
        for judged in _open_parts(leg):
            text = condition_words(frame, judged.condition)
            todo = Todo(text, stop, "", help_links(frame, judged.condition.offices()))
            kind = judged.condition.kind
            kept = apply if kind in APPLY else earn if kind in EARN else clarify
            kept.setdefault(text, todo)
    return Todos(tuple(apply.values()), tuple(earn.values()), tuple(clarify.values()))


def _open_parts(leg: Leg) -> list[Judged]:
    found = []
    for judged in leg.conditions:
        if judged.condition.kind == "all_of":
            parts = [Judged(one, one.judge(judged.moment), judged.moment) for one in judged.condition.of]  # type: ignore[attr-defined]
        else:
            parts = [judged]
        found += [one for one in parts if one.verdict != Verdict.MET]
    return found


def _variant(frame: Frame, route: Route, variant: Route) -> str:
    """How a variant differs: by its ways in or by its start."""
    reader = frame.reader
    own = {leg.transition.id for leg in route.legs}
    differing = [leg for leg in variant.legs if leg.transition.id not in own]
    names = reader.listing([frame.short(leg.origin) for leg in differing][:3])
    arrival = reader.month(variant.arrival)
    if names:
        return reader.gettext("mit anderem Zugang (von %(origins)s), Ankunft %(arrival)s") % {
            "origins": names,
            "arrival": arrival,
        }
    return reader.gettext("mit anderem Beginn, Ankunft %(arrival)s") % {"arrival": arrival}


def _missing(frame: Frame, blocked: Iterable[Route]) -> tuple[Rule, ...]:
    """Unmet conditions over all closed ways, each once."""
    found: dict[str, Rule] = {}
    for route in blocked:
        for leg in route.legs:
            moment = leg.conditions[0].moment if leg.conditions else None
            for one in rules(frame, (judged.condition for judged in leg.unmet), moment):
                if one.verdict == Verdict.UNMET.key:
                    found.setdefault(one.text, one)
    return tuple(found.values())


def _found(frame: Frame, answer: Answer, shown: int) -> str:
    reader = frame.reader
    count = len(answer.routes)
    if not count:
        return ""
    said = reader.ngettext("Wir haben %(count)s Weg gefunden.", "Wir haben %(count)s Wege gefunden.", count) % {
        "count": count
    }
    if count > shown:
        said += " " + reader.gettext("%(shown)s davon, die sich wirklich unterscheiden, zeigen wir genau.") % {
            "shown": shown
        }
    return said


def _sensible(frame: Frame, answer: Answer) -> str:
    """The definition of a sensible route."""
    one = answer.sensible
    return frame.reader.gettext(
        "Wir suchen alle Wege mit höchstens %(changes)s Umstiegen und höchstens %(years)s Jahren. "
        "Ein Weg darf außerdem höchstens %(months)s Monate oder %(share)s Prozent länger dauern als der schnellste."
    ) % {
        "changes": one.max_changes,
        "years": one.max_months // 12,
        "months": one.window_months,
        "share": round(one.window_share * 100),
    }
