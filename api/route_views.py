"""Views of an answer: routes as timelines, what is missing, whom to ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from api.answers import Answers
from api.data import help_ids
from api.frame import Frame, Link
from api.leg_views import LegView, Todos, duration, leg_view, todos, usual
from api.question_views import QuestionView, question_view
from api.rule_views import Rule, condition_words, help_links, rules
from api.told_views import AnswerView, answers_view, query, wanting
from api.views import CHILDHOOD, stage_of_situation
from pathways.certificate_conditions import Holds
from pathways.itinerary import Route
from pathways.routes import Answer
from pathways.verdict import Verdict

FEW_CERTIFICATES = 3


@dataclass(frozen=True)
class RouteView:
    """One route."""

    number: int
    href: str
    start: str
    stops: tuple[str, ...]
    arrival: str
    deadline: str
    """The next last day to apply that is still to come."""
    late: bool
    """A last day to apply is over."""
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
    stops: tuple[str, ...]
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
    """Where to choose another goal."""


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
    shown = _telling([route_view(frame, told, answer, number) for number in range(1, count + 1)])
    rest = [brief_route(frame, told, answer, number) for number in range(count + 1, len(answer.routes) + 1)]
    blocked = tuple(
        _route_view(frame, told, route, number + 1, "", answer.day) for number, route in enumerate(answer.blocked)
    )
    return RoutesPage(
        title=(reader.gettext("Ihre Wege zum Ziel: %(goal)s") if count else reader.gettext("Ihr Ziel: %(goal)s"))
        % {"goal": goal},
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


def _telling(routes: list[RouteView]) -> list[RouteView]:
    """The routes without the strengths that all of them have: these tell nobody which to take."""
    if len(routes) < 2:
        return routes
    common = set.intersection(*(set(route.strengths) for route in routes))
    return [replace(one, strengths=tuple(each for each in one.strengths if each not in common)) for one in routes]


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
    view = _route_view(frame, told, route, number, _address(frame, told, number), answer.day)
    if not is_child(frame, answer):
        return view
    return replace(view, unpaid="", strengths=strengths(frame, route, wages=False))


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
        stops=route_stops(frame, route),
        arrival=frame.reader.month(route.arrival),
        months=usual(frame, route.months),
    )


def _address(frame: Frame, told: Answers, number: int) -> str:
    """A route on its own; the day is said, so that the number keeps its meaning."""
    return frame.to("route", query(replace(told, is_day_told=True), route=str(number)))


def _route_view(frame: Frame, told: Answers, route: Route, number: int, href: str, day: date) -> RouteView:
    reader = frame.reader
    still = [leg.deadline for leg in route.legs if leg.deadline and not leg.late and leg.deadline >= day]
    changes = reader.ngettext("%(count)s Umstieg", "%(count)s Umstiege", route.changes) % {"count": route.changes}
    opens = reader.ngettext("bei %(count)s Schritt", "bei %(count)s Schritten", route.open_points) % {
        "count": route.open_points
    }
    return RouteView(
        number=number,
        href=href,
        stops=route_stops(frame, route),
        start=reader.month(route.legs[0].start) if route.legs else reader.month(day),
        arrival=reader.month(route.arrival),
        deadline=reader.date(min(still)) if still else "",
        late=any(leg.late for leg in route.legs),
        months=usual(frame, route.months),
        range=duration(frame, route.months) if round(route.months.min) != round(route.months.max) else "",
        changes=changes if route.changes else reader.gettext("ohne Umstieg"),
        open_points=opens if route.open_points else reader.gettext("nichts offen"),
        unpaid=reader.months(route.unpaid_months) if route.unpaid_months else "",
        strengths=strengths(frame, route),
        legs=tuple(leg_view(frame, route, place, day) for place in range(len(route.legs))),
        milestones=tuple(frame.short(one) for one in route.certificates),
        todos=todos(frame, told, route, day),
        variants=tuple(_variant(frame, route, variant) for variant in route.variants),
    )


def route_stops(frame: Frame, route: Route) -> tuple[str, ...]:
    """The stations a route runs through, by which people call it."""
    stops = tuple(frame.short(one) for one in dict.fromkeys(route.stations))
    return stops if stops or not route.legs else (frame.short(route.legs[-1].transition.target),)


def strengths(frame: Frame, route: Route, *, wages: bool = True) -> tuple[str, ...]:
    """What the route is best at, in words; without `wages` nothing about time without a wage."""
    gettext = frame.reader.gettext
    words = {
        "fastest": gettext("am schnellsten am Ziel"),
        "fewest-changes": gettext("die wenigsten Umstiege"),
        "fewest-open-points": gettext("die wenigsten offenen Schritte"),
        "least-unpaid": gettext("die kürzeste Zeit ohne Lohn"),
        "most-certificates": gettext("die meisten Abschlüsse unterwegs"),
        "no-selection": gettext("ohne Auswahlverfahren"),
    }
    if not wages:
        del words["least-unpaid"]
    if not route.certificates:
        del words["most-certificates"]
    return tuple(words[name] for name in route.best_at if name in words)


def _variant(frame: Frame, route: Route, variant: Route) -> str:
    """How a variant differs: by its ways in or by its start."""
    reader = frame.reader
    own = {leg.transition.id for leg in route.legs}
    differing = [leg for leg in variant.legs if leg.transition.id not in own]
    names = reader.listing([frame.short(leg.origin) for leg in differing][:3])
    arrival = reader.month(variant.arrival)
    if names:
        return reader.gettext("mit anderem Zugang (von %(origins)s), Ankunft im %(arrival)s") % {
            "origins": names,
            "arrival": arrival,
        }
    return reader.gettext("mit anderem Beginn, Ankunft im %(arrival)s") % {"arrival": arrival}


def _missing(frame: Frame, blocked: Iterable[Route]) -> tuple[Rule, ...]:
    """Unmet conditions over all closed ways, each once."""
    found: dict[str, Rule] = {}
    for route in blocked:
        for leg in route.legs:
            moment = leg.conditions[0].moment if leg.conditions else None
            for one in rules(frame, (judged.condition for judged in leg.unmet), moment):
                if one.verdict == Verdict.UNMET.key:
                    found.setdefault(one.text, one)
        for condition in (judged.condition for leg in route.legs for judged in leg.unmet):
            text = condition_words(frame, condition)
            if isinstance(condition, Holds) and text in found and len(condition.any) <= FEW_CERTIFICATES:
                links = tuple(frame.link_to(one) for one in condition.any)
                found[text] = replace(found[text], gained_at=links)
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
        said += " " + reader.ngettext(
            "%(shown)s davon zeigen wir genau, die übrigen stehen unter „Weitere Wege“.",
            "%(shown)s sehr verschiedene zeigen wir genau, die übrigen stehen unter „Weitere Wege“.",
            shown,
        ) % {"shown": shown}
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
