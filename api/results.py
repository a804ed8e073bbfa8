"""Searches for the web: within the budget of the settings, a few at a time, and remembered for the next click."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Hashable

import orjson
from starlette.requests import HTTPConnection

from api.answers import Answers, query_of
from api.data import Institutions, answer_data, reach_data
from api.language import Reader
from api.remembered import Remembered
from pathways.network import Network
from pathways.reaching import Reach, find_reach
from pathways.routes import Answer, find_routes
from pathways.searching import Budget

ANSWERS_KEPT = 64
TEXTS_KEPT = 256
SECONDS_KEPT = 600.0


class Results:
    """Routes and reach for checked answers; the same question is searched once.

    Searches compute without pause, so more at once than there are processors would only make each of them late and
    use up its time: the others wait for their turn.
    """

    def __init__(self, milliseconds: int, at_once: int | None = None) -> None:
        self._budget = Budget(milliseconds=milliseconds)
        self._turns = threading.BoundedSemaphore(at_once or os.cpu_count() or 1)
        self._answers: Remembered[Answer] = Remembered(ANSWERS_KEPT, SECONDS_KEPT)
        self._reaches: Remembered[Reach] = Remembered(ANSWERS_KEPT, SECONDS_KEPT)
        self._texts: Remembered[bytes] = Remembered(TEXTS_KEPT, SECONDS_KEPT)

    def routes(self, network: Network, answers: Answers) -> Answer:
        """Every sensible route. Raises `UnknownId`."""

        def search() -> Answer:
            with self._turns:
                return find_routes(
                    network,
                    answers.person,
                    answers.goal_id,
                    answers.day,
                    sensible=answers.sensible,
                    budget=self._budget,
                )

        return self._answers.get((network, _key(answers)), search)

    def reach(self, network: Network, answers: Answers) -> Reach:
        """Everything within reach. Raises `UnknownId`."""

        def search() -> Reach:
            with self._turns:
                return find_reach(network, answers.person, answers.day, sensible=answers.sensible, budget=self._budget)

        return self._reaches.get((network, _key(answers)), search)

    def routes_json(self, network: Network, answers: Answers, institutions: Callable[[], Institutions]) -> bytes:
        """The route JSON of the contract."""

        def make() -> bytes:
            reader = Reader(network, answers.lang)
            return orjson.dumps(answer_data(self.routes(network, answers), reader, institutions()))

        return self._texts.get((network, "routes", answers.lang, _key(answers)), make)

    def reach_json(self, network: Network, answers: Answers) -> bytes:
        """The reach JSON."""

        def make() -> bytes:
            return orjson.dumps(reach_data(self.reach(network, answers), network, Reader(network, answers.lang)))

        return self._texts.get((network, "reach", answers.lang, _key(answers)), make)

    def text(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """Any other text that stays the same as long as the content does."""
        return self._texts.get(key, make)

    def forget(self) -> None:
        """Forget everything, as after a change of the content."""
        self._answers.forget()
        self._reaches.forget()
        self._texts.forget()


def _key(answers: Answers) -> str:
    return query_of(answers.person, answers.goal_id, answers.day, sensible=answers.sensible)


def results_of(connection: HTTPConnection) -> Results:
    """The searches of the service that this request reached."""
    results: Results = connection.app.state.results
    return results
