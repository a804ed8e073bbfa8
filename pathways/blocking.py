"""A useful "no": the ways with the fewest unmet conditions, each of which can be told in plain words.

The search may buy what is not met: every unmet condition costs one, and counts as settled from then on. It settles
labels by (unmet, arrival), with what will stay unmet whatever one gains counted ahead, so the first answers are those
where least is missing.
"""

from __future__ import annotations

import heapq
import math
import time
from dataclasses import dataclass

from pathways.bounds import UNREACHABLE
from pathways.compiling import CompiledGoal, compile_ways
from pathways.itinerary import Route, build_route
from pathways.relaxing import PLENTY
from pathways.searching import SETTLE, Budget, Label, Sensible, Step, longer_than_host, trail_of
from pathways.traveller import Option, Traveller
from pathways.verdict import Verdict
from pathways.way import FREE, Way, early_exit

MOST_EXPLAINED = 3
MOST_UNMET = 6
EXACT_LABELS = 1_000
"""Labels after which the exact search gives up."""
VISITS = 2
"""Visits of every place in the quick search."""
FURTHER_LABELS = 40
"""Labels spent on further routes once one is found."""


@dataclass(slots=True, eq=False)
class _Bought:
    label: Label
    unmet: int
    what: frozenset[tuple[str, int]]
    supposed: int = 0
    """Bits that rules take as held from then on; nothing starts from them."""


def explain_blocked(traveller: Traveller, goal: CompiledGoal, sensible: Sensible, budget: Budget) -> tuple[Route, ...]:
    """Up to three routes with the fewest unmet conditions; empty if the network has no way at all.

    Asked only where no route is open. A quick search that visits every place a few times finds real ways; where only
    one thing is missing on them, or no more than must be, nothing better exists. Otherwise an exact search follows; on
    the widest networks of states it gives up, and then a shorter list of what is missing may exist.
    """
    if not _is_connected(traveller, goal):
        return ()
    until = math.inf if budget.milliseconds is None else time.monotonic() + budget.milliseconds / 1000
    found = _Buying(traveller, goal.unruled, sensible, budget.labels, until, visits=VISITS).run()
    if found and found[0].unmet_count == 1:
        return found  # with less unmet there would be a way, and there is none
    priced = compile_ways(traveller.compiled, goal.goal, traveller.compiled.ways, _least_unmet(traveller, goal), {})
    quick = _Buying(traveller, priced, sensible, budget.labels, until, visits=VISITS)
    found = quick.run() or found
    if found and found[0].unmet_count <= quick.least:
        return found
    exact = _Buying(traveller, priced, sensible, min(budget.labels, EXACT_LABELS), until)
    return exact.run() or found


def _is_connected(traveller: Traveller, goal: CompiledGoal) -> bool:
    """False if nothing in the data leads to the goal, whatever the rules say."""
    places = [FREE, *(place for place in traveller.person.at if place in traveller.compiled.network.stations)]
    bounds = (goal.unruled.bound(place, traveller.first_mask(place), beside=True) for place in places)
    return any(bound[0] < UNREACHABLE for bound in bounds)


def _least_unmet(traveller: Traveller, goal: CompiledGoal) -> dict[int, int]:
    """Conditions of each transition, by its index, that stay unmet whatever one gains on the way."""
    everything = traveller.compiled.everything
    found = {}
    for way in traveller.compiled.ways:
        if way.index in goal.ways:
            worked = PLENTY if way.counts_work else 0
            options = traveller.lacking_options(way, traveller.start, everything, worked)
            found[way.index] = min((len(unmet) for _, unmet in options), default=0)
    return found


def _rank(unmet: int) -> int:
    """The place in the queue of something that lacks so much: nothing less than one is ever enough, so that what lacks
    nothing yet need not come first."""
    return max(1, unmet)


class _Buying:
    def __init__(
        self,
        traveller: Traveller,
        goal: CompiledGoal,
        sensible: Sensible,
        labels: int,
        until: float,
        *,
        visits: int | None = None,
    ) -> None:
        self.traveller = traveller
        self.goal = goal
        self.compiled = traveller.compiled
        self.sensible = sensible
        self.labels = labels
        self.until = until
        self.visits = visits
        self.latest = traveller.start + sensible.max_months
        self.queue: list[tuple[int, int, int, int, _Bought, int]] = []
        """Labels by unmet conditions and arrival; and `SETTLE`, or the place among the ways on where one goes on."""
        self.settled_at: dict[tuple[str, int | None], list[_Bought]] = {}
        self.ways_on: dict[tuple[str, int, int, bool], tuple[tuple[int, int, int, Way], ...]] = {}
        self.sequence = 0
        self.settled = 0
        self.least = 0
        """Conditions that are unmet on any way."""

    def run(self) -> tuple[Route, ...]:
        self._begin()
        answers: list[_Bought] = []
        self.least = self.queue[0][0] if self.queue else 0
        last = self.labels
        while self.queue and len(answers) < MOST_EXPLAINED and self.settled < last:
            least, arrival, *_, bought, place = heapq.heappop(self.queue)
            if answers and least > answers[0].unmet:
                break
            if place != SETTLE:
                self._go_on(bought, place, (least, arrival))
                continue
            if self.settled % 64 == 63 and time.monotonic() > self.until:
                break
            if bought.label.at_goal:
                if not any(answer.what <= bought.what for answer in answers):
                    answers.append(bought)
                    last = min(last, self.settled + FURTHER_LABELS)
                continue
            if self._is_dominated(bought):
                continue
            self.settled += 1
            self.settled_at.setdefault((bought.label.position, bought.label.since), []).append(bought)
            self._expand(bought, (least, arrival))
        return tuple(build_route(self.traveller, trail_of(answer.label)) for answer in answers)

    def _begin(self) -> None:
        traveller, compiled = self.traveller, self.compiled
        stations = [place for place in traveller.person.at if place in compiled.network.stations]
        for position, months in [(FREE, traveller.start), *((one, traveller.leaves(one)) for one in stations)]:
            since = traveller.start if position in compiled.alongside_at else None
            mask = traveller.first_mask(position) & self.goal.relevant
            label = Label(months, 0, 0, 0, position, mask, 0, since, None, None, False)
            self._push(_Bought(label, 0, frozenset()))

    def _push(self, bought: _Bought) -> None:
        label = bought.label
        bound = (0, 0, 0, 0) if label.at_goal else self.goal.bound(label.position, label.mask, label.since is not None)
        months, unmet = label.months + bound[0], bought.unmet + bound[2]
        if label.since is not None and label.position in self.goal.enter_beside:
            months = min(months, label.since)
        if (
            unmet > MOST_UNMET
            or months > self.latest
            or label.changes + bound[1] > self.sensible.max_changes
            or (not label.at_goal and self._is_dominated(bought))
        ):
            return
        self.sequence += 1
        key = (_rank(unmet), months, label.changes + bound[1], self.sequence)
        heapq.heappush(self.queue, (*key, bought, SETTLE))

    def _is_dominated(self, bought: _Bought) -> bool:
        label = bought.label
        settled = self.settled_at.get((label.position, label.since), ())
        if self.visits is not None and len(settled) >= self.visits:
            return True
        return any(
            other.unmet <= bought.unmet
            and other.label.months <= label.months
            and other.label.changes <= label.changes
            and other.label.mask & label.mask == label.mask
            and (other.label.mask | other.supposed) & bought.supposed == bought.supposed
            and other.label.worked >= label.worked
            for other in settled
        )

    def _expand(self, bought: _Bought, turn: tuple[int, int]) -> None:
        label = bought.label
        if label.since is not None:
            for way in self.goal.alongside(label.position, label.mask):
                self._take(bought, way, label.since, alongside=True)
        self._go_on(bought, 0, turn)

    def _go_on(self, bought: _Bought, place: int, turn: tuple[int, int]) -> None:
        """Take the ways on as far as their turn has come; the rest waits, as in `searching`."""
        label = bought.label
        ways_on = self._ways_on(bought)
        for number in range(place, len(ways_on)):
            lacking, months, changes, way = ways_on[number]
            key = (_rank(bought.unmet + lacking), label.months + months)
            if key[0] > MOST_UNMET:
                return
            if key[1] > self.latest:
                continue
            if key > turn:
                self.sequence += 1
                heapq.heappush(self.queue, (*key, label.changes + changes, self.sequence, bought, number))
                return
            self._take(bought, way, label.months, alongside=False)

    def _ways_on(self, bought: _Bought) -> tuple[tuple[int, int, int, Way], ...]:
        """Ways on from a label in their turn: what each will lack at least, how long it and what follows take at least,
        and the changes."""
        label, unmet = bought.label, bought.unmet
        holding = label.mask | bought.supposed
        key = (label.position, label.mask, holding, unmet == 0)
        found = self.ways_on.get(key)
        if found is None:
            goal = self.goal
            own = [
                (*goal.bound_through(way, label.position, label.mask), way)
                for way in goal.leaving_ways(label.position, label.mask)
            ]
            doors = [door for door in goal.doors_open(label.mask) if not goal.leads_back(door[-1], label.position)]
            ways_on = []
            for months, changes, opens, _, way in (*own, *doors):
                lacking = any(not holding & landmark for landmark in way.landmarks)
                ways_on.append((max(opens, lacking), months, changes, way))
            found = self.ways_on[key] = tuple(sorted(ways_on, key=lambda one: (_rank(unmet + one[0]), *one[1:3])))
        return found

    def _take(self, bought: _Bought, way: Way, ready: int, *, alongside: bool) -> None:
        label = bought.label
        stays = (
            (0,)
            if way.station is None or way.station in self.goal.goal_enter
            else ((None,) if alongside else way.exits)
        )
        mask = label.mask | bought.supposed
        for option, unmet in self.traveller.lacking_options(way, ready, mask, label.worked):
            what, supposed = bought.what, bought.supposed
            for place in unmet:
                what = what | {(way.transition.id, place)}
                for token in way.transition.conditions[place].tokens():
                    supposed |= self.compiled.bits.get(token, 0) & self.goal.relevant
            for early in stays:
                self._arrive(bought, way, ready, option, supposed, what, alongside, early)

    def _arrive(
        self,
        bought: _Bought,
        way: Way,
        ready: int,
        option: Option,
        supposed: int,
        what: frozenset[tuple[str, int]],
        alongside: bool,
        early: int | None,
    ) -> None:
        label = bought.label
        stay = way.stay if early is None else early
        end = option.start + stay
        exit_after = early if way.station is not None and way.station not in self.goal.goal_enter else None
        step = Step(way, ready, option, end, alongside, exit_after, label.mask | bought.supposed, label.worked)
        mask = self.goal.after(way, label.mask) | (
            way.done_bit & self.goal.relevant if exit_after is None and way.station not in self.goal.goal_enter else 0
        )
        position = label.position
        since = None
        if way.station is not None and not alongside:
            position = way.station if exit_after is None else early_exit(way.station, exit_after)
            since = option.start if exit_after is None and position in self.compiled.alongside_at else None
        months = max(label.months, end) if alongside and way.station not in self.goal.goal_enter else end
        at_goal = (
            way.station in self.goal.goal_enter or bool(mask & self.goal.goal_mask) or position in self.goal.goal_done
        )
        entered = way.station in self.goal.goal_enter
        longer = longer_than_host(way, label.months - ready) if alongside and not entered else stay
        following = Label(
            months=months,
            changes=label.changes + (0 if alongside else way.changes),
            opens=label.opens + (way.selective or option.verdict == Verdict.UNKNOWN),
            unpaid=label.unpaid + (longer if way.unpaid else 0),
            position=position,
            mask=mask,
            worked=label.worked + (stay if way.practice and not alongside else 0),
            since=since,
            parent=label,
            step=step,
            at_goal=at_goal,
        )
        self._push(_Bought(following, len(what), what, supposed))
