"""Conditions on certificates: what is held, how good it is, what excludes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import Field

from pathways.conditions import Condition, Moment, register
from pathways.person import RECOGNISED_LEVELS, Person
from pathways.verdict import Verdict
from pathways.wording import Words

RECOGNITION = "q-anerk-schule"
RECOGNISED_AS = {
    "q-foerder-l": "foerder-l",
    "q-berufsreife": "berufsreife",
    "q-qsek1": "qsek1",
    "q-fhr": "fhr",
    "q-ahr": "ahr",
}


def parameter_token(qualification: str, parameter: str) -> str:
    """Token of a qualification with its parameter, e.g. a recognition *as* a nurse."""
    return f"{qualification}:{parameter}"


def recognised_token(level: str) -> str:
    """Token of a school certificate recognised at this level or above."""
    return parameter_token(RECOGNITION, level)


def _judge_level(level: str, moment: Moment) -> Verdict:
    if recognised_token(level) in moment.held:
        return Verdict.MET
    if RECOGNITION not in moment.held:
        return Verdict.UNMET
    told = moment.person.certificate(RECOGNITION)
    return Verdict.UNMET if told and told.parameter in RECOGNISED_LEVELS else Verdict.UNKNOWN


@register
class Holds(Condition):
    """Holds a qualification, or a higher one by the order in the content."""

    kind = "holds"
    any: tuple[str, ...] = Field(min_length=1)
    or_recognised: bool = False
    parameter: str | None = Field(default=None, alias="as")

    @classmethod
    def spread(cls, value: Any) -> dict[str, Any]:
        if isinstance(value, str):
            return {"any": (value,)}
        return {"any": tuple(value)} if isinstance(value, list) else super().spread(value)

    def _token(self, qualification: str) -> str:
        return parameter_token(qualification, self.parameter) if self.parameter else qualification

    def judge(self, moment: Moment) -> Verdict:
        if any(self._token(one) in moment.held for one in self.any):
            return Verdict.MET
        if self.parameter and any(one in moment.held and _without_parameter(moment, one) for one in self.any):
            return Verdict.UNKNOWN
        if self.or_recognised:
            levels = [RECOGNISED_AS[one] for one in self.any if one in RECOGNISED_AS]
            return max((_judge_level(level, moment) for level in levels), default=Verdict.UNMET)
        return Verdict.UNMET

    def sentence(self, words: Words) -> str:
        names = words.listing([words.name(one) for one in self.any], either=True)
        if self.or_recognised:
            return words.gettext("%(name)s oder ein gleichgestelltes ausländisches Zeugnis") % {"name": names}
        return words.gettext("Abschluss: %(name)s") % {"name": names}

    def remedy(self, words: Words) -> str:
        names = words.listing([words.name(one) for one in self.any], either=True)
        return words.gettext("Zuerst diesen Abschluss erwerben: %(name)s.") % {"name": names}

    def tokens(self) -> Iterator[str]:
        for one in self.any:
            yield self._token(one)
            if self.parameter:
                yield one
            if self.or_recognised and one in RECOGNISED_AS:
                yield RECOGNITION
                yield recognised_token(RECOGNISED_AS[one])

    def landmarks(self, person: Person) -> Iterator[frozenset[str]]:
        yield frozenset(self.tokens())


def _without_parameter(moment: Moment, qualification: str) -> bool:
    told = moment.person.certificate(qualification)
    return told is not None and told.parameter is None


@register
class NotHolding(Condition):
    """Excluded if one of these is held as such; a higher one does not exclude."""

    kind = "not_holding"
    none_of: tuple[str, ...] = Field(min_length=1)

    @classmethod
    def spread(cls, value: Any) -> dict[str, Any]:
        return {"none_of": tuple(value) if isinstance(value, list) else (value,)}

    def judge(self, moment: Moment) -> Verdict:
        return Verdict.UNMET if any(one in moment.exact for one in self.none_of) else Verdict.MET

    def sentence(self, words: Words) -> str:
        names = words.listing([words.name(one) for one in self.none_of], either=True)
        return words.gettext("noch nicht vorhanden: %(name)s") % {"name": names}

    def reason(self, moment: Moment, words: Words) -> str:
        held = [words.name(one) for one in self.none_of if one in moment.exact]
        if not held:
            return ""
        return words.gettext("Wer das schon hat, wird hier nicht aufgenommen: %(name)s.") % {
            "name": words.listing(held)
        }

    def exclusions(self) -> Iterator[str]:
        yield from self.none_of


@register
class Average(Condition):
    """Average on the named certificate, 1.0 best. Unknown until that certificate is in hand and its average told."""

    kind = "average"
    of: str
    at_most: float = Field(ge=1, le=6)
    what: str | None = None

    def judge(self, moment: Moment) -> Verdict:
        told = moment.person.certificate(self.of)
        if told is None or told.average is None:
            return Verdict.UNKNOWN
        return Verdict.MET if round(told.average, 2) <= round(self.at_most, 2) else Verdict.UNMET

    def sentence(self, words: Words) -> str:
        values = {"limit": words.grade(self.at_most), "name": words.name(self.of), "what": self.what or ""}
        if self.what:
            return words.gettext("Durchschnitt %(limit)s oder besser (%(name)s, %(what)s)") % values
        return words.gettext("Durchschnitt %(limit)s oder besser (%(name)s)") % values

    def reason(self, moment: Moment, words: Words) -> str:
        told = moment.person.certificate(self.of)
        if told is None or told.average is None:
            return ""
        return words.gettext("Sie haben %(average)s angegeben.") % {"average": words.grade(told.average)}

    def facts(self, target: str) -> Iterator[str]:
        yield f"average.{self.of}"


@register
class Grades(Condition):
    """Grades in single subjects of the named certificate, each at most this bad; `count` of them, default all."""

    kind = "grades"
    of: str
    subjects: tuple[str, ...] = Field(min_length=1)
    at_most: int = Field(ge=1, le=6)
    count: int | None = Field(default=None, ge=1)

    def judge(self, moment: Moment) -> Verdict:
        told = moment.person.certificate(self.of)
        grades = told.grades if told else {}
        verdicts = []
        for subject in self.subjects:
            grade = grades.get(subject)
            if grade is None and subject == "erste-fremdsprache":
                grade = grades.get("englisch")
            verdicts.append(
                Verdict.UNKNOWN if grade is None else Verdict.MET if grade <= self.at_most else Verdict.UNMET
            )
        ranked = sorted(verdicts, reverse=True)
        needed = self.count or len(self.subjects)
        return ranked[needed - 1] if needed <= len(ranked) else Verdict.UNMET

    def sentence(self, words: Words) -> str:
        values = {
            "count": self.count,
            "subjects": words.listing([subject_name(one, words) for one in self.subjects]),
            "grade": self.at_most,
            "name": words.name(self.of),
        }
        if self.count and self.count < len(self.subjects):
            return (
                words.gettext(
                    "in mindestens %(count)s von diesen Fächern Note %(grade)s oder besser: %(subjects)s (%(name)s)"
                )
                % values
            )
        return words.gettext("%(subjects)s: keine Note schlechter als %(grade)s (%(name)s)") % values

    def facts(self, target: str) -> Iterator[str]:
        yield f"grades.{self.of}"


def subject_name(subject: str, words: Words) -> str:
    """A school subject as people write it."""
    names = {
        "deutsch": words.gettext("Deutsch"),
        "mathematik": words.gettext("Mathematik"),
        "englisch": words.gettext("Englisch"),
        "praxismodule": words.gettext("alle Praxismodule"),
        "erste-fremdsprache": words.gettext("erste Fremdsprache"),
    }
    return names.get(subject, subject)


@register
class Level(Condition):
    """Parameter of a recognition decision, e.g. a foreign certificate equated with Sekundarabschluss I or higher."""

    kind = "level"
    of: str = RECOGNITION
    at_least: str

    def judge(self, moment: Moment) -> Verdict:
        return _judge_level(self.at_least, moment)

    def sentence(self, words: Words) -> str:
        return words.gettext("das Zeugnis ist gleichgestellt mit: %(level)s (oder höher)") % {
            "level": level_name(self.at_least, words)
        }

    def tokens(self) -> Iterator[str]:
        yield self.of
        yield recognised_token(self.at_least)

    def landmarks(self, person: Person) -> Iterator[frozenset[str]]:
        yield frozenset(self.tokens())

    def facts(self, target: str) -> Iterator[str]:
        yield f"level.{self.of}"


def level_name(level: str, words: Words) -> str:
    """Name of the school certificate behind a recognition level."""
    return words.name(
        {"berufsreife": "q-berufsreife", "qsek1": "q-qsek1", "fhr": "q-fhr", "ahr": "q-ahr"}.get(level, "q-foerder-l")
    )
