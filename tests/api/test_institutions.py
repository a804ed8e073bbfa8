"""Institutions in the database: loaded once, followed, kept when edited; found by station, filter and distance."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from api.database import open_database, read_session, write_session
from api.distance import Position, haversine_km
from api.institution_content import read_institutions
from api.institution_store import (
    changes_to_index,
    forget_changes,
    load_shipped,
    save_institution,
    stored_institutions,
    withdraw_institution,
)
from api.institution_tables import Outbox, Revision, Site
from api.institutions import (
    NOT_STATED,
    InstitutionFilter,
    find_centre,
    find_renamed,
    get_institution,
    get_institutions,
    institution_ids_at,
    institutions_at,
    institutions_at_many,
    list_institutions,
)
from api.migrations import migrate
from pathways.errors import UnknownId
from pathways.network import Network
from pathways.tree import CONTENT
from tests.api.town import SCHOOL, town_network, write_town

TOWN = town_network()


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    write_town(folder)
    return folder


@pytest.fixture
def town(engine: Engine, content: Path) -> Engine:
    with write_session(engine) as session:
        load_shipped(session, TOWN, content)
    return engine


@pytest.fixture(scope="module")
def standing_town(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The town for tests that only read; one per kind of database."""
    folder = tmp_path_factory.mktemp("town") / "content"
    write_town(folder)
    engine = open_database(new_database())
    migrate(engine)
    with write_session(engine) as session:
        load_shipped(session, TOWN, folder)
    yield engine
    engine.dispose()


def test_the_first_start_fills_the_database_and_the_second_changes_nothing(engine: Engine, content: Path) -> None:
    with write_session(engine) as session:
        first = load_shipped(session, TOWN, content)
    with write_session(engine) as session:
        second = load_shipped(session, TOWN, content)
        waiting = len(changes_to_index(session))
    assert (len(first.added), len(second.unchanged), waiting) == (4, 4, 4)


def test_records_come_back_as_they_went_in(town: Engine, content: Path) -> None:
    with read_session(town) as session:
        stored = {one.record.id: one.record for one in stored_institutions(session, "musterstadt")}
    assert stored == read_institutions(content, "musterstadt").records


def test_what_nobody_edited_follows_the_content(town: Engine, content: Path) -> None:
    path = content / "musterstadt/institutions/brueckenschule.yaml"
    path.write_text(SCHOOL.replace("(0651) 1234", "(0651) 9999"), encoding="utf-8")
    with write_session(town) as session:
        done = load_shipped(session, TOWN, content)
        assert get_institution(session, "brueckenschule").phone == "(0651) 9999"
    assert (done.changed, len(done.unchanged)) == (["brueckenschule"], 3)


def test_what_somebody_edited_stays(town: Engine, content: Path) -> None:
    with write_session(town) as session:
        edited = get_institution(session, "brueckenschule").model_copy(update={"phone": "(0651) 5555"})
        save_institution(session, "musterstadt", edited, "person:anna", "ben")
    path = content / "musterstadt/institutions/brueckenschule.yaml"
    path.write_text(SCHOOL.replace("(0651) 1234", "(0651) 9999"), encoding="utf-8")
    with write_session(town) as session:
        done = load_shipped(session, TOWN, content)
        assert get_institution(session, "brueckenschule").phone == "(0651) 5555"
    assert done.kept == ["brueckenschule"]


def test_what_leaves_the_content_is_withdrawn_and_may_come_back(town: Engine, content: Path) -> None:
    path = content / "musterstadt/institutions/kita-regenbogen.yaml"
    text = path.read_text(encoding="utf-8")
    path.unlink()
    with write_session(town) as session:
        assert load_shipped(session, TOWN, content).withdrawn == ["kita-regenbogen"]
        assert institutions_at(session, "nursery") == []
        with pytest.raises(UnknownId):
            get_institution(session, "kita-regenbogen")
        assert changes_to_index(session)[-1].change == "remove"
    with write_session(town) as session:
        assert load_shipped(session, TOWN, content).withdrawn == []
    path.write_text(text, encoding="utf-8")
    with write_session(town) as session:
        assert load_shipped(session, TOWN, content).changed == ["kita-regenbogen"]
        assert [one.id for one in institutions_at(session, "nursery")] == ["kita-regenbogen"]


def test_saving_replaces_the_parts_and_keeps_the_history(town: Engine) -> None:
    with write_session(town) as session:
        school = get_institution(session, "brueckenschule")
        save_institution(session, "musterstadt", school.model_copy(update={"offers": school.offers[:1]}), "person:anna")
        withdraw_institution(session, "brueckenschule", "person:anna")
    with read_session(town) as session:
        history = session.exec(
            select(Revision).where(Revision.institution_id == "brueckenschule").order_by(col(Revision.id))
        ).all()
        assert len(session.exec(select(Site).where(Site.institution_id == "brueckenschule")).all()) == 1
    assert [one.author for one in history] == ["shipped", "person:anna", "person:anna"]
    before, after = (json.loads(one.snapshot) for one in history[:2])
    assert (len(before["offers"]), len(after["offers"])) == (2, 1)
    assert history[0].snapshot.index('"all_day"') < history[0].snapshot.index('"kind"')


def test_the_list_of_changes_is_worked_off(town: Engine) -> None:
    with write_session(town) as session:
        forget_changes(session, changes_to_index(session, 3))
    with read_session(town) as session:
        assert len(session.exec(select(Outbox)).all()) == 1


def test_stations_know_their_institutions(standing_town: Engine) -> None:
    with read_session(standing_town) as session:
        assert institution_ids_at(session, ["primary", "upper", "nowhere"], "musterstadt") == {
            "primary": ["brueckenschule"],
            "upper": ["gymnasium-am-fluss"],
            "nowhere": [],
        }
        many = institutions_at_many(session, ["primary", "all-day"])
        assert institution_ids_at(session, ["primary"], "elsewhere") == {"primary": []}
    assert many["primary"] == many["all-day"]
    (offer,) = many["primary"][0].offers_at("all-day")
    assert (offer.field, offer.year) == ("Ganztagsschule in Angebotsform", 2016)


def test_an_unknown_institution_gets_a_hint(standing_town: Engine) -> None:
    with read_session(standing_town) as session, pytest.raises(UnknownId, match="brueckenschule") as caught:
        get_institution(session, "brueckenschul")
    assert caught.value.kind == "institution"


def test_several_profiles_keep_the_order_asked_for(standing_town: Engine) -> None:
    wanted = ["kita-regenbogen", "brueckenschule"]
    with read_session(standing_town) as session:
        assert [one.id for one in get_institutions(session, wanted)] == wanted
        with pytest.raises(UnknownId, match="nobody"):
            get_institutions(session, ["kita-regenbogen", "nobody"])


def test_a_former_id_leads_to_the_present_one(standing_town: Engine) -> None:
    with read_session(standing_town) as session:
        assert find_renamed(session, "beratung-neu") == "beratung-ankommen"
        assert find_renamed(session, "brueckenschule") is None


def names(standing_town: Engine, wanted: InstitutionFilter, **more: object) -> list[str]:
    with read_session(standing_town) as session:
        found = list_institutions(session, TOWN, wanted, **more)  # type: ignore[arg-type]
    assert found.total == len(found.listed)
    return [one.record.id for one in found.listed]


def test_the_list_is_in_german_order(standing_town: Engine) -> None:
    assert names(standing_town, InstitutionFilter()) == [
        "beratung-ankommen",  # Ärztehaus: Ä beside A
        "brueckenschule",
        "gymnasium-am-fluss",
        "kita-regenbogen",
    ]


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (InstitutionFilter(kinds=("kita", "grundschule")), ["brueckenschule", "kita-regenbogen"]),
        (InstitutionFilter(stages=("primary",)), ["brueckenschule"]),
        (InstitutionFilter(stations=("upper",)), ["gymnasium-am-fluss"]),
        (InstitutionFilter(topics=("beratung-migration",)), ["beratung-ankommen"]),
        (InstitutionFilter(districts=("Süd",)), ["gymnasium-am-fluss"]),
        (InstitutionFilter(towns=("Musterstadt",), all_day=("none",)), ["gymnasium-am-fluss"]),
        (InstitutionFilter(all_day=(NOT_STATED,)), ["beratung-ankommen", "kita-regenbogen"]),
        (InstitutionFilter(accessible=("none", "full")), ["gymnasium-am-fluss"]),
        (InstitutionFilter(languages=("ar", "fr")), ["beratung-ankommen", "gymnasium-am-fluss"]),
        (InstitutionFilter(near="54000", within_km=2), ["brueckenschule"]),
        (InstitutionFilter(near="54000", within_km=20), ["brueckenschule", "gymnasium-am-fluss"]),
        (
            InstitutionFilter(near="99999", within_km=2),
            ["beratung-ankommen", "brueckenschule", "gymnasium-am-fluss", "kita-regenbogen"],
        ),
    ],
)
def test_filters_narrow_the_list(standing_town: Engine, wanted: InstitutionFilter, ids: list[str]) -> None:
    assert names(standing_town, wanted) == ids


def test_counts_take_every_choice_but_their_own_into_account(standing_town: Engine) -> None:
    with read_session(standing_town) as session:
        found = list_institutions(session, TOWN, InstitutionFilter(kinds=("grundschule",), all_day=("offered",)))
    assert found.facets["kind"] == {"grundschule": 1}
    assert found.facets["all_day"] == {"offered": 1}
    with read_session(standing_town) as session:
        found = list_institutions(session, TOWN, InstitutionFilter(kinds=("grundschule",)))
    assert found.facets["kind"] == {"beratungsstelle": 1, "grundschule": 1, "gymnasium": 1, "kita": 1}
    assert found.facets["stage"] == {"primary": 1}
    with read_session(standing_town) as session:
        found = list_institutions(session, TOWN, InstitutionFilter())
    assert found.facets["all_day"] == {"none": 1, "offered": 1, NOT_STATED: 2}
    assert found.facets["language"] == {"ar": 1, "fr": 1, "uk": 1, NOT_STATED: 2}
    assert found.facets["topic"] == {"beratung-migration": 1}


def test_by_distance_the_nearest_comes_first_and_the_unplaced_last(standing_town: Engine) -> None:
    with read_session(standing_town) as session:
        found = list_institutions(session, TOWN, InstitutionFilter(near="süd"), order="distance")
    assert [one.record.id for one in found.listed] == [
        "gymnasium-am-fluss",
        "brueckenschule",
        "beratung-ankommen",
        "kita-regenbogen",
    ]
    assert [one.km and round(one.km, 1) for one in found.listed] == [0.0, 4.4, None, None]
    assert found.unplaced == 2


def test_pages_are_cut_after_sorting(standing_town: Engine) -> None:
    with read_session(standing_town) as session:
        found = list_institutions(session, TOWN, InstitutionFilter(), offset=1, limit=2)
    assert ([one.record.id for one in found.listed], found.total) == (["brueckenschule", "gymnasium-am-fluss"], 4)


@pytest.mark.parametrize("place", ["54000", "Nord/Hafen", "nord", "HAFEN", " hafen "])
def test_a_place_is_the_middle_of_its_sites(standing_town: Engine, place: str) -> None:
    with read_session(standing_town) as session:
        assert find_centre(session, place, "musterstadt") == Position(49.75, 6.64)


def test_a_town_is_the_middle_of_all_its_sites_with_coordinates(standing_town: Engine) -> None:
    with read_session(standing_town) as session:
        centre = find_centre(session, "musterstadt")
        assert find_centre(session, "Atlantis") is None
    assert centre is not None
    assert (round(centre.lat, 3), round(centre.lon, 3)) == (49.735, 6.62)


def test_distance_on_the_globe() -> None:
    porta_nigra, cathedral = Position(49.7597, 6.6440), Position(49.7562, 6.6433)
    assert porta_nigra.km_to(cathedral) == pytest.approx(0.392, abs=0.005)
    assert haversine_km(49.76, 6.64, 49.23, 6.99) == pytest.approx(64.1, abs=0.5)
    assert haversine_km(None, 6.64, 49.23, 6.99) is None


def test_the_real_institutions_serve_the_stations_of_the_real_network(engine: Engine, network: Network) -> None:
    with write_session(engine) as session:
        assert len(load_shipped(session, network, CONTENT).added) == 175
    with read_session(engine) as session:
        at = institution_ids_at(session, network.stations, "trier")
        near = list_institutions(
            session,
            network,
            InstitutionFilter(stations=("grundschule",), near="54290", within_km=2),
            order="distance",
            limit=3,
        )
    assert sum(bool(ids) for ids in at.values()) >= 65
    assert len(at["grundschule"]) == 73
    assert at["bgy-11"][:2] == ["balthasar-neumann-technikum-trier", "bbs-ehs-trier"]
    assert at["gym-sek1-g8"] == ["friedrich-spee-gymnasium"]
    assert at["kolleg"] == []
    assert near.listed[0].record.id == "barbara-grundschule"
    assert all(one.km is not None and one.km <= 2 for one in near.listed)
