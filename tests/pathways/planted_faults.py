"""Faults to plant in the engine: a few characters of its source exchanged, and a question where that matters."""

from __future__ import annotations
import __future__

import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from pathways import blocking, compiling, conditions, itinerary, narrowing, relaxing, searching
from pathways import way as way_room
from pathways.person import Certificate, Person
from pathways.searching import Sensible
from pathways.traveller import Traveller
from tests.pathways.agreement import check_answer, check_blocked, check_front
from tests.pathways.records import Query, ask, award, qualification, station, way

HOME = Person(at=("home",))
AUGUST = [8]
PAPERS = [qualification("q0"), qualification("q1", includes=["q0"])]


@dataclass(frozen=True)
class Fault:
    """Exchanges `right` for `wrong` in one function; `query` is answered wrongly then, as `check` must notice."""

    name: str
    owner: Any
    function: str
    right: str
    wrong: str
    query: Query
    check: Callable[[Query], object] = check_front

    def plant(self, into: pytest.MonkeyPatch) -> None:
        """Put the fault in; fails if the code is no longer what it was."""
        member = inspect.getattr_static(self.owner, self.function)
        plain = member.fget if isinstance(member, property) else member
        source = textwrap.dedent(inspect.getsource(plain))
        if self.right not in source:
            pytest.fail(f"{self.function} has changed: plant the fault {self.name!r} anew")
        flags = __future__.annotations.compiler_flag
        made: dict[str, Any] = {}
        code = compile(source.replace(self.right, self.wrong), self.function, "exec", flags, dont_inherit=True)
        exec(code, plain.__globals__, made)
        into.setattr(self.owner, self.function, made[self.function])


def _excluding() -> Query:
    taught = station("s1", ways_in=[way("w1", "home")], awards=[award("a1", "q0")])
    second = station("s2", ways_in=[way("w2", "s1", conditions=[{"holds": "q0"}])])
    shut = station("s3", ways_in=[way("w3", "s2", conditions=[{"not_holding": "q0"}])])
    return ask([taught, second, shut], PAPERS, HOME, "s3")


def _starting(**register: Any) -> Query:
    more = {"register": {"by": ["03-01"], **register}} if register else {}
    day = date(2026, 3, 2) if register else date(2026, 11, 21)
    return ask([station("s1", starts=AUGUST, ways_in=[way("w1", "home", **more)])], [], HOME, "s1", day=day)


def _gathering() -> Query:
    detour = station("s0", 6, ways_in=[way("w0", "home")], awards=[award("a0", "q0")])
    middle = station("s1", ways_in=[way("w1", "home", "s0")])
    last = station("s2", ways_in=[way("w2", "s1", conditions=[{"holds": "q0"}])])
    return ask([detour, middle, last], PAPERS, HOME, "s2")


def _working() -> Query:
    practice = station("s0", 6, practice=True, ways_in=[way("w0", "home")])
    middle = station("s1", ways_in=[way("w1", "home", "s0")])
    last = station("s2", ways_in=[way("w2", "s1", conditions=[{"work": {"months": 6}}])])
    return ask([practice, middle, last], [], Person(at=("home",), work_months=0), "s2")


def _made_up() -> Query:
    rule = {"work": {"months": 36, "relevant": True, "made_up": "added"}}
    person = Person(at=("home",), relevant_months=30)
    return ask([station("s1", ways_in=[way("w1", "home", conditions=[rule])])], [], person, "s1")


def _slow_but_sure() -> Query:
    risky = way("w1", "home", kind="selective")
    slow = station("s0", 24, ways_in=[way("w0", "home")])
    return ask([slow, station("s1", ways_in=[risky, way("w2", "s0")])], [], HOME, "s1")


def _decided_meanwhile() -> Query:
    first = station("s1", 12, ways_in=[way("w1", "home")])
    second = station("s2", starts=AUGUST, ways_in=[way("w2", "s1", months=6)])
    return ask([first, second], [], HOME, "s2", sensible=Sensible(max_months=12))


def _beside(**more: Any) -> Query:
    host = station("s1", ways_in=[way("w1", "home")])
    course = station("c", 6, alongside={"hosts": ["s1"], "only": True}, ways_in=[way("w2", "home")], **more)
    return ask([host, {**course, "awards": [award("a1", "q0")]}], PAPERS, HOME, "q0")


def _leaving_early() -> Query:
    return ask(
        [station("s1", 24, ways_in=[way("w1", "home")], awards=[award("a1", "q0", after_months=12)])],
        PAPERS,
        HOME,
        "q0",
    )


def _asking(person: Person = HOME, kind: str = "entitled", **rule: Any) -> Query:
    return ask(
        [station("s1", ways_in=[way("w1", "home", kind=kind, conditions=[rule] if rule else [])])], [], person, "s1"
    )


def _including() -> Query:
    taught = station("s1", ways_in=[way("w1", "home")], awards=[award("a1", "q1")])
    return ask([taught, station("s2", ways_in=[way("w2", "q0")])], PAPERS, HOME, "s2")


def _few_changes() -> Query:
    quick = station("a", 1, ways_in=[way("w0", "home")])
    middle = station("b", 1, ways_in=[way("w1", "a"), way("w2", "home", months=5)])
    shut = way("w5", "b", conditions=[{"contract": "training"}])
    third, last = station("c", 1, ways_in=[way("w3", "b")]), station("d", 1, ways_in=[way("w4", "c"), shut])
    person = Person(at=("home",), contracts={"training": False})
    return ask([quick, middle, third, last], [], person, "d", sensible=Sensible(max_changes=3))


def _back_to_the_situation(or_else: str = "") -> Query:
    """Nothing leads on from the first stop, but its certificate meets a rule on a way from the situation."""
    rule: dict[str, Any] = {"holds": "q0"}
    if or_else:
        rule = {"any_of": [rule, {"contract": or_else}]}
    first = station("s0", ways_in=[way("w0", "home")], awards=[award("a0", "q0")])
    second = station("s1", ways_in=[way("w1", "home", conditions=[rule])])
    person = Person(at=("home",), contracts={"training": False})
    return ask([first, second, station("s2", ways_in=[way("w2", "s1")])], PAPERS, person, "s2")


def _either_certificate() -> Query:
    """A rule is met by either of two certificates, and only the second can be had."""
    rule = {"any_of": [{"holds": "q2"}, {"holds": "q0"}]}
    first = station("s0", ways_in=[way("w0", "home")], awards=[award("a0", "q0")])
    second = station("s1", ways_in=[way("w1", "home", conditions=[rule])])
    return ask([first, second, station("s2", ways_in=[way("w2", "s1")])], [*PAPERS, qualification("q2")], HOME, "s2")


def _slow_door() -> Query:
    """The fastest way leads through the door that seems to lead to the goal last."""
    shut = {"conditions": [{"contract": "training"}]}
    near = station("a", 1, ways_in=[way("w0", "home", **shut)])
    far = station("b", 12, ways_in=[way("w1", "home")])
    last = station("s", ways_in=[way("w2", "a"), way("w3", "b")])
    return ask([near, far, last], [], Person(at=("home",), contracts={"training": False}), "s")


def _surer_from_there() -> Query:
    """What is risky from the first stop is beaten; what is slow and sure from there is on the front."""
    first = station("a", 3, ways_in=[way("w0", "home")], awards=[award("a0", "q0")])
    slow = station("b", 12, ways_in=[way("w1", "q0")])
    risky = [way("w2", "q0", kind="selective"), way("w4", "home", kind="selective", months=2)]
    return ask([first, slow, station("s", ways_in=[*risky, way("w3", "b")])], PAPERS, HOME, "s")


def _course_remembered() -> Query:
    course = station("c", 6, alongside={"hosts": ["s2"]}, ways_in=[way("w0", "home")])
    school = station("s1", 6, ways_in=[way("w1", "c")], awards=[award("a1", "q0")])
    last = station("s2", ways_in=[way("w2", "c", conditions=[{"holds": "q0"}])])
    return ask([course, school, last], PAPERS, HOME, "s2")


def _waiting() -> Query:
    school = station("s1", starts=AUGUST, ways_in=[way("w1", "home")], awards=[award("a1", "q0")])
    return ask([school], PAPERS, HOME, "q0", day=date(2026, 11, 21))


def _longer_host() -> Query:
    """In the stop already begun a course beside it costs unpaid months; begun anew it is long enough to hide them."""
    host = station("s1", paid=True, ways_in=[way("w1", "home")])
    course = station("s2", alongside={"hosts": ["s1"]}, ways_in=[way("w2", "s1")])
    last = station("s3", ways_in=[way("w3", "s2")])
    return ask([host, course, last], [], Person(at=("s1", "home")), "s3")


def _certificate_on_the_way() -> Query:
    """Two years of practice may be made up, but a certificate of half a year saves them."""
    rule = {"any_of": [{"work": {"months": 24, "relevant": True, "made_up": "added"}}, {"holds": "q0"}]}
    school = station("s0", 6, ways_in=[way("w0", "home")], awards=[award("a0", "q0")])
    last = station("s1", ways_in=[way("w1", "home", conditions=[rule], confidence="unconfirmed")])
    return ask([school, last], PAPERS, Person(at=("home",), relevant_months=0), "s1")


def _two_lacks_or_one() -> Query:
    rules = [{"holds": "q0"}, {"holds": "q1"}]
    slow = station("s0", ways_in=[way("w0", "home")])
    last = station("s1", ways_in=[way("w1", "home", conditions=rules), way("w2", "s0", conditions=rules[:1])])
    return ask([slow, last], PAPERS, HOME, "s1")


def _certificate_for_others() -> Query:
    """The stop on the way gives a certificate, but not to somebody without a contract."""
    given = award("a1", "q0", conditions=[{"contract": "training"}])
    school = station("s1", ways_in=[way("w1", "home")], awards=[given])
    person = Person(at=("home",), contracts={"training": False})
    return ask([school, station("s2", ways_in=[way("w2", "s1")])], PAPERS, person, "s2")


def _holding_the_excluding() -> Query:
    return ask(
        [station("s1", ways_in=[way("w1", "home", conditions=[{"not_holding": "q0"}])])],
        PAPERS,
        Person(at=("home",), holds=(Certificate("q0"),)),
        "s1",
    )


search, traveller, goal = searching.Search, Traveller, compiling.CompiledGoal
FAULTS = (
    Fault("a must-not-hold bit is never cleared", goal, "after", "& ~way.clear", "", _excluding()),
    Fault("start months are not waited for", traveller, "_single_option", ", way.starts)", ", ())", _starting()),
    Fault(
        "the deadline for registration is ignored",
        *(traveller, "registration_opens", "deadline < self.day", "False", _starting(late="closed")),
    ),
    Fault(
        "left-over places are taken for sure",
        *(traveller, "_around_deadline", "min(verdict, Verdict.UNKNOWN)", "verdict", _starting(late="left-over")),
    ),
    Fault(
        "holding less beats holding more",
        *(search, "_is_dominated", "other.mask & mask == mask", "other.mask & mask == other.mask", _gathering()),
    ),
    Fault(
        "months of work are no reason to go on", search, "_is_dominated", "other.worked >= worked", "True", _working()
    ),
    Fault("months to be made up cost nothing", traveller, "_edge", "one.missing(moment)", "0", _made_up()),
    Fault("the window is too small", searching.Sensible, "latest", "max(", "min(0, ", _slow_but_sure()),
    Fault(
        "a bound is too high",
        way_room.Way,
        "least_delay",
        "0 if self.starts",
        "self.edge if True",
        _decided_meanwhile(),
    ),
    Fault(
        "an award forgets what it includes",
        *(compiling, "fill_masks", "network.tokens_of(transition.qualification, transition.parameter)"),
        *("{transition.qualification}", _including()),
    ),
    Fault("a course beside adds up", search, "_go_alongside", "(way, since,", "(way, label.months,", _beside()),
    Fault(
        "a course beside counts as a change", search, "_go_alongside", "label.changes,", "label.changes + 1,", _beside()
    ),
    Fault("early exits are ignored", compiling, "compile_network", "months < way.stay", "False", _leaving_early()),
    Fault("unknown is no", traveller, "_single_option", "== Verdict.UNMET", "< Verdict.MET", _asking(place=True)),
    Fault("a selection is no open point", search, "_enter", "way.selective or ", "", _asking(kind="selective")),
    Fault("an unknown is no open point", search, "_enter", "== Verdict.UNKNOWN", "is None", _asking(place=True)),
    Fault(
        "nobody waits for a birthday",
        *(traveller, "_options", "(ready, *self._turns(way))", "(ready,)"),
        _asking(Person(at=("home",), age=17), age={"at_least": 18}),
    ),
    Fault(
        "the fastest may change too often", search, "_is_dominated", "other.changes <= changes", "True", _few_changes()
    ),
    Fault(
        "a stop that leads nowhere has nothing to give",
        *(search, "_bounds", "self.goal.bound_from_here(label.position, label.mask, label.since is not None)"),
        *("self.goal.bounds.get(label.position, NOWHERE)", _back_to_the_situation("training")),
    ),
    Fault(
        "what rules ask for is not looked for",
        *(compiling, "_relevant", "wanted += (token for token, _ in way.tokens)", "pass", _back_to_the_situation()),
    ),
    Fault("a course is forgotten", search, "_stay", "way.done_bit & goal.relevant", "0", _course_remembered()),
    Fault("waiting is unpaid", search, "_stay", "(stay if way.unpaid else 0)", "(end - label.months)", _waiting()),
    Fault(
        "the generous view lacks work", relaxing, "best_options", "PLENTY if way.counts_work else 0", "0", _working()
    ),
    Fault(
        "the generous view judges once and for all",
        *(relaxing, "relax", "compiled.looked_at_by.get(node, ())", "()", _back_to_the_situation()),
    ),
    Fault(
        "narrowing forgets what rules ask for",
        *(compiling, "months_to_go", "*(token for token, _ in way.tokens), ", "", _back_to_the_situation()),
    ),
    Fault(
        "narrowing forgets courses beside a stop",
        *(compiling, "months_to_go", "for host in way.hosts:", "for host in ():", _beside()),
    ),
    Fault(
        "a longer stop beside a course counts as worse",
        *(searching.Label, "spot", "self.since, self.months)", "self.since, 0)", _longer_host()),
    ),
    Fault(
        "legs that save time are dropped",
        *(itinerary, "_no_worse", "return all(one <= other for one, other in pairs)", "return True"),
        *(_certificate_on_the_way(), check_answer),
    ),
    Fault(
        "every certificate of a stop is told as held",
        *(itinerary, "_given_besides", "options[0].verdict if options and options[0].start == step.end else None"),
        *("Verdict.UNKNOWN", _certificate_for_others(), check_answer),
    ),
    Fault(
        "what is held as such does not exclude",
        *(traveller, "first_mask", "frozenset(exact)", "frozenset()", _holding_the_excluding()),
    ),
    Fault(
        "all that a way lacks costs one",
        *(blocking._Buying, "_take", "for place in unmet:", "for place in list(unmet)[:1]:"),
        *(_two_lacks_or_one(), check_blocked),
    ),
    Fault(
        "one of several certificates is taken for the only one",
        *(conditions, "_one_of_each", "for one in needed if one is not None", "for one in needed[:1]"),
        _either_certificate(),
    ),
    Fault(
        "doors that must wait are forgotten",
        search,
        "_go_through_doors",
        "number in range(place, len(doors))",
        "number in range(place, 1)",
        _slow_door(),
    ),
    Fault(
        "doors that must wait come too late",
        *(search, "_go_through_doors", "(months, 0, 0, 0,", "(months + 99, 0, 0, 0,", _slow_but_sure()),
    ),
    Fault(
        "what is in sight closes the window too far",
        *(search, "_sight", "self.sensible.latest(self.traveller.start, vector[0])", "vector[0]", _slow_but_sure()),
    ),
    Fault(
        "bounds that trade one criterion for another are lost",
        *(
            compiling,
            "bound_sets",
            "one[1] <= changes and one[2] <= opens and one[3] <= unpaid",
            "True",
            _surer_from_there(),
        ),
    ),
    Fault(
        "a bound is walked from one of what is enough",
        *(narrowing, "choose_supporters", "sorted(landmark)", "sorted(landmark)[1:]", _either_certificate()),
    ),
)
