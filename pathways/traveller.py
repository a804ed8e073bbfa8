"""A person in a compiled network on a day: when each transition can be taken, and how well its rules turn out.

The search asks this thousands of times, with bit masks; each answer is judged once on records and remembered.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from pathways.calendar_months import first_day, first_free_month, month_index, next_month_of
from pathways.compiling import CompiledNetwork
from pathways.conditions import Moment, judge_all
from pathways.person import Person
from pathways.person_conditions import Work
from pathways.verdict import Verdict
from pathways.way import FREE, Way, done_token, whole

LAST_START = 400
"""Months after the day asked beyond which no start is looked for."""


@dataclass(frozen=True, slots=True)
class Option:
    """One way to take a transition: the month it starts, the verdict then, and whether registration is over."""

    start: int
    edge: int
    verdict: Verdict
    late: bool = False


@dataclass(slots=True, eq=False)
class Traveller:
    """A person in a compiled network on a day: judges transitions and remembers what it judged, whatever the goal."""

    compiled: CompiledNetwork
    person: Person
    day: date
    judged: dict[tuple[int, int, int, int], tuple[Option, ...]] = field(default_factory=dict)
    verdicts: dict[tuple[int, int, int, int], Verdict] = field(default_factory=dict)
    lacks: dict[tuple[int, int, int, int], tuple[tuple[Option, frozenset[int]], ...]] = field(default_factory=dict)
    turns: dict[int, tuple[int, ...]] = field(default_factory=dict)
    opens: dict[int, int] = field(default_factory=dict)
    open_facts: set[str] = field(default_factory=set)
    start: int = field(init=False)
    """First month in which something can begin."""

    def __post_init__(self) -> None:
        self.start = first_free_month(self.day)

    def first_mask(self, position: str = FREE) -> int:
        """What the person holds at the outset: certificates, German, their situations, and the course they leave."""
        network = self.compiled.network
        held = set(network.tokens_held(self.person.holds, self.person.german))
        exact = {certificate.qualification for certificate in self.person.holds}
        for place in self.person.at:
            if place in network.qualifications:
                held |= network.tokens_of(place)
                exact.add(place)
            elif place in network.situations:
                held.add(place)
        held.add(done_token(position))
        return self.compiled.mask_of(frozenset(held), frozenset(exact))

    def leaves(self, station_id: str) -> int:
        """Month in which somebody now at this station is expected to be through.

        Stations that begin in fixed months are taken to be in their last year: they end in the usual month, next
        time that comes round. Others may be left now.
        """
        station = self.compiled.network.stations[station_id]
        if not station.starts or station.open_ended:
            return self.start
        length = whole(station.months.typical)
        ends = tuple(sorted({(month - 1 + length) % 12 + 1 for month in station.starts}))
        return next_month_of(self.start, ends)

    def moment(self, way: Way, month: int, mask: int, worked: int) -> Moment:
        """What the conditions of a transition may look at."""
        return Moment(
            person=self.person,
            day=self.day,
            month=month,
            held=frozenset(token for token, bit in way.tokens if mask & bit),
            exact=frozenset(token for token, bit in way.exclusions if not mask & bit),
            worked=worked,
            target=way.transition.target,
        )

    def options(self, way: Way, months: int, mask: int, worked: int) -> tuple[Option, ...]:
        """Ways to take a transition when ready in month `months`: each later one has a better verdict."""
        key = (way.index, months, mask & way.looks_at, worked if way.most_work else 0)
        found = self.judged.get(key)
        if found is None:
            found = self.judged[key] = self._single_option(way, months, mask, worked)
        return found

    def _single_option(self, way: Way, months: int, mask: int, worked: int) -> tuple[Option, ...]:
        """The common case of a rule that time does not change, with registration still open."""
        for landmark in way.landmarks:
            if not mask & landmark:
                return ()
        if not self._turns(way):
            edge = self._edge(way, months, mask, worked)
            start = next_month_of(self.ready_to_start(way, months, edge), way.starts)
            if start >= self.registration_opens(way):
                verdict = self.verdict(way, start, mask, worked)
                return () if verdict == Verdict.UNMET else (Option(start, edge, verdict),)
        return tuple(self._options(way, months, mask, worked))

    def _options(self, way: Way, months: int, mask: int, worked: int) -> Iterator[Option]:
        edge = self._edge(way, months, mask, worked)
        ready = self.ready_to_start(way, months, edge)
        last = self.start + LAST_START
        best = Verdict.UNMET
        start = -1
        for turn in (ready, *self._turns(way)):
            candidate = next_month_of(max(ready, turn), way.starts)
            if candidate <= start:
                continue
            start = candidate
            if start > last:
                return
            for option in self._around_deadline(way, start, edge, mask, worked):
                if option.verdict > best:
                    best = option.verdict
                    yield option
                start = option.start
            if best == Verdict.MET:
                return

    def ready_to_start(self, way: Way, months: int, edge: int) -> int:
        """Month in which the station could be entered, its start months aside.

        A procedure before a fixed start (an entrance exam, a decision of the school authority) runs while the person
        is still in the stop before; months of work do not.
        """
        if way.starts and way.made_up is None:
            return max(months, self.start + edge)
        if way.by and not way.starts:
            months = self._after_registration(way, months)
        return months + edge

    def lacking_options(
        self, way: Way, months: int, mask: int, worked: int
    ) -> tuple[tuple[Option, frozenset[int]], ...]:
        """Starts whatever the verdict, with the numbers of the conditions unmet then: each later one lacks less."""
        key = (way.index, months, mask & way.looks_at, worked if way.most_work else 0)
        found = self.lacks.get(key)
        if found is None:
            found = self.lacks[key] = tuple(self._lacking_options(way, months, mask, worked))
        return found

    def _lacking_options(
        self, way: Way, months: int, mask: int, worked: int
    ) -> Iterator[tuple[Option, frozenset[int]]]:
        options = self.options(way, months, mask, worked)
        if options and not self._turns(way):
            yield options[0], frozenset()
            return
        edge = self._edge(way, months, mask, worked)
        ready = self.ready_to_start(way, months, edge)
        known: list[frozenset[int]] = []
        for turn in (ready, *self._turns(way)):
            start = next_month_of(max(ready, turn), way.starts)
            for option in self._around_deadline(way, start, edge, mask, worked):
                moment = self.moment(way, option.start, mask, worked)
                rules = enumerate(way.transition.conditions)
                unmet = frozenset(place for place, rule in rules if rule.judge(moment) == Verdict.UNMET)
                if not any(fewer <= unmet for fewer in known):
                    known.append(unmet)
                    yield option, unmet

    def _around_deadline(self, way: Way, start: int, edge: int, mask: int, worked: int) -> Iterator[Option]:
        registration = way.transition.registration
        verdict = self.verdict(way, start, mask, worked)
        if registration is None or not self.deadline_passed(way, start):
            yield Option(start, edge, verdict)
            return
        if registration.late == "left-over":
            yield Option(start, edge, min(verdict, Verdict.UNKNOWN), late=True)
        following = start
        while self.deadline_passed(way, following):
            following = next_month_of(following + 1, way.starts)
        yield Option(following, edge, self.verdict(way, following, mask, worked))

    def deadline(self, way: Way, start: int) -> date | None:
        """Last day to register for a start in this month; None if there is none or nobody knows it."""
        registration = way.transition.registration
        if not way.by or registration is None:
            return None
        begins = first_day(start - 12 * registration.years_before)
        return max(day.last_before(begins) for day in way.by)

    def deadline_passed(self, way: Way, start: int) -> bool:
        """True if registration for this start ended before the day asked."""
        return start < self.registration_opens(way)

    def registration_opens(self, way: Way) -> int:
        """First start month for which one can still register; -1 if registration never ends."""
        found = self.opens.get(way.index)
        if found is None:
            registration = way.transition.registration
            found = -1
            if way.by and way.starts and registration is not None and registration.late != "open":
                found = next_month_of(self.start, way.starts)
                while (deadline := self.deadline(way, found)) is not None and deadline < self.day:
                    found = next_month_of(found + 1, way.starts)
            self.opens[way.index] = found
        return found

    def _after_registration(self, way: Way, months: int) -> int:
        earliest = self.day if months <= self.start else first_day(months)
        registered = min(day.next_from(earliest) for day in way.by)
        return max(months, month_index(registered) + (registered.day > 1))

    def _edge(self, way: Way, months: int, mask: int, worked: int) -> int:
        work = way.made_up
        if work is None:
            return way.edge
        moment = self.moment(way, months, mask, worked)
        asking = next(one for one in way.transition.conditions if work in one.parts())
        if asking.judge(moment) == Verdict.MET:
            return way.least_edge
        enough = [one for one in way.alternatives if asking.judge(_having_worked(moment, one)) == Verdict.MET]
        missing = min((one.missing(moment) for one in enough), default=work.missing(moment))
        months = way.least_edge + missing
        return min(way.edge, months) if work.known(moment) is None else months

    def verdict(self, way: Way, month: int, mask: int, worked: int) -> Verdict:
        """The verdict over all conditions of a transition entered in `month`; nothing unconfirmed is ever MET."""
        turns = self._turns(way)
        key = (
            way.index,
            bisect_right(turns, month) if turns else 0,
            mask & way.looks_at,
            worked if way.most_work else 0,
        )
        found = self.verdicts.get(key)
        if found is None:
            found = judge_all(way.transition.conditions, self.moment(way, month, mask, worked))
            if found == Verdict.UNKNOWN:
                self._note_open_facts(way)
            if way.unconfirmed:
                found = min(found, Verdict.UNKNOWN)
            self.verdicts[key] = found
        return found

    def _note_open_facts(self, way: Way) -> None:
        for condition in way.transition.conditions:
            for name in condition.facts(way.transition.target):
                if not self.person.knows(name):
                    self.open_facts.add(name)

    def _turns(self, way: Way) -> tuple[int, ...]:
        if way.timeless:
            return ()
        found = self.turns.get(way.index)
        if found is None:
            months = {
                turn for condition in way.transition.conditions for turn in condition.turns(self.person, self.day)
            }
            found = self.turns[way.index] = tuple(sorted(months))
        return found


def _having_worked(moment: Moment, work: Work) -> Moment:
    """The moment at which exactly this much work lies behind the person."""
    person = replace(moment.person, work_months=work.months, relevant_months=work.months)
    return replace(moment, person=person, worked=0)
