"""Quick real ways to everywhere: one greedy search that visits every place a few times.

What it finds can be walked, but need not be the fastest way, nor is everything found. Reach takes it where it meets
the lower bound, and the alternatives of an answer begin with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pathways.bounds import Bound
from pathways.compiling import CompiledGoal, CompiledNetwork, goal_parts
from pathways.qualification import Goal, Reached, Wanted
from pathways.relaxing import PLENTY
from pathways.searching import Budget, Label, Search, Sensible
from pathways.traveller import Traveller


class _Unbounded(CompiledGoal):
    """A goal of which nothing is known to be far, and for which every way may matter."""

    def bound_held(self, mask: int) -> Bound:
        return (0, 0, 0, 0)


def door_of(compiled: CompiledNetwork, goal_id: str) -> CompiledGoal:
    """A goal good enough to walk to, without the bounds a search needs. Raises `UnknownId`."""
    return _unbounded(compiled, compiled.network.get_goal(goal_id))


def _unbounded(compiled: CompiledNetwork, goal: Goal) -> CompiledGoal:
    parts = goal_parts(compiled, goal)
    everything, beside = compiled.everything, frozenset[str]()
    return _Unbounded(compiled, goal, compiled.all_ways, {}, everything, *parts, beside, {}, (), most_work=PLENTY)


@dataclass(slots=True)
class _Wandering(Search):
    """Visits every position a few times, earliest first, with whatever was gathered on that way."""

    visits: int = 0

    def _is_dominated(self, label: Label) -> bool:
        settled = self.settled_at.get(label.spot, [])
        return len(settled) >= self.visits or any(other.mask & label.mask == label.mask for other in settled)

    def _is_dominated_free(self, label: Label) -> bool:
        return False


def find_quick_ways(traveller: Traveller, sensible: Sensible, latest: int, visits: int) -> dict[str, Label]:
    """A label at the door of each station and at each token found, the earliest of those found.

    With more `visits` of each place more is found, and earlier; it takes that much longer.
    """
    nowhere = Goal(id="nowhere", name="", short="", reached=Reached(any_of=(Wanted(),)))
    search = _Wandering(
        traveller, _unbounded(traveller.compiled, nowhere), sensible, Budget(), latest, fastest=True, visits=visits
    )
    search.begin_at_home()
    search.run()
    found: dict[str, Label] = {}
    bits = traveller.compiled.bits
    names = {bit: token for token, bit in bits.items()}
    for labels in search.settled_at.values():
        for label in labels:
            step = label.step
            if step is None:
                continue
            if step.way.station is not None and label.parent is not None:
                entered = replace(step, end=step.option.start, early=None)
                arrived = Label(
                    step.option.start, label.changes, label.opens, label.parent.unpaid, label.position, label.mask,
                    label.parent.worked, None, label.parent, entered, True,
                )  # fmt: skip
                _keep(found, step.way.station, arrived)
            gained = label.mask & ~step.mask
            while gained:
                bit = gained & -gained
                gained ^= bit
                if bit in names:
                    _keep(found, names[bit], label)
    return found


def _keep(found: dict[str, Label], target: str, label: Label) -> None:
    known = found.get(target)
    if known is None or label.months < known.months:
        found[target] = label
