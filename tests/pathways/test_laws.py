"""Laws that hold for every network, whatever the right answer is: nobody is worse off for having more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from random import Random

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pathways.person import Certificate
from pathways.routes import find_routes, traveller_for
from pathways.searching import Budget, Found, Sensible, Vector, find_front
from tests.pathways.agreement import ENOUGH, check_answer
from tests.pathways.random_networks import queries
from tests.pathways.records import Query, Record

many = settings(
    deadline=None, derandomize=True, database=None, max_examples=250, suppress_health_check=list(HealthCheck)
)
NO_WINDOW = 10_000
EARLIER_DAYS = (date(2026, 1, 15), date(2026, 3, 1), date(2026, 6, 30))


def search(query: Query, budget: Budget = ENOUGH, without: frozenset[str] = frozenset()) -> Found:
    """One search in a network built anew."""
    traveller = traveller_for(query.network, query.person, query.day)
    goal = traveller.compiled.for_goal(query.goal_id)
    return find_front(traveller, goal, query.sensible, budget, without=without)


def vectors(found: Found) -> set[Vector]:
    return {trail.vector for trail in found.trails}


def unlimited(query: Query, **limits: int) -> Query:
    """Without a window around the fastest route: a faster one would otherwise hide what was found before."""
    return replace(query, sensible=replace(query.sensible, window_months=NO_WINDOW, **limits))


def never_worse(better: Iterable[Vector], worse: Iterable[Vector]) -> bool:
    """For each of the one side the other has something at least as good in everything."""
    known = list(better)
    return all(any(all(map(int.__le__, one, other)) for one in known) for other in worse)


@many
@given(query=queries(size=8, exclusions=False, recognition=False), paper=st.integers(0, 5))
def test_holding_more_never_lengthens_the_best_way(query: Query, paper: int) -> None:
    """Without rules that shut holders out, and without recognitions whose level a person can be told to lack."""
    query = unlimited(query)
    more = query.qualifications[paper % len(query.qualifications)]["id"]
    assume(query.person.certificate(more) is None)
    holding = query.with_person(holds=(*query.person.holds, Certificate(more)))
    assert never_worse(vectors(search(holding)), vectors(search(query)))


@many
@given(query=queries(size=8), number=st.integers(0, 50))
def test_removing_a_way_never_shortens_the_best_way(query: Query, number: int) -> None:
    query = unlimited(query)
    ways = sorted(query.network.transitions)
    gone = ways[number % len(ways)]
    everything = vectors(search(query))
    assert never_worse(everything, vectors(search(query, without=frozenset({gone}))))
    network = query.network.without(gone)
    traveller = traveller_for(network, query.person, query.day)
    goal = traveller.compiled.for_goal(query.goal_id)
    assert vectors(find_front(traveller, goal, query.sensible, ENOUGH)) == vectors(
        search(query, without=frozenset({gone}))
    )


@many
@given(query=queries(size=8, elapsing=False), day=st.sampled_from(EARLIER_DAYS))
def test_an_earlier_day_never_arrives_later(query: Query, day: date) -> None:
    """True where no rule looks at age or schooling: told in years on the day asked, they would make an earlier day a
    younger person. Deadlines are days of the calendar, so an earlier day only meets more of them; the limit on the
    length of a route is set so wide that it does not begin earlier either."""
    assume(day < query.day)
    query = unlimited(query, max_months=300)
    reached = [vector for vector in vectors(search(query)) if vector[0] < 2026 * 12 + 300]
    assert never_worse(vectors(search(replace(query, day=day))), reached)


@many
@given(query=queries(size=8), changes=st.integers(0, 2), months=st.sampled_from((0, 12, 60)))
def test_widening_what_is_sensible_never_loses_a_route(query: Query, changes: int, months: int) -> None:
    narrow = query.sensible
    wide = Sensible(
        narrow.max_changes + changes, narrow.max_months + months, narrow.window_months + months, narrow.window_share
    )
    assert vectors(search(query)) <= vectors(search(replace(query, sensible=wide)))


def told(query: Query) -> list[object]:
    """The whole answer in plain values, in the order in which it is told."""
    answer = find_routes(query.network, query.person, query.goal_id, query.day, sensible=query.sensible, budget=ENOUGH)
    routes = [one for route in (*answer.routes, *answer.blocked) for one in (route, *route.variants)]
    legs = [[(leg.transition.id, leg.start, leg.end, leg.verdict, leg.alongside) for leg in one.legs] for one in routes]
    return [legs, [one.vector for one in routes], answer.shown, answer.questions, answer.complete]


@settings(many, max_examples=100)
@given(query=queries(size=8))
def test_the_same_question_has_the_same_answer(query: Query) -> None:
    assert told(query) == told(query)


@settings(many, max_examples=100)
@given(query=queries(size=8), shuffled=st.randoms(use_true_random=False))
def test_the_order_of_the_content_changes_nothing(query: Query, shuffled: Random) -> None:
    def mixed(records: tuple[Record, ...]) -> tuple[Record, ...]:
        copied = [{**one} for one in records]
        for record in copied:
            for key in ("ways_in", "awards", "includes"):
                if key in record:
                    record[key] = shuffled.sample(record[key], len(record[key]))
        return tuple(shuffled.sample(copied, len(copied)))

    other = replace(query, stations=mixed(query.stations), qualifications=mixed(query.qualifications))
    assert told(query) == told(other)


@many
@given(query=queries(size=8), labels=st.integers(1, 12))
def test_a_search_that_runs_out_says_so_and_tells_only_good_routes(query: Query, labels: int) -> None:
    partial = search(query, Budget(labels=labels, milliseconds=None))
    whole = search(query)
    assert partial.settled <= labels + 1
    if partial.complete:
        assert vectors(partial) == vectors(whole)
    else:
        assert vectors(partial) <= vectors(whole)


@settings(many, max_examples=60)
@given(query=queries(size=5))
def test_a_partial_answer_holds_real_routes(query: Query) -> None:
    check_answer(query, Budget(labels=4, milliseconds=None))
