"""What all tests share: the real network, loaded once."""

from __future__ import annotations

import pytest

from pathways.network import Network, load_network
from pathways.tree import CONTENT


@pytest.fixture(scope="session")
def network() -> Network:
    """The real network of Trier."""
    return load_network(CONTENT, "trier")
