"""Conditions on the person and on time: age, language, work, schooling, status, contracts, dates, yes/no facts.

A rule that only time can meet (a minimum age, a date) is waited for; a rule that time breaks (a maximum age) is a
deadline. Age is told in completed years, so for some months it is open whether the next birthday has passed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from pathways.calendar_months import MonthDay, first_day, month_index
from pathways.conditions import Condition, Moment, register
from pathways.person import GERMAN_LEVELS, Person
from pathways.verdict import Verdict, all_of
from pathways.wording import Words

TOO_YOUNG_YEARS = 2
"""A minimum age further away than this, on the day asked, counts as not met: no way starts with years of idling."""
FULL_SCHOOLING_YEARS = 12
"""Compulsory schooling in Rheinland-Pfalz, in school years (SchulG RP § 7)."""


def _years_reached(years: int, since: int, needed: int) -> Verdict:
    """Whether `years` completed years grow to `needed` within `since` months; the date in the year is not known."""
    if years + since // 12 >= needed:
        return Verdict.MET
    return Verdict.UNKNOWN if years + (since + 11) // 12 >= needed else Verdict.UNMET


def _years_turns(years: int, start: int, needed: int) -> Iterator[int]:
    missing = (needed - years) * 12
    yield start + missing - 11
    yield start + missing


def _opposite(verdict: Verdict) -> Verdict:
    return Verdict(Verdict.MET - verdict)


@register
class Age(Condition):
    """Age in years on the day of entry."""

    kind = "age"
    at_least: int | None = Field(default=None, ge=0, le=99)
    below: int | None = Field(default=None, ge=1, le=99)
    at_most: int | None = Field(default=None, ge=0, le=99)

    @model_validator(mode="after")
    def _one_limit(self) -> Age:
        if self.at_least is None and self.below is None and self.at_most is None:
            raise ValueError("`age` needs at_least, at_most or below")
        return self

    def _upper(self) -> int | None:
        return self.below if self.below is not None else None if self.at_most is None else self.at_most + 1

    def judge(self, moment: Moment) -> Verdict:
        age = moment.person.age
        if age is None:
            oldest = moment.person.oldest
            too_young = oldest is not None and self.at_least is not None and self.at_least - oldest > TOO_YOUNG_YEARS
            return Verdict.UNMET if too_young else Verdict.UNKNOWN
        since = max(0, moment.month - month_index(moment.day))
        verdicts = []
        if self.at_least is not None:
            too_young = self.at_least - age > TOO_YOUNG_YEARS
            verdicts.append(Verdict.UNMET if too_young else _years_reached(age, since, self.at_least))
        if (upper := self._upper()) is not None:
            verdicts.append(_opposite(_years_reached(age, since, upper)))
        return all_of(verdicts)

    def sentence(self, words: Words) -> str:
        said = []
        if self.at_least is not None:
            said.append(words.gettext("mindestens %(years)s Jahre alt") % {"years": self.at_least})
        if self.below is not None:
            said.append(words.gettext("jünger als %(years)s Jahre") % {"years": self.below})
        if self.at_most is not None:
            said.append(words.gettext("höchstens %(years)s Jahre alt") % {"years": self.at_most})
        return words.listing(said)

    def reason(self, moment: Moment, words: Words) -> str:
        age = moment.person.age
        if age is None:
            return ""
        told = words.gettext("Sie haben %(years)s Jahre angegeben.") % {"years": age}
        verdict, upper = self.judge(moment), self._upper()
        if verdict == Verdict.MET and self.at_least is not None and age < self.at_least:
            return f"{told} {words.gettext('Bis dahin sind Sie alt genug.')}"
        if verdict == Verdict.UNMET and upper is not None and age < upper and age >= (self.at_least or 0):
            return f"{told} {words.gettext('Bis dahin sind Sie zu alt dafür.')}"
        return told

    def facts(self, target: str) -> Iterator[str]:
        yield "age"

    def turns(self, person: Person, day: date) -> Iterator[int]:
        if person.age is None:
            return
        start = month_index(day)
        if self.at_least is not None and 0 < self.at_least - person.age <= TOO_YOUNG_YEARS:
            yield from _years_turns(person.age, start, self.at_least)
        if (upper := self._upper()) is not None and upper > person.age:
            yield from _years_turns(person.age, start, upper)


@register
class ChildAge(Condition):
    """Age of the child in months on the day of entry, or on a fixed day of that year (school entry)."""

    kind = "child_age"
    at_least_months: int | None = Field(default=None, ge=0, le=240)
    below_months: int | None = Field(default=None, ge=1, le=240)
    by: str | None = None

    @field_validator("by")
    @classmethod
    def _real_day(cls, value: str | None) -> str | None:
        if value is not None:
            MonthDay.parse(value)
        return value

    def _counted_at(self, month: int) -> int:
        if self.by is None:
            return month
        return month // 12 * 12 + MonthDay.parse(self.by).month - 1

    def judge(self, moment: Moment) -> Verdict:
        months = moment.person.child_months
        if months is None:
            return Verdict.UNKNOWN
        then = months + self._counted_at(moment.month) - month_index(moment.day)
        if self.at_least_months is not None and then < self.at_least_months:
            return Verdict.UNMET
        if self.below_months is not None and then >= self.below_months:
            return Verdict.UNMET
        return Verdict.MET

    def sentence(self, words: Words) -> str:
        said = []
        if self.at_least_months is not None:
            said.append(
                words.gettext("das Kind ist mindestens %(age)s alt") % {"age": _child_age(self.at_least_months, words)}
            )
        if self.below_months is not None:
            said.append(
                words.gettext("das Kind ist jünger als %(age)s") % {"age": _child_age(self.below_months, words)}
            )
        text = words.listing(said)
        if self.by is None:
            return text
        day = MonthDay.parse(self.by)
        return words.gettext("%(rule)s (Stichtag: %(day)s.%(month)s.)") % {
            "day": day.day,
            "month": day.month,
            "rule": text,
        }

    def reason(self, moment: Moment, words: Words) -> str:
        if moment.person.child_months is None:
            return ""
        return words.gettext("Das Kind ist heute %(age)s alt.") % {"age": _child_age(moment.person.child_months, words)}

    def facts(self, target: str) -> Iterator[str]:
        yield "child_months"

    def turns(self, person: Person, day: date) -> Iterator[int]:
        if person.child_months is None:
            return
        born = month_index(day) - person.child_months
        for limit in (self.at_least_months, self.below_months):
            if limit is None:
                continue
            reached = born + limit
            if self.by is not None:
                year, within = divmod(reached, 12)
                reached = (year + (within > MonthDay.parse(self.by).month - 1)) * 12
            yield reached


def _child_age(months: int, words: Words) -> str:
    years, rest = divmod(months, 12)
    said = []
    if years:
        said.append(words.ngettext("%(count)s Jahr", "%(count)s Jahre", years) % {"count": years})
    if rest or not years:
        said.append(words.ngettext("%(count)s Monat", "%(count)s Monate", rest) % {"count": rest})
    return words.listing(said)


@register
class German(Condition):
    """German by proof at a CEFR level or above, told or earned on the way."""

    kind = "german"
    level: Literal["a1", "a2", "b1", "b2", "c1", "c2"]

    @classmethod
    def spread(cls, value: Any) -> dict[str, Any]:
        return {"level": value}

    def judge(self, moment: Moment) -> Verdict:
        if german_token(self.level) in moment.held:
            return Verdict.MET
        return Verdict.UNKNOWN if moment.person.german is None else Verdict.UNMET

    def sentence(self, words: Words) -> str:
        return words.gettext("Deutsch %(level)s oder besser, mit Nachweis") % {"level": self.level.upper()}

    def reason(self, moment: Moment, words: Words) -> str:
        if moment.person.german is None:
            return ""
        token = german_token(self.level)
        if token in moment.held and token not in german_tokens(moment.person.german):
            return words.gettext("Den Nachweis erreichen Sie auf diesem Weg.")
        return words.gettext("Sie haben Deutsch %(level)s angegeben.") % {"level": moment.person.german.upper()}

    def remedy(self, words: Words) -> str:
        return words.gettext("Zuerst einen Deutschkurs bis %(level)s besuchen und die Prüfung ablegen.") % {
            "level": self.level.upper()
        }

    def tokens(self) -> Iterator[str]:
        yield german_token(self.level)

    def landmarks(self, person: Person) -> Iterator[frozenset[str]]:
        if person.german is not None:
            yield frozenset(self.tokens())

    def facts(self, target: str) -> Iterator[str]:
        yield "german"


def german_token(level: str) -> str:
    """Token for German at this level or above."""
    return f"german:{level}"


def german_tokens(level: str | None) -> Iterator[str]:
    """Tokens that a known level brings, itself and all below."""
    if level is not None:
        for one in GERMAN_LEVELS[: GERMAN_LEVELS.index(level) + 1]:
            yield german_token(one)


@register
class Work(Condition):
    """Months of work or practice. With `made_up` missing months may be worked on the way to the station."""

    kind = "work"
    months: int = Field(ge=1, le=600)
    relevant: bool = False
    made_up: Literal["no", "included", "added"] = "no"

    def known(self, moment: Moment) -> int | None:
        """Months the person has for this rule, with what the route added; None if not told."""
        told = moment.person.relevant_months if self.relevant else moment.person.work_months
        if told is None and self.relevant and moment.person.work_months is not None:
            told = 0 if moment.person.work_months == 0 else None
        if told is None and not self.relevant:
            told = moment.person.relevant_months
        return None if told is None else told + moment.worked

    def judge(self, moment: Moment) -> Verdict:
        known = self.known(moment)
        if (known is not None and known >= self.months) or moment.worked >= self.months:
            return Verdict.MET
        if known is None or self.made_up != "no":
            return Verdict.UNKNOWN
        return Verdict.UNMET

    def missing(self, moment: Moment) -> int:
        """Months still to be worked, as far as known: all of them if nothing is told."""
        return max(0, self.months - (self.known(moment) or moment.worked))

    def sentence(self, words: Words) -> str:
        time = _months(self.months, words)
        if self.relevant:
            return words.gettext("mindestens %(time)s Arbeit oder Praxis in einem passenden Beruf") % {"time": time}
        return words.gettext("mindestens %(time)s im Beruf") % {"time": time}

    def reason(self, moment: Moment, words: Words) -> str:
        known = self.known(moment)
        if known is None or known >= self.months:
            return ""
        return words.gettext("Es fehlen noch %(time)s.") % {"time": _months(self.months - known, words)}

    def remedy(self, words: Words) -> str:
        return words.gettext("So lange weiter in diesem Beruf arbeiten und sich die Zeit bescheinigen lassen.")

    def facts(self, target: str) -> Iterator[str]:
        yield "relevant_months" if self.relevant else "work_months"

    def counts_work(self) -> bool:
        return True


def _months(months: int, words: Words) -> str:
    if months % 12 == 0:
        return words.ngettext("%(count)s Jahr", "%(count)s Jahre", months // 12) % {"count": months // 12}
    return words.ngettext("%(count)s Monat", "%(count)s Monate", months) % {"count": months}


@register
class Contract(Condition):
    """A signed contract."""

    kind = "contract"
    of: Literal["training", "internship", "company"]

    @classmethod
    def spread(cls, value: Any) -> dict[str, Any]:
        return {"of": value}

    def judge(self, moment: Moment) -> Verdict:
        signed = moment.person.contracts.get(self.of)
        return Verdict.UNKNOWN if signed is None else Verdict.MET if signed else Verdict.UNMET

    def sentence(self, words: Words) -> str:
        return {
            "training": words.gettext("ein Ausbildungsvertrag mit einem Betrieb oder einer Einrichtung"),
            "internship": words.gettext("ein Vertrag für das Praktikum"),
            "company": words.gettext("ein Vertrag mit einem Unternehmen oder einer Einrichtung"),
        }[self.of]

    def remedy(self, words: Words) -> str:
        return words.gettext("Bewerben Sie sich bei Betrieben. Die Berufsberatung hilft dabei.")

    def facts(self, target: str) -> Iterator[str]:
        yield f"contract.{self.of}"


@register
class SchoolYears(Condition):
    """School years completed."""

    kind = "school_years"
    at_least: int = Field(ge=1, le=20)

    def judge(self, moment: Moment) -> Verdict:
        years = moment.person.school_years
        if years is None:
            return Verdict.UNKNOWN
        return _years_reached(years, max(0, moment.month - month_index(moment.day)), self.at_least)

    def sentence(self, words: Words) -> str:
        return words.gettext("mindestens %(count)s Schuljahre besucht") % {"count": self.at_least}

    def facts(self, target: str) -> Iterator[str]:
        yield "school_years"

    def turns(self, person: Person, day: date) -> Iterator[int]:
        if person.school_years is not None:
            yield from _years_turns(person.school_years, month_index(day), self.at_least)


@register
class CompulsorySchooling(Condition):
    """Full compulsory schooling done, or still going on."""

    kind = "compulsory_schooling"
    state: Literal["fulfilled", "ongoing"]

    @classmethod
    def spread(cls, value: Any) -> dict[str, Any]:
        return {"state": value}

    def _fulfilled(self, moment: Moment) -> Verdict:
        person = moment.person
        since = max(0, moment.month - month_index(moment.day))
        if person.compulsory_schooling is True:
            return Verdict.MET
        if person.school_years is not None:
            return _years_reached(person.school_years, since, FULL_SCHOOLING_YEARS)
        if person.compulsory_schooling is False and since == 0:
            return Verdict.UNMET
        return Verdict.UNKNOWN

    def judge(self, moment: Moment) -> Verdict:
        fulfilled = self._fulfilled(moment)
        return fulfilled if self.state == "fulfilled" else _opposite(fulfilled)

    def sentence(self, words: Words) -> str:
        if self.state == "fulfilled":
            return words.gettext("die Schulpflicht ist erfüllt (%(years)s Schuljahre)") % {
                "years": FULL_SCHOOLING_YEARS
            }
        return words.gettext("noch schulpflichtig (weniger als %(years)s Schuljahre)") % {"years": FULL_SCHOOLING_YEARS}

    def facts(self, target: str) -> Iterator[str]:
        yield "school_years"

    def turns(self, person: Person, day: date) -> Iterator[int]:
        start = month_index(day)
        if person.school_years is not None and person.school_years < FULL_SCHOOLING_YEARS:
            yield from _years_turns(person.school_years, start, FULL_SCHOOLING_YEARS)
        elif person.compulsory_schooling is False:
            yield start + 1


@register
class Status(Condition):
    """Residence status, as coarse as the rule needs. The navigator informs; the office decides."""

    kind = "status"
    any: tuple[str, ...] = Field(min_length=1)

    @classmethod
    def spread(cls, value: Any) -> dict[str, Any]:
        return {"any": tuple(value) if isinstance(value, list) else (value,)}

    def judge(self, moment: Moment) -> Verdict:
        status = moment.person.status
        return Verdict.UNKNOWN if status is None else Verdict.MET if status in self.any else Verdict.UNMET

    def sentence(self, words: Words) -> str:
        names = words.listing([words.name(f"status.{one}") for one in self.any], either=True)
        return words.gettext("Aufenthalt: %(name)s") % {"name": names}

    def facts(self, target: str) -> Iterator[str]:
        yield "status"


@register
class Valid(Condition):
    """The way is open for entries from a day, until a day."""

    kind = "valid"
    start: date | None = Field(default=None, alias="from")
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Valid:
        if self.start is None and self.until is None:
            raise ValueError("`valid` needs from or until")
        if self.start and self.until and self.until < self.start:
            raise ValueError("`valid` ends before it begins")
        return self

    def judge(self, moment: Moment) -> Verdict:
        entry = max(first_day(moment.month), moment.day)
        if self.start is not None and entry < self.start:
            return Verdict.UNMET
        return Verdict.UNMET if self.until is not None and entry > self.until else Verdict.MET

    def sentence(self, words: Words) -> str:
        if self.start and self.until:
            return words.gettext("Beginn zwischen %(start)s und %(until)s") % {
                "start": words.date(self.start),
                "until": words.date(self.until),
            }
        if self.start:
            return words.gettext("Beginn ab %(start)s") % {"start": words.date(self.start)}
        assert self.until is not None
        return words.gettext("Beginn bis %(until)s") % {"until": words.date(self.until)}

    def turns(self, person: Person, day: date) -> Iterator[int]:
        if self.start is not None:
            yield month_index(self.start) + (self.start.day > 1)
        if self.until is not None:
            yield month_index(self.until) + 1


@register
class Cohort(Condition):
    """Open for children born in a range of days (a year group)."""

    kind = "cohort"
    born_from: date | None = None
    born_until: date | None = None

    def judge(self, moment: Moment) -> Verdict:
        person, now = moment.person, month_index(moment.day)
        if person.child_months is not None:
            earliest = latest = now - person.child_months
        elif person.age is not None:
            earliest, latest = now - person.age * 12 - 11, now - person.age * 12
        else:
            return Verdict.UNKNOWN
        if self.born_from is not None:
            limit = month_index(self.born_from)
            if latest < limit:
                return Verdict.UNMET
            if earliest < limit:
                return Verdict.UNKNOWN
        if self.born_until is not None:
            limit = month_index(self.born_until)
            if earliest > limit:
                return Verdict.UNMET
            if latest > limit:
                return Verdict.UNKNOWN
        return Verdict.MET

    def sentence(self, words: Words) -> str:
        if self.born_from and self.born_until:
            return words.gettext("geboren zwischen %(start)s und %(until)s") % {
                "start": words.date(self.born_from),
                "until": words.date(self.born_until),
            }
        if self.born_from:
            return words.gettext("geboren ab %(start)s") % {"start": words.date(self.born_from)}
        return words.gettext("geboren bis %(until)s") % {"until": words.date(self.born_until or date.max)}

    def facts(self, target: str) -> Iterator[str]:
        yield "child_months"


@register
class Fact(Condition):
    """A yes/no question of the content, e.g. whether a need for rehabilitation has been stated."""

    kind = "fact"
    id: str
    expected: bool = Field(default=True, alias="is")

    @classmethod
    def spread(cls, value: Any) -> dict[str, Any]:
        return {"id": value} if isinstance(value, str) else super().spread(value)

    def judge(self, moment: Moment) -> Verdict:
        answer = moment.person.facts.get(self.id)
        return Verdict.UNKNOWN if answer is None else Verdict.MET if answer == self.expected else Verdict.UNMET

    def sentence(self, words: Words) -> str:
        return words.name(f"question.{self.id}.{'met' if self.expected else 'unmet'}")

    def reason(self, moment: Moment, words: Words) -> str:
        answer = moment.person.facts.get(self.id)
        if answer is None:
            return words.gettext("Das wissen wir noch nicht.")
        return words.gettext("Sie haben Ja angegeben.") if answer else words.gettext("Sie haben Nein angegeben.")

    def facts(self, target: str) -> Iterator[str]:
        yield self.id
