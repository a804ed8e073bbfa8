"""Generated networks, as real records, for what no real network shows yet: a whole country, and twice the choice.

Seeded and versioned: the same version and seed give the same network everywhere. A change of what is generated is a
new version, since figures of different versions do not compare.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from typing import Any

from pathways.network import Network, build_network
from pathways.person import Certificate, Person
from pathways.qualification import Goal, Qualification
from pathways.station import Situation, Station

VERSION = 1
CHECKED = date(2026, 11, 21)
FIELDS = ("bau", "metall", "elektro", "handel", "pflege", "gastro", "holz", "it", "agrar", "farbe")


@dataclass(frozen=True)
class Size:
    """How large: Länder, municipalities in each, and ways per station compared with the real network."""

    name: str
    lands: int = 1
    municipalities: int = 25
    density: int = 1
    seed: int = 20261121


LAND = Size("land")
BUND = Size("bund", lands=16)
DENSE = Size("dense", density=2)
TINY = Size("tiny", lands=2, municipalities=2)

# Name, how many in a Land, least and most months, what opens it, what it gives, paid, first of August only.
SCHOOLS: tuple[tuple[str, int, int, int, tuple[str, ...], tuple[str, ...], bool, bool], ...] = (
    ("sek1", 8, 12, 24, ("grund", "sek1"), ("q-br", "q-qsek1"), False, True),
    ("bvj", 10, 6, 12, ("sek1", "bvj"), ("q-br",), False, True),
    ("bf", 12, 12, 24, ("q-br", "bvj", "sek1"), ("q-qsek1",), False, True),
    ("oberstufe", 8, 24, 36, ("q-qsek1", "sek1"), ("q-fhr", "q-ahr"), False, True),
    ("fos", 10, 12, 24, ("q-qsek1", "bf"), ("q-fhr",), False, True),
    ("bos", 6, 12, 24, ("q-beruf", "q-fhr"), ("q-ahr", "q-fhr"), False, True),
    ("abend", 8, 18, 36, ("q-br", "q-beruf", "q-qsek1"), ("q-qsek1", "q-fhr", "q-ahr"), None, True),
    ("fachschule", 12, 18, 36, ("q-beruf",), ("q-meister",), False, True),
    ("uni", 8, 36, 42, ("q-ahr", "q-fhr", "q-meister"), ("q-bachelor",), False, False),
    ("master", 4, 18, 24, ("q-bachelor",), ("q-master",), False, False),
)
LADDER = {
    "q-br": (),
    "q-qsek1": ("q-br",),
    "q-fhr": ("q-qsek1",),
    "q-ahr": ("q-fhr",),
    "q-beruf": (),
    "q-meister": ("q-beruf",),
    "q-bachelor": (),
    "q-master": ("q-bachelor",),
}
GERMAN = ("a1", "a2", "b1", "b2", "c1")


def generate(size: Size) -> Network:
    """The network of this size."""
    return _Generator(size).network()


class _Generator:
    def __init__(self, size: Size) -> None:
        self.size = size
        self.random = random.Random(f"{VERSION}-{size.name}-{size.seed}")
        self.stations: list[Station] = []
        self.ways = 0

    def network(self) -> Network:
        self._federal()
        for land in range(self.size.lands):
            self._land(f"l{land:02}")
        return build_network(
            f"generated-{self.size.name}", self.stations, _qualifications(), _goals(self.size), _situations(self.size)
        )

    def _federal(self) -> None:
        """What is the same everywhere: German courses, training in an occupation, a voluntary year."""
        before = "grund-neu"
        for level in GERMAN:
            ways = [self._way([before], "entitled", [self._soft()]), self._way(["start-neu"], "selective", [])]
            self._station(f"kurs-{level}", 6, ways, [(f"q-deutsch-{level}", "selective")], stage="newcomers")
            before = f"kurs-{level}"
        for field in FIELDS:
            open_to: list[Any] = [{"contract": "training"}]
            origins = ["q-br", "q-qsek1", "q-fhr", "start-arbeit"][: 3 + self.random.randrange(2)]
            ways = [self._way([one], "selective", [*open_to, *self._rules(1)]) for one in origins]
            gives = [(f"q-beruf-{field}", "automatic")]
            self._station(f"ausbildung-{field}", 36, ways, gives, paid=True, starts=(8, 9), stage="vocational")
        self._station("fsj", 12, [self._way(["q-br"], "selective", [{"place": True}])], [], paid=True, starts=(8,))
        self._station("arbeit", 12, [self._way(["q-beruf"], "selective", [])], [], paid=True, practice=True)

    def _land(self, land: str) -> None:
        resident = {"fact": f"lives-{land}"}
        for kind, count, least, most, opened_by, gives, paid, august in SCHOOLS:
            wide = kind in ("uni", "master")
            for number in range(count):
                months = self.random.randrange(least, most + 1, 6)
                ways = [
                    self._way(
                        [self._origin(land, self.random.choice(opened_by))],
                        self.random.choice(("entitled", "selective", "selective", "entitled", "duty")),
                        [*([] if wide else [resident]), *self._rules(self.random.choice((1, 1, 2)))],
                        by="03-01" if august and self.random.random() < 0.4 else None,
                    )
                    for _ in range(self.random.choice((1, 2, 2)) * self.size.density)
                ]
                certificates = self.random.sample(gives, k=min(len(gives), self.random.choice((1, 1, 2))))
                awards = [(self._given(one), self.random.choice(("automatic", "selective"))) for one in certificates]
                starts = (8,) if august else (4, 10)
                self._station(f"{kind}-{land}-{number:02}", months, ways, awards, paid=paid, starts=starts)
        for number in range(self.size.municipalities):
            self._municipality(land, f"{land}m{number:02}", resident)

    def _municipality(self, land: str, town: str, resident: dict[str, str]) -> None:
        """Two offers of its own: one for its own people, one for everybody in the Land."""
        own = [
            self._way([self._origin(land, "sek1")], "duty", [{"fact": f"lives-{town}"}])
            for _ in range(self.size.density)
        ]
        self._station(f"bvj-{town}", 12, own, [("q-br", "selective")], starts=(8,))
        anyone = [
            self._way([one], "entitled", [resident, *self._rules(1)])
            for one in ("q-br", "start-arbeit")
            for _ in range(self.size.density)
        ]
        months = self.random.randrange(6, 19, 3)
        self._station(f"vhs-{town}", months, anyone, [("q-qsek1", "selective")], starts=(2, 8), stage="adult")

    def _origin(self, land: str, opened_by: str) -> str:
        if opened_by.startswith("q-"):
            return self._given(opened_by)
        if opened_by == "grund":
            return "start-grundschule"
        count = next(count for kind, count, *_ in SCHOOLS if kind == opened_by)
        return f"{opened_by}-{land}-{self.random.randrange(count):02}"

    def _given(self, qualification: str) -> str:
        if qualification in ("q-beruf", "q-meister") and self.random.random() < 0.8:
            return f"{qualification}-{self.random.choice(FIELDS)}"
        return qualification

    def _rules(self, count: int) -> list[Any]:
        """Conditions of the kinds and about in the shares that the real network has."""
        field = self.random.choice(FIELDS)
        kinds: list[tuple[int, Any]] = [
            (19, {"result": "Abschluss bestanden"}),
            (17, {"fact": f"frage-{self.random.randrange(12)}"}),
            (8, {"holds": self.random.choice(["q-br", "q-qsek1", f"q-beruf-{field}"])}),
            (5, {"choice": "gewünscht"}),
            (4, {"place": True}),
            (4, {"ask": {"what": "weitere Bedingungen", "who": "office"}}),
            (4, {"permit": {"by": "office"}}),
            (3, {"age": {"at_least": self.random.choice((15, 16, 18, 19))}}),
            (2, {"age": {"below": self.random.choice((21, 25, 27))}}),
            (3, {"work": {"months": self.random.choice((12, 24, 36))}}),
            (3, {"average": {"of": "q-qsek1", "at_most": self.random.choice((2.5, 3.0))}}),
            (3, {"german": self.random.choice(("b1", "b2"))}),
            (3, {"not_holding": self.random.choice(("q-qsek1", "q-fhr", "q-ahr"))}),
        ]
        return self.random.choices([rule for _, rule in kinds], [weight for weight, _ in kinds], k=count)

    def _soft(self) -> Any:
        return {"permit": {"by": "office"}}

    def _way(self, origins: list[str], kind: str, conditions: list[Any], by: str | None = None) -> dict[str, Any]:
        self.ways += 1
        way: dict[str, Any] = {"id": f"w{self.ways:05}", "from": origins, "kind": kind, "conditions": conditions}
        if by:
            way["register"] = {"by": by, "late": self.random.choice(("closed", "left-over"))}
        return {**way, "confidence": "unconfirmed" if self.random.random() < 0.1 else "confirmed"}

    def _station(
        self,
        station_id: str,
        months: int,
        ways: list[dict[str, Any]],
        awards: list[tuple[str, str]],
        *,
        paid: bool | None = False,
        practice: bool = False,
        starts: tuple[int, ...] = (),
        stage: str = "vocational",
    ) -> None:
        given = []
        for qualification, kind in awards:
            self.ways += 1
            rules = [{"result": "bestanden"}] if kind == "selective" else [{"completed": "am Ende"}]
            award = {"id": f"a{self.ways:05}", "gives": qualification, "kind": kind, "conditions": rules}
            given.append({**award, "confidence": "confirmed"})
        record = {
            "id": station_id, "name": station_id, "short": station_id, "stage": stage, "text": "", "paid": paid,
            "months": {"min": months, "typical": months, "max": months + 6}, "practice": practice, "starts": starts,
            "confidence": "confirmed", "checked": CHECKED, "ways_in": ways, "awards": given,
        }  # fmt: skip
        self.stations.append(Station.model_validate(record))


def _qualifications() -> list[Qualification]:
    rows = [(one, includes, None) for one, includes in LADDER.items()]
    rows += [(f"q-beruf-{field}", ("q-beruf",), None) for field in FIELDS]
    rows += [(f"q-meister-{field}", ("q-meister", f"q-beruf-{field}"), None) for field in FIELDS]
    rows += [(f"q-deutsch-{level}", (), level) for level in GERMAN]
    return [
        Qualification.model_validate(
            {"id": one, "name": one, "short": one, "includes": includes, "german": level, "door": not level,
             "confidence": "confirmed", "checked": CHECKED}
        )
        for one, includes, level in rows
    ]  # fmt: skip


def _situations(size: Size) -> list[Situation]:
    return [
        Situation.model_validate(
            {"id": one, "name": one, "short": one, "text": "", "confidence": "confirmed", "checked": CHECKED}
        )
        for one in ("start-grundschule", "start-arbeit", "start-neu", "grund-neu")
    ]


def _goals(size: Size) -> list[Goal]:
    wanted: list[tuple[str, dict[str, Any]]] = [(one[2:], {"holds": one}) for one in LADDER if one != "q-br"]
    wanted += [(f"beruf-{field}", {"holds": f"q-beruf-{field}"}) for field in FIELDS[:3]]
    wanted += [(f"meister-{field}", {"holds": f"q-meister-{field}"}) for field in FIELDS[:2]]
    wanted += [(f"uni-l{land:02}", {"at": f"uni-l{land:02}-00"}) for land in range(0, size.lands, 5)]
    return [Goal.model_validate({"id": f"goal-{one}", "name": one, "short": one, "reached": r}) for one, r in wanted]


def generated_queries(size: Size, count: int) -> list[tuple[Person, str]]:
    """Persons spread over Länder and stages, each with a goal; residents of one Land and municipality."""
    chooser = random.Random(f"{VERSION}-queries-{size.name}-{size.seed}")
    goals = [goal.id for goal in _goals(size)]
    places = [f"{kind}-{{land}}-{number:02}" for kind in ("sek1", "bvj", "bf", "fos") for number in range(8)]
    places += ["start-arbeit", "start-neu"]
    queries = []
    for number in range(count):
        home = chooser.randrange(size.lands)
        facts = {f"lives-l{land:02}": land == home for land in range(size.lands)}
        towns = ((land, town) for land in range(size.lands) for town in range(size.municipalities))
        own = chooser.randrange(size.municipalities)
        facts |= {f"lives-l{land:02}m{town:02}": (land, town) == (home, own) for land, town in towns}
        place = chooser.choice(places).format(land=f"l{home:02}")
        holds = chooser.choice([(), (), ("q-br",), ("q-qsek1",)])
        person = Person(
            at=(place,),
            holds=tuple(Certificate(one) for one in holds),
            age=chooser.choice((None, 15, 16, 17, 19, 24)),
            german=chooser.choice((None, "b1", "c2", "c2")),
            facts=facts,
        )
        queries.append((person, goals[number % len(goals)]))
    return queries
