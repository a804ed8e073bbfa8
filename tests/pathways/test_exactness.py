"""The search against brute force, on thousands of random small networks and persons."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.pathways.agreement import check_answer, check_blocked, check_front, check_reach
from tests.pathways.random_networks import FEATURES, queries

many = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("feature", FEATURES)
@settings(many, max_examples=350)
@given(data=st.data())
def test_the_front_is_the_one_brute_force_finds(feature: str, data: st.DataObject) -> None:
    check_front(data.draw(queries(focus=feature)))


@pytest.mark.parametrize("feature", FEATURES)
@settings(many, max_examples=60)
@given(data=st.data())
def test_reach_arrives_when_brute_force_does(feature: str, data: st.DataObject) -> None:
    check_reach(data.draw(queries(size=4, focus=feature)))


@pytest.mark.parametrize("feature", FEATURES)
@settings(many, max_examples=100)
@given(data=st.data())
def test_a_no_names_the_fewest_unmet_conditions(feature: str, data: st.DataObject) -> None:
    check_blocked(data.draw(queries(size=4, focus=feature)))


@pytest.mark.parametrize("feature", FEATURES)
@settings(many, max_examples=80)
@given(data=st.data())
def test_every_route_told_can_be_walked_and_adds_up(feature: str, data: st.DataObject) -> None:
    check_answer(data.draw(queries(focus=feature)))
