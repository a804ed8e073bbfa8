"""What the search tests share: the real content in a database, a search over it, and a real Meilisearch server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import requests
from sqlalchemy import Engine

from api.database import open_database, write_session
from api.institution_store import load_shipped
from api.meili_search import MeiliIndex
from api.migrations import migrate
from api.search import Hit, RegionSearch, open_search
from pathways.network import Network
from pathways.tree import CONTENT

KEY = "a-key-for-tests-only-0123456789"
NETWORK_TYPES = ("station", "situation", "qualification", "goal")


@dataclass
class MeiliServer:
    """A running server of our own, on loopback."""

    program: str
    folder: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, or start again over the same data."""
        self.port = self.port or free_port()
        self.process = subprocess.Popen(
            [self.program, "--no-analytics", "--http-addr", f"127.0.0.1:{self.port}", "--db-path", str(self.folder)],
            env={
                **os.environ,
                "MEILI_MASTER_KEY": KEY,
                "MEILI_ENV": "development",
                "MEILI_MAX_INDEXING_MEMORY": "200MiB",
                "MEILI_MAX_INDEXING_THREADS": "1",
            },
            cwd=self.folder.parent,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(300):
            if self.process.poll() is not None:
                raise RuntimeError(f"Meilisearch ended with {self.process.returncode}.")
            try:
                if requests.get(f"{self.url}/health", timeout=1).ok:
                    return
            except requests.RequestException:
                time.sleep(0.1)
        raise RuntimeError("Meilisearch did not start within 30 seconds.")

    def kill(self) -> None:
        """Without warning, as when the power fails."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(timeout=10)


def find_meili() -> str | None:
    """The program, if there is one."""
    program = os.environ.get("BILDUNGSNAVI_TEST_MEILI", "")
    return program if Path(program).is_file() else None


@contextmanager
def running_meili() -> Iterator[MeiliServer]:
    """A fresh server that ends with the block."""
    program = find_meili()
    if program is None:
        pytest.fail(
            "These tests need a Meilisearch server: run them by ./dev test, which fetches one, or set "
            "BILDUNGSNAVI_TEST_MEILI to the program."
        )
    with TemporaryDirectory(prefix="navi-meili-", ignore_cleanup_errors=True) as folder:
        server = MeiliServer(program, Path(folder) / "data")
        try:
            server.start()
            yield server
        finally:
            server.kill()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def ref(hit: Hit) -> str:
    """How the gold set names a record."""
    return hit.id if hit.type in NETWORK_TYPES else f"{hit.type}:{hit.id}"


@pytest.fixture(scope="session")
def database(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """All institutions of Trier. Only read; tests that write take `own_database`."""
    engine = _filled(network, tmp_path_factory.mktemp("search"))
    yield engine
    engine.dispose()


@pytest.fixture
def own_database(network: Network, tmp_path: Path) -> Iterator[Engine]:
    """The same, for tests that write."""
    engine = _filled(network, tmp_path)
    yield engine
    engine.dispose()


def _filled(network: Network, folder: Path) -> Engine:
    engine = open_database(f"sqlite:///{folder}/search-test.db")
    migrate(engine)
    with write_session(engine) as session:
        load_shipped(session, network, CONTENT)
    return engine


@pytest.fixture(scope="session")
def region(network: Network, database: Engine) -> RegionSearch:
    """A search without a server."""
    found = open_search(network, CONTENT, database, folder=None)
    found.rebuild()
    return found


@pytest.fixture(scope="session")
def meili_server() -> Iterator[MeiliServer]:
    """The real server."""
    with running_meili() as server:
        yield server


@pytest.fixture(scope="session")
def with_meili(region: RegionSearch, meili_server: MeiliServer) -> RegionSearch:
    """The same search with the real server."""
    found = replace(region, meili=MeiliIndex(meili_server.url, KEY, region.network.region))
    found.rebuild(["meilisearch"])
    return found


@pytest.fixture
def asked_of(region: RegionSearch) -> Callable[[str], RegionSearch]:
    """The search with whatever listens at an address."""
    return lambda url: replace(region, meili=MeiliIndex(url, KEY, region.network.region))
