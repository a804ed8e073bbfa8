"""Conditions: the closed set of rules a transition can carry, and how each is judged.

A condition is one typed rule. It gives a verdict (`MET`, `UNKNOWN`, `UNMET`) for a `Moment` and the sentence the
reader sees, so text and rule cannot drift apart. There is no expression language: what no kind can say is written
as `ask`, naming who decides. The kinds live in `certificate_conditions`, `person_conditions` and
`office_conditions`; this module has their common ground and the combinations.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SerializeAsAny

from pathways import verdict as three_valued
from pathways.errors import nearest
from pathways.person import Person
from pathways.verdict import Verdict
from pathways.wording import Words

Confidence = Literal["confirmed", "part", "unconfirmed"]


class Record(BaseModel):
    """Frozen, and refuses keys nobody defined."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Because(Record):
    """Where a rule comes from: a source and the place in it."""

    source: str
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """Everything a condition may look at: the person as told, and what the route has added so far.

    ``month`` is the month index of entry; ``held`` the tokens held or implied by something higher; ``exact`` the
    tokens held as such (for exclusions); ``worked`` the months of work gained on the way; ``target`` the station
    or qualification to be entered.
    """

    person: Person
    day: date
    month: int
    held: frozenset[str] = field(default=frozenset())
    exact: frozenset[str] = field(default=frozenset())
    worked: int = 0
    target: str = ""


class Condition(Record):
    """One rule. Subclasses set `kind`, judge a `Moment` and write the sentence."""

    kind: ClassVar[str]

    because: Because | None = None
    confidence: Confidence = "confirmed"

    @classmethod
    def spread(cls, value: Any) -> dict[str, Any]:
        """The value behind the kind's key as field values; kinds with a short form override this."""
        if not isinstance(value, dict):
            raise ValueError(f"`{cls.kind}` takes a mapping, not {value!r}")
        return value

    @abstractmethod
    def judge(self, moment: Moment) -> Verdict:
        """The verdict for this person at this moment."""

    @abstractmethod
    def sentence(self, words: Words) -> str:
        """The rule in plain words, without final dot."""

    def reason(self, moment: Moment, words: Words) -> str:
        """Why the verdict is what it is, or an empty string where the sentence says it all."""
        return ""

    def remedy(self, words: Words) -> str:
        """How an unmet rule could be met; empty if nothing better is known than asking."""
        return ""

    def is_always_open(self) -> bool:
        """True for rules nobody can decide in advance: they cost an open point on every route."""
        return False

    def tokens(self) -> Iterator[str]:
        """Tokens whose presence in `Moment.held` can matter."""
        return iter(())

    def landmarks(self, person: Person) -> Iterator[frozenset[str]]:
        """Sets of tokens, each a subset of `tokens`, with none of which held the rule is unmet for certain."""
        return iter(())

    def exclusions(self) -> Iterator[str]:
        """Tokens whose absence from `Moment.exact` can matter."""
        return iter(())

    def facts(self, target: str) -> Iterator[str]:
        """Names of the person's facts that decide this rule on the way to `target`."""
        return iter(())

    def turns(self, person: Person, day: date) -> Iterator[int]:
        """Month indexes at which the verdict may change for this person as time goes by."""
        return iter(())

    def changes_with_time(self) -> bool:
        """False if the verdict is the same in every month, whoever asks."""
        return type(self).turns is not Condition.turns

    def counts_work(self) -> bool:
        """True if months of work gained on the way can matter."""
        return False

    def parts(self) -> Iterator[Condition]:
        """This condition and all inside it, depth first."""
        yield self

    def offices(self) -> Iterator[str]:
        """Ids of the counselling points that decide or help with this rule."""
        return iter(())


KINDS: dict[str, type[Condition]] = {}
Kind = TypeVar("Kind", bound=Condition)


def register(condition: type[Kind]) -> type[Kind]:
    """Class decorator: make a kind readable from content."""
    KINDS[condition.kind] = condition
    return condition


def read_condition(raw: Any) -> Any:
    """One entry of a `conditions` list, as written in content, to its `Condition`.

    Raises ValueError naming the remedy for unknown kinds, several kinds in one entry, or wrong shapes.
    """
    if isinstance(raw, Condition):
        return raw
    if not isinstance(raw, dict):
        raise ValueError(f"a condition is a mapping such as `holds: q-qsek1`, not {raw!r}")
    kinds = [str(key) for key in raw if key not in ("because", "confidence")]
    if len(kinds) != 1:
        raise ValueError(f"a condition has exactly one kind, this one has {len(kinds)}: {', '.join(kinds) or 'none'}")
    kind = kinds[0]
    if kind not in KINDS:
        near = nearest(kind, KINDS)
        hint = f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(sorted(KINDS))}"
        raise ValueError(f"unknown kind of condition `{kind}`; {hint}")
    common = {key: raw[key] for key in ("because", "confidence") if key in raw}
    return KINDS[kind].model_validate({**KINDS[kind].spread(raw[kind]), **common})


AnyCondition = Annotated[SerializeAsAny[Condition], BeforeValidator(read_condition)]


class Combination(Condition):
    """Several conditions judged together."""

    of: tuple[AnyCondition, ...] = Field(min_length=1)

    @classmethod
    def spread(cls, value: Any) -> dict[str, Any]:
        return {"of": value}

    def is_always_open(self) -> bool:
        return all(part.is_always_open() for part in self.of)

    def reason(self, moment: Moment, words: Words) -> str:
        said = [part.reason(moment, words) for part in self.of]
        return " ".join(text for text in said if text)

    def remedy(self, words: Words) -> str:
        said = [part.remedy(words) for part in self.of]
        return " ".join(dict.fromkeys(text for text in said if text))

    def tokens(self) -> Iterator[str]:
        for part in self.of:
            yield from part.tokens()

    def exclusions(self) -> Iterator[str]:
        for part in self.of:
            yield from part.exclusions()

    def facts(self, target: str) -> Iterator[str]:
        for part in self.of:
            yield from part.facts(target)

    def turns(self, person: Person, day: date) -> Iterator[int]:
        for part in self.of:
            yield from part.turns(person, day)

    def changes_with_time(self) -> bool:
        return any(part.changes_with_time() for part in self.of)

    def counts_work(self) -> bool:
        return any(part.counts_work() for part in self.of)

    def parts(self) -> Iterator[Condition]:
        yield self
        for part in self.of:
            yield from part.parts()

    def offices(self) -> Iterator[str]:
        for part in self.of:
            yield from part.offices()


@register
class AllOf(Combination):
    """All of several conditions."""

    kind = "all_of"

    def judge(self, moment: Moment) -> Verdict:
        return three_valued.all_of(part.judge(moment) for part in self.of)

    def landmarks(self, person: Person) -> Iterator[frozenset[str]]:
        for part in self.of:
            yield from part.landmarks(person)

    def sentence(self, words: Words) -> str:
        return words.listing([part.sentence(words) for part in self.of])

    def is_always_open(self) -> bool:
        return any(part.is_always_open() for part in self.of)


@register
class AnyOf(Combination):
    """At least one of several conditions."""

    kind = "any_of"

    def judge(self, moment: Moment) -> Verdict:
        return three_valued.any_of(part.judge(moment) for part in self.of)

    def landmarks(self, person: Person) -> Iterator[frozenset[str]]:
        yield from _one_of_each(self.of, person)

    def sentence(self, words: Words) -> str:
        return words.listing([part.sentence(words) for part in self.of], either=True)


@register
class AtLeast(Combination):
    """A number of several conditions."""

    kind = "at_least"
    count: int = Field(ge=1)

    @classmethod
    def spread(cls, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValueError("`at_least` takes `{count: 2, of: [...]}`")
        return value

    def judge(self, moment: Moment) -> Verdict:
        return three_valued.at_least(self.count, (part.judge(moment) for part in self.of))

    def landmarks(self, person: Person) -> Iterator[frozenset[str]]:
        yield from _one_of_each(self.of, person)

    def sentence(self, words: Words) -> str:
        return words.gettext("mindestens %(count)s davon: %(list)s") % {
            "count": words.number(self.count),
            "list": "; ".join(part.sentence(words) for part in self.of),
        }

    def is_always_open(self) -> bool:
        return sum(not part.is_always_open() for part in self.of) < self.count


def _one_of_each(parts: tuple[Condition, ...], person: Person) -> Iterator[frozenset[str]]:
    """What is needed where any one of the parts is enough, if each of them needs something."""
    needed = [next(part.landmarks(person), None) for part in parts]
    if all(needed):
        yield frozenset(token for one in needed if one is not None for token in one)


def judge_all(conditions: tuple[Condition, ...], moment: Moment) -> Verdict:
    """The verdict over a list of conditions that must all be met."""
    return three_valued.all_of(condition.judge(moment) for condition in conditions)
