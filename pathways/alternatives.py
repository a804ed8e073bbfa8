"""Ways a numerical optimum hides: the other school, the second kind of training, what remains if a place falls through.

Two sources, both built from searches for the fastest way: through every stop that no optimal route enters as early as
one can, and on from the stop before every risky leg when that leg fails. The same deviations are the plan B of a leg.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pathways.bounds import UNREACHABLE
from pathways.calendar_months import first_day
from pathways.compiling import CompiledGoal
from pathways.itinerary import PlanB, join_trails, reduce_trail, state_before, walk_to_end
from pathways.relaxing import Relaxed
from pathways.searching import Begin, Budget, Sensible, Step, Trail, find_fastest, trail_of
from pathways.traveller import Traveller
from pathways.verdict import Verdict
from pathways.wandering import door_of, find_quick_ways

LABELS_PER_STOP = 400
"""Labels spent on the way to one further stop, and again on the way from it, or on one deviation."""
MOST_LABELS = 4_000
"""Labels spent on all further stops together, and again on all deviations of one answer."""
MOST_DEVIATIONS = 100
"""Deviations tried for one answer, those of the optimal routes first."""
MOST_ROUTES = 48
"""Routes collected for one answer, besides the optimal ones."""

VISITS = 3
"""Visits of each place when looking for an early way to the further stops."""

Key = tuple[tuple[str, int], ...]


def key_of(trail: Trail) -> Key:
    """What tells two routes apart: their transitions and when each starts."""
    return tuple((step.way.transition.id, step.option.start) for step in trail.steps)


@dataclass(slots=True)
class Alternatives:
    """The further ways of one query, found step by step and remembered."""

    traveller: Traveller
    goal: CompiledGoal
    sensible: Sensible
    latest: int
    milliseconds: int | None
    relaxed: Relaxed
    settled: int = 0
    searched: dict[tuple[Begin | None, frozenset[str]], Trail | None] = field(default_factory=dict)

    def collect(self, optimal: Sequence[Trail]) -> list[Trail]:
        """Further routes in the order found; one with the stops of another is its variant and leads to no more."""
        seen = {trail.stations for trail in optimal}
        found: list[Trail] = []
        for trail in self._through_stops(optimal):
            if trail.stations not in seen:
                seen.add(trail.stations)
                found.append(trail)
        keys = {key_of(trail) for trail in (*optimal, *found)}
        nothing: frozenset[str] = frozenset()
        waiting = [(trail, nothing) for trail in (*optimal, *found)]
        limit = self.settled + MOST_LABELS
        while waiting and len(self.searched) < MOST_DEVIATIONS and len(found) < MOST_ROUTES and self.settled < limit:
            trail, failed = waiting.pop(0)
            for place, step in enumerate(trail.steps):
                if not is_risky(step) or len(self.searched) >= MOST_DEVIATIONS:
                    continue
                fails = failed | self._leg(trail, place)
                other = self._whole(trail, place, fails)
                if other is None or not self._is_sensible(other) or key_of(other) in keys:
                    continue
                keys.add(key_of(other))
                found.append(other)
                if other.stations not in seen:
                    seen.add(other.stations)
                    waiting.append((other, fails))
        return found

    def plan_b(self, trail: Trail, place: int) -> PlanB | None:
        """The best way on from the stop before a leg, should that leg fail."""
        onward = self._instead(trail, place, self._leg(trail, place))
        if onward is None:
            return None
        return PlanB(
            stops=tuple(step.way.transition.target for step in onward.steps),
            transitions=tuple(step.way.transition.id for step in onward.steps),
            arrival=first_day(onward.vector[0]),
            changes=onward.vector[1],
            later_by_months=onward.vector[0] - trail.vector[0],
        )

    def _whole(self, trail: Trail, place: int, without: frozenset[str]) -> Trail | None:
        onward = self._instead(trail, place, without)
        if onward is None or not onward.steps:
            return None
        if place == 0:
            return reduce_trail(self.traveller, self.goal, onward)
        before = Trail(trail.position, trail.leaves, trail.steps[:place], trail.vector)
        whole = join_trails(self.traveller, self.goal, before, onward)
        return reduce_trail(self.traveller, self.goal, whole) if whole else None

    def _leg(self, trail: Trail, place: int) -> frozenset[str]:
        """The transitions that are gone if a leg fails: the award, or every way into that station."""
        way = trail.steps[place].way
        if way.station is None:
            return frozenset({way.transition.id})
        return frozenset(one.id for one in self.traveller.compiled.network.ways_to.get(way.station, ()))

    def _instead(self, trail: Trail, place: int, without: frozenset[str]) -> Trail | None:
        begin = None if place == 0 else state_before(trail, place)
        if (begin, without) not in self.searched:
            found = find_fastest(self.traveller, self.goal, self.sensible, self._budget(), without=without, begin=begin)
            self.settled += found.settled
            self.searched[begin, without] = found.trails[0] if found.trails else None
        return self.searched[begin, without]

    def _is_sensible(self, trail: Trail) -> bool:
        return trail.vector[0] <= self.latest and trail.vector[1] <= self.sensible.max_changes

    def _budget(self) -> Budget:
        return Budget(LABELS_PER_STOP, self.milliseconds)

    def _through_stops(self, trails: Sequence[Trail]) -> Iterable[Trail]:
        """An early way to each stop that no route enters as early, and the fastest way on, if the stop is needed."""
        entered: dict[str, int] = {}
        for step in (step for trail in trails for step in trail.steps):
            if step.way.station is not None:
                month = step.option.start
                entered[step.way.station] = min(month, entered.get(step.way.station, month))
        traveller = self.traveller
        doors = find_quick_ways(traveller, self.sensible, self.latest, VISITS)
        for stop in self._stops_between():
            if stop not in doors or self.settled >= MOST_LABELS:
                continue
            if stop in entered and entered[stop] <= doors[stop].months:
                continue
            there = reduce_trail(traveller, door_of(traveller.compiled, stop), trail_of(doors[stop]))
            if not there.steps:
                continue
            begin, first = walk_to_end(traveller, there)
            own_awards = frozenset(
                way.transition.id
                for way in traveller.compiled.from_position.get(stop, ())
                if way.station is None and way.transition.origins == (stop,)
            )
            trail = self._onward(first, begin, frozenset())
            if trail is None or stop not in trail.stations:
                trail = self._onward(first, begin, own_awards)  # not for its certificate, but for where it leads
            if trail and stop in trail.stations and self._is_sensible(trail):
                yield trail

    def _onward(self, first: Trail, begin: Begin, without: frozenset[str]) -> Trail | None:
        """The fastest way from the end of a trail to the goal, with the trail, less what is not needed."""
        found = find_fastest(
            self.traveller, self.goal, self.sensible, self._budget(), latest=self.latest, begin=begin, without=without
        )
        self.settled += found.settled
        if not found.trails:
            return None
        whole = join_trails(self.traveller, self.goal, first, found.trails[0])
        return reduce_trail(self.traveller, self.goal, whole) if whole else None

    def _stops_between(self) -> list[str]:
        """Stations the person may reach in time for the goal, judged generously, in order of id."""
        times, goal = self.relaxed.times, self.goal
        return [
            stop
            for stop in sorted(self.traveller.compiled.network.stations)
            if f"enter:{stop}" in times
            and stop not in goal.goal_enter
            and stop not in self.traveller.person.at
            and times.get(stop, self.latest) + goal.months_to_go.get(stop, UNREACHABLE) <= self.latest
        ]


def is_risky(step: Step) -> bool:
    """True for a leg that may fail: something on it is unknown, or others may be chosen."""
    return step.way.selective or step.option.verdict == Verdict.UNKNOWN
