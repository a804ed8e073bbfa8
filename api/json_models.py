"""What the JSON interface promises, for its documentation: keys stay, more may come.

The data itself is made in `api.data`; these models describe it and are checked against it by the tests.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

VerdictKey = Literal["met", "unknown", "unmet"]
KindKey = Literal["automatic", "duty", "entitled", "selective"]


class Open(BaseModel):
    """An object that may get more keys."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)


class MonthsModel(Open):
    min: float
    typical: float
    max: float


class ConditionModel(Open):
    kind: str
    text: str = Field(description="The rule as a sentence in the language asked for")
    verdict: VerdictKey
    reason: str
    confidence: str
    sources: list[str]
    at: str | None = Field(default=None, description="Pin-point in the source")


class PlanBModel(Open):
    transitions: list[str]
    arrival: date
    changes: int
    later_by_months: int


class AlertModel(Open):
    text: str
    source: str | None


class LegModel(Open):
    start_at: str | list[str] | None = Field(alias="from")
    transition: str
    station: str | None = None
    qualification: str | None = None
    name: str
    kind: KindKey
    verdict: VerdictKey
    conditions: list[ConditionModel]
    start: date
    end: date
    wait_months: int
    months: MonthsModel
    alongside: bool
    institutions: list[str]
    deadline: date | None
    plan_b: PlanBModel | None
    alerts: list[AlertModel] = Field(description="Notices on the stop that this person must see")


class MilestoneModel(Open):
    qualification: str
    name: str
    certain: bool = Field(description="False if it comes with a station passed, but the route does not depend on it")
    verdict: str = Field(description="met or unknown: whether its conditions are met by then")


class RouteModel(Open):
    legs: list[LegModel]
    months: MonthsModel = Field(
        description="Legs and extra months added up, without waiting; alongside legs counted once"
    )
    arrival: date = Field(description="Includes the waiting")
    open_points: int
    changes: int
    unpaid_months: float
    milestones: list[MilestoneModel]
    variants: list[RouteModel] = []


class UnmetModel(Open):
    transition: str
    text: str
    reason: str
    remedy: str


class BlockedModel(RouteModel):
    unmet: list[UnmetModel]


class QuestionModel(Open):
    fact: str
    text: str
    changes: int = Field(description="Months by which the answers move the earliest arrival")


class PersonModel(Open):
    at: list[str]
    holds: list[dict[str, Any]]


class GoalModel(Open):
    id: str
    name: str


class RoutesModel(Open):
    """One query and everything found."""

    region: str
    day: date
    person: PersonModel
    goal: GoalModel
    complete: bool = Field(
        description="False if the search ran out of its budget: then these are only some of the ways"
    )
    sensible: dict[str, float]
    routes: list[RouteModel]
    blocked: list[BlockedModel] = Field(
        description="Only if there is no route: the ways with the fewest unmet conditions"
    )
    questions: list[QuestionModel]


class DestinationModel(Open):
    id: str
    kind: Literal["station", "qualification"]
    name: str
    arrival: date
    months: MonthsModel
    changes: int
    open_points: int
    transitions: list[str]


class ReachModel(Open):
    """Everything within reach, earliest first."""

    region: str
    day: date
    complete: bool
    destinations: list[DestinationModel]


class RecordModel(Open):
    id: str
    sources: list[str] = []


class TransitionModel(Open):
    id: str
    start_at: list[str] = Field(alias="from")
    to: str
    kind: KindKey
    conditions: list[dict[str, Any]]
    sources: list[str]
    confidence: str


class RegionModel(Open):
    id: str
    name: str
    layers: list[dict[str, Any]]
    languages: list[str]


class NetworkModel(Open):
    """The whole network as open data."""

    region: str
    licence: str
    stations: list[RecordModel]
    situations: list[RecordModel]
    qualifications: list[RecordModel]
    goals: list[RecordModel]
    transitions: list[TransitionModel]
    sources: list[RecordModel]


class SuggestionModel(Open):
    label: str
    href: str


class ProblemModel(Open):
    """What went wrong and how to mend it (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    remedy: str | None = None
    nearest: list[str] = []
    facts: list[str] = []
    suggestions: list[SuggestionModel] = []
