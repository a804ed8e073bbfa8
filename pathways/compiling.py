"""Compiles a network for one goal into what the route search walks: integers, bit masks, and lower bounds.

Everything here is the same for every person, so it is done once per goal and kept. Facts about a person enter in
`searching`. Two ideas carry the search (Martins 1984; Mandow and Pérez de la Cruz, NAMOA*, 2010): what is held is one
bit mask, so "better" is "superset"; and lower bounds tell what is still to come (`bounds`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce
from typing import NamedTuple

from pathways.bounds import (
    NOTHING,
    NOWHERE,
    Bound,
    BoundSet,
    bound_sets,
    least,
    lower_bounds,
    months_to_go,
    steps_to,
    unbeaten,
)
from pathways.network import Network
from pathways.person import Person
from pathways.qualification import Goal, Reached, Wanted
from pathways.supporting import Supporters, choose_supporters, months_from_nothing
from pathways.way import Way, done_token, fill_masks, goal_tokens, number_tokens, positions_left, tokens_left, way_of

KEPT = 20_000
"""Entries after which what is remembered about a goal is forgotten, so that it does not grow for ever."""


@dataclass(eq=False)
class CompiledNetwork:
    """A network as the search walks it, the same for every person and goal: ways, bits, and who leaves from where."""

    network: Network
    bits: dict[str, int]
    lack_bits: dict[str, int]
    ways: tuple[Way, ...]
    from_position: dict[str, tuple[Way, ...]]
    from_tokens: tuple[Way, ...]
    from_token: dict[str, tuple[Way, ...]]
    """The same by what they start from: a certificate, a situation, or a course finished."""
    looked_at_by: dict[str, tuple[Way, ...]]
    """Ways whose rules look at a token."""
    alongside_at: dict[str, tuple[Way, ...]]
    goals: dict[Goal, CompiledGoal] = field(default_factory=dict)

    @cached_property
    def nothing_lacked(self) -> int:
        """Mask of somebody whom no certificate shuts out of anything."""
        return sum(self.lack_bits.values())

    @cached_property
    def everything(self) -> int:
        """Mask of all that can be held, with nothing shut out."""
        return sum(self.bits.values()) | self.nothing_lacked

    @cached_property
    def all_ways(self) -> frozenset[int]:
        """Indexes of all ways."""
        return frozenset(way.index for way in self.ways)

    @cached_property
    def supporters(self) -> Supporters:
        """What each way is walked from in bounds that hold for everybody."""
        nowhere = Goal(id="nowhere", name="", short="", reached=Reached(any_of=(Wanted(),)))
        had = months_from_nothing(steps_to(self.ways, nowhere, self.bits, {}, {}))
        return choose_supporters(self.ways, Person(at=()), had, frozenset())

    def mask_of(self, held: frozenset[str], exact: frozenset[str]) -> int:
        """Bit mask of held tokens, and of excluding ones that are lacking."""
        mask = 0
        for token in held:
            mask |= self.bits.get(token, 0)
        for token, bit in self.lack_bits.items():
            if token not in exact:
                mask |= bit
        return mask

    def for_goal(self, goal_id: str) -> CompiledGoal:
        """The compiled goal, made once. Raises `UnknownId`."""
        goal = self.network.get_goal(goal_id)
        found = self.goals.get(goal)
        if found is None:
            found = self.goals[goal] = _compile_goal(self, goal)
        return found


class Entry(NamedTuple):
    """The least of each criterion that entering a station takes, and what is still to come from its door."""

    delay: int
    changes: int
    opens: int
    stay: int
    unpaid: int
    onward: Bound

    def bound(self, held: Bound) -> Bound:
        """Lower bounds through this door, where ``held`` is what is still to come from what one holds."""
        onward = self.onward
        return (
            self.delay + min(onward[0], self.stay + held[0]),
            self.changes + min(onward[1], held[1]),
            self.opens + min(onward[2], held[2]),
            min(onward[3], self.unpaid + held[3]),
        )


@dataclass(eq=False)
class CompiledGoal:
    """One goal over a compiled network: what can matter for it, and lower bounds on what is still to come."""

    compiled: CompiledNetwork
    goal: Goal
    ways: frozenset[int]
    least_opens: Mapping[int, int]
    """Open points that a way costs at least, by its index, where not 0."""
    relevant: int
    """Bits that can matter; all others are projected away, so that fewer states differ."""
    goal_mask: int
    goal_enter: frozenset[str]
    goal_done: frozenset[str]
    enter_beside: frozenset[str]
    """Stops beside which a course may run whose beginning is the goal: one arrives before this stop is over."""
    bounds: dict[str, Bound]
    token_bounds: tuple[tuple[int, Bound], ...]
    supporters: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Tokens from which bounds walk a way instead of from its origins, by its index."""
    sets: dict[str, BoundSet] = field(default_factory=dict)
    """Bound sets of the same places and tokens; empty if none were made."""
    token_sets: tuple[tuple[int, BoundSet], ...] = ()
    most_work: int = 0
    """Months of work beyond which more makes no difference."""
    sets_held: dict[int, BoundSet] = field(default_factory=dict)
    held: dict[int, Bound] = field(default_factory=dict)
    here: dict[tuple[str, int, bool | None], Bound] = field(default_factory=dict)
    leaving: dict[tuple[str, int], tuple[Way, ...]] = field(default_factory=dict)
    opened: dict[int, tuple[tuple[int, int, int, int, Way], ...]] = field(default_factory=dict)
    entries: dict[int, Entry] = field(default_factory=dict)

    @cached_property
    def months_to_go(self) -> dict[str, int]:
        """Least months to the goal from every place, token and way, in whatever manner it helps."""
        tokens = (token for token, bit in self.compiled.bits.items() if bit & self.goal_mask)
        reached = (*(f"enter:{place}" for place in self.goal_enter), *self.goal_done, *tokens)
        return months_to_go(self.compiled.network, (self.compiled.ways[index] for index in self.ways), reached)

    @cached_property
    def unruled(self) -> CompiledGoal:
        """The same goal with bounds that hold even for routes on which rules are unmet."""
        return compile_ways(self.compiled, self.goal, (self.compiled.ways[index] for index in self.ways), {}, {})

    @cached_property
    def doors(self) -> tuple[tuple[int, Entry, Way], ...]:
        """Entries into a station that start from something held: any of these bits opens them."""
        starting = (way for way in self.compiled.from_tokens if way.index in self.ways)
        entered = (way for way in starting if way.station is not None and not way.only_alongside)
        return tuple((way.origin_mask, self.entry(way), way) for way in entered)

    @cached_property
    def awards_on_held(self) -> tuple[Way, ...]:
        """Certificates to be had for something held."""
        return tuple(way for way in self.compiled.from_tokens if way.station is None and way.index in self.ways)

    @cached_property
    def leading(self) -> int:
        """Bits that something starts from, or that lead to the goal."""
        bits = self.goal_mask
        for origin_mask, _, _ in self.doors:
            bits |= origin_mask
        for bit, _ in self.token_bounds:
            bits |= bit
        return bits

    def bound(self, position: str, mask: int, beside: bool = False) -> Bound:
        """Lower bounds on what is still to come from here with this mask; with `beside` a course may run beside it."""
        found = least(self.bounds.get(position, NOWHERE), self.bound_held(mask))
        return least(found, self.bound_beside(position, mask)) if beside else found

    def bound_beside(self, position: str, mask: int) -> Bound:
        """Lower bounds where a course is begun beside this stop."""
        key = (position, mask, None)
        found = self.here.get(key)
        if found is None:
            found = NOWHERE
            for way in self._begun_beside(position, mask):
                found = least(found, self.bound(position, mask | way.done_bit & self.relevant))
                if way.station in self.goal_enter:
                    found = least(found, (0, 0, self.least_opens.get(way.index, 0), 0))
            if len(self.here) > KEPT:
                self.here.clear()
            self.here[key] = found
        return found

    def _begun_beside(self, position: str, mask: int) -> Iterator[Way]:
        bits = self.compiled.bits
        for way in self.alongside(position, mask):
            supporter = self.supporters.get(way.index)
            if supporter is None or any(mask & bits[token] for token in supporter):
                yield way

    def bound_held(self, mask: int) -> Bound:
        """Lower bounds on what is still to come by ways that start from something held."""
        mask &= self.leading
        found = self.held.get(mask)
        if found is None:
            found = NOWHERE
            for bit, bound in self.token_bounds:
                if mask & bit:
                    found = least(found, bound)
            if len(self.held) > KEPT:
                self.held.clear()
            self.held[mask] = found
        return found

    def entry(self, way: Way) -> Entry:
        """The least that entering a station this way takes, and what is still to come from its door."""
        found = self.entries.get(way.index)
        if found is None:
            stay = min(way.stay, *way.early) if way.early else way.stay
            here = (way.least_delay, way.changes, self.least_opens.get(way.index, 0))
            onward = self.bounds.get(f"enter:{way.station}", NOWHERE)
            found = self.entries[way.index] = Entry(*here, stay, stay if way.unpaid else 0, onward)
        return found

    def bound_from_here(self, position: str, mask: int, beside: bool) -> Bound:
        """Lower bounds where the next way is one of the stop's own, an award, or with `beside` a course beside it."""
        key = (position, mask, beside)
        found = self.here.get(key)
        if found is None:
            found = NOWHERE
            for way in self.leaving_ways(position, mask):
                found = least(found, self.bound_through(way, position, mask))
            if beside:
                found = least(found, self.bound_beside(position, mask))
            if len(self.here) > KEPT:
                self.here.clear()
            self.here[key] = found
        return found

    def bound_through(self, way: Way, position: str, mask: int) -> Bound:
        """Lower bounds where the next way is this one."""
        if way.station is None:
            opens = self.least_opens.get(way.index, 0)
            months, changes, later, unpaid = self.bound(position, mask | way.grant & self.relevant)
            return (way.least_delay + months, changes, opens + later, unpaid)
        return self.entry(way).bound(self.bound_held(mask))

    def set_held(self, mask: int) -> BoundSet:
        """Bound set of what is still to come by ways that start from something held."""
        mask &= self.leading
        found = self.sets_held.get(mask)
        if found is None:
            if len(self.sets_held) > KEPT:
                self.sets_held.clear()
            held = [bound for bit, bounds in self.token_sets if mask & bit for bound in bounds]
            found = self.sets_held[mask] = unbeaten(held)
        return found

    def ahead(self, position: str, mask: int, beside: bool) -> Iterator[tuple[Bound, BoundSet]]:
        """What the next way takes at least, and the bound set from there; with `beside` a course may run beside it."""
        yield NOTHING, self.sets.get(position, ())
        yield NOTHING, self.set_held(mask)
        if beside:
            yield from self._ahead_beside(position, mask)

    def ahead_from_here(self, position: str, mask: int, beside: bool) -> Iterator[tuple[Bound, BoundSet]]:
        """The same where the next way is one of the stop's own, an award, or with `beside` a course beside it."""
        for way in self.leaving_ways(position, mask):
            delay, changes, opens, stay, unpaid, _ = self.entry(way)
            if way.station is None:
                award = (delay, 0, opens, 0)
                yield award, self.sets.get(position, ())
                yield award, self.set_held(mask | way.grant & self.relevant)
            else:
                yield (delay, changes, opens, 0), self.sets.get(f"enter:{way.station}", ())
                yield (delay + stay, changes, opens, unpaid), self.set_held(mask)
        if beside:
            yield from self._ahead_beside(position, mask)

    def _ahead_beside(self, position: str, mask: int) -> Iterator[tuple[Bound, BoundSet]]:
        for way in self._begun_beside(position, mask):
            yield from self.ahead(position, mask | way.done_bit & self.relevant, beside=False)
            if way.station in self.goal_enter:
                yield NOTHING, ((0, 0, self.least_opens.get(way.index, 0), 0),)

    def doors_open(self, mask: int) -> tuple[tuple[int, int, int, int, Way], ...]:
        """Entries into a station open to whoever holds this, with lower bounds on what is still to come through each,
        those first that may lead to the goal first."""
        mask &= self.leading
        found = self.opened.get(mask)
        if found is None:
            if len(self.opened) > KEPT:
                self.opened.clear()
            held = self.bound_held(mask)
            open_to = [(*entry.bound(held), way) for origin_mask, entry, way in self.doors if mask & origin_mask]
            found = self.opened[mask] = tuple(sorted(open_to, key=lambda door: door[0]))
        return found

    def leaving_ways(self, position: str, mask: int) -> tuple[Way, ...]:
        """Ways to be judged that the stop itself offers, and awards on what is held, in a fixed order."""
        key = (position, mask)
        found = self.leaving.get(key)
        if found is None:
            at_stop = self.compiled.from_position.get(position, ())
            here = [way for way in at_stop if self._can_help(way, position, mask)]
            awards = [
                way
                for way in self.awards_on_held
                if mask & way.origin_mask and self._can_help(way, position, mask) and way not in at_stop
            ]
            found = tuple(here + awards)
            if len(self.leaving) > KEPT:
                self.leaving.clear()
            self.leaving[key] = found
        return found

    def leads_back(self, way: Way, position: str) -> bool:
        """True if a door is one of the stop's own ways too, or leads into the same stop for nothing."""
        again = way.station == position and not way.practice and position not in self.compiled.alongside_at
        return again or position in way.leaves

    def alongside(self, position: str, mask: int) -> Iterator[Way]:
        """Courses that may be begun beside this station."""
        for way in self.compiled.alongside_at.get(position, ()):
            if way.index in self.ways and (position in way.transition.origins or mask & way.origin_mask):
                yield way

    def after(self, way: Way, mask: int) -> int:
        """What is held once a transition is behind one."""
        return (mask | way.grant & self.relevant) & ~way.clear

    def _can_help(self, way: Way, position: str, mask: int) -> bool:
        if way.index not in self.ways:
            return False
        if way.station is None:
            return bool(way.grant & self.relevant & ~mask)
        again = way.station == position and not way.practice and position not in self.compiled.alongside_at
        return not way.only_alongside and not again


def compiled(network: Network) -> CompiledNetwork:
    """The compiled network, made once for each and kept with it, so that both go together."""
    found = network.__dict__.get("compiled")
    if not isinstance(found, CompiledNetwork):
        found = network.__dict__["compiled"] = compile_network(network)
    return found


def compile_network(network: Network) -> CompiledNetwork:
    """The network with every token numbered and every transition turned into a `Way`."""
    transitions = sorted(network.transitions.values(), key=lambda transition: transition.id)
    ways = [way_of(network, index, transition) for index, transition in enumerate(transitions)]
    bits, lack_bits = number_tokens(network, ways)
    by_position: dict[str, list[Way]] = defaultdict(list)
    by_token: list[Way] = []
    from_token: dict[str, list[Way]] = defaultdict(list)
    looked_at_by: dict[str, list[Way]] = defaultdict(list)
    alongside_at: dict[str, list[Way]] = defaultdict(list)
    for way in ways:
        fill_masks(network, way, bits, lack_bits)
        way.exits = (None, *(months for months in way.early if months < way.stay))
        for position in positions_left(network, way.transition):
            by_position[position].append(way)
        for token in tokens_left(network, way.transition):
            from_token[token].append(way)
        if way.origin_mask:
            by_token.append(way)
        for token, _ in way.tokens:
            looked_at_by[token].append(way)
        for host in way.hosts:
            alongside_at[host].append(way)
    return CompiledNetwork(
        network=network,
        bits=bits,
        lack_bits=lack_bits,
        ways=tuple(ways),
        from_position={position: tuple(found) for position, found in by_position.items()},
        from_tokens=tuple(by_token),
        from_token={token: tuple(found) for token, found in from_token.items()},
        looked_at_by={token: tuple(found) for token, found in looked_at_by.items()},
        alongside_at={host: tuple(found) for host, found in alongside_at.items()},
    )


def _compile_goal(compiled: CompiledNetwork, goal: Goal) -> CompiledGoal:
    always_open = {way.index: 1 for way in compiled.ways if way.is_always_open}
    return compile_ways(compiled, goal, compiled.ways, always_open, compiled.supporters)


def compile_ways(
    compiled: CompiledNetwork,
    goal: Goal,
    ways: Iterable[Way],
    least_opens: Mapping[int, int],
    supporters: Mapping[int, tuple[str, ...]],
    held: Collection[str] = (),
    within: tuple[int, int] | None = None,
) -> CompiledGoal:
    """A goal over some of the ways.

    ``least_opens``: open points a way costs at least, by its index, where not 0; ``supporters``: tokens that bounds
    walk a way from instead of its origins; ``held``: tokens that nobody asking needs to gain; ``within``: most months
    and changes, for which bound sets are made as well.
    """
    network, bits = compiled.network, compiled.bits
    ways = _relevant(network, goal, ways, held)
    goal_mask, goal_enter, goal_done = goal_parts(compiled, goal)
    relevant = goal_mask
    for way in ways:
        relevant |= way.looks_at | way.origin_mask
    steps = steps_to(ways, goal, bits, least_opens, supporters)
    if within is None:
        sets: dict[str, BoundSet] = {}
        bounds = lower_bounds(steps)
    else:
        sets = bound_sets(steps, *within)
        bounds = {node: reduce(least, several) for node, several in sets.items()}
    return CompiledGoal(
        compiled=compiled,
        goal=goal,
        ways=frozenset(way.index for way in ways),
        least_opens=least_opens,
        relevant=relevant,
        goal_mask=goal_mask,
        goal_enter=goal_enter,
        goal_done=goal_done,
        enter_beside=frozenset(host for way in ways if way.station in goal_enter for host in way.hosts),
        bounds={node: bound for node, bound in bounds.items() if node not in bits},
        token_bounds=tuple((bit, bounds[token]) for token, bit in bits.items() if token in bounds and bit & relevant),
        supporters=supporters,
        sets=sets,
        token_sets=tuple((bit, sets[token]) for token, bit in bits.items() if token in sets and bit & relevant),
        most_work=max((way.most_work for way in ways), default=0),
    )


def goal_parts(compiled: CompiledNetwork, goal: Goal) -> tuple[int, frozenset[str], frozenset[str]]:
    """What reaches a goal: a bit held, a station entered, or a station finished."""
    mask = 0
    for token in goal_tokens(goal):
        mask |= compiled.bits.get(token, 0)
    wanted = goal.reached.any_of
    return mask, frozenset(at for one in wanted for at in one.at), frozenset(at for one in wanted for at in one.done)


def _relevant(network: Network, goal: Goal, ways: Iterable[Way], held: Collection[str]) -> list[Way]:
    """Those ways that lead to the goal, or give something a way on the route to it asks for and nobody holds yet."""
    givers: dict[str, list[Way]] = defaultdict(list)
    for way in ways:
        if way.station is None:
            for token in way.gives:
                givers[token].append(way)
        else:
            givers[way.station].append(way)
            givers[done_token(way.station)].append(way)
    practice = [station.id for station in network.stations.values() if station.practice]
    wanted = [*goal_tokens(goal), *(one for part in goal.reached.any_of for one in part.at)]
    seen = set(held)
    found: dict[int, Way] = {}
    while wanted:
        need = wanted.pop()
        if need in seen:
            continue
        seen.add(need)
        for way in givers.get(need, ()):
            if way.index in found:
                continue
            found[way.index] = way
            wanted += way.transition.origins
            wanted += (token for token, _ in way.tokens)
            if way.counts_work:
                wanted += practice
            wanted += way.hosts
    return [found[index] for index in sorted(found)]
