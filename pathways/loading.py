"""From a content folder to a checked network: what is broken never starts serving."""

from __future__ import annotations

from pathlib import Path

from pathways.catalogue import load_catalogue
from pathways.checking import check_catalogue
from pathways.errors import BrokenContent
from pathways.network import Network, network_of


def load_network(content: Path, region: str) -> Network:
    """Read, check and build. Raises `BrokenContent` if there is any error finding, `UnknownId` for the region."""
    catalogue = load_catalogue(content, region)
    network = network_of(catalogue)
    errors = [one for one in check_catalogue(catalogue, network) if one.severity == "error"]
    if errors:
        raise BrokenContent(region, list(errors))
    return network
