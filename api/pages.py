"""HTML pages. Each endpoint reads answers, asks the domain, makes a view and renders its template."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from api import calendar_views, feedback_page, list_views, record_views, step_views, views
from api.answers import Answers, read_answers
from api.frame import Frame, Link, frame_of, render, render_plain
from api.language import LANGUAGES, SOURCE, Reader
from api.question_views import is_askable, one_question, question_view
from api.results import results_of
from api.route_views import route_page, routes_page
from pathways.errors import UnknownId
from pathways.qualification import Goal, Qualification
from pathways.station import Situation, Station

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)
PERSONAL = {"Cache-Control": "no-store"}


def answers_of(request: Request, frame: Frame) -> Answers:
    """The answers in the query string. Raises `BadFact`, `UnknownId`, `ContradictoryFacts`."""
    pairs = request.query_params.multi_items()
    return read_answers(pairs, frame.network, today=frame.day, lang=frame.reader.language)


def personal(response: Response) -> Response:
    """Not to be kept by anybody: it shows what somebody told."""
    response.headers.update(PERSONAL)
    return response


@router.get("/")
def door(request: Request) -> Response:
    """Choose region and language, or straight to the only region there is; never a redirect."""
    networks = request.app.state.networks
    if len(networks.regions) == 1:
        return start(request, networks.regions[0], SOURCE)
    reader = Reader(networks.first, SOURCE)
    groups = []
    for region in networks.regions:
        network = networks.get(region)
        names = {layer.id: layer.name for layer in network.layers}
        links = tuple(Link(f"/{region}/{code}/", name, code) for code, name in LANGUAGES.items())
        groups.append(views.Group(region, reader.gettext(names.get(region, region)), "", links))
    page = views.DoorPage(reader.gettext("Bildungsnavi"), tuple(groups))
    return render_plain(request, "pages/door.html", page)


@router.get("/{region}/{language}")
@router.get("/{region}/{language}/")
def start(request: Request, region: str, language: str) -> Response:
    """Where do you stand, where do you want to go."""
    frame = frame_of(request, region, language)
    return render(request, frame, "pages/start.html", views.start_page(frame))


@router.get("/{region}/{language}/start")
def ask(request: Request, region: str, language: str, stage: str = "", step: str = "", ask: str = "") -> Response:
    """The guided questions, one at a time."""
    frame = frame_of(request, region, language, "start")
    answers = answers_of(request, frame)
    name, page = _next_step(request, frame, answers, stage, step, ask)
    return personal(render(request, frame, name, page))


def _next_step(
    request: Request, frame: Frame, answers: Answers, stage: str, step: str, fact: str
) -> tuple[str, object]:
    choice = "pages/choice.html"
    if fact:
        if not is_askable(frame.network, fact):
            raise UnknownId("fact", fact, frame.network.questions)
        question = one_question(frame, answers, fact, action="route" if answers.goal_id else "start")
        return "pages/ask.html", step_views.ask_page(frame, answers, question)
    if step == "holds":
        return "pages/holds.html", step_views.holds_page(frame, answers)
    if not answers.person.at and step != "goal":
        if stage == "none":
            return choice, step_views.outside_page(frame, answers)
        if stage in views.stage_words(frame):
            return choice, step_views.place_page(frame, answers, stage)
        if stage:
            raise UnknownId("stage", stage, views.stage_words(frame))
    if step == "stage" or (not answers.person.at and step != "goal"):
        return choice, step_views.stage_page(frame, answers)
    if step != "goal" and step_views.asks_for_certificates(frame.network, answers):
        return "pages/holds.html", step_views.holds_page(frame, answers)
    if not answers.goal_id or step == "goal":
        return choice, step_views.goal_page_of_start(frame, answers)
    answer = results_of(request).routes(frame.network, answers)
    return "pages/ask.html", step_views.ask_page(frame, answers, question_view(frame, answers, answer, "start"))


@router.get("/{region}/{language}/route")
def route(request: Request, region: str, language: str, route: str = "") -> Response:
    """The routes found; with `route` one of them on its own. What is missing is asked first."""
    frame = frame_of(request, region, language, "route")
    answers = answers_of(request, frame)
    if not answers.person.at or not answers.goal_id:
        name, page = _next_step(request, frame, answers, "", "", "")
        return personal(render(request, frame, name, page))
    answer = results_of(request).routes(frame.network, answers)
    if route:
        if not (route.isascii() and route.isdigit()) or not 1 <= int(route[:6]) <= len(answer.routes):
            raise UnknownId("route", route, [str(number + 1) for number in range(len(answer.routes))])
        return personal(render(request, frame, "pages/route.html", route_page(frame, answers, answer, int(route))))
    return personal(render(request, frame, "pages/routes.html", routes_page(frame, answers, answer)))


@router.get("/{region}/{language}/reach")
def reach(request: Request, region: str, language: str) -> Response:
    """Everything reachable from here."""
    frame = frame_of(request, region, language, "reach")
    answers = answers_of(request, frame)
    if not answers.person.at:
        return personal(render(request, frame, "pages/choice.html", step_views.stage_page(frame, answers)))
    found = results_of(request).reach(frame.network, answers)
    return personal(render(request, frame, "pages/reach.html", views.reach_page(frame, answers, found)))


@router.get("/{region}/{language}/station/{record_id}")
def station(request: Request, region: str, language: str, record_id: str) -> Response:
    """A station or situation."""
    frame = frame_of(request, region, language, f"station/{record_id}")
    network = frame.network
    if record_id in network.stations:
        page = record_views.station_page(frame, network.stations[record_id])
    elif record_id in network.situations:
        page = record_views.situation_page(frame, network.situations[record_id])
    else:
        return _renamed(frame, "station", record_id, {**network.stations, **network.situations})
    return render(request, frame, "pages/record.html", page)


@router.get("/{region}/{language}/qualification/{record_id}")
def qualification(request: Request, region: str, language: str, record_id: str) -> Response:
    """A certificate or entitlement."""
    frame = frame_of(request, region, language, f"qualification/{record_id}")
    found = frame.network.qualifications.get(record_id)
    if found is None:
        return _renamed(frame, "qualification", record_id, frame.network.qualifications)
    return render(request, frame, "pages/record.html", record_views.qualification_page(frame, found))


@router.get("/{region}/{language}/goal/{record_id}")
def goal(request: Request, region: str, language: str, record_id: str) -> Response:
    """A goal; a station or certificate can be a goal too and has its own page."""
    frame = frame_of(request, region, language, f"goal/{record_id}")
    found = frame.network.goals.get(record_id)
    if found is None:
        return _renamed(frame, "goal", record_id, frame.network.goals)
    return render(request, frame, "pages/record.html", record_views.goal_page(frame, found))


def _renamed(
    frame: Frame, kind: str, wrong: str, records: Mapping[str, Station | Situation | Qualification | Goal]
) -> Response:
    """A record that once had this id has moved for good. Raises `UnknownId` if there is none."""
    for record in records.values():
        if wrong in record.was:
            return RedirectResponse(frame.to(f"{kind}/{record.id}"), status_code=301)
    raise UnknownId("start" if kind == "station" else kind, wrong, records)


@router.get("/{region}/{language}/stations")
def stations(request: Request, region: str, language: str) -> Response:
    """All stops, certificates and goals by name."""
    frame = frame_of(request, region, language, "stations")
    return render(request, frame, "pages/stations.html", list_views.stations_page(frame))


@router.get("/{region}/{language}/calendar")
def calendar(request: Request, region: str, language: str) -> Response:
    """Dates and changes of the rules."""
    frame = frame_of(request, region, language, "calendar")
    return render(request, frame, "pages/calendar.html", calendar_views.calendar_page(frame))


@router.get("/{region}/{language}/unclear")
def unclear(request: Request, region: str, language: str) -> Response:
    """Where sources disagree, and what nobody confirmed."""
    frame = frame_of(request, region, language, "unclear")
    return render(request, frame, "pages/unclear.html", calendar_views.unclear_page(frame))


@router.get("/{region}/{language}/help")
def help_points(request: Request, region: str, language: str) -> Response:
    """Counselling points by topic."""
    frame = frame_of(request, region, language, "help")
    return render(request, frame, "pages/help.html", list_views.help_page(frame))


@router.get("/{region}/{language}/sources")
def sources(request: Request, region: str, language: str, layer: str = "") -> Response:
    """All sources, by layer."""
    frame = frame_of(request, region, language, "sources")
    return render(request, frame, "pages/sources.html", list_views.sources_page(frame, layer))


def _text(request: Request, region: str, language: str, name: str) -> Response:
    frame = frame_of(request, region, language, name)
    titles = {
        "accessibility": frame.reader.gettext("Barrierefreiheit"),
        "privacy": frame.reader.gettext("Datenschutz"),
    }
    return render(request, frame, f"pages/{name}.html", list_views.text_page(frame, titles[name]))


@router.get("/{region}/{language}/accessibility")
def accessibility(request: Request, region: str, language: str) -> Response:
    """How accessible the service is."""
    return _text(request, region, language, "accessibility")


@router.get("/{region}/{language}/privacy")
def privacy(request: Request, region: str, language: str) -> Response:
    """What happens to data: nothing is kept."""
    return _text(request, region, language, "privacy")


router.include_router(feedback_page.router)
