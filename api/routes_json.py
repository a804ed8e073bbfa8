"""The JSON interface: the same results as the pages, the records behind them, and all of it as open data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from starlette.datastructures import QueryParams

from api.answers import Answers, known_language, read_answers, readable
from api.clock import today
from api.data import record_data, transition_data
from api.etags import unless_known
from api.institution_desk import desk_of
from api.json_models import (
    NetworkModel,
    ReachModel,
    RecordModel,
    RegionModel,
    RoutesModel,
    TransitionModel,
)
from api.language import LANGUAGES, SOURCE, Reader
from api.networks import networks_of
from api.problems import MEDIA_TYPE
from api.results import results_of
from pathways.errors import BadFact
from pathways.network import Network

JSON = "application/json"
LICENCE = "CC BY 4.0"
TRANSLATED = (
    "name",
    "short",
    "text",
    "entry",
    "opens",
    "obtained",
    "what",
    "who",
    "when",
    "effect",
    "question",
    "title",
)


def _problem(status: int, about: str) -> dict[int | str, dict[str, Any]]:
    schema = {"$ref": "#/components/schemas/ProblemModel"}
    return {status: {"description": about, "content": {MEDIA_TYPE: {"schema": schema}}}}


PROBLEMS: dict[int | str, dict[str, Any]] = {
    **_problem(400, "An answer that cannot be read"),
    **_problem(404, "An id that no record has; the nearest ones are named"),
    **_problem(413, "More than this service takes"),
    **_problem(422, "Answers that contradict each other"),
}
router = APIRouter(prefix="/api/v1", tags=["api"], responses=PROBLEMS)


def _parameter(name: str, about: str, *, required: bool = False, many: bool = False, **schema: Any) -> dict[str, Any]:
    kind = {"type": "string", "maxLength": 2000, **schema}
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": about,
        "schema": {"type": "array", "items": kind} if many else kind,
    }


LANG = _parameter("lang", "Language of names and sentences", enum=list(LANGUAGES))
FACTS = [
    _parameter("from", "Where the person stands: ids, with commas or repeated", example="rsplus-koop-br"),
    _parameter(
        "holds", "Qualification held: q-x or q-x:avg=2.4,deutsch=2", many=True, example=["q-berufsreife:avg=2.4"]
    ),
    _parameter("know", "A fact: age=16, german=b1, contract=training …", many=True, example=["age=16"]),
    _parameter("day", "The day the answer is for; today if left out", format="date", example="2026-11-21"),
    LANG,
    _parameter("max_changes", "Widens or narrows what counts as sensible", pattern="^([1-9]|1[0-9]|20)$"),
    _parameter(
        "max_months",
        "Widens or narrows what counts as sensible",
        pattern="^(1[2-9]|[2-9][0-9]|[12][0-9]{2}|3[0-5][0-9]|360)$",
    ),
]
TO = _parameter("to", "Goal: id of a goal, qualification or station", required=True, example="goal-ahr")


def _documented(model: Any, *parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        "response_model": None,
        "responses": {200: {"model": model}},
        "openapi_extra": {"parameters": list(parameters)},
    }


@router.get("/regions", **_documented(list[RegionModel]))
def regions(request: Request) -> Response:
    """The regions served, with their layers and languages."""
    networks = networks_of(request)
    found = []
    for region in networks.regions:
        layers = [layer.model_dump(mode="json") for layer in networks.get(region).layers]
        name = next((layer["name"] for layer in layers if layer["id"] == region), region)
        found.append({"id": region, "name": name, "layers": layers, "languages": list(LANGUAGES)})
    return unless_known(request, orjson.dumps(found), JSON)


@router.get("/{region}/routes", **_documented(RoutesModel, TO, *FACTS))
def routes(request: Request, region: str) -> Response:
    """Every sensible way from where somebody stands to a goal: what `bildungsnavi route --format json` prints."""
    network = networks_of(request).get(region)
    answers = _answers(request, network)
    if not answers.goal_id:
        raise BadFact("to", "", "Bitte nennen Sie das Ziel: die Kennung eines Ziels, Abschlusses oder Halts.")
    body = results_of(request).routes_json(network, answers, lambda: desk_of(request).ids_by_station(region))
    return Response(body, media_type=JSON)


@router.get("/{region}/reach", **_documented(ReachModel, *FACTS))
def reach(request: Request, region: str) -> Response:
    """Everything within reach from here, with the earliest arrival."""
    network = networks_of(request).get(region)
    return Response(results_of(request).reach_json(network, _answers(request, network)), media_type=JSON)


@router.get("/{region}/records/{record_id}", **_documented(RecordModel, LANG))
def record(request: Request, region: str, record_id: str) -> Response:
    """A station, situation, qualification or goal, with its ways in and on and the sources behind it."""
    network, reader = _reading(request, region)
    return unless_known(request, orjson.dumps(record_data(network, record_id, reader)), JSON)


@router.get("/{region}/transitions", **_documented(list[TransitionModel], LANG))
def transitions(request: Request, region: str) -> Response:
    """Every permitted way, with its conditions in words."""
    return _static(request, region, "transitions")


@router.get("/{region}/network", **_documented(NetworkModel, LANG))
def whole_network(request: Request, region: str) -> Response:
    """Open data: everything about this region in one file."""
    return _static(request, region, "network")


def _add_list(name: str) -> None:
    def listed(request: Request, region: str) -> Response:
        return _static(request, region, name)

    listed.__doc__ = f"All {name} of this region."
    router.get(f"/{{region}}/{name}", name=name, operation_id=f"list_{name}", **_documented(list[RecordModel], LANG))(
        listed
    )


LISTS = (
    "stations",
    "situations",
    "qualifications",
    "goals",
    "sources",
    "help",
    "money",
    "calendar",
    "changes",
    "conflicts",
    "questions",
    "statuses",
)
for _name in LISTS:
    _add_list(_name)


def _answers(request: Request, network: Network) -> Answers:
    answers = read_answers(request.query_params.multi_items(), network, today=today(), strict=True)
    if not answers.person.at and not answers.person.holds:
        raise BadFact("from", "", "Bitte sagen Sie, wo Sie stehen: die Kennung eines Halts oder einer Ausgangslage.")
    return answers


def _reading(request: Request, region: str) -> tuple[Network, Reader]:
    network = networks_of(request).get(region)
    told = QueryParams(readable(request.query_params.multi_items())).get("lang", SOURCE)
    return network, Reader(network, known_language(told))


def _static(request: Request, region: str, name: str) -> Response:
    network, reader = _reading(request, region)
    body = results_of(request).text(
        (network, name, reader.language), lambda: orjson.dumps(list_data(name, network, reader))
    )
    return unless_known(request, body, JSON)


def list_data(name: str, network: Network, reader: Reader) -> Any:
    """One kind of records, or the whole ``network``, as plain data."""
    if name == "transitions":
        return [transition_data(one, reader) for one in network.transitions.values()]
    if name != "network":
        return _records(getattr(network, name).values(), reader)
    return {
        "region": network.region,
        "language": reader.language,
        "licence": LICENCE,
        "layers": [layer.model_dump(mode="json") for layer in network.layers],
        **{one: list_data(one, network, reader) for one in (*LISTS, "transitions")},
    }


def _records(records: Iterable[Any], reader: Reader) -> list[dict[str, Any]]:
    found = []
    for one in records:
        data = one.model_dump(mode="json", by_alias=True, exclude={"ways_in", "awards"})
        for name in TRANSLATED:
            if isinstance(data.get(name), str):
                data[name] = reader.pgettext(f"{one.id}.{name}", data[name])
        found.append(data)
    return found
