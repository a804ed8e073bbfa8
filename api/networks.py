"""The networks being served: loaded at start, watched, swapped when the content changes, kept when it breaks."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog
from starlette.requests import HTTPConnection

from pathways.catalogue import regions as municipal_regions
from pathways.compiling import compiled
from pathways.errors import BrokenContent, PathwaysError, UnknownId
from pathways.loading import load_network
from pathways.network import Network

log = structlog.get_logger("bildungsnavi.content")

Fingerprint = frozenset[tuple[str, int, int, int]]
"""Path, time of change, size and inode of every file: cheap to take, and any editing changes it."""
FINDINGS_KEPT = 50


@dataclass(frozen=True)
class Refused:
    """A changed content folder that was not taken over, with what is wrong with it."""

    region: str
    since: datetime
    findings: tuple[str, ...]


class Networks:
    """One network per region. Reading is safe from any thread; only `look` changes what is served."""

    def __init__(self, content: Path, regions: Sequence[str] = ()) -> None:
        """Load every region. Raises `BrokenContent` for an error finding, `UnknownId` for a region without folder."""
        self.content = content
        self._fixed = tuple(regions)
        self._seen = fingerprint(content)
        self._networks: dict[str, Network] = {}
        self._loaded: dict[str, datetime] = {}
        self._refused: dict[str, Refused] = {}
        self._looking = threading.Lock()
        self._told: list[Callable[[], None]] = []
        for region in self._wanted():
            self._take(region, _load(content, region))
        if not self._networks:
            raise BrokenContent(
                str(content),
                ["Kein Ordner mit einer Region. Eine Region braucht <name>/layer.yaml mit kind: municipality."],
            )

    @property
    def regions(self) -> tuple[str, ...]:
        """Ids of the regions served, in their order."""
        return tuple(self._networks)

    @property
    def refused(self) -> Mapping[str, Refused]:
        """By region, content that came later and was not taken over."""
        return dict(self._refused)

    def get(self, region: str) -> Network:
        """The network of a region. Raises `UnknownId` with the nearest ids."""
        found = self._networks.get(region)
        if found is None:
            raise UnknownId("region", region, self._networks)
        return found

    def find(self, region: str) -> Network | None:
        """The network of a region, or nothing."""
        return self._networks.get(region)

    @property
    def first(self) -> Network:
        """The network of the first region, where a page belongs to none."""
        return next(iter(self._networks.values()))

    def loaded(self, region: str) -> datetime:
        """When the network being served was loaded."""
        return self._loaded[region]

    def on_change(self, tell: Callable[[], None]) -> None:
        """Call `tell` whenever a network was swapped."""
        self._told.append(tell)

    def look(self) -> bool:
        """Look for changed files and take over what is sound. True if a network was swapped.

        A folder that changes while it is being read is left for the next look.
        """
        with self._looking:
            before = fingerprint(self.content)
            if before == self._seen:
                return False
            try:
                wanted = self._wanted()
            except Exception as error:
                self._refuse(self.content.name, error)
                return False
            fresh: dict[str, Network | Exception] = {}
            for region in wanted or self.regions:
                try:
                    fresh[region] = _load(self.content, region)
                except Exception as error:  # whatever an editor saves, the service goes on
                    fresh[region] = error
            if fingerprint(self.content) != before:
                return False
            self._seen = before
            self._refused.clear()
            swapped = False
            for region, result in fresh.items():
                if isinstance(result, Network):
                    self._take(region, result)
                    swapped = True
                    log.info("content reloaded", region=region, stations=len(result.stations))
                else:
                    self._refuse(region, result)
            for tell in self._told if swapped else ():
                tell()
            return swapped

    async def watch(self, seconds: float) -> None:
        """Look every `seconds`, in a thread, until cancelled."""
        while seconds > 0:
            await asyncio.sleep(seconds)
            try:
                await asyncio.to_thread(self.look)
            except Exception as error:
                log.error("content could not be looked at", error=type(error).__name__)

    def _wanted(self) -> tuple[str, ...]:
        return self._fixed or tuple(municipal_regions(self.content))

    def _take(self, region: str, network: Network) -> None:
        # A new dictionary at once, so that a reader in another thread sees the old or the new one.
        self._networks = {**self._networks, region: network}
        self._loaded = {**self._loaded, region: datetime.now(UTC)}

    def _refuse(self, region: str, error: Exception) -> None:
        if isinstance(error, BrokenContent):
            findings = tuple(str(finding) for finding in error.findings[:FINDINGS_KEPT])
        elif isinstance(error, PathwaysError):
            findings = (str(error),)
        else:
            findings = (f"{type(error).__name__}: {error}",)
        self._refused[region] = Refused(region, datetime.now(UTC), findings)
        log.error("content refused, the last good network stays", region=region, findings=findings)


def _load(content: Path, region: str) -> Network:
    network = load_network(content, region)
    compiled(network)  # so that the first question does not wait for it
    return network


def fingerprint(content: Path) -> Fingerprint:
    """What the files of a folder look like from outside. A file that vanishes meanwhile is left out."""
    found = set()
    for folder, _, names in os.walk(content):
        for name in names:
            path = os.path.join(folder, name)
            try:
                stat = os.stat(path)
            except OSError:
                continue
            found.add((path, stat.st_mtime_ns, stat.st_size, stat.st_ino))
    return frozenset(found)


def networks_of(connection: HTTPConnection) -> Networks:
    """The networks of the service that this request reached."""
    networks: Networks = connection.app.state.networks
    return networks
