"""Conditions that somebody else decides: places, permits, exams, recommendations, results, and plain `ask`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pathways.conditions import Condition, Moment, register
from pathways.verdict import Verdict
from pathways.wording import Words


class _Told(Condition):
    """Open unless the person tells that it is settled for this target."""

    def _name(self) -> str:
        return self.kind

    def judge(self, moment: Moment) -> Verdict:
        answer = moment.person.fact(self._name(), moment.target)
        return Verdict.UNKNOWN if answer is None else Verdict.MET if answer else Verdict.UNMET

    def facts(self, target: str) -> Iterator[str]:
        yield f"{self._name()}.{target}"


@register
class Place(_Told):
    """A free place, or a ranking won."""

    kind = "place"

    @classmethod
    def spread(cls, value: Any) -> dict[str, Any]:
        if value is not True:
            raise ValueError("write `place: true`")
        return {}

    def sentence(self, words: Words) -> str:
        return words.gettext("es ist ein Platz frei und Sie bekommen ihn")

    def remedy(self, words: Words) -> str:
        return words.gettext("Früh anmelden und eine zweite Möglichkeit einplanen.")


@register
class Exam(_Told):
    """An exam or test before entry."""

    kind = "exam"
    name: str

    @classmethod
    def spread(cls, value: Any) -> dict[str, Any]:
        return {"name": value}

    def sentence(self, words: Words) -> str:
        return words.gettext("bestanden: %(exam)s") % {"exam": self.name}


@register
class Recommendation(_Told):
    """A recommendation or placement by a body such as the Klassenkonferenz."""

    kind = "recommendation"
    by: str
    what: str = ""

    def sentence(self, words: Words) -> str:
        if self.what:
            return words.gettext("Entscheidung von %(body)s: %(what)s") % {"body": self.by, "what": self.what}
        return words.gettext("Empfehlung von %(body)s") % {"body": self.by}


@register
class Permit(Condition):
    """Funding or admission decided by an office; `by` is the office's id among the counselling points."""

    kind = "permit"
    by: str
    what: str = ""

    def judge(self, moment: Moment) -> Verdict:
        answer = moment.person.fact("permit", self.by)
        return Verdict.UNKNOWN if answer is None else Verdict.MET if answer else Verdict.UNMET

    def sentence(self, words: Words) -> str:
        office = words.name(self.by)
        if self.what:
            return words.gettext("bewilligt: %(what)s (entscheidet: %(office)s)") % {
                "what": self.what,
                "office": office,
            }
        return words.gettext("Zusage von: %(office)s") % {"office": office}

    def remedy(self, words: Words) -> str:
        return words.gettext("Den Antrag stellen, bevor es losgeht: %(office)s.") % {"office": words.name(self.by)}

    def facts(self, target: str) -> Iterator[str]:
        yield f"permit.{self.by}"

    def offices(self) -> Iterator[str]:
        yield self.by


class _Said(Condition):
    """One sentence of content."""

    text: str

    @classmethod
    def spread(cls, value: Any) -> dict[str, Any]:
        return {"text": value}

    def sentence(self, words: Words) -> str:
        return words.gettext(self.text)


@register
class Result(_Said):
    """A result at the end of a station. A result not yet earned is always open."""

    kind = "result"

    def judge(self, moment: Moment) -> Verdict:
        return Verdict.UNKNOWN

    def is_always_open(self) -> bool:
        return True


@register
class Completed(_Said):
    """True on the way: the stage before is over when this transition is taken."""

    kind = "completed"

    def judge(self, moment: Moment) -> Verdict:
        return Verdict.MET


@register
class Choice(_Said):
    """The person's own decision, so it never stands in the way."""

    kind = "choice"

    def judge(self, moment: Moment) -> Verdict:
        return Verdict.MET


@register
class Ask(Condition):
    """What no kind can say: nobody but `who` (a counselling point) can decide it."""

    kind = "ask"
    what: str
    who: str

    def judge(self, moment: Moment) -> Verdict:
        return Verdict.UNKNOWN

    def sentence(self, words: Words) -> str:
        return words.gettext("%(what)s (bitte fragen: %(office)s)") % {
            "what": words.gettext(self.what),
            "office": words.name(self.who),
        }

    def remedy(self, words: Words) -> str:
        return words.gettext("Fragen Sie nach: %(office)s.") % {"office": words.name(self.who)}

    def is_always_open(self) -> bool:
        return True

    def offices(self) -> Iterator[str]:
        yield self.who
