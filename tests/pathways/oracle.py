"""Brute force: walks every way through a small network, step by step, and keeps what nothing beats.

Written from the definitions alone, and sharing nothing with the engine but `Condition.judge`:

- A stop is left at its end, or earlier with a certificate earned by then. Whoever stands in a stop leaves it when it
  usually ends. It may be entered again where that is of use.
- One course may run beside each stop, begun at any time since the stop began; one stays until both are over. Of its
  months only those count as unpaid by which it is longer than the stop. A course is remembered once finished; other
  stops are not.
- A certificate is held for good, with all it includes. Who already has all that it brings does not take it again.
- Going round without gaining anything is the same as waiting.

The months are looked up in `chances`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pathways.itinerary import Leg
from pathways.network import Network
from pathways.person import GERMAN_LEVELS, RECOGNISED_LEVELS, Person
from pathways.qualification import Goal, Reached, Wanted
from pathways.searching import Sensible, Vector
from pathways.station import Station
from pathways.transition import Transition
from pathways.verdict import Verdict
from tests.pathways.chances import Belongings, Calendar, Chance

MOST_STATES = 600


class TooLarge(Exception):
    """The network has too many ways to walk them all."""


@dataclass(frozen=True, slots=True)
class State:
    """Somebody in the middle of a route. ``begun``: when this stop began, while a course may still run beside it."""

    month: int
    own: Belongings
    place: str = ""
    left_after: int | None = None
    begun: int | None = None
    changes: int = 0
    opens: int = 0
    unpaid: int = 0

    @property
    def vector(self) -> Vector:
        """The four criteria."""
        return (self.month, self.changes, self.opens, self.unpaid)

    def gained_nothing(self, earlier: State) -> bool:
        """True if one stands and has exactly as before."""
        return (self.place, self.left_after, self.begun, self.own) == (
            *(earlier.place, earlier.left_after, earlier.begun),
            earlier.own,
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """One way taken: the month it is entered, the verdict then, the state on entry and after it."""

    way: Transition
    chance: Chance
    beside: bool
    entered: State
    after: State

    @property
    def told(self) -> tuple[str, int, Verdict, bool]:
        """The way, its month and verdict, and whether it runs beside the stop."""
        return (self.way.id, self.chance.month, self.chance.verdict, self.beside)


class Walker:
    """Walks all ways of one person on one day. With `may_buy` so many conditions on a route may be unmet."""

    def __init__(self, network: Network, person: Person, day: date, sensible: Sensible, may_buy: int = 0) -> None:
        self.network, self.person, self.sensible = network, person, sensible
        self.calendar = Calendar(network, person, day, sensible.max_months, may_buy)
        self.first, self.last = self.calendar.first, self.calendar.last
        self.ways = sorted(network.transitions.values(), key=lambda way: way.id)
        self.seen: set[State] = set()

    def homes(self) -> Iterator[State]:
        """Where the person can set out: free, or at the end of a stop they are in."""
        held = self._german_held(self.person.german)
        exact = {certificate.qualification for certificate in self.person.holds}
        for certificate in self.person.holds:
            held |= self.brings(certificate.qualification, certificate.parameter)
        for place in self.person.at:
            if place in self.network.qualifications:
                held |= self.brings(place)
                exact.add(place)
            elif place in self.network.situations:
                held.add(place)
        own = Belongings(frozenset(held), frozenset(exact))
        yield State(self.first, own)
        for place in self.person.at:
            if place in self.network.stations:
                begun = self.first if self._has_courses_beside(place) else None
                done = frozenset({place}) if self.network.stations[place].alongside else frozenset()
                yield State(self._usual_end(place), replace(own, finished=done), place, begun=begun)

    def arrivals(self, goal: Goal) -> Iterator[State]:
        """Every arrival at the goal within the limits, by every way."""
        for home in self.homes():
            if home.place and any(home.place in wanted.at for wanted in goal.reached.any_of):
                yield replace(home, month=self.first)
            elif self.is_there(home, goal):
                yield home
            else:
                yield from self._onward(home, goal, [])

    def everything(self) -> Iterator[Taken]:
        """Every way that can be taken within the limits, whatever for."""
        nothing = Goal.model_construct(reached=Reached(any_of=(Wanted(),)))
        self.taken: list[Taken] = []
        for home in self.homes():
            for _ in self._onward(home, nothing, []):
                pass
        return iter(self.taken)

    taken: list[Taken] | None = None

    def _onward(self, state: State, goal: Goal, before: list[State]) -> Iterator[State]:
        if state in self.seen or any(state.gained_nothing(earlier) for earlier in before):
            return
        self.seen.add(state)
        if len(self.seen) > MOST_STATES:
            raise TooLarge
        for step in self.steps(state):
            if self.taken is not None:
                self.taken.append(step)
            arrived = step.entered if self.enters(step.way, goal) else step.after
            if self.enters(step.way, goal) or self.is_there(step.after, goal):
                if arrived.month <= self.last:
                    yield arrived
            else:
                yield from self._onward(step.after, goal, [*before, state])

    def follow(self, legs: Sequence[Leg], goal: Goal) -> State | None:
        """Where somebody is at the goal after exactly these legs; None if one of them cannot be taken as told."""
        *before, last = legs
        taken = self._taken(self.after(before), last)
        if self.enters(last.transition, goal):
            return next((step.entered for step in taken), None)
        return next((state for state in self._left(taken, last) if self.is_there(state, goal)), None)

    def after(self, legs: Sequence[Leg]) -> list[State]:
        """Where somebody may be after exactly these legs."""
        reached = list(self.homes())
        for leg in legs:
            reached = self._left(self._taken(reached, leg), leg)
        return reached

    def _taken(self, reached: Sequence[State], leg: Leg) -> list[Taken]:
        start = leg.start.year * 12 + leg.start.month - 1
        told = (leg.transition.id, start, leg.verdict, leg.alongside)
        return [step for state in reached for step in self.steps(state) if step.told == told]

    def _left(self, taken: Sequence[Taken], leg: Leg) -> list[State]:
        enters = leg.transition.station is not None and not leg.alongside
        return [step.after for step in taken if not enters or step.after.left_after == leg.early]

    def steps(self, state: State) -> Iterator[Taken]:
        """What can be done next."""
        for way in self.ways:
            if not self._leaves_from(state, way):
                continue
            station = self.network.stations.get(way.station or "")
            if station is None:
                if state.month <= self.last and not self.brings(way.target, way.parameter) <= state.own.held:
                    for chance in self.calendar.chances(way, state.month, state.own):
                        gained = self._gain(self._pay(state, way, chance), way)
                        yield Taken(way, chance, False, gained, gained)
                continue
            if state.begun is not None and station.alongside and state.place in station.alongside.hosts:
                for chance in self.calendar.chances(way, state.begun, state.own):
                    paid = self._pay(state, way, chance)
                    yield Taken(way, chance, True, paid, self._run_beside(state, paid, way, station))
            if (
                (station.alongside and station.alongside.only)
                or state.month > self.last
                or state.changes + (way.kind != "automatic") > self.sensible.max_changes
            ):
                continue
            for chance in self.calendar.chances(way, state.month, state.own):
                paid = self._pay(state, way, chance)
                paid = replace(paid, changes=state.changes + (way.kind != "automatic"))
                for after in self._stays(paid, way, station):
                    yield Taken(way, chance, False, paid, after)

    def _leaves_from(self, state: State, way: Transition) -> bool:
        if state.place in way.origins and (
            state.left_after is None or (way.after_months is not None and way.after_months <= state.left_after)
        ):
            return True
        return any(one in state.own.held or one in state.own.finished for one in way.origins)

    def _pay(self, state: State, way: Transition, chance: Chance) -> State:
        own = state.own
        if chance.unmet:
            tokens = frozenset(token for place in chance.unmet for token in way.conditions[place].tokens())
            bought = own.bought | {(way.id, place) for place in chance.unmet}
            own = replace(own, supposed=own.supposed | tokens, bought=bought)
        is_open = way.kind == "selective" or chance.verdict == Verdict.UNKNOWN
        return replace(state, own=own, month=chance.month, opens=state.opens + is_open)

    def _gain(self, state: State, way: Transition) -> State:
        held = state.own.held | self.brings(way.target, way.parameter)
        own = replace(state.own, held=held, exact=state.own.exact | {way.target})
        return replace(state, own=own, begun=None)

    def _stays(self, entered: State, way: Transition, station: Station) -> Iterator[State]:
        full = _length(way, station)
        early = {award.after_months for award in station.awards if award.after_months and award.after_months < full}
        for length in (full, *sorted(early)):
            to_the_end = length == full
            own = replace(entered.own, worked=entered.own.worked + (length if station.practice else 0))
            if to_the_end and station.alongside:
                own = replace(own, finished=own.finished | {station.id})
            yield replace(
                entered,
                own=own,
                month=entered.month + length,
                place=station.id,
                left_after=None if to_the_end else length,
                begun=entered.month if to_the_end and self._has_courses_beside(station.id) else None,
                unpaid=entered.unpaid + (length if _is_unpaid(station) else 0),
            )

    def _run_beside(self, host: State, paid: State, way: Transition, station: Station) -> State:
        length = _length(way, station)
        own = replace(paid.own, finished=paid.own.finished | {station.id})
        longer = max(0, length - (host.month - (host.begun or 0))) if _is_unpaid(station) else 0
        end = max(host.month, paid.month + length)
        return replace(paid, own=own, month=end, begun=None, unpaid=host.unpaid + longer)

    def enters(self, way: Transition, goal: Goal) -> bool:
        """True if beginning this way is the goal."""
        return way.station is not None and any(way.station in wanted.at for wanted in goal.reached.any_of)

    def is_there(self, state: State, goal: Goal) -> bool:
        """True if the goal is held, or a stop wanted is left at its end."""
        done = state.own.finished | ({state.place} if state.left_after is None else set())
        for wanted in goal.reached.any_of:
            names = [f"{one}:{wanted.parameter}" if wanted.parameter else one for one in wanted.holds]
            if any(one in state.own.held for one in names) or any(one in done for one in wanted.done):
                return True
        return False

    def _has_courses_beside(self, place: str) -> bool:
        courses = {one.id for one in self.network.stations.values() if one.alongside and place in one.alongside.hosts}
        return any(way.station in courses for way in self.ways)

    def _usual_end(self, place: str) -> int:
        station = self.network.stations[place]
        if not station.starts or station.open_ended:
            return self.first
        length = math.ceil(station.months.typical)
        month = self.first
        while (month - length) % 12 + 1 not in station.starts:
            month += 1
        return month

    def _german_held(self, level: str | None) -> set[str]:
        levels = GERMAN_LEVELS[: GERMAN_LEVELS.index(level) + 1] if level else ()
        named = [self.brings(one.id) for one in self.network.qualifications.values() if one.german in levels]
        return {f"german:{one}" for one in levels}.union(*named)

    def brings(self, qualification: str, parameter: str | None = None) -> frozenset[str]:
        """All that holding this certificate satisfies."""
        found: set[str] = set()
        wanted = [qualification]
        while wanted:
            one = wanted.pop()
            if one not in found:
                found.add(one)
                wanted += self.network.qualifications[one].includes
        levels = [self.network.qualifications[one].german for one in found]
        found |= {f"german:{one}" for level in levels if level for one in GERMAN_LEVELS if one <= level}
        if parameter:
            found.add(f"{qualification}:{parameter}")
            if qualification == "q-anerk-schule" and parameter in RECOGNISED_LEVELS:
                found |= {f"{qualification}:{one}" for one in RECOGNISED_LEVELS[: RECOGNISED_LEVELS.index(parameter)]}
        return frozenset(found)


def _length(way: Transition, station: Station) -> int:
    months = way.stay or station.months
    return math.ceil(months.min if station.open_ended else months.typical)


def _is_unpaid(station: Station) -> bool:
    return station.paid is not True and not station.open_ended
