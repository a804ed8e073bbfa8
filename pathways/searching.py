"""The exact route search: label-setting over the person's state.

A label is a place, a month, and what the person has gathered: criteria (arrival, changes, open points, unpaid months),
a bit mask of what is held, months of work. One label beats another at the same place if it is nowhere worse and holds
at least as much; since waiting is allowed, earlier is never worse. Everything within the definition of *sensible* is
found; a search that runs out of its budget says so. Never all simple paths.
"""

from __future__ import annotations

import heapq
import time
from dataclasses import dataclass, field

from pathways.bounds import NOWHERE, UNREACHABLE, Bound, least
from pathways.compiling import CompiledGoal
from pathways.traveller import Option, Traveller
from pathways.verdict import Verdict
from pathways.way import FREE, Way, early_exit


@dataclass(frozen=True, slots=True)
class Sensible:
    """What counts as a sensible route. Stated in every answer; may be widened."""

    max_changes: int = 10
    max_months: int = 180
    window_months: int = 36
    window_share: float = 0.5

    def latest(self, start: int, first_arrival: int) -> int:
        """Last month of arrival once the fastest route is known."""
        extra = max(self.window_months, int((first_arrival - start) * self.window_share))
        return min(start + self.max_months, first_arrival + extra)


@dataclass(frozen=True, slots=True)
class Budget:
    """How much work one search may do: labels and milliseconds (None: no clock, for reproducible runs)."""

    labels: int = 200_000
    milliseconds: int | None = 4_000


@dataclass(slots=True)
class Step:
    """One transition taken on a found route. Months are month indexes; ``ready`` is when the person could go.

    Never changed once made; not frozen, since that would take a fifth of the time of a search.
    """

    way: Way
    ready: int
    option: Option
    end: int
    alongside: bool
    early: int | None
    mask: int
    worked: int


SETTLE = -1
"""Instead of the place of a door: the label is yet to be settled."""
Spot = str | tuple[str, int, int]
"""Position; while a course may run beside the stop, with the months in which it began and ends."""
Vector = tuple[int, int, int, int]
"""Arrival (month index), changes, open points, unpaid months: all to be small."""


@dataclass(slots=True)
class Trail:
    """One found route: its steps in order, where and in which month it starts, and its criteria."""

    position: str
    leaves: int
    steps: tuple[Step, ...]
    vector: Vector

    @property
    def stations(self) -> tuple[str, ...]:
        """Stations entered, in order."""
        return tuple(step.way.station for step in self.steps if step.way.station is not None)


@dataclass(slots=True)
class Found:
    """The result of one search, with the counts that the benchmarks report."""

    trails: list[Trail]
    complete: bool
    start: int
    latest: int
    settled: int = 0
    generated: int = 0
    on_answers: int = 0


@dataclass(slots=True, eq=False)
class Label:
    """A place, a month, and what has been gathered; ``since`` is when the station began, while a course may still
    run alongside."""

    months: int
    changes: int
    opens: int
    unpaid: int
    position: str
    mask: int
    worked: int
    since: int | None
    parent: Label | None
    step: Step | None
    at_goal: bool
    free: bool = True
    """False once another state offers every entry open from anywhere as well: then only this stop's own ways count."""

    @property
    def spot(self) -> Spot:
        """Where labels can be compared. While a course may run beside a stop, a longer stop hides more of its unpaid
        months, so there only stops of the same length compare."""
        if self.since is None:
            return self.position
        return (self.position, self.since, self.months)


@dataclass(frozen=True, slots=True)
class Begin:
    """Where a search begins in the middle of a route: a position, a month, and what is gathered by then.

    With ``through`` the route must go on from this stop itself, or from something gained here or later.
    """

    position: str
    months: int
    mask: int
    worked: int = 0
    through: bool = False


@dataclass(slots=True)
class Search:
    """One run of the label-setting search; build with `find_front` or `find_fastest`."""

    traveller: Traveller
    goal: CompiledGoal
    sensible: Sensible
    budget: Budget
    latest: int
    window_open: bool = False
    fastest: bool = False
    without: frozenset[str] = frozenset()
    through: bool = False
    """True if the search began in a stop that the route must go on from."""
    queue: list[tuple[int, int, int, int, int, Label, int]] = field(default_factory=list)
    """Labels by their lower bounds; and `SETTLE`, or the place among the doors where a settled label goes on."""
    settled_at: dict[Spot, list[Label]] = field(default_factory=dict)
    settled_free: dict[int, list[Label]] = field(default_factory=dict)
    answers: list[Label] = field(default_factory=list)
    reached: list[Vector] = field(default_factory=list)
    """The criteria of the answers in sight that no other of them beats, each once."""
    sequence: int = 0
    settled: int = 0

    def run(self) -> Found:
        """Settle labels in order of their lower bound on arrival until nothing better can come."""
        deadline = None
        if self.budget.milliseconds is not None:
            deadline = time.monotonic() + self.budget.milliseconds / 1000
        complete = True
        while self.queue:
            months, changes, opens, unpaid, _, label, place = heapq.heappop(self.queue)
            if months > self.latest:
                break
            if place != SETTLE:
                self._go_through_doors(label, place, months)
                continue
            if self._beaten_by_answer(months, changes, opens, unpaid):
                continue
            if not label.at_goal:
                if self._is_dominated(label):
                    continue
                if label.free and self._is_dominated_free(label):
                    label.free = False
                if self._must_wait(label, (months, changes, opens, unpaid)):
                    continue
            self.settled += 1
            if self.settled > self.budget.labels or (
                deadline is not None and self.settled % 256 == 0 and time.monotonic() > deadline
            ):
                complete = False
                break
            if label.at_goal:
                self.answers.append(label)
                if self.fastest:
                    break
                continue
            self.settled_at.setdefault(label.spot, []).append(label)
            if label.free:
                self.settled_free.setdefault(label.mask, []).append(label)
            self._expand(label, months)
        return self._found(complete)

    def begin_at_home(self) -> None:
        """Start where the person stands: free, and at the end of each station they are in."""
        traveller, compiled = self.traveller, self.traveller.compiled
        stations = [place for place in traveller.person.at if place in compiled.network.stations]
        start = traveller.start
        places: list[tuple[str, int, int | None]] = [(FREE, start, None)]
        places += [(one, traveller.leaves(one), start if one in compiled.alongside_at else None) for one in stations]
        for position, months, since in places:
            enters = position in self.goal.goal_enter
            mask = traveller.first_mask(position) & self.goal.relevant
            at_goal = enters or self._reaches(position, mask)
            self._push(Label(start if enters else months, 0, 0, 0, position, mask, 0, since, None, None, at_goal))

    def begin_at(self, begin: Begin) -> None:
        """Start in the middle of a route."""
        mask = begin.mask & self.goal.relevant
        at_goal = self._reaches(begin.position, mask)
        worked = min(begin.worked, self.goal.most_work)
        label = Label(begin.months, 0, 0, 0, begin.position, mask, worked, None, None, None, at_goal)
        label.free = not begin.through
        self.through = begin.through
        self._push(label)

    def _reaches(self, position: str, mask: int) -> bool:
        return bool(mask & self.goal.goal_mask) or position in self.goal.goal_done

    def _push(self, label: Label) -> None:
        """Queue a label if it can still matter."""
        if label.at_goal:
            bounds = (label.months, label.changes, label.opens, label.unpaid)
        else:
            bounds = self._bounds(label, self.goal.bound_held(label.mask))
        if self._is_hopeless(*bounds):
            return
        if label.at_goal:
            self._sight(bounds)
        elif self._is_dominated(label):
            return
        self.sequence += 1
        heapq.heappush(self.queue, (*bounds, self.sequence, label, SETTLE))

    def _bounds(self, label: Label, held: Bound) -> Vector:
        """The least that the criteria can be in the end; ``held``: what is still to come from what one holds."""
        if label.free:
            here = self.goal.bounds.get(label.position, NOWHERE)
            if label.since is not None:
                here = least(here, self.goal.bound_beside(label.position, label.mask))
        else:
            held = here = self.goal.bound_from_here(label.position, label.mask, label.since is not None)
        months = label.months + (here[0] if here[0] < held[0] else held[0])
        if label.since is not None and label.position in self.goal.enter_beside:
            months = min(months, label.since)
        return (
            months,
            label.changes + (here[1] if here[1] < held[1] else held[1]),
            label.opens + (here[2] if here[2] < held[2] else held[2]),
            label.unpaid + (here[3] if here[3] < held[3] else held[3]),
        )

    def _must_wait(self, label: Label, turn: Vector) -> bool:
        """True if it is not this label's turn after all: it waits in the queue, or is dropped."""
        if self.goal.sets and (self.reached or not label.free):
            return self._wait_for_better(label, turn)
        return not label.free and self._wait_longer(label, turn)

    def _wait_longer(self, label: Label, turn: Vector) -> bool:
        """Settle a label that is no longer free later, if its bounds have risen; False if it keeps its turn."""
        bounds = self._bounds(label, NOWHERE)
        if bounds == turn:
            return False
        if not self._is_hopeless(*bounds):
            self.sequence += 1
            heapq.heappush(self.queue, (*bounds, self.sequence, label, SETTLE))
        return True

    def _is_hopeless(self, months: int, changes: int, opens: int, unpaid: int) -> bool:
        """True if nothing with these lower bounds can be part of the result."""
        return (
            months > self.latest
            or changes > self.sensible.max_changes
            or self._beaten_by_answer(months, changes, opens, unpaid)
        )

    def _wait_for_better(self, label: Label, turn: Vector) -> bool:
        """Weigh what is still to come, one criterion traded for another: a label of which nothing can be part of the
        result is dropped, one of which only slower ways can waits for its turn. False if this is its turn."""
        beside = label.since is not None
        if beside and label.position in self.goal.enter_beside:
            return False
        goal = self.goal
        ways_on = goal.ahead if label.free else goal.ahead_from_here
        later = UNREACHABLE
        for (months, changes, opens, unpaid), bounds in ways_on(label.position, label.mask, beside):
            months += label.months
            changes += label.changes
            opens += label.opens
            unpaid += label.unpaid
            for bound in bounds:  # in order of months
                arrival = months + bound[0]
                if arrival >= later:
                    break
                if not self._is_hopeless(arrival, changes + bound[1], opens + bound[2], unpaid + bound[3]):
                    if arrival <= turn[0]:
                        return False
                    later = arrival
                    break
        if later < UNREACHABLE:
            self.sequence += 1
            heapq.heappush(self.queue, (later, *turn[1:], self.sequence, label, SETTLE))
        return True

    def _beaten_by_answer(self, months: int, changes: int, opens: int, unpaid: int) -> bool:
        for first, fewest, surest, cheapest in self.reached:
            if (
                cheapest <= unpaid
                and surest <= opens
                and fewest <= changes
                and first <= months
                and (cheapest < unpaid or surest < opens or fewest < changes or first < months)
            ):
                return True
        return False

    def _is_dominated(self, label: Label) -> bool:
        settled = self.settled_at.get(label.spot)
        if settled is None:
            return False
        mask, months, worked = label.mask, label.months, label.worked
        changes, opens, unpaid = label.changes, label.opens, label.unpaid
        if self.fastest:
            for other in settled:
                if (
                    other.months <= months
                    and other.changes <= changes
                    and other.mask & mask == mask
                    and other.worked >= worked
                ):
                    return True
            return False
        for other in settled:
            if (
                other.unpaid <= unpaid
                and other.mask & mask == mask
                and other.opens <= opens
                and other.changes <= changes
                and other.months <= months
                and other.worked >= worked
            ):
                return True
        return False

    def _is_dominated_free(self, label: Label) -> bool:
        """True if entries open from anywhere are as good or better from a state settled before."""
        parent = label.parent
        if parent is not None and parent.mask == label.mask and parent.worked == label.worked and not self.through:
            return True  # whoever was there before could have gone anywhere too
        wanted, months, worked = label.mask, label.months, label.worked
        changes, opens, unpaid = label.changes, label.opens, label.unpaid
        for mask, settled in self.settled_free.items():
            if mask & wanted != wanted:
                continue
            for other in settled:
                if (
                    other.months <= months
                    and other.worked >= worked
                    and other.changes <= changes
                    and (self.fastest or (other.unpaid <= unpaid and other.opens <= opens))
                ):
                    return True
        return False

    def _sight(self, vector: Vector) -> None:
        """Take note of a way to the goal as soon as it is seen: what it beats need not be looked at any more."""
        if self.fastest:
            self.latest = min(self.latest, vector[0])
        elif self.window_open:
            self.latest = min(self.latest, self.sensible.latest(self.traveller.start, vector[0]))
        self.reached = [*(one for one in self.reached if any(map(int.__lt__, one, vector))), vector]

    def _expand(self, label: Label, turn: int) -> None:
        if label.since is not None:
            for way in self.goal.alongside(label.position, label.mask):
                if way.transition.id not in self.without:
                    self._go_alongside(label, way)
        goal = self.goal
        leaving = goal.leaving_ways(label.position, label.mask)
        if self.fastest and self._collect_award(label, leaving):
            return
        held = goal.bound_held(label.mask)
        for way in leaving:
            if way.transition.id in self.without:
                continue
            if way.station is None:
                self._take_award(label, way)
                continue
            months, changes, opens, unpaid = goal.entry(way).bound(held)
            if not self._is_hopeless(
                label.months + months, label.changes + changes, label.opens + opens, label.unpaid + unpaid
            ):
                self._enter(label, way, held)
        if label.free:
            self._go_through_doors(label, 0, turn)

    def _go_through_doors(self, label: Label, place: int, turn: int) -> None:
        """Enter what is open from anywhere, as far as its turn has come; the rest waits (partial expansion, Yoshizumi,
        Miura and Ishida, 2000): most of it is beaten by an answer before it would be looked at."""
        goal = self.goal
        held = goal.bound_held(label.mask)
        doors = goal.doors_open(label.mask)
        for number in range(place, len(doors)):
            months, changes, opens, unpaid, way = doors[number]
            months += label.months
            if months > turn:
                if months <= self.latest:
                    self.sequence += 1
                    heapq.heappush(self.queue, (months, 0, 0, 0, self.sequence, label, number))
                return
            if not self._is_hopeless(
                months, label.changes + changes, label.opens + opens, label.unpaid + unpaid
            ) and not goal.leads_back(way, label.position):
                self._enter(label, way, held)

    def _collect_award(self, label: Label, ways: tuple[Way, ...]) -> bool:
        """Where only time counts, a certificate that costs none and shuts nothing out is simply taken along."""
        for way in ways:
            if way.station is None and not way.clear & self.goal.relevant and way.transition.id not in self.without:
                options = self.traveller.options(way, label.months, label.mask, label.worked)
                if options and options[0].start == label.months:
                    self._take_award(label, way)
                    return True
        return False

    def _take_award(self, label: Label, way: Way) -> None:
        mask = self.goal.after(way, label.mask)
        at_goal = self._reaches(label.position, mask)
        for option in self.traveller.options(way, label.months, label.mask, label.worked):
            opens = label.opens + (way.selective or option.verdict == Verdict.UNKNOWN)
            step = Step(way, label.months, option, option.start, False, None, label.mask, label.worked)
            self._push(
                Label(
                    option.start, label.changes, opens, label.unpaid, label.position, mask, label.worked, None,
                    label, step, at_goal,
                )
            )  # fmt: skip

    def _enter(self, label: Label, way: Way, held: Bound) -> None:
        if way.transition.id in self.without:
            return
        goal, station = self.goal, way.station
        assert station is not None
        changes = label.changes + way.changes
        for option in self.traveller.options(way, label.months, label.mask, label.worked):
            opens = label.opens + (way.selective or option.verdict == Verdict.UNKNOWN)
            if station in goal.goal_enter:
                step = Step(way, label.months, option, option.start, False, None, label.mask, label.worked)
                self._push(
                    Label(
                        option.start, changes, opens, label.unpaid, station, label.mask, label.worked, None,
                        label, step, True,
                    )
                )  # fmt: skip
                continue
            for early in way.exits:
                self._stay(label, way, option, early, changes, opens, held)

    def _stay(
        self, label: Label, way: Way, option: Option, early: int | None, changes: int, opens: int, held: Bound
    ) -> None:
        """Queue the end of a stay, full or early, if it can still matter."""
        goal, station = self.goal, way.station
        assert station is not None
        stay = way.stay if early is None else early
        end = option.start + stay
        unpaid = label.unpaid + (stay if way.unpaid else 0)
        if early is None:
            position, mask = station, label.mask | way.done_bit & goal.relevant
            since = option.start if station in self.traveller.compiled.alongside_at else None
        else:
            position, mask, since = early_exit(station, early), label.mask, None
        worked = min(goal.most_work, label.worked + stay) if way.practice else label.worked
        at_goal = self._reaches(position, mask)
        if at_goal:
            bounds = (end, changes, opens, unpaid)
        else:
            here = goal.bounds.get(position, NOWHERE)
            if since is not None:
                here = least(here, goal.bound_beside(position, mask))
            if mask != label.mask:
                held = goal.bound_held(mask)
            months = end + (here[0] if here[0] < held[0] else held[0])
            if since is not None and position in goal.enter_beside:
                months = min(months, since)
            bounds = (
                months,
                changes + (here[1] if here[1] < held[1] else held[1]),
                opens + (here[2] if here[2] < held[2] else held[2]),
                unpaid + (here[3] if here[3] < held[3] else held[3]),
            )
        if self._is_hopeless(*bounds):
            return
        if at_goal:
            self._sight(bounds)
        step = Step(way, label.months, option, end, False, early, label.mask, label.worked)
        following = Label(end, changes, opens, unpaid, position, mask, worked, since, label, step, at_goal)
        if at_goal or not self._is_dominated(following):
            self.sequence += 1
            heapq.heappush(self.queue, (*bounds, self.sequence, following, SETTLE))

    def _go_alongside(self, label: Label, way: Way) -> None:
        since = label.since
        assert since is not None
        for option in self.traveller.options(way, since, label.mask, label.worked):
            end = option.start + way.stay
            months = max(label.months, end)
            mask = label.mask | way.done_bit & self.goal.relevant
            step = Step(way, since, option, end, True, None, label.mask, label.worked)
            opens = label.opens + (way.selective or option.verdict == Verdict.UNKNOWN)
            unpaid = label.unpaid + (longer_than_host(way, label.months - since) if way.unpaid else 0)
            at_goal = self._reaches(label.position, mask)
            if way.station in self.goal.goal_enter:
                months, unpaid, at_goal = option.start, label.unpaid, True
            self._push(
                Label(
                    months, label.changes, opens, unpaid, label.position, mask, label.worked, None,
                    label, step, at_goal,
                )
            )  # fmt: skip

    def _found(self, complete: bool) -> Found:
        trails = [trail_of(answer) for answer in self.answers]
        trails.sort(key=lambda trail: (trail.vector, [step.way.transition.id for step in trail.steps]))
        on_answers: set[int] = set()
        for answer in self.answers:
            label: Label | None = answer
            while label is not None:
                on_answers.add(id(label))
                label = label.parent
        return Found(trails, complete, self.traveller.start, self.latest, self.settled, self.sequence, len(on_answers))


def longer_than_host(way: Way, months: int) -> int:
    """Months by which a course is longer than the stop it runs beside, whenever it begins: waiting is never unpaid."""
    return max(0, way.stay - months)


def trail_of(answer: Label) -> Trail:
    """The route that ends in this label."""
    steps: list[Step] = []
    label = answer
    while True:
        if label.step is not None:
            steps.append(label.step)
        if label.parent is None:
            break
        label = label.parent
    vector = (answer.months, answer.changes, answer.opens, answer.unpaid)
    return Trail(label.position, label.months, tuple(reversed(steps)), vector)


def find_front(
    traveller: Traveller,
    goal: CompiledGoal,
    sensible: Sensible | None = None,
    budget: Budget | None = None,
    *,
    without: frozenset[str] = frozenset(),
) -> Found:
    """The Pareto set of routes of one person to one goal, complete unless the budget ran out.

    Every combination of criteria that no other route beats is represented; `without` leaves transitions out.
    """
    sensible = sensible or Sensible()
    latest = traveller.start + sensible.max_months
    run = Search(traveller, goal, sensible, budget or Budget(), latest, window_open=True, without=without)
    run.begin_at_home()
    return run.run()


def find_fastest(
    traveller: Traveller,
    goal: CompiledGoal,
    sensible: Sensible | None = None,
    budget: Budget | None = None,
    *,
    latest: int | None = None,
    without: frozenset[str] = frozenset(),
    begin: Begin | None = None,
) -> Found:
    """One route that arrives first, arriving by `latest`; `begin` starts in the middle of a route.

    Certificates to be had at no cost of time are taken along, so the route may hold awards that it does not need.
    """
    sensible = sensible or Sensible()
    last = traveller.start + sensible.max_months if latest is None else latest
    run = Search(traveller, goal, sensible, budget or Budget(), last, fastest=True, without=without)
    if begin is None:
        run.begin_at_home()
    else:
        run.begin_at(begin)
    return run.run()
