"""A transition as the search sees it: whole months, indexes, and bits for what it asks for, gives and shuts out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from pathways.calendar_months import MonthDay
from pathways.network import Network
from pathways.person import Person
from pathways.person_conditions import Work
from pathways.qualification import Goal
from pathways.station import Station
from pathways.transition import Transition

FREE = ""
"""Position of somebody who sits in no station."""


def done_token(station: str) -> str:
    """Token of a station attended alongside another and finished."""
    return f"done:{station}"


def early_exit(station: str, months: int) -> str:
    """Position of somebody who leaves a station with what is earned after `months`."""
    return f"{station}@{months}"


def whole(months: float) -> int:
    """Months rounded up to whole ones, as the search counts."""
    return math.ceil(months)


def stay_months(station: Station, transition: Transition) -> int:
    """Months the search counts in the station when it is entered this way: typical, or least if open-ended."""
    months = transition.stay or station.months
    return whole(months.min if station.open_ended else months.typical)


@dataclass(slots=True, eq=False)
class Way:
    """A transition as the search sees it."""

    index: int
    transition: Transition
    station: str | None
    stay: int
    unpaid: bool
    practice: bool
    edge: int
    changes: int
    selective: bool
    unconfirmed: bool
    starts: tuple[int, ...]
    by: tuple[MonthDay, ...]
    hosts: frozenset[str]
    only_alongside: bool
    early: tuple[int, ...]
    origin_mask: int = 0
    grant: int = 0
    clear: int = 0
    looks_at: int = 0
    """Bits that can change the verdict."""
    gives: tuple[str, ...] = ()
    """Every token that a certificate gained this way satisfies."""
    tokens: tuple[tuple[str, int], ...] = ()
    exclusions: tuple[tuple[str, int], ...] = ()
    landmarks: tuple[int, ...] = ()
    """Masks of each of which one bit must be held, whoever asks, or a rule is unmet for certain."""
    timeless: bool = True
    """True if the verdict is the same in every month."""
    most_work: int = 0
    """Most months of work that any of its rules asks for; 0 if none does."""
    made_up: Work | None = None
    alternatives: tuple[Work, ...] = ()
    """Every rule of work that may be made up on the way, where any one of several is enough."""
    leaves: tuple[str, ...] = ()
    """Places and tokens it can be taken from."""
    starts_at: tuple[str, ...] = ()
    """The same with the end of a course that runs beside a stop, as bounds walk them."""
    done_bit: int = 0
    exits: tuple[int | None, ...] = (None,)
    """Ends of the stay: the full one (None), and earlier ones with a certificate earned on the way."""

    @property
    def counts_work(self) -> bool:
        """True if months of work can change its verdict."""
        return self.most_work > 0

    @property
    def is_always_open(self) -> bool:
        """True if nobody can take it without an open point."""
        return self.transition.is_always_open()

    @property
    def least_edge(self) -> int:
        """Months before entry that nobody is spared."""
        if self.made_up is not None and self.made_up.made_up == "included":
            return max(0, self.edge - self.made_up.months)
        return self.edge

    @property
    def least_delay(self) -> int:
        """Months by which entry is delayed at least: a procedure before a fixed start may be over by then."""
        return 0 if self.starts and self.made_up is None else self.least_edge


def way_of(network: Network, index: int, transition: Transition) -> Way:
    """The transition as the search sees it, its bits still to be filled in."""
    station = network.stations.get(transition.station) if transition.station else None
    registration = transition.registration
    starts = transition.starts if transition.starts is not None else station.starts if station else ()
    parts = [part for condition in transition.conditions for part in condition.parts()]
    made_up = [part for part in parts if isinstance(part, Work) and part.made_up != "no"]
    alongside = station.alongside if station else None
    return Way(
        index=index,
        transition=transition,
        station=transition.station,
        stay=stay_months(station, transition) if station else 0,
        unpaid=station is not None and station.paid is not True and not station.open_ended,
        practice=station is not None and station.practice,
        edge=whole(transition.months),
        changes=1 if station is not None and transition.kind != "automatic" else 0,
        selective=transition.kind == "selective",
        unconfirmed=transition.confidence == "unconfirmed",
        starts=starts,
        by=tuple(MonthDay.parse(text) for text in registration.by) if registration else (),
        hosts=frozenset(alongside.hosts) if alongside else frozenset(),
        only_alongside=alongside is not None and alongside.only,
        early=early_exits(station) if station else (),
        timeless=not any(part.changes_with_time() for part in parts),
        most_work=max((part.months for part in parts if isinstance(part, Work)), default=0),
        made_up=made_up[0] if made_up else None,
        alternatives=tuple(made_up),
    )


def early_exits(station: Station) -> tuple[int, ...]:
    """Months after which a certificate can be had before the end."""
    return tuple(sorted({award.after_months for award in station.awards if award.after_months}))


def positions_of(network: Network, origin: str, transition: Transition) -> Iterator[str]:
    """Where a transition out of a station can be taken: at its end, and for early awards at early exits."""
    yield origin
    after = transition.after_months
    for months in early_exits(network.stations[origin]):
        if after is not None and after <= months:
            yield early_exit(origin, months)


def nodes_left(network: Network, transition: Transition) -> Iterator[str]:
    """Places and tokens a transition can be taken from."""
    for origin in transition.origins:
        if origin in network.stations:
            yield from positions_of(network, origin, transition)
            yield done_token(origin)
        else:
            yield origin


def goal_tokens(goal: Goal) -> Iterator[str]:
    """Tokens any of which reaches the goal."""
    for wanted in goal.reached.any_of:
        for one in wanted.holds:
            yield f"{one}:{wanted.parameter}" if wanted.parameter else one
        for one in wanted.done:
            yield done_token(one)


def number_tokens(network: Network, ways: list[Way]) -> tuple[dict[str, int], dict[str, int]]:
    """A bit for each token, and one for lacking each token that shuts something out."""
    tokens: dict[str, None] = dict.fromkeys(network.qualifications)
    for goal in network.goals.values():
        tokens.update(dict.fromkeys(goal_tokens(goal)))
    exclusions: dict[str, None] = {}
    for way in ways:
        for token in tokens_left(network, way.transition):
            tokens.setdefault(token)
        for condition in way.transition.conditions:
            for token in condition.tokens():
                tokens.setdefault(token)
            for token in condition.exclusions():
                exclusions.setdefault(token)
    bits = {token: 1 << place for place, token in enumerate(sorted(tokens))}
    granted = {way.transition.qualification for way in ways}
    lacking = sorted(token for token in exclusions if token in granted or token in network.qualifications)
    return bits, {token: 1 << (len(bits) + place) for place, token in enumerate(lacking)}


def positions_left(network: Network, transition: Transition) -> Iterator[str]:
    """Places that a transition can be taken from."""
    for origin in transition.origins:
        if origin in network.stations:
            yield from positions_of(network, origin, transition)


def tokens_left(network: Network, transition: Transition) -> Iterator[str]:
    """What a transition starts from, where that is held and not a place: certificates, situations, courses finished."""
    for origin in transition.origins:
        if origin not in network.stations:
            yield origin
        elif network.stations[origin].alongside is not None:
            yield done_token(origin)


def fill_masks(network: Network, way: Way, bits: dict[str, int], lack_bits: dict[str, int]) -> None:
    """Fill in what the way starts from, asks for, gives and shuts out."""
    transition = way.transition
    way.leaves = (*positions_left(network, transition), *tokens_left(network, transition))
    way.starts_at = tuple(nodes_left(network, transition))
    for token in tokens_left(network, transition):
        way.origin_mask |= bits[token]
    if transition.qualification is not None:
        way.gives = tuple(sorted(network.tokens_of(transition.qualification, transition.parameter) & bits.keys()))
        for token in way.gives:
            way.grant |= bits[token]
        way.clear |= lack_bits.get(transition.qualification, 0)
    else:
        way.done_bit = bits.get(done_token(transition.target), 0)
    tokens = dict.fromkeys(token for condition in transition.conditions for token in condition.tokens())
    exclusions = dict.fromkeys(token for condition in transition.conditions for token in condition.exclusions())
    way.tokens = tuple((token, bits[token]) for token in tokens)
    way.exclusions = tuple((token, lack_bits[token]) for token in exclusions if token in lack_bits)
    for _, bit in (*way.tokens, *way.exclusions):
        way.looks_at |= bit
    anybody = Person(at=())
    needed = (one for condition in transition.conditions for one in condition.landmarks(anybody))
    way.landmarks = tuple(sum(bits[token] for token in landmark) for landmark in needed)
