"""A goal compiled once more for one person: only what can still matter to them, and sharper bounds on what it costs.

Worth its price where the search is hard. The generous view (`relaxing`) tells which transitions the person can ever
take, how early, and how well their rules turn out at best. What is left out leads to no result for certain, so the
search stays exact; what is held already need not be gained, and bits that no longer matter are projected away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pathways.bounds import UNREACHABLE, way_node
from pathways.compiling import CompiledGoal, compile_ways
from pathways.relaxing import Relaxed, best_options, relax
from pathways.searching import Budget, Found, Sensible, find_fastest, find_front
from pathways.supporting import choose_supporters
from pathways.traveller import Traveller
from pathways.verdict import Verdict
from pathways.way import Way

EASY = 100
"""Labels after which a search is not easy, and narrowing the goal costs less than it saves."""

EASY_FASTEST = 50
"""The same where only the fastest route is wanted."""


def narrow(
    traveller: Traveller, goal: CompiledGoal, latest: int, most_changes: int, relaxed: Relaxed | None = None
) -> CompiledGoal:
    """The goal for this person only, with routes that arrive by ``latest`` (month index) within these changes."""
    compiled = traveller.compiled
    relaxed = relaxed or relax(traveller, goal.ways)
    to_go = goal.months_to_go
    ways: list[Way] = []
    least_opens: dict[int, int] = {}
    for index in sorted(goal.ways & relaxed.starts.keys()):
        if relaxed.starts[index] + to_go.get(way_node(index), UNREACHABLE) > latest:
            continue
        way = compiled.ways[index]
        ways.append(way)
        if way.selective or _at_best(traveller, way, relaxed) == Verdict.UNKNOWN:
            least_opens[way.index] = 1
    first = traveller.first_mask()
    held = [token for token, bit in compiled.bits.items() if first & bit]
    supporters = choose_supporters(ways, traveller.person, relaxed.times, frozenset(held))
    within = (latest - traveller.start, most_changes)
    return compile_ways(compiled, goal.goal, ways, least_opens, supporters, held, within)


def find_sensible(
    traveller: Traveller, goal: CompiledGoal, sensible: Sensible, budget: Budget, relaxed: Relaxed | None = None
) -> Found:
    """The Pareto set (`find_front`), with the goal narrowed to the person where the search turns out not to be easy."""
    if budget.labels <= EASY:
        return find_front(traveller, goal, sensible, budget)
    easy = find_front(traveller, goal, sensible, replace(budget, labels=EASY))
    if easy.complete:
        return easy
    found = find_front(traveller, narrow(traveller, goal, easy.latest, sensible.max_changes, relaxed), sensible, budget)
    return replace(found, settled=easy.settled + found.settled, generated=easy.generated + found.generated)


def find_soonest(
    traveller: Traveller, goal: CompiledGoal, sensible: Sensible, budget: Budget, latest: int, relaxed: Relaxed
) -> Found:
    """A route that arrives first (`find_fastest`), with the goal narrowed where the search turns out not to be easy."""
    few = replace(budget, labels=min(EASY_FASTEST, budget.labels))
    easy = find_fastest(traveller, goal, sensible, few, latest=latest)
    if easy.complete or budget.labels <= EASY_FASTEST:
        return easy
    return find_fastest(
        traveller, narrow(traveller, goal, latest, sensible.max_changes, relaxed), sensible, budget, latest=latest
    )


def _at_best(traveller: Traveller, way: Way, relaxed: Relaxed) -> Verdict:
    ready = min(relaxed.times[node] for node in _sources(way) if node in relaxed.times)
    return best_options(traveller, way, ready, relaxed.mask)[-1].verdict


def _sources(way: Way) -> Iterator[str]:
    yield from way.leaves
    yield from (f"enter:{host}" for host in way.hosts)
