"""Broken content never starts serving; a running service keeps its last good network and says so."""

from __future__ import annotations

import asyncio
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.networks import Networks, fingerprint
from api.settings import Settings
from pathways.errors import BrokenContent, UnknownId
from pathways.tree import CONTENT

STATION = "rp/stations/bf2.yaml"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the real content that may be broken."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


def rename(content: Path, name: str) -> None:
    path = content / STATION
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(f"name: {name}" if one.startswith("name:") else one for one in lines), encoding="utf-8")


def test_broken_content_never_starts(content: Path) -> None:
    (content / STATION).write_text("id: bf2\nid: bf2\nname: [", encoding="utf-8")
    with pytest.raises(BrokenContent, match=r"bf2\.yaml"):
        create_app(Settings(content=content, reload_seconds=0))


@pytest.mark.parametrize("folder", ["missing", "empty", "file"])
def test_a_folder_without_a_region_never_starts(tmp_path: Path, folder: str) -> None:
    place = tmp_path / folder
    if folder == "empty":
        place.mkdir()
    elif folder == "file":
        place.write_text("", encoding="utf-8")
    with pytest.raises(BrokenContent, match="Region"):
        Networks(place)


def test_a_region_that_has_no_folder_names_the_nearest() -> None:
    with pytest.raises(UnknownId, match="trier"):
        Networks(CONTENT, ["treir"])


def test_a_sound_change_is_taken_over(content: Path) -> None:
    app = create_app(Settings(content=content, database_url=f"sqlite:///{content.parent}/data.db", reload_seconds=0))
    networks = app.state.networks
    old = networks.get("trier")
    with TestClient(app) as client:
        before = client.get("/api/v1/trier/records/bf2")
        routes = client.get("/api/v1/trier/routes?from=bf2&to=q-qsek1&day=2026-11-21")
        assert networks.look() is False
        rename(content, "Ganz neuer Name")
        assert networks.look() is True
        assert networks.get("trier") is not old
        after = client.get("/api/v1/trier/records/bf2", headers={"If-None-Match": before.headers["etag"]})
        assert after.status_code == 200
        assert after.json()["name"] == "Ganz neuer Name"
        assert client.get("/api/v1/trier/stations").text.count("Ganz neuer Name") == 1
        again = client.get("/api/v1/trier/routes?from=bf2&to=q-qsek1&day=2026-11-21")
        assert again.status_code == routes.status_code == 200
        assert client.get("/readyz").json()["status"] == "ready"
    assert networks.look() is False


def test_a_broken_change_keeps_the_last_good_network_and_says_so(content: Path) -> None:
    app = create_app(Settings(content=content, database_url=f"sqlite:///{content.parent}/data.db", reload_seconds=0))
    networks = app.state.networks
    old = networks.get("trier")
    sound = (content / STATION).read_text(encoding="utf-8")
    with TestClient(app) as client:
        (content / STATION).write_text(sound + "\nunknown_key: 1\n", encoding="utf-8")
        assert networks.look() is False
        assert networks.get("trier") is old
        assert client.get("/api/v1/trier/records/bf2").status_code == 200
        ready = client.get("/readyz")
        assert ready.status_code == 200
        assert ready.json()["status"] == "last-good"
        refused = ready.json()["refused"][0]
        assert refused["region"] == "trier"
        assert any("bf2.yaml" in finding and "unknown_key" in finding for finding in refused["findings"])
        (content / STATION).write_text(sound, encoding="utf-8")
        assert networks.look() is True
        assert client.get("/readyz").json() | {"regions": {}} == {"status": "ready", "regions": {}, "refused": []}


@pytest.mark.parametrize("harm", ["remove", "binary", "empty layer"])
def test_whatever_happens_to_the_folder_the_service_goes_on(content: Path, harm: str) -> None:
    networks = Networks(content)
    old = networks.get("trier")
    if harm == "remove":
        shutil.rmtree(content)
    elif harm == "binary":
        (content / STATION).write_bytes(bytes(range(256)) * 10)
    else:
        (content / "trier/layer.yaml").write_text("", encoding="utf-8")
    assert networks.look() is False
    assert networks.get("trier") is old
    assert networks.refused["trier"].findings


def test_a_folder_that_changes_while_it_is_read_waits_for_the_next_look(
    content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    networks = Networks(content)
    rename(content, "Halb geschrieben")
    seen = iter([fingerprint(content), frozenset()])
    monkeypatch.setattr("api.networks.fingerprint", lambda _: next(seen))
    assert networks.look() is False
    monkeypatch.undo()
    assert networks.look() is True


def test_the_watch_notices_by_itself(content: Path) -> None:
    networks = Networks(content)

    async def watch() -> None:
        task = asyncio.create_task(networks.watch(0.05))
        rename(content, "Von selbst bemerkt")
        end = time.monotonic() + 60
        while networks.get("trier").name("bf2") != "Von selbst bemerkt" and time.monotonic() < end:
            await asyncio.sleep(0.05)
        task.cancel()

    with ThreadPoolExecutor(1) as own_thread:  # a browser test before this one may have left its event loop running
        own_thread.submit(asyncio.run, watch()).result()
    assert networks.get("trier").name("bf2") == "Von selbst bemerkt"
