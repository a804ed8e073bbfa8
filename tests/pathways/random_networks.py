"""Small random networks and persons for hypothesis. A failing one prints itself as content would say it.

Stops and certificates are numbered, and ways run mostly upwards, so that goals are several steps away. Each network
has some features only, so that what is drawn meets often enough to matter.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from hypothesis import strategies as st

from pathways.person import Certificate, Person
from pathways.searching import Sensible
from tests.pathways.random_conditions import DAYS, QUESTIONS, Chance, Rules
from tests.pathways.records import Query, Record, award, goal, qualification, situation, station, way

FEATURES = ("alongside", "early", "exclusions", "dates", "work", "overrides", "german")
TAPE = 400
TOLD = ("age", "age", "german", "work", "contract", "school_years", "schooling", "child", "status", "facts", "facts")


@st.composite
def queries(
    draw: Callable[[Any], Any],
    *,
    size: int = 5,
    focus: str = "",
    exclusions: bool = True,
    elapsing: bool = True,
    recognition: bool = True,
) -> Query:
    """A whole question, with `focus` among the features. Without `exclusions` nothing shuts anything out; without
    `elapsing` no rule on age or schooling is asked; without `recognition` no certificate has levels."""
    chance = Chance(draw(st.binary(min_size=TAPE, max_size=TAPE)))
    features = {focus, *chance.sample(FEATURES, chance.randint(0, 3))}
    stops = [f"s{n}" for n in range(chance.randint(3, size))]
    papers = [f"q{n}" for n in range(chance.randint(2, min(6, size)))]
    if recognition and chance.randint(0, 5) == 0:
        papers[-1] = "q-anerk-schule"
    rules = Rules(chance, papers, exclusions=exclusions and "exclusions" in features, elapsing=elapsing)
    made = _Making(chance, features, stops, papers, rules)
    person = _person(chance, stops, papers)
    wanted = [one for one in (stops[-1], papers[-1], *stops[1:], *papers, "goal", "goal") if one not in person.at]
    return Query(
        tuple(made.station(n) for n in range(len(stops))),
        tuple(made.qualification(n) for n in range(len(papers))),
        (goal("goal", *(made.wanted() for _ in range(chance.randint(1, 2)))),),
        (situation("home", facts={QUESTIONS[0]: True} if chance.randint(0, 1) else {}),),
        person,
        chance.choice(wanted),
        chance.choice(DAYS),
        Sensible(
            max_changes=chance.choice((4, 3, 2, 1)),
            max_months=chance.choice((72, 48, 24)),
            window_months=chance.choice((36, 12, 6, 0)),
            window_share=chance.choice((0.0, 0.5)),
        ),
    )


class _Making:
    def __init__(self, chance: Chance, features: set[str], stops: list[str], papers: list[str], rules: Rules) -> None:
        self.chance, self.features, self.rules = chance, features, rules
        self.stops, self.papers = stops, papers
        self.number = count()

    def _flip(self, feature: str = "") -> bool:
        return (not feature or feature in self.features) and bool(self.chance.randint(0, 1))

    def station(self, n: int) -> Record:
        pick, one = self.chance.choice, self.stops[n]
        others = [stop for stop in self.stops if stop != one]
        more: Record = {"paid": pick((None, None, True, False))}
        if "dates" in self.features:
            more["starts"] = pick(((), (8,), (8,), (2, 8)))
        if self._flip("alongside"):
            more["alongside"] = {"hosts": self.chance.sample(others, self.chance.randint(1, 2)), "only": self._flip()}
        more["practice"] = self._flip("work")
        if "overrides" in self.features:
            more["open_ended"] = self._flip()
            more["entry_age"] = {"to": pick((None, 6, 17))}
        nearest = ["home", *self.stops[max(0, n - 2) : n], *self.papers]
        ways = [
            self._way(one, nearest if self.chance.randint(0, 3) else [*others, "home"]) for _ in range(pick((2, 1, 3)))
        ]
        gives = self.chance.sample(self.papers, pick((1, 1, 0, 2)))
        awards = [self._award(paper) for paper in gives]
        months = pick((12, 6, 3, 10.5, 24, 1, 0))
        return station(one, months, least=pick((0, 3)), ways_in=ways, awards=awards, **more)

    def qualification(self, n: int) -> Record:
        pick, one = self.chance.choice, self.papers[n]
        more: Record = {"includes": self.chance.sample(self.papers[:n], self.chance.randint(0, min(n, 2)))}
        if "german" in self.features:
            more["german"] = pick((None, "a2", "b1", "b2"))
        if pick((False, False, True)):
            others = [paper for paper in self.papers if paper != one]
            more["ways_in"] = [self._way(one, [*others, *self.stops], into_station=False)]
        if pick((False, False, False, False, True)):
            more["awards"] = [self._award(pick(self.papers), of_station=False)]
        return qualification(one, **more)

    def _way(self, into: str, origins: list[str], *, into_station: bool = True) -> Record:
        pick = self.chance.choice
        more: Record = {"months": pick((0, 0, 0, 1, 6))}
        if "dates" in self.features:
            more["months"] = pick((0, 0, 0.5, 3, 6, 15))
            if self._flip():
                by = self.chance.sample(("03-01", "05-31", "08-01", "11-15"), pick((1, 1, 2)))
                late = pick(("closed", "left-over", "open"))
                more["register"] = {"by": by, "late": late, "years_before": pick((0, 0, 1))}
        if into_station and self._flip("overrides"):
            stay = pick((0, 6, 18))
            more["stay"] = {"min": min(stay, 3), "typical": stay, "max": 24}
            more["starts"] = pick((None, (), (9,)))
        asked = self.rules.some(pick((0, 1, 2)))
        if self._flip("work"):
            rule = {"months": pick((3, 12)), "relevant": self._flip(), "made_up": pick(("no", "included", "added"))}
            asked.append({"work": rule} if self._flip() else {"any_of": [{"work": rule}, *(self.rules.some(1))]})
        return way(
            f"w{next(self.number)}-to-{into}",
            *self.chance.sample(origins, min(len(origins), pick((1, 2)))),
            kind=pick(("entitled", "entitled", "duty", "automatic", "selective")),
            conditions=asked,
            **{**more, "confidence": pick(("confirmed", "confirmed", "confirmed", "unconfirmed"))},
        )

    def _award(self, gives: str, *, of_station: bool = True) -> Record:
        pick = self.chance.choice
        more: Record = {"months": pick((0, 0, 0, 2))}
        if of_station and "early" in self.features:
            more["after_months"] = pick((None, 2, 6, 12))
        if gives == "q-anerk-schule":
            more["as"] = pick((None, "berufsreife", "qsek1"))
        elif pick((False, False, False, True)):
            more["as"] = "cook"
        kind = pick(("automatic", "automatic", "entitled", "selective"))
        return award(f"a{next(self.number)}-gives-{gives}", gives, kind, conditions=self.rules.some(1), **more)

    def wanted(self) -> Record:
        """Part of a goal."""
        match self.chance.choice(("holds", "as", "at", "done")):
            case "holds":
                return {"holds": self.chance.choice(self.papers)}
            case "as":
                return {"holds": {"any": [self.chance.choice(self.papers)], "as": "cook"}}
            case kind:
                return {kind: self.chance.choice(self.stops)}


def _person(chance: Chance, stops: list[str], papers: list[str]) -> Person:
    pick = chance.choice
    at = chance.sample(["home", "home", "home", *stops, pick(papers)], pick((1, 1, 2)))
    told = set(chance.sample(TOLD, chance.randint(0, 6)))

    def maybe(name: str, *values: Any) -> Any:
        return pick(values) if name in told else None

    answers = [*QUESTIONS, "place", "place.s1", "exam", "recommendation.s2", "permit.office"]
    facts = {name: bool(chance.randint(0, 3)) for name in chance.sample(answers, chance.randint(1, 4))}
    contract = maybe("contract", True, False)
    return Person(
        at=tuple(dict.fromkeys(at)),
        holds=tuple(_certificate(chance, one) for one in chance.sample(papers, pick((0, 0, 1, 2)))),
        age=maybe("age", 15, 16, 17, 18, 20),
        german=maybe("german", "a1", "b1", "c1"),
        work_months=maybe("work", None, 0, 10, 24),
        relevant_months=maybe("work", None, 0, 6),
        contracts={} if contract is None else {"training": contract},
        school_years=maybe("school_years", 8, 9, 11, 12),
        compulsory_schooling=maybe("schooling", True, False),
        child_months=maybe("child", 6, 20, 50, 70),
        status=maybe("status", "eu", "duldung"),
        facts=facts if "facts" in told else {},
    )


def _certificate(chance: Chance, one: str) -> Certificate:
    return Certificate(
        one,
        chance.choice((None, 1.8, 3.0, 3.4)),
        chance.choice(({}, {"deutsch": 3}, {"deutsch": 4, "englisch": 2})),
        chance.choice((None, "cook") if one != "q-anerk-schule" else (None, "berufsreife", "qsek1")),
    )
