"""When a way can be begun, looked up month by month: the calendar half of the brute force in `oracle`.

A way may be begun in any later month, since waiting is always allowed: in a start month, while registration for it
has not ended before the day asked (left-over places are always open points), and with no condition unmet then. Extra
months run while one is still in the stop before if the start month is fixed; months of work do not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeGuard

from pathways.calendar_months import MonthDay
from pathways.conditions import Condition, Moment
from pathways.network import Network
from pathways.person import Person
from pathways.person_conditions import Work
from pathways.transition import Transition
from pathways.verdict import Verdict

TIMED = {"age", "child_age", "school_years", "compulsory_schooling", "valid"}
"""Kinds whose verdict time can change."""


@dataclass(frozen=True, slots=True)
class Belongings:
    """What somebody has: certificates with all they bring, those held as such, courses finished, months of work.

    ``bought`` are unmet conditions passed over, by way and number, and ``supposed`` what rules take as held since.
    """

    held: frozenset[str] = frozenset()
    exact: frozenset[str] = frozenset()
    finished: frozenset[str] = frozenset()
    worked: int = 0
    bought: frozenset[tuple[str, int]] = frozenset()
    supposed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Chance:
    """A month in which a way can be begun, the verdict then, and the numbers of the conditions not met."""

    month: int
    verdict: Verdict
    unmet: tuple[int, ...] = ()


class Calendar:
    """The months of one person on one day. With `may_buy` so many conditions on a route may be unmet."""

    def __init__(self, network: Network, person: Person, day: date, months: int, may_buy: int) -> None:
        self.network, self.person, self.day, self.may_buy = network, person, day, may_buy
        self.first = day.year * 12 + day.month - (day.day == 1)
        self.last = self.first + months
        self.known: dict[tuple[object, ...], tuple[Chance, ...]] = {}

    def chances(self, way: Transition, ready: int, own: Belongings) -> tuple[Chance, ...]:
        """The first month for each verdict better than those before; where lacks are bought, for each lesser lack."""
        key = (way.id, ready, own.held, own.exact, own.worked, own.bought)
        if key not in self.known:
            self.known[key] = tuple(self._look(way, ready, own))
        return self.known[key]

    def _look(self, way: Transition, ready: int, own: Belongings) -> Iterator[Chance]:
        station = self.network.stations.get(way.station or "")
        starts = way.starts if way.starts is not None else station.starts if station else ()
        timed = any(part.kind in TIMED for rule in way.conditions for part in rule.parts())
        soonest = self.last + 1
        best: list[Chance] = []
        for month in range(ready, self.last + 1):
            soonest = min(soonest, self._after_extra_months(way, month, own, starts))
            if month < soonest or (starts and month % 12 + 1 not in starts):
                continue
            over = self._is_registration_over(way, month, starts)
            if over and way.registration and way.registration.late == "closed":
                continue
            chance = self._judge(way, month, own, late=over)
            lacks = [one for one in chance.unmet if (way.id, one) not in own.bought]
            if len(lacks) <= self.may_buy - len(own.bought) and not any(
                one.verdict >= chance.verdict and set(one.unmet) <= set(chance.unmet) for one in best
            ):
                best.append(chance)
                yield chance
            if (not timed and not over) or chance.verdict == Verdict.MET:
                return

    def _judge(self, way: Transition, month: int, own: Belongings, *, late: bool) -> Chance:
        moment = self.moment(way, month, own)
        verdicts = [condition.judge(moment) for condition in way.conditions]
        verdict = min(verdicts, default=Verdict.MET)
        if late or way.confidence == "unconfirmed":
            verdict = min(verdict, Verdict.UNKNOWN)
        return Chance(month, verdict, tuple(n for n, one in enumerate(verdicts) if one == Verdict.UNMET))

    def moment(self, way: Transition, month: int, own: Belongings) -> Moment:
        """What a condition may look at."""
        return Moment(self.person, self.day, month, own.held | own.supposed, own.exact, own.worked, way.target)

    def _after_extra_months(self, way: Transition, month: int, own: Belongings, starts: tuple[int, ...]) -> int:
        """First month in which the way can be entered if what comes before begins in `month`."""
        work = next((one for rule in way.conditions for one in rule.parts() if _is_made_up(one)), None)
        if starts and work is None:
            return max(month, self.first + math.ceil(way.months))
        if way.registration and way.registration.by and not starts:
            asked = self.day if month <= self.first else date(month // 12, month % 12 + 1, 1)
            begins = min(day for day in _days(way, asked.year, asked.year + 1) if day >= asked)
            month = max(month, begins.year * 12 + begins.month - (begins.day == 1))
        return month + (math.ceil(way.months) if work is None else self._with_work(way, month, own, work))

    def _with_work(self, way: Transition, month: int, own: Belongings, work: Work) -> int:
        """Extra months where missing months of work are made up; what nobody told is taken as it is written.

        Where several such rules are alternatives, the one with the fewest missing months is made up.
        """
        written = math.ceil(way.months)
        least = max(0, written - work.months) if work.made_up == "included" else written
        moment = self.moment(way, month, own)
        asking = next(rule for rule in way.conditions if work in rule.parts())
        if asking.judge(moment) == Verdict.MET:
            return least
        missing = []
        for rule in filter(_is_made_up, asking.parts()):
            months = max(0, rule.months - (rule.known(moment) or own.worked))
            if asking.judge(replace(moment, worked=own.worked + months)) == Verdict.MET:
                missing.append(months)
        longest = least + min(missing, default=max(0, work.months - (work.known(moment) or own.worked)))
        return min(written, longest) if work.known(moment) is None else longest

    def _is_registration_over(self, way: Transition, month: int, starts: tuple[int, ...]) -> bool:
        rule = way.registration
        if rule is None or not rule.by or not starts or rule.late == "open":
            return False
        begins = date(month // 12 - rule.years_before, month % 12 + 1, 1)
        return max(day for day in _days(way, begins.year, begins.year - 1) if day <= begins) < self.day


def _days(way: Transition, *years: int) -> list[date]:
    by = [MonthDay.parse(text) for text in way.registration.by] if way.registration else []
    return [day.in_year(year) for day in by for year in years]


def _is_made_up(part: Condition) -> TypeGuard[Work]:
    return isinstance(part, Work) and part.made_up != "no"
