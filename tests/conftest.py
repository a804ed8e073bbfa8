"""What all tests share: the real network, and the real service over it, each made once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from pathways.loading import load_network
from pathways.network import Network
from pathways.tree import CONTENT


@pytest.fixture(scope="session")
def network() -> Network:
    """The real network of Trier."""
    return load_network(CONTENT, "trier")


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The real service over the real content, with a database of its own."""
    folder = tmp_path_factory.mktemp("service")
    return create_app(Settings(database_url=f"sqlite:///{folder}/data.db", reload_seconds=0))


@pytest.fixture(scope="session")
def client(service: FastAPI) -> Iterator[TestClient]:
    """A browser without scripts that follows no redirect by itself."""
    with TestClient(service, follow_redirects=False) as client:
        yield client
