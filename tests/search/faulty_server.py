"""A small server on loopback that fails in one chosen way."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

GOOD_VERSION = {"commitSha": "x", "commitDate": "x", "pkgVersion": "1.21.0"}
STATS = {"numberOfDocuments": 455, "isIndexing": False, "fieldDistribution": {}}


def http(status: str, body: bytes, *, length: int | None = None) -> bytes:
    """An HTTP answer; `length` may lie."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: "
    return f"{head}{len(body) if length is None else length}\r\nConnection: close\r\n\r\n".encode() + body


def as_json(data: object, status: str = "200 OK") -> bytes:
    return http(status, json.dumps(data).encode())


def _fault(code: str, status: str) -> bytes:
    return as_json({"message": "no", "code": code, "type": "auth", "link": ""}, status)


def hangs(connection: socket.socket, path: str, over: threading.Event) -> None:
    """Takes the question and never says a word."""
    over.wait(30)


def five_seconds_late(connection: socket.socket, path: str, over: threading.Event) -> None:
    if not over.wait(5):
        connection.sendall(as_json(GOOD_VERSION))


def one_byte_at_a_time(connection: socket.socket, path: str, over: threading.Event) -> None:
    """Never silent long enough for a timeout between bytes."""
    for byte in http("200 OK", b" " * 2_000):
        if over.wait(0.3):
            return
        connection.sendall(bytes([byte]))


def error_500(connection: socket.socket, path: str, over: threading.Event) -> None:
    connection.sendall(_fault("internal", "500 Internal Server Error"))


def error_500_in_html(connection: socket.socket, path: str, over: threading.Event) -> None:
    connection.sendall(http("502 Bad Gateway", b"<html>proxy says no</html>"))


def not_allowed(connection: socket.socket, path: str, over: threading.Event) -> None:
    connection.sendall(_fault("invalid_api_key", "401 Unauthorized"))


def garbage(connection: socket.socket, path: str, over: threading.Event) -> None:
    connection.sendall(bytes(range(256)) * 20)


def garbage_in_json(connection: socket.socket, path: str, over: threading.Event) -> None:
    """A good start, then answers of the wrong shape."""
    search = as_json({"results": [{"hits": [{"id": None}, 7], "estimatedTotalHits": "many"}]})
    _good_start(connection, path, search)


def not_even_a_list(connection: socket.socket, path: str, over: threading.Event) -> None:
    _good_start(connection, path, as_json({"results": {"hits": 3}}))


def unknown_keys(connection: socket.socket, path: str, over: threading.Event) -> None:
    """Looks sound, but names records that do not exist."""
    hits = [{"id": "station--was-nie-da-war"}, {"id": "../../etc/passwd"}, {"id": "x"}]
    _good_start(connection, path, as_json({"results": [{"hits": hits, "estimatedTotalHits": 3}]}))


def truncated(connection: socket.socket, path: str, over: threading.Event) -> None:
    connection.sendall(http("200 OK", b'{"pkgVersion": "1.2', length=4_000))


def truncated_later(connection: socket.socket, path: str, over: threading.Event) -> None:
    _good_start(connection, path, http("200 OK", b'{"results": [{"hits": [', length=4_000))


def empty_index(connection: socket.socket, path: str, over: threading.Event) -> None:
    stats = STATS | {"numberOfDocuments": 0}
    connection.sendall(as_json(GOOD_VERSION if path.startswith("/version") else stats))


def finds_nothing(connection: socket.socket, path: str, over: threading.Event) -> None:
    _good_start(connection, path, as_json({"results": [{"hits": [], "estimatedTotalHits": 0}]}))


def wrong_version(connection: socket.socket, path: str, over: threading.Event) -> None:
    connection.sendall(as_json(GOOD_VERSION | {"pkgVersion": "0.30.5"}))


def hangs_up(connection: socket.socket, path: str, over: threading.Event) -> None:
    """Closes without an answer."""


def _good_start(connection: socket.socket, path: str, search: bytes) -> None:
    if path.startswith("/version"):
        connection.sendall(as_json(GOOD_VERSION))
    elif path.endswith("/stats"):
        connection.sendall(as_json(STATS))
    else:
        connection.sendall(search)


Fault = Callable[[socket.socket, str, threading.Event], None]
FAULTS: dict[str, tuple[Fault, str]] = {
    "hangs": (hangs, "unreachable"),
    "five seconds late": (five_seconds_late, "unreachable"),
    "one byte at a time": (one_byte_at_a_time, "unreachable"),
    "500": (error_500, "failed"),
    "502 from a proxy": (error_500_in_html, "failed"),
    "401": (not_allowed, "refused"),
    "garbage": (garbage, "unreachable"),
    "garbage in JSON": (garbage_in_json, "failed"),
    "not even a list": (not_even_a_list, "failed"),
    "unknown keys": (unknown_keys, "nothing-found"),
    "truncated": (truncated, "unreachable"),
    "truncated later": (truncated_later, "unreachable"),
    "empty index": (empty_index, "empty"),
    "finds nothing": (finds_nothing, "nothing-found"),
    "wrong version": (wrong_version, "wrong-version"),
    "hangs up": (hangs_up, "unreachable"),
}


@contextmanager
def faulty_server(fault: Fault) -> Iterator[str]:
    """Its address."""
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)

    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            request = b""
            while b"\r\n\r\n" not in request and (part := connection.recv(4096)):
                request += part
            path = request.split(b" ", 2)[1].decode() if request.count(b" ") > 1 else ""
            fault(connection, path, over)

    def accept() -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        over.set()
        listener.close()
