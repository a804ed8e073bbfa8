"""Views of small answers, where every case can be made: a useful no, a closed window, already there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

from starlette.requests import Request

from api.answers import Answers
from api.frame import Frame, PageWords, render
from api.route_views import RoutesPage, routes_page
from api.settings import Settings
from pathways.network import Network, build_network
from pathways.person import Person
from pathways.qualification import Qualification
from pathways.reference import Help, Question
from pathways.routes import Answer, find_routes
from pathways.searching import Sensible
from pathways.station import Station
from tests.api.page_checks import Page, faults

DAY = date(2026, 11, 21)


def station(station_id: str, *ways: dict[str, Any], awards: tuple[dict[str, Any], ...] = (), **more: Any) -> Station:
    record: dict[str, Any] = {
        "id": station_id,
        "name": f"Schule {station_id.title()}",
        "short": f"Schule {station_id.title()}",
        "stage": "vocational",
        "text": "Eine Schule.",
        "months": {"min": 12, "typical": 12, "max": 24},
        "starts": [8],
        "confidence": "confirmed",
        "checked": DAY,
        "ways_in": ways,
        "awards": awards,
    }
    return Station.model_validate(record | more)


def way(way_id: str, origin: str, **more: Any) -> dict[str, Any]:
    return {"id": way_id, "from": [origin], "kind": "entitled", "confidence": "confirmed", **more}


def answered(network: Network, person: Person, goal: str) -> tuple[RoutesPage, Page]:
    """The view and the page of a query in a small network."""
    return shown(network, person, goal, find_routes(network, person, goal, DAY))


def shown(network: Network, person: Person, goal: str, answer: Answer) -> tuple[RoutesPage, Page]:
    """The view and the page of an answer."""
    answers = Answers(person, goal, DAY, Sensible(), "de")
    frame = Frame(PageWords(network), DAY, Settings(), "route", answers.query)
    view = routes_page(frame, answers, answer)
    request = Request({"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []})
    html = bytes(render(request, frame, "pages/routes.html", view).body).decode()
    page = Page("small", html)
    assert not faults(page)
    return view, page


def test_a_no_names_what_is_missing_and_how_to_meet_it() -> None:
    network = build_network(
        "klein", [station("anfang"), station("abend", way("a", "anfang", conditions=[{"german": "b2"}]))]
    )
    view, page = answered(network, Person(at=("anfang",), german="a2"), "abend")
    assert not view.routes
    assert [(one.verdict, one.text) for one in view.missing] == [("unmet", "Deutsch B2 oder besser, mit Nachweis")]
    for words in ("Zurzeit ist kein Weg dorthin offen", "fehlt", "Deutschkurs bis B2", "So könnte es gehen"):
        assert words in page.html, words


def test_no_way_at_all_is_said_kindly() -> None:
    network = build_network("klein", [station("anfang"), station("insel")])
    view, page = answered(network, Person(at=("anfang",)), "insel")
    assert not view.routes
    assert not view.blocked
    assert "In unseren Daten gibt es keinen Weg dorthin" in page.html


def test_an_unconfirmed_way_says_so() -> None:
    network = build_network(
        "klein", [station("anfang"), station("abend", way("a", "anfang", confidence="unconfirmed"))]
    )
    view, page = answered(network, Person(at=("anfang",)), "abend")
    assert view.routes[0].legs[0].unconfirmed
    assert "nicht bestätigt" in page.html


def test_a_condition_with_a_choice_is_shown_in_parts() -> None:
    choice = {"any_of": [{"age": {"at_least": 18}}, {"german": "b1"}]}
    network = build_network("klein", [station("anfang"), station("abend", way("a", "anfang", conditions=[choice]))])
    view, page = answered(network, Person(at=("anfang",), age=12), "abend")
    (rule,) = view.routes[0].legs[0].rules
    assert (rule.count, [one.verdict for one in rule.parts]) == (1, ["unmet", "unknown"])
    assert "Eines davon genügt:" in page.html


def test_to_dos_are_sorted_by_what_one_does_about_them() -> None:
    conditions = [
        {"contract": "training"},
        {"result": "Die Prüfung ist bestanden"},
        {"ask": {"what": "Es passt", "who": "x"}},
    ]
    network = build_network(
        "klein",
        [
            station("anfang"),
            station("abend", way("a", "anfang", kind="selective", conditions=conditions, register={"by": "03-01"})),
        ],
    )
    view, _ = answered(network, Person(at=("anfang",)), "abend")
    todos = view.routes[0].todos
    assert [one.until for one in todos.apply] == ["1. März 2027", ""]
    assert [one.text for one in todos.earn] == ["Die Prüfung ist bestanden"]
    assert len(todos.clarify) == 1


def test_a_strength_that_all_routes_share_is_not_named() -> None:
    network = build_network(
        "klein",
        [
            station("anfang"),
            *(station(one, way(f"a-{one}", "anfang")) for one in ("links", "rechts")),
            station("abend", way("b", "links"), way("c", "rechts")),
        ],
    )
    view, page = answered(network, Person(at=("anfang",)), "abend")
    assert [route.strengths for route in view.routes] == [(), ()]
    assert "Stärke" not in page.html


def test_the_next_deadline_of_a_route_is_the_first_to_come() -> None:
    network = build_network(
        "klein",
        [
            station("anfang"),
            station("mitte", way("a", "anfang", register={"by": "03-01"})),
            station("abend", way("b", "mitte", register={"by": "02-01"})),
        ],
    )
    view, page = answered(network, Person(at=("anfang",)), "abend")
    assert view.routes[0].deadline == "1. März 2027"
    assert "Nächste Frist" in page.html


def test_a_fact_says_why_it_is_open_or_missing() -> None:
    network = build_network(
        "klein", [station("anfang"), station("abend", way("a", "anfang", conditions=[{"fact": "mut"}]))]
    )
    asked = Question(id="mut", question="Haben Sie Mut?", met="Mut ist da", unmet="Mut fehlt")
    network = replace(network, questions=MappingProxyType({"mut": asked}))
    for facts, words in (
        ({}, "Das wissen wir noch nicht."),
        ({"mut": True}, "Sie haben Ja angegeben."),
        ({"mut": False}, "Sie haben Nein angegeben."),
    ):
        view, page = answered(network, Person(at=("anfang",), facts=facts), "abend")
        (rule,) = (view.routes or view.blocked)[0].legs[0].rules
        assert rule.reason == words
        assert f"Mut ist da. {words}" in page.html


def test_an_open_rule_names_who_knows() -> None:
    network = build_network(
        "klein",
        [station("anfang"), station("abend", way("a", "anfang", conditions=[{"result": "Es reicht"}]), help=["rat"])],
    )
    network = replace(network, help=MappingProxyType({"rat": Help(id="rat", name="Beratung Mitte")}))
    view, page = answered(network, Person(at=("anfang",)), "abend")
    assert [one.text for one in view.routes[0].legs[0].tells] == ["Beratung Mitte"]
    assert page.words.count("Beratung Mitte") == 2  # beside the missing institution, and below in the list of helpers


def test_a_search_that_ran_out_of_time_is_not_a_no() -> None:
    network = build_network("klein", [station("anfang"), station("abend", way("a", "anfang"))])
    person = Person(at=("anfang",))
    found = find_routes(network, person, "abend", DAY)
    page = shown(network, person, "abend", replace(found, complete=False, routes=(), shown=()))[1]
    assert "Die Suche wurde nicht fertig" in page.html
    assert "kein Weg" not in page.html
    assert "keinen Weg dorthin" not in page.html


def test_stopping_on_the_way_names_the_certificate() -> None:
    award = {"id": "g", "gives": "q-x", "kind": "automatic", "confidence": "confirmed"}
    certificate = Qualification(
        id="q-x", name="Abschluss X", short="Abschluss X", door=True, confidence="confirmed", checked=DAY
    )
    network = build_network(
        "klein",
        [station("anfang"), station("mitte", way("a", "anfang"), awards=(award,)), station("abend", way("b", "mitte"))],
        [certificate],
    )
    view, page = answered(network, Person(at=("anfang",)), "abend")
    assert view.routes[0].milestones == ("Abschluss X",)
    assert "Wenn Sie hier aufhören, haben Sie: <strong>Abschluss X</strong>" in " ".join(page.html.split())


def test_a_certificate_that_depends_on_more_is_told_as_possible_only() -> None:
    open_rule = {"result": "Die Prüfung ist bestanden"}
    award = {"id": "g", "gives": "q-x", "kind": "automatic", "confidence": "confirmed", "conditions": [open_rule]}
    shut = {**award, "id": "h", "gives": "q-y", "conditions": [{"contract": "training"}]}
    certificates = [
        Qualification(id=f"q-{one}", name=f"Abschluss {one}", short=f"Abschluss {one}", door=True,
                      confidence="confirmed", checked=DAY)
        for one in "xy"
    ]  # fmt: skip
    stops = [station("anfang"), station("mitte", way("a", "anfang"), awards=(award, shut))]
    network = build_network("klein", [*stops, station("abend", way("b", "mitte"))], certificates)
    person = Person(at=("anfang",), contracts={"training": False})
    view, page = answered(network, person, "abend")
    assert view.routes[0].milestones == ()
    html = " ".join(page.html.split())
    assert "Sind die Voraussetzungen dafür erfüllt, haben Sie hier auch: <strong>Abschluss x</strong>" in html
    assert "Wenn Sie hier aufhören" not in html


def test_work_to_be_made_up_stands_before_the_stop_not_in_it() -> None:
    rule = {"work": {"months": 36, "relevant": True, "made_up": "added"}}
    network = build_network("klein", [station("anfang"), station("abend", way("a", "anfang", conditions=(rule,)))])
    view, _ = answered(network, Person(at=("anfang",), relevant_months=30), "abend")
    leg = view.routes[0].legs[0]
    assert leg.before == "Davor brauchen Sie noch 6 Monate Arbeit oder Praxis."
    assert leg.duration in ("", "1 Jahr")


def test_numbers_of_routes_follow_the_order_shown() -> None:
    network = build_network(
        "klein",
        [
            station("anfang"),
            *(station(one, way(f"a-{one}", "anfang")) for one in ("links", "rechts")),
            station("abend", way("b", "links"), way("c", "rechts")),
        ],
    )
    view, _ = answered(network, Person(at=("anfang",)), "abend")
    assert [route.number for route in view.routes] == [1, 2]
    assert [route.href.rpartition("=")[2] for route in view.routes] == ["1", "2"]
