"""A found route told leg by leg: dates, waiting, verdicts with reasons, deadlines, milestones.

The search works on masks; here every leg is judged once more on records, so what a reader sees is what the rules say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pathways.calendar_months import first_day
from pathways.compiling import CompiledGoal
from pathways.conditions import Condition, Moment
from pathways.network import Network
from pathways.searching import Begin, Step, Trail, Vector, longer_than_host
from pathways.station import Alert, Months
from pathways.transition import Transition
from pathways.traveller import Option, Traveller
from pathways.verdict import Verdict
from pathways.way import Way, early_exit


@dataclass(frozen=True, slots=True)
class Judged:
    """One condition of a leg with its verdict; the moment explains it."""

    condition: Condition
    verdict: Verdict
    moment: Moment


@dataclass(frozen=True, slots=True)
class Milestone:
    """A usable qualification on the way: what one holds when stopping after this leg (Ausstieg mit Abschluss)."""

    qualification: str
    leg: int
    month: date
    certain: bool
    """False if it follows from a station passed, but the route does not depend on it."""
    verdict: Verdict
    """Whether its conditions are met at that time; never UNMET."""

    @property
    def is_held(self) -> bool:
        """True if whoever has come so far holds it, whatever else may turn out."""
        return self.certain or self.verdict == Verdict.MET


@dataclass(frozen=True, slots=True)
class PlanB:
    """The best way on from the stop before a risky leg, should that leg fail."""

    stops: tuple[str, ...]
    transitions: tuple[str, ...]
    arrival: date
    changes: int
    later_by_months: int


@dataclass(frozen=True, slots=True)
class Leg:
    """One transition of a route with its stay. ``origin`` is the stop or certificate it leaves from."""

    origin: str
    transition: Transition
    verdict: Verdict
    conditions: tuple[Judged, ...]
    start: date
    end: date
    wait_months: int
    months: Months
    edge_months: int
    alongside: bool
    late: bool
    deadline: date | None
    early: int | None = None
    plan_b: PlanB | None = None
    alerts: tuple[Alert, ...] = ()
    """Notices on the stop that this person must see."""

    @property
    def is_open(self) -> bool:
        """True if the leg counts as an open point: something unknown, or a selection."""
        return self.verdict == Verdict.UNKNOWN or self.transition.kind == "selective"

    @property
    def unmet(self) -> tuple[Judged, ...]:
        """Conditions that stand in the way."""
        return tuple(one for one in self.conditions if one.verdict == Verdict.UNMET)


@dataclass(frozen=True, slots=True)
class Route:
    """One result. ``months`` adds up legs without waiting; ``arrival`` includes it."""

    legs: tuple[Leg, ...]
    months: Months
    arrival: date
    changes: int
    open_points: int
    unpaid_months: int
    milestones: tuple[Milestone, ...]
    optimal: bool = True
    """In the Pareto set: no other route is at least as good in all four criteria and better in one."""
    best_at: tuple[str, ...] = ()
    variants: tuple[Route, ...] = field(default=())

    @property
    def stations(self) -> tuple[str, ...]:
        """Stations entered, in order."""
        return tuple(leg.transition.station for leg in self.legs if leg.transition.station is not None)

    @property
    def certificates(self) -> tuple[str, ...]:
        """Usable certificates held by the end, in the order they are gained."""
        return tuple(one.qualification for one in self.milestones if one.is_held)

    @property
    def vector(self) -> tuple[date, int, int, int]:
        """The four criteria, all to be small."""
        return (self.arrival, self.changes, self.open_points, self.unpaid_months)

    @property
    def unmet_count(self) -> int:
        """Conditions not met over all legs; 0 for a feasible or open route."""
        return sum(len(leg.unmet) for leg in self.legs)


def build_route(traveller: Traveller, trail: Trail) -> Route:
    """The route of a trail, every leg judged and dated."""
    legs = tuple(_leg(traveller, trail, place) for place in range(len(trail.steps)))
    months = _total(traveller.compiled.network, trail, legs)
    arrival, changes, _, unpaid = trail.vector
    return Route(
        legs=legs,
        months=months,
        arrival=first_day(arrival),
        changes=changes,
        open_points=sum(leg.is_open for leg in legs),
        unpaid_months=unpaid,
        milestones=tuple(_milestones(traveller, trail, legs)),
    )


def _leg(traveller: Traveller, trail: Trail, place: int) -> Leg:
    step = trail.steps[place]
    way, option = step.way, step.option
    moment = traveller.moment(way, option.start, step.mask, step.worked)
    conditions = tuple(Judged(condition, condition.judge(moment), moment) for condition in way.transition.conditions)
    return Leg(
        origin=origin_of(traveller, trail, place),
        transition=way.transition,
        verdict=option.verdict,
        conditions=conditions,
        start=first_day(option.start),
        end=first_day(step.end),
        wait_months=0 if _stays_on(traveller, trail, place) else max(0, option.start - step.ready - option.edge),
        months=_leg_months(traveller.compiled.network, trail, place),
        edge_months=option.edge,
        alongside=step.alongside,
        late=option.late,
        deadline=_deadline(traveller, step),
        early=step.early,
        alerts=_alerts(traveller, way),
    )


def _stays_on(traveller: Traveller, trail: Trail, place: int) -> bool:
    """True if one stays in the stop before until this leg begins: then nobody waits in between."""
    before = traveller.compiled.network.stations.get(_position_before(trail, place))
    return before is not None and before.open_ended and not trail.steps[place].alongside


def _alerts(traveller: Traveller, way: Way) -> tuple[Alert, ...]:
    if way.station is None:
        return ()
    alerts = traveller.compiled.network.stations[way.station].alerts
    status = traveller.person.status
    return tuple(alert for alert in alerts if alert.is_current(traveller.day) and alert.concerns(status))


def origin_of(traveller: Traveller, trail: Trail, place: int) -> str:
    """The stop, situation or certificate a step leaves from: the stop the person is at if it is one of them."""
    step = trail.steps[place]
    here = _position_before(trail, place).partition("@")[0]
    origins = step.way.transition.origins
    if here in origins:
        return here
    compiled = traveller.compiled
    for origin in origins:
        token = f"done:{origin}" if origin in compiled.network.stations else origin
        if step.mask & compiled.bits.get(token, 0):
            return origin
    return origins[0]


def _position_before(trail: Trail, place: int) -> str:
    for step in reversed(trail.steps[:place]):
        if step.way.station is not None and not step.alongside:
            return step.way.station
    return trail.position


def _deadline(traveller: Traveller, step: Step) -> date | None:
    way = step.way
    if way.starts:
        return traveller.deadline(way, step.option.start)
    if way.by:
        earliest = traveller.day if step.ready <= traveller.start else first_day(step.ready)
        return min(day.next_from(earliest) for day in way.by)
    return None


def _leg_months(network: Network, trail: Trail, place: int) -> Months:
    step = trail.steps[place]
    edge = step.option.edge
    if step.way.station is None:
        return Months(min=edge, typical=edge, max=edge)
    if step.end == step.option.start and place == len(trail.steps) - 1:
        return Months(min=edge, typical=edge, max=edge)
    if step.early is not None:
        return Months(min=edge + step.early, typical=edge + step.early, max=edge + step.early)
    station = network.stations[step.way.station]
    stay = step.way.transition.stay or station.months
    if station.open_ended:
        following = next((later for later in trail.steps[place + 1 :] if not later.alongside), None)
        actual = (following.option.start - following.option.edge if following else step.end) - step.option.start
        actual = max(actual, step.way.stay)
        return Months(min=edge + min(stay.min, actual), typical=edge + actual, max=edge + actual)
    return Months(min=edge + stay.min, typical=edge + stay.typical, max=edge + stay.max)


def _total(network: Network, trail: Trail, legs: Sequence[Leg]) -> Months:
    """Sum over legs; a course alongside adds only what reaches beyond the station it runs beside."""
    least = usual = most = 0.0
    host: Months | None = None
    for leg in legs:
        months = leg.months
        if leg.alongside:
            beside = host or Months(min=0, typical=0, max=0)
            least += max(0.0, months.min - beside.min)
            usual += max(0.0, months.typical - beside.typical)
            most += max(0.0, months.max - beside.max)
            continue
        least, usual, most = least + months.min, usual + months.typical, most + months.max
        if leg.transition.station is not None:
            host = months
    return Months(min=least, typical=usual, max=most)


def _milestones(traveller: Traveller, trail: Trail, legs: Sequence[Leg]) -> Iterator[Milestone]:
    """Usable certificates gained on the way, and those that a station passed gives as well, judged at its end."""
    compiled = traveller.compiled
    mask, worked = traveller.first_mask(trail.position), 0
    taken = {leg.transition.qualification for leg in legs}
    told: set[str] = set()
    for number, (leg, step) in enumerate(zip(legs, trail.steps, strict=True)):
        way = step.way
        qualification = leg.transition.qualification
        if qualification is not None:
            if compiled.network.qualifications[qualification].door and qualification not in told:
                told.add(qualification)
                yield Milestone(qualification, number, leg.end, True, leg.verdict)
            mask = (mask | way.grant) & ~way.clear
            continue
        if step.early is None:
            mask |= way.done_bit
        if way.station is None or step.alongside or step.end == step.option.start:
            continue
        if way.practice:
            worked += step.end - step.option.start
        position = way.station if step.early is None else early_exit(way.station, step.early)
        passed = {
            award.transition.qualification: verdict
            for award in compiled.from_position.get(position, ())
            if (verdict := _given_besides(traveller, award, step, mask, worked)) is not None
        }
        for given, verdict in passed.items():
            if given is None or given in taken or given in told:
                continue
            if any(_says_more(compiled.network, other, given) and passed[other] >= verdict for other in passed):
                continue
            told.add(given)
            yield Milestone(given, number, leg.end, False, verdict)


def _given_besides(traveller: Traveller, award: Way, step: Step, mask: int, worked: int) -> Verdict | None:
    """The verdict on a usable certificate that follows of itself at the end of a stay; None if it does not."""
    transition = award.transition
    given = traveller.compiled.network.qualifications.get(transition.qualification or "")
    if given is None or not given.door or transition.kind != "automatic" or award.unconfirmed:
        return None
    if not award.grant & ~mask or (transition.after_months and step.early is None):
        return None
    options = traveller.options(award, step.end, mask, worked)
    return options[0].verdict if options and options[0].start == step.end else None


def _says_more(network: Network, one: str | None, other: str) -> bool:
    return one is not None and one != other and other in network.tokens_of(one)


@dataclass(frozen=True, slots=True)
class Move:
    """A transition to take when a route is walked again."""

    way: Way
    alongside: bool
    early: int | None
    at_least: Verdict = Verdict.UNKNOWN


def moves_of(trail: Trail) -> list[Move]:
    """The moves that make up a trail, none to turn out worse than it was."""
    return [Move(step.way, step.alongside, step.early, step.option.verdict) for step in trail.steps]


def walk(
    traveller: Traveller, goal: CompiledGoal, begin: Begin, since: int | None, moves: Sequence[Move]
) -> list[Step] | None:
    """Take these moves one after the other; None if one cannot be taken."""
    position, months, mask, worked = begin.position, begin.months, begin.mask, begin.worked
    steps: list[Step] = []
    for move in moves:
        way = move.way
        if way not in traveller.compiled.from_position.get(position, ()) and not mask & way.origin_mask:
            return None
        if move.alongside and (since is None or position not in way.hosts):
            return None
        ready = since if move.alongside and since is not None else months
        options: tuple[Option, ...] = traveller.options(way, ready, mask, worked)
        option = next((one for one in options if one.verdict >= move.at_least), None)
        if option is None:
            return None
        stay = 0 if way.station in goal.goal_enter else way.stay if move.early is None else move.early
        end = option.start + stay
        steps.append(Step(way, ready, option, end, move.alongside, move.early, mask, worked))
        if way.station is None:
            months, mask, since = end, (mask | way.grant) & ~way.clear, None
        elif move.alongside:
            months, mask, since = max(months, end), mask | way.done_bit, None
        else:
            position = way.station if move.early is None else early_exit(way.station, move.early)
            since = option.start if move.early is None and way.station in traveller.compiled.alongside_at else None
            months, mask = end, mask | (way.done_bit if move.early is None else 0)
            worked += stay if way.practice else 0
        if _at_goal(goal, begin, steps):
            break
    return steps


def reduce_trail(traveller: Traveller, goal: CompiledGoal, trail: Trail) -> Trail:
    """The trail without legs that nothing later needs, its steps with all that is held and not only what the goal
    asks for.

    A leg is needed if without it a later one cannot be taken, turns out worse, the goal is missed, or any of the four
    criteria suffers (work done on the way saves making it up later).
    """
    begin = Begin(trail.position, trail.leaves, traveller.first_mask(trail.position))
    since = traveller.start if trail.position in traveller.compiled.alongside_at else None
    moves = moves_of(trail)
    steps = walk(traveller, goal, begin, since, moves) or list(trail.steps)
    place = len(moves) - 1
    while place >= 0:
        shorter = moves[:place] + moves[place + 1 :]
        walked = walk(traveller, goal, begin, since, shorter)
        if walked is not None and _at_goal(goal, begin, walked) and _no_worse(goal, begin, walked, steps):
            moves, steps = shorter, walked
            place = len(moves)
        place -= 1
    return Trail(trail.position, trail.leaves, tuple(steps), vector_of(goal, begin, steps))


def _no_worse(goal: CompiledGoal, begin: Begin, shorter: Sequence[Step], steps: Sequence[Step]) -> bool:
    pairs = zip(vector_of(goal, begin, shorter), vector_of(goal, begin, steps), strict=True)
    return all(one <= other for one, other in pairs)


def vector_of(goal: CompiledGoal, begin: Begin, steps: Sequence[Step]) -> Vector:
    """Arrival, changes, open points and unpaid months of walked steps."""
    months = begin.months
    changes = opens = unpaid = 0
    for step in steps:
        way = step.way
        opens += way.selective or step.option.verdict == Verdict.UNKNOWN
        if step.alongside:
            if way.station in goal.goal_enter:
                months = step.option.start
                continue
            unpaid += longer_than_host(way, months - step.ready) if way.unpaid else 0
            months = max(months, step.end)
            continue
        changes += way.changes
        if way.station is not None and way.unpaid:
            unpaid += step.end - step.option.start
        months = step.end
    return (months, changes, opens, unpaid)


def _at_goal(goal: CompiledGoal, begin: Begin, steps: list[Step]) -> bool:
    if not steps:
        return begin.position in goal.goal_enter | goal.goal_done or bool(begin.mask & goal.goal_mask)
    last = steps[-1].way
    mask = (steps[-1].mask | last.grant) & ~last.clear
    if steps[-1].early is not None:
        return last.station in goal.goal_enter or bool(mask & goal.goal_mask)
    return last.station in goal.goal_enter | goal.goal_done or bool((mask | last.done_bit) & goal.goal_mask)


def state_before(trail: Trail, place: int) -> Begin:
    """Where the person stands before a step; everything that ran until then is over."""
    step = trail.steps[place]
    if place == 0:
        return Begin(trail.position, trail.leaves, step.mask, step.worked)
    months = trail.leaves
    position = trail.position
    for earlier in trail.steps[:place]:
        months = max(months, earlier.end)
        if earlier.way.station is not None and not earlier.alongside:
            name = earlier.way.station
            position = name if earlier.early is None else early_exit(name, earlier.early)
    return Begin(position, months, step.mask, step.worked)


def walk_to_end(traveller: Traveller, trail: Trail) -> tuple[Begin, Trail]:
    """Go on to the end of the last station of a trail that led to its door: the state there, and the longer trail."""
    steps = list(trail.steps)
    last = steps[-1]
    end = last.option.start + last.way.stay
    steps[-1] = replace(last, end=end)
    mask = traveller.first_mask(trail.position)
    worked = 0
    for step in steps:
        mask = (mask | step.way.grant) & ~step.way.clear | (step.way.done_bit if step.early is None else 0)
        if step.way.practice and not step.alongside:
            worked += step.end - step.option.start
    station = last.way.station
    assert station is not None
    longer = Trail(trail.position, trail.leaves, tuple(steps), (end, *trail.vector[1:]))
    return Begin(station, end, mask, worked, through=True), longer


def join_trails(traveller: Traveller, goal: CompiledGoal, first: Trail, second: Trail) -> Trail | None:
    """The second trail taken on from the end of the first; None if something on it no longer works."""
    begin = Begin(first.position, first.leaves, traveller.first_mask(first.position))
    since = traveller.start if first.position in traveller.compiled.alongside_at else None
    moves = [*moves_of(first), *moves_of(second)]
    steps = walk(traveller, goal, begin, since, moves)
    if steps is None or not _at_goal(goal, begin, steps):
        return None
    return Trail(first.position, first.leaves, tuple(steps), vector_of(goal, begin, steps))


def with_plan_b(leg: Leg, plan: PlanB | None) -> Leg:
    """A copy of the leg that knows its plan B."""
    return replace(leg, plan_b=plan)
