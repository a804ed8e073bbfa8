"""A real server on a free port and a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

NINTH_GRADE = "from=rsplus-koop-br&to=goal-ahr"
PAGES = {
    "start": "",
    "place": "start?stage=lower-secondary",
    "holds": "start?from=ausbildung-dual-3j",
    "question": f"start?{NINTH_GRADE}&ask=german",
    "routes": f"route?{NINTH_GRADE}",
    "route": f"route?{NINTH_GRADE}&route=2",
    "reach": "reach?from=rsplus-koop-br",
    "station": "station/anerk-pflege",
    "qualification": "qualification/q-qsek1",
    "goal": "goal/goal-erzieher",
    "stations": "stations",
    "help": "help",
    "calendar": "calendar",
    "unclear": "unclear",
    "sources": "sources?layer=de",
    "problem": "station/nothing",
    "institution": "institution/ambrosius-grundschule",
    "institutions": "institutions?kind=grundschule",
    "institutions-map": "institutions?view=map",
    "compare": "compare?id=ambrosius-grundschule&id=keune-grundschule&id=vhs-trier",
    "guide": "guide?stage=lower-secondary",
    "search": "search?q=Grundschule&type=institution",
    "search-nothing": "search?q=xqzvwkj",
}
"""One page of each kind, below region and language."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Chromium as `./dev test` found it."""
    found = os.environ.get("BILDUNGSNAVI_TEST_CHROMIUM") or shutil.which("chromium")
    flags = [
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags.append("--no-sandbox")
    return {"args": flags, **({"executable_path": found} if found else {})}


@contextmanager
def serving(folder: Path, *, first: str = "", **settings: str) -> Iterator[str]:
    """A service of its own with these settings; gives its address. `first` is Python to run before it begins."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", f"{first}\nfrom api.cli import main; main()", "serve", "--port", str(port)]
    surroundings = {
        **os.environ,
        "BILDUNGSNAVI_RELOAD_SECONDS": "0",
        "DATABASE_URL": f"sqlite:///{folder}/data.db",
        **settings,
    }
    with subprocess.Popen(command, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(300):
                assert process.poll() is None, "the server did not start"
                try:
                    socket.create_connection(("127.0.0.1", port), 0.2).close()
                    break
                except OSError:
                    time.sleep(0.2)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a running service."""
    with serving(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture(scope="session")
def home(server: str) -> str:
    """The start page of Trier."""
    return f"{server}/trier/de/"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own; the plugin's would bring a base address that we do not use."""
    context = browser.new_context()
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A phone without JavaScript."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()
