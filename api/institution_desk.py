"""The institutions of the running service: opens the database once, loads what is shipped, knows who offers what."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from sqlalchemy import Engine
from sqlmodel import Session, col, select
from starlette.requests import HTTPConnection

from api.database import open_database, read_session, write_session
from api.frame import Link
from api.institution_store import load_shipped
from api.institution_tables import Institution, Offer
from api.institutions import sort_key
from api.language import catalog
from api.migrations import migrate
from api.networks import Networks

log = structlog.get_logger("bildungsnavi.institutions")

SECONDS_KEPT = 5.0
"""How long a list of who offers what may be old."""


@dataclass(frozen=True)
class _Offered:
    by_station: dict[str, list[tuple[str, str, bool]]]
    """Id, name, and whether no source confirms the offer."""
    until: float


class Desk:
    """Institutions of all regions. Safe from any thread."""

    def __init__(self, networks: Networks, url: str) -> None:
        self._networks, self._url = networks, url
        self._engine: Engine | None = None
        self._opening = threading.RLock()
        self._offered: dict[str, _Offered] = {}
        networks.on_change(self.refresh)

    @property
    def engine(self) -> Engine:
        """The database with all tables and everything shipped; opened when first asked for."""
        with self._opening:
            if self._engine is None:
                engine = open_database(self._url)
                migrate(engine)
                self._load(engine)
                self._engine = engine
            return self._engine

    def close(self) -> None:
        """Let go of the database."""
        with self._opening:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None

    def refresh(self) -> None:
        """Follow content that changed."""
        with self._opening:
            if self._engine is not None:
                self._load(self._engine)
        self._offered.clear()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads."""
        with read_session(self.engine) as session:
            yield session

    def links(self, region: str, language: str, station_id: str, /) -> Sequence[Link]:
        """Who offers a station here, by name, as links to the profiles; what no source confirms is marked."""
        found = self._by_station(region).get(station_id, ())
        doubt = catalog(language).gettext("nicht bestätigt")
        return [
            Link(f"/{region}/{language}/institution/{one}", f"{name} ({doubt})" if is_doubtful else name)
            for one, name, is_doubtful in found
        ]

    def ids_by_station(self, region: str) -> dict[str, list[str]]:
        """Ids of those who offer a station here, by name."""
        return {station: [one for one, _, _ in found] for station, found in self._by_station(region).items()}

    def _by_station(self, region: str) -> dict[str, list[tuple[str, str, bool]]]:
        kept = self._offered.get(region)
        if kept is not None and kept.until > time.monotonic():
            return kept.by_station
        statement = (
            select(Offer.station, Institution.id, Institution.name, Offer.confidence)
            .join(Institution, col(Institution.id) == col(Offer.institution_id))
            .where(
                Institution.region == region,
                col(Offer.station).is_not(None),
                col(Institution.withdrawn).is_(False),
            )
        )
        doubtful: dict[tuple[str, str, str], bool] = {}
        with self.reading() as session:
            for station, one, name, confidence in session.exec(statement):
                key = (str(station), one, name)
                doubtful[key] = doubtful.get(key, True) and confidence == "unconfirmed"
        by_station: dict[str, list[tuple[str, str, bool]]] = {}
        for station, one, name in sorted(doubtful, key=lambda key: (sort_key(key[2]), key[1])):
            by_station.setdefault(station, []).append((one, name, doubtful[station, one, name]))
        self._offered[region] = _Offered(by_station, time.monotonic() + SECONDS_KEPT)
        return by_station

    def _load(self, engine: Engine) -> None:
        for region in self._networks.regions:
            with write_session(engine) as session:
                done = load_shipped(session, self._networks.get(region), self._networks.content)
            log.info(
                "institutions loaded",
                region=region,
                added=len(done.added),
                changed=len(done.changed),
                withdrawn=len(done.withdrawn),
                kept=len(done.kept),
            )


def desk_of(connection: HTTPConnection) -> Desk:
    """The institutions of the service that this request reached."""
    desk: Desk = connection.app.state.desk
    return desk
