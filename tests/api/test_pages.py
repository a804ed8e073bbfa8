"""Every page of the site, read by a machine: sound HTML, German, no link that leads nowhere."""

from __future__ import annotations

import dataclasses
import importlib
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api import frame, pages
from api.app import create_app
from api.frame import Link
from api.settings import Settings
from pathways.network import Network
from pathways.tree import CONTENT
from tests.api.page_checks import Page, faults

TODAY = date(2026, 11, 21)
BASE = "/trier/de/"
NINTH_GRADE = "from=rsplus-koop-br&to=goal-ahr"
LATER = re.compile(r"/trier/de/(search|map|plan)\b|/api/")
"""Pages that other parts of the service bring."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The real app on a fixed day."""
    database = f"sqlite:///{tmp_path_factory.mktemp('pages')}/data.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frame, "today", lambda: TODAY)
        with TestClient(create_app(Settings(database_url=database, reload_seconds=0))) as client:
            yield client


@pytest.fixture(scope="module")
def page(client: TestClient) -> Callable[..., Page]:
    """Fetches a page and checks it."""

    def fetch(path: str, status: int = 200) -> Page:
        response = client.get(path, headers={"accept": "text/html"})
        assert response.status_code == status, f"{path}: {response.status_code}"
        assert response.headers["content-type"].startswith("text/html")
        found = Page(path, response.text)
        wrong = faults(found)
        assert not wrong, f"{path}: {wrong[:12]}"
        return found

    return fetch


Fetch = Callable[..., Page]


def test_a_ninth_grader_reaches_an_answer_with_three_clicks(page: Fetch) -> None:
    start = page(BASE)
    stage = page(start.href_of("Schule ab Klasse 5"))
    goal = page(stage.href_of("Realschule plus 7–9, Berufsreife"))
    answer = page(goal.href_of("Abitur"))
    assert answer.heading == "Ihre Wege zum Ziel: Abitur"
    assert "Realschule plus, Klasse 10 → Oberstufe, Klasse 11 → Oberstufe, Klasse 12–13" in answer.html
    assert "April 2031" in answer.html


def test_a_goal_may_come_first(page: Fetch) -> None:
    stage = page(page(BASE).href_of("Abitur"))
    place = page(stage.href_of("Schule ab Klasse 5"))
    answer = page(place.href_of("Realschule plus 7–9, Berufsreife"))
    assert answer.heading == "Ihre Wege zum Ziel: Abitur"


def test_somebody_in_training_is_asked_for_certificates(page: Fetch) -> None:
    asked = page(f"{BASE}start?from=ausbildung-dual-3j")
    assert asked.heading == "Welche Abschlüsse haben Sie schon?"
    goal = page(asked.href_of("Ich habe noch keinen Abschluss"))
    assert goal.heading == "Wohin wollen Sie?"


def test_certificates_and_averages_are_kept(page: Fetch) -> None:
    told = page(f"{BASE}start?step=goal&from=ausbildung-dual-3j&holds=q-qsek1&avg_q-qsek1=2,4")
    assert "Sekundarabschluss I (Durchschnitt 2,4)" in told.html
    assert "holds=q-qsek1:avg=2.4" in told.href_of("Abitur")


def test_an_answered_question_is_not_asked_again(page: Fetch) -> None:
    first = page(f"{BASE}route?{NINTH_GRADE}")

    def asked(found: Page) -> list[str]:
        return [
            one.attributes["name"] for one in found.all("input") if one.attributes.get("id", "").startswith("frage-")
        ]

    name = asked(first)[0]
    unsure = page(f"{BASE}route?{NINTH_GRADE}&{name}=weiss-nicht")
    assert name not in asked(unsure)
    assert "weiß ich nicht" in unsure.html


def test_every_answer_can_be_changed_and_taken_away(page: Fetch) -> None:
    found = page(f"{BASE}route?{NINTH_GRADE}&know=age=15&know=german=b1&holds=q-berufsreife:avg=2.4&day=2026-10-01")
    changes = [one.attributes["href"] for one in found.all("a") if one.text.startswith(("ändern", "entfernen"))]
    assert len(changes) >= 7
    for link in changes:
        page(link)


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ("age", "Wie alt sind Sie?"),
        ("german", "Muttersprache"),
        ("status", "freiwillig"),
        ("compulsory_schooling", "Schulpflicht"),
        ("second-language", "zweite Fremdsprache"),
        ("average.q-berufsreife", "Durchschnitt"),
        ("contract.training", "Ausbildungsvertrag"),
        ("place.hbf", "Höhere Berufsfachschule"),
    ],
)
def test_each_kind_of_question_has_a_page(page: Fetch, fact: str, words: str) -> None:
    found = page(f"{BASE}start?{NINTH_GRADE}&holds=q-berufsreife&ask={fact}")
    assert words in found.html
    assert "Weiß ich nicht" in found.html


def test_a_route_says_everything(page: Fetch) -> None:
    found = page(f"{BASE}route?{NINTH_GRADE}&route=1")
    for words in (
        "Anmelden bis 1. März 2028",
        "Hier wird ausgewählt",
        "Falls das nicht klappt:",
        "Wenn Sie hier aufhören, haben Sie",
        "Zuletzt mit den Quellen verglichen am",
        "Was noch fehlt",
        "Hier müssen Sie sich bewerben oder anmelden",
        "Das müssen Sie unterwegs erreichen",
        "offen",
        "erfüllt",
    ):
        assert words in found.html, words


def test_no_markup_is_shown_as_text(page: Fetch) -> None:
    for path in (f"route?{NINTH_GRADE}", f"route?{NINTH_GRADE}&route=1", "reach?from=rsplus-koop-br", "help"):
        assert not [words for words in page(BASE + path).words if "<" in words], path


def test_a_route_keeps_its_number_on_another_day(page: Fetch) -> None:
    listed = page(f"{BASE}route?{NINTH_GRADE}")
    single = listed.href_of("Diesen Weg einzeln öffnen")
    assert "day=2026-11-21" in single
    page(single)


def test_every_route_of_an_answer_opens(page: Fetch) -> None:
    listed = page(f"{BASE}route?{NINTH_GRADE}")
    single = {link for link in listed.links if "route=" in link}
    assert len(single) > 10
    for link in sorted(single):
        page(link)


def test_a_no_says_what_is_missing(page: Fetch, network: Network) -> None:
    found = page(f"{BASE}route?from=q-de-a1&to=goal-meister&know=age=15&know=work_months=0")
    assert "keinen Weg dorthin" in found.html
    assert "Wer Ihnen hilft" in found.html
    found = page(f"{BASE}route?from=start-beschaeftigt-ungelernt&to=hbf-polizei&know=age=45")
    assert found.heading == "Ihr Ziel: Berufsfachschule Polizei"
    assert "kein Weg dorthin offen" in found.html
    assert "Zuerst diesen Abschluss erwerben: " in found.html
    page(found.href_of("Sekundarabschluss I"))
    page(found.href_of("Ein anderes Ziel wählen"))
    page(found.href_of("Was ist von hier aus möglich?"))


def test_what_is_missing_and_the_next_date_stand_before_the_steps(page: Fetch) -> None:
    listed = page(f"{BASE}route?{NINTH_GRADE}")
    assert listed.html.index("nächste Frist: ") < listed.html.index("Was noch fehlt")
    for found in (listed, page(f"{BASE}route?{NINTH_GRADE}&route=1")):
        assert (
            found.html.index("Nächste Frist") < found.html.index("Was noch fehlt") < found.html.index("Alle Schritte")
        )
        assert "Mehr dazu, Quellen, geprüft am 31. März 2026" in found.html
        assert "Auskunft gibt:" in found.html


def test_a_point_that_was_only_not_told_leads_to_its_question(page: Fetch) -> None:
    single = page(f"{BASE}route?{NINTH_GRADE}&route=5")
    asked = page(single.href_of("Frage beantworten"))
    assert "Weiß ich nicht" in asked.html


def test_nobody_praises_a_kita_for_wages_or_certificates(page: Fetch) -> None:
    found = page(f"{BASE}route?from=start-familie-mit-kleinkind&to=goal-schulstart")
    assert "ohne Lohn" not in found.html
    assert "Abschlüsse unterwegs" not in found.html


def test_somebody_already_there_is_told_so(page: Fetch) -> None:
    assert "schon erreicht" in page(f"{BASE}route?from=q-ahr&holds=q-ahr&to=goal-ahr").html


def test_a_goal_lists_only_recognitions_for_its_own_occupation(page: Fetch) -> None:
    found = page(f"{BASE}goal/goal-erzieher")
    links = [" ".join(one.text.split()) for one in found.all("a")]
    assert "Anerkennung Erzieher-Beruf" in links
    assert not {"Anerkennung Pflege", "Anerkennung IHK-Beruf", "Kenntnisprüfung Pflege"} & set(links)


def test_a_date_in_a_rule_is_german(page: Fetch) -> None:
    found = page(f"{BASE}route?from=start-familie-mit-kleinkind&to=goal-schulstart")
    assert "Das Kind ist mindestens 6 Jahre alt (Stichtag: 31.8.)" in found.html
    assert "Sofort nachfragen: Die Anmeldung war bis 28. Februar 2026" in found.html


def test_help_says_what_is_unknown(page: Fetch) -> None:
    assert "Keine Angabe zu: Anschrift, Telefon" in page(f"{BASE}help").html


def test_reach_is_grouped_and_dated(page: Fetch) -> None:
    found = page(f"{BASE}reach?from=rsplus-koop-br")
    assert "frühestens im August 2027" in found.html
    assert len(found.all("h2")) > 5


def test_missing_answers_are_asked_for_instead_of_failing(page: Fetch) -> None:
    assert page(f"{BASE}route").heading == "Wo stehen Sie?"
    assert page(f"{BASE}route?from=rsplus-koop-br").heading == "Wohin wollen Sie?"
    assert page(f"{BASE}reach").heading == "Wo stehen Sie?"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("nowhere/de/", 404),
        ("trier/xx/", 404),
        ("trier/de/station/bf22", 404),
        ("trier/de/qualification/q-nothing", 404),
        ("trier/de/goal/goal-nothing", 404),
        ("trier/de/start?stage=nothing", 404),
        (f"trier/de/route?{NINTH_GRADE}&route=999", 404),
        (f"trier/de/route?{NINTH_GRADE}&route=-1", 404),
        ("trier/de/route?from=bf1&to=goal-ahr&know=age=abc", 400),
        ("trier/de/sources?layer=nothing", 404),
        ("trier/de/start?from=bf1&ask=nothing", 404),
        ("trier/de/start?from=bf1&ask=average.q-nothing", 404),
        ("trier/de/route?from=bf1&to=goal-ahr&know=age=12&know=work_months=120", 422),
    ],
)
def test_what_cannot_be_answered_is_a_page_with_a_way_on(client: TestClient, path: str, status: int) -> None:
    response = client.get(f"/{path}", headers={"accept": "text/html"})
    assert response.status_code == status
    assert [one for one in Page(path, response.text).links if not one.startswith("/static")]


def test_renamed_records_redirect(client: TestClient, network: Network) -> None:
    renamed = [
        (one.was[0], one.id) for one in network.stations.values() if one.was and one.was[0] not in network.stations
    ]
    for old, new in renamed[:3]:
        answer = client.get(f"{BASE}station/{old}", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (301, f"{BASE}station/{new}")


def test_with_one_region_the_door_is_its_start_page(page: Fetch) -> None:
    door, start = page("/"), page(BASE)
    assert (door.title, door.links) == (start.title, start.links)


def test_with_several_regions_the_door_lets_choose(tmp_path: Path) -> None:
    for layer in ("de", "rp", "trier"):
        (tmp_path / layer).symlink_to(CONTENT / layer)
    (tmp_path / "konz").mkdir()
    (tmp_path / "konz" / "layer.yaml").write_text("id: konz\nname: Konz\nkind: municipality\nparent: rp\n")
    settings = Settings(database_url=f"sqlite:///{tmp_path}/data.db", content=tmp_path, reload_seconds=0)
    with TestClient(create_app(settings), follow_redirects=False) as client:
        door = Page("/", client.get("/").text)
        assert [door.href_of(name) for name in ("Konz", "Trier")] == ["/konz/de/", BASE]
        assert all(client.get(link).status_code == 200 for link in ("/konz/de/", BASE))


@pytest.mark.parametrize(("status", "told"), [("&know=status=duldung", True), ("&know=status=eu", False), ("", False)])
def test_a_notice_for_one_status_is_read_by_who_told_it(page: Fetch, status: str, told: bool) -> None:
    notice = "Mit einer Duldung muss die Ausländerbehörde die Ausbildung vorher erlauben."
    words = " ".join(page(f"{BASE}route?from=q-berufsreife&to=goal-berufsabschluss{status}").words)
    assert (notice in words) is told
    assert notice in " ".join(page(f"{BASE}station/ausbildung-dual-3j").words)


def test_a_route_says_what_everybody_must_know_of_its_stops(page: Fetch) -> None:
    words = " ".join(page(f"{BASE}route?from=q-de-a2&to=bsk-b1").words)
    assert "Fragen Sie nach, bevor Sie mit dem Kurs planen." in words


def test_every_record_has_a_page(page: Fetch, network: Network) -> None:
    ids = {one for one in (*network.ids(), *network.transitions, *network.help, *network.money) if "-" in one}
    ids -= {"uni-assist"}  # its own name
    paths = [f"station/{one}" for one in (*network.stations, *network.situations)]
    paths += [f"qualification/{one}" for one in network.qualifications]
    paths += [f"goal/{one}" for one in network.goals]
    assert len(paths) >= 220
    for path in paths:
        found = page(BASE + path)
        words = " ".join(one for one in found.words if not re.search(r"/|[a-z]\.[a-z]|…", one))
        assert not ids & set(re.findall(r"[\w-]+", words)), path


def test_every_internal_link_leads_somewhere(client: TestClient) -> None:
    """Crawls the site; of pages that compute, a few of each kind."""
    waiting, seen, computed = [BASE, "/"], {BASE, "/"}, 0
    while waiting:
        path = waiting.pop()
        response = client.get(path)
        assert response.status_code == 200, path
        if not response.headers["content-type"].startswith("text/html"):
            continue
        for link in Page(path, response.text).links:
            link = link.partition("#")[0]
            if link in seen or LATER.match(link):
                continue
            seen.add(link)
            if re.search(r"/(route|reach)\?", link):
                computed += 1
                if computed > 12:
                    continue
            elif "/start?" in link and path.count("start?"):
                continue
            waiting.append(link)
    assert len(seen) > 300


def test_institutions_show_where_they_are_plugged_in(client: TestClient, page: Fetch) -> None:
    client.app.state.institutions_at = lambda region, language, station: [
        Link("/trier/de/help", "BBS Wirtschaft", "Trier")
    ]  # type: ignore[attr-defined]
    try:
        assert "BBS Wirtschaft" in page(f"{BASE}station/bf2").html
        assert "BBS Wirtschaft" in page(f"{BASE}route?{NINTH_GRADE}&route=1").html
    finally:
        client.app.state.institutions_at = None  # type: ignore[attr-defined]


def test_old_facts_carry_a_warning(page: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "today", lambda: date(2028, 1, 1))
    assert "mehr als ein Jahr alt" in page(f"{BASE}station/bf2").html


def test_unconfirmed_facts_are_marked(page: Fetch, network: Network) -> None:
    doubtful = next(one.id for one in network.stations.values() if one.confidence == "unconfirmed")
    assert "Diese Angaben sind nicht bestätigt" in page(f"{BASE}station/{doubtful}").html


def test_sources_link_only_where_the_address_is_complete(page: Fetch, network: Network) -> None:
    outside: set[str] = set()
    words: set[str] = set()
    for layer in (link for link in page(f"{BASE}sources").links if "layer=" in link):
        found = page(layer)
        outside |= {one.attributes["href"] for one in found.all("a") if one.attributes["href"].startswith("http")}
        words |= set(found.words)
    assert outside == {one.url for one in network.sources.values() if one.url}
    assert all(" ".join(one.title.split()) in words for one in network.sources.values())


def test_personal_pages_are_not_kept(client: TestClient) -> None:
    for path in (f"start?{NINTH_GRADE}", f"route?{NINTH_GRADE}", "reach?from=bf1"):
        assert client.get(BASE + path).headers["cache-control"] == "no-store"


def test_views_are_frozen() -> None:
    checked = 0
    for path in Path(pages.__file__).parent.glob("*views.py"):
        module = importlib.import_module(f"api.{path.stem}")
        for name, one in vars(module).items():
            if dataclasses.is_dataclass(one) and isinstance(one, type) and one.__module__ == module.__name__:
                assert one.__dataclass_params__.frozen, name  # type: ignore[attr-defined]
                checked += 1
    assert checked > 30
