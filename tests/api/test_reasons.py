"""Why a verdict is what it is, in words that fit what the route has changed by then."""

from __future__ import annotations

from datetime import date

import pytest

from api.language import SOURCE, Reader
from pathways.calendar_months import month_index
from pathways.conditions import Moment, read_condition
from pathways.network import Network
from pathways.person import Person

DAY = date(2026, 11, 21)
NOW = month_index(DAY)


@pytest.mark.parametrize(
    ("rule", "person", "later", "held", "said"),
    [
        ({"german": "b2"}, Person(german="b1"), 0, (), "Sie haben Deutsch B1 angegeben."),
        ({"german": "b2"}, Person(german="b1"), 0, ("german:b2",), "Den Nachweis erreichen Sie auf diesem Weg."),
        ({"german": "b1"}, Person(german="b2"), 0, ("german:b1",), "Sie haben Deutsch B2 angegeben."),
        ({"german": "b1"}, Person(), 0, (), ""),
        ({"age": {"at_least": 18}}, Person(age=16), 0, (), "Sie haben 16 Jahre angegeben."),
        (
            *({"age": {"at_least": 18}}, Person(age=16), 36, ()),
            "Sie haben 16 Jahre angegeben. Bis dahin sind Sie alt genug.",
        ),
        (
            *({"age": {"below": 18}}, Person(age=16), 48, ()),
            "Sie haben 16 Jahre angegeben. Bis dahin sind Sie zu alt dafür.",
        ),
        ({"age": {"below": 18}}, Person(age=19), 0, (), "Sie haben 19 Jahre angegeben."),
    ],
)
def test_a_reason_says_what_will_be_by_then(
    network: Network, rule: dict[str, object], person: Person, later: int, held: tuple[str, ...], said: str
) -> None:
    moment = Moment(person, DAY, NOW + later, held=frozenset(held))
    assert read_condition(rule).reason(moment, Reader(network, SOURCE)) == said
