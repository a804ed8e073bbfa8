"""Random conditions of all kinds, as content writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

Rule = dict[str, Any]
One = TypeVar("One")
DAYS = (date(2026, 8, 1), date(2026, 3, 2), date(2026, 11, 21), date(2027, 2, 1), date(2026, 3, 1))
QUESTIONS = ("same-field", "in-need")
DECIDED: tuple[Rule, ...] = (
    {"place": True},
    {"exam": "Test"},
    {"recommendation": {"by": "Klassenkonferenz"}},
    {"permit": {"by": "office"}},
    {"result": "bestanden"},
    {"completed": "Klasse 9"},
    {"choice": "Anmeldung"},
    {"ask": {"what": "Wer weiß", "who": "office"}},
)


class Chance:
    """Choices read off a tape of bytes, which hypothesis makes and shrinks; a tape at its end says the first."""

    def __init__(self, tape: bytes) -> None:
        self.tape = iter(tape)

    def randint(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`."""
        return low + next(self.tape, 0) % (high - low + 1)

    def choice(self, among: Sequence[One]) -> One:
        """One of these."""
        return among[self.randint(0, len(among) - 1)]

    def sample(self, among: Sequence[One], number: int) -> list[One]:
        """So many of these, none twice."""
        left = list(among)
        return [left.pop(self.randint(0, len(left) - 1)) for _ in range(number)]


class Rules:
    """Conditions for one network. ``exclusions``: with those that shut holders out; ``elapsing``: with those on age
    and schooling."""

    def __init__(self, chance: Chance, papers: list[str], *, exclusions: bool, elapsing: bool) -> None:
        self.chance, self.papers = chance, papers
        self.kinds = [self._told, self._decided, self._holds, self._holds, self._marks]
        self.kinds += [self._shut_out] * 4 if exclusions else []
        self.kinds += [self._elapsing] * 3 if elapsing else []

    def some(self, most: int) -> list[Rule]:
        """No condition, or some of them."""
        return [self._one() for _ in range(self.chance.randint(0, most))]

    def _one(self) -> Rule:
        if self.chance.randint(0, 5):
            return self.chance.choice(self.kinds)()
        several = [self.chance.choice(self.kinds)() for _ in range(self.chance.randint(2, 3))]
        kind = self.chance.choice(("any_of", "any_of", "all_of", "at_least"))
        return {kind: {"count": self.chance.randint(1, 3), "of": several} if kind == "at_least" else several}

    def _holds(self) -> Rule:
        one = self.chance.choice(self.papers)
        if self.chance.randint(0, 3):
            return {"holds": one}
        if one == "q-anerk-schule":
            return {"level": {"at_least": self.chance.choice(("foerder-l", "berufsreife", "qsek1"))}}
        other = self.chance.choice(self.papers)
        return {"holds": self.chance.choice(([one, other], {"any": [one], "as": "cook"}))}

    def _marks(self) -> Rule:
        of = self.chance.choice(self.papers)
        subjects = ["deutsch", "erste-fremdsprache"]
        grades = {"of": of, "subjects": subjects, "at_most": self.chance.randint(2, 4)}
        return self.chance.choice(
            ({"average": {"of": of, "at_most": 3.0}}, {"grades": {**grades, "count": self.chance.randint(1, 2)}})
        )

    def _shut_out(self) -> Rule:
        return {"not_holding": self.chance.choice(self.papers)}

    def _decided(self) -> Rule:
        return self.chance.choice(DECIDED)

    def _told(self) -> Rule:
        pick = self.chance.choice
        day = pick((date(2026, 9, 1), date(2027, 1, 15), date(2028, 7, 31)))
        return pick(
            (
                {"german": pick(("a2", "b1", "b2"))},
                {"contract": pick(("training", "company"))},
                {"status": pick((["eu"], ["eu", "duldung"]))},
                {"fact": {"id": pick(QUESTIONS), "is": pick((True, False))}},
                {"valid": pick(({"from": day}, {"until": day}))},
                {"work": {"months": pick((6, 12, 24))}},
            )
        )

    def _elapsing(self) -> Rule:
        pick = self.chance.choice
        years = pick((16, 17, 18, 19))
        return pick(
            (
                {"age": pick(({"at_least": years}, {"below": years}, {"at_least": 16, "at_most": years}))},
                {"child_age": pick(({"at_least_months": 24}, {"below_months": 72}))},
                {"child_age": {"at_least_months": 72, "by": "08-31"}},
                {"school_years": {"at_least": pick((9, 10, 12))}},
                {"compulsory_schooling": pick(("fulfilled", "ongoing"))},
                {"cohort": pick(({"born_from": date(2010, 1, 1)}, {"born_until": date(2009, 1, 1)}))},
            )
        )
