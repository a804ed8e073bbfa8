"""Query strings to answers and back: friendly spellings, what stays unknown, and what is refused with a remedy."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.answers import Answers, query_of, read_answers, split_certificates
from pathways.errors import BadFact, ContradictoryFacts, PathwaysError, UnknownId
from pathways.network import Network
from pathways.person import Certificate, Person

TODAY = date(2026, 11, 21)


def read(network: Network, query: str, *, strict: bool = False) -> Answers:
    return read_answers(parse_qsl(query, keep_blank_values=True), network, today=TODAY, strict=strict)


def test_nothing_told_is_nobody_in_particular(network: Network) -> None:
    answers = read(network, "")
    assert answers == Answers(Person(), "", TODAY, answers.sensible, "de")
    assert answers.query == ""


def test_the_names_of_the_command_line(network: Network) -> None:
    answers = read(
        network,
        "from=bf2,q-berufsreife&from=fos-11&to=goal-ahr&holds=q-qsek1:avg=2.4,deutsch=2&holds=q-berufsreife"
        "&know=age=17&know=german=b2&know=contract=training&day=2026-02-01&lang=de",
    )
    assert answers.person.at == ("bf2", "q-berufsreife", "fos-11")
    assert answers.person.holds == (
        Certificate("q-qsek1", 2.4, {"deutsch": 2}),
        Certificate("q-berufsreife"),
    )
    assert (answers.person.age, answers.person.german) == (17, "b2")
    assert dict(answers.person.contracts) == {"training": True}
    assert (answers.goal_id, answers.day, answers.is_day_told) == ("goal-ahr", date(2026, 2, 1), True)


@pytest.mark.parametrize(
    ("friendly", "plain"),
    [
        ("age=16&german=B1", "know=age=16&know=german=b1"),
        ("contract=training", "know=contract=training:true"),
        ("contract_company=ja", "know=contract.company=true"),
        ("q_q-qsek1=1&avg_q-qsek1=2,4", "holds=q-qsek1:avg=2.4"),
        ("q_qsek1=on&avg.q-qsek1=2.4", "holds=q-qsek1:avg=2.4"),
        ("avg_qsek1=2.4", "holds=q-qsek1:avg=2.4"),
        ("average.q-qsek1=2.4", "holds=q-qsek1:avg=2.4"),
        ("holds=q-qsek1&grade_deutsch_q-qsek1=2", "holds=q-qsek1:deutsch=2"),
        ("holds=q-qsek1,q-berufsreife", "holds=q-qsek1&holds=q-berufsreife"),
        ("q_anerk-schule=ja&level_anerk-schule=fhr", "holds=q-anerk-schule:as=fhr"),
        ("place.hbf=ja&lives-in-rp=nein", "know=place.hbf=true&know=lives-in-rp=false"),
        ("compulsory_schooling=erfuellt", "know=compulsory_schooling=fulfilled"),
    ],
)
def test_friendly_spellings_say_the_same(network: Network, friendly: str, plain: str) -> None:
    assert read(network, friendly).person == read(network, plain).person


@pytest.mark.parametrize(
    "query",
    [
        "from=&to=&holds=&age=&german=&day=&q_qsek1=&avg_qsek1=&contract=",
        "from=weiss-nicht&to=unknown&age=weiss-nicht&german=Weiß-nicht&q_qsek1=weiss-nicht&contract=unsure&know=status=unknown",
    ],
)
def test_the_unanswered_stays_unknown(network: Network, query: str) -> None:
    answers = read(network, query)
    assert answers.person == Person()
    assert answers.goal_id == ""


def test_i_do_not_know_is_remembered_and_travels_on(network: Network) -> None:
    answers = read(network, "from=bf2&holds=q-qsek1&german=weiss-nicht&avg_qsek1=unknown&age=16")
    assert answers.unsure == ("german", "average.q-qsek1")
    assert read(network, answers.query) == answers


def test_parameters_of_a_page_and_of_messengers_are_let_through(network: Network) -> None:
    assert read(network, "step=2&fbclid=abc&age=16").person.age == 16
    assert read(network, "fbclid=abc&utm_source=x&age=16", strict=True).person.age == 16


def test_a_slip_in_a_name_is_named_where_it_matters(network: Network) -> None:
    with pytest.raises(BadFact, match="Meinten Sie: age") as caught:
        read(network, "agee=16", strict=True)
    assert caught.value.name == "agee"
    with pytest.raises(BadFact):
        read(network, "know=agee=16")


@pytest.mark.parametrize(
    "query",
    [
        "age=sechzehn",
        "age=-1",
        "age=1e3",
        "age=99999999999999999999999999",
        "age=16.5",
        "age=nan",
        "german=z9",
        "status=tourist",
        "contract=vielleicht",
        "know=age",
        "know==16",
        "holds=q-qsek1:avg=nan",
        "holds=q-qsek1:avg=0",
        "holds=q-qsek1:avg=inf",
        "holds=q-qsek1:turnen=1",
        "q_qsek1=vielleicht",
        "avg_qsek1=2.4:as",
        "day=0000-01-01",
        "day=9999-12-31",
        "day=1999-12-31",
        "day=2026-02-30",
        "day=morgen",
        "lang=xx",
        "max_changes=0",
        "max_changes=21",
        "max_changes=-1",
        "max_months=１２",
        "max_months=10000",
        "age=1%006",
        "from=bf2%0d%0aSet-Cookie:x",
        "from=%ff%fe",
        "from=" + "a" * 2001,
        "a" * 2001 + "=1",
        "&".join(["age=16"] * 201),
        "from=" + ",".join(f"bf{number}" for number in range(21)),
    ],
)
def test_what_cannot_be_read_is_a_bad_fact_with_a_remedy(network: Network, query: str) -> None:
    with pytest.raises(BadFact) as caught:
        read(network, query)
    assert caught.value.remedy
    assert len(str(caught.value)) < 400
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("query", "nearest"),
    [
        ("from=bf22", "bf2"),
        ("from=BF2", "bf2"),
        ("from=bf2\u200b", "bf2"),
        ("to=goal-arh", "goal-ahr"),
        ("holds=q-qsek", "q-qsek1"),
        ("q_q-qsek=1", "q-qsek1"),
        ("place.hbff=true", "hbf"),
        ("know=exam.hbff=true", "hbf"),
        ("permit.agentur-fur-arbeit=ja", "agentur-fuer-arbeit"),
        ("permit.hwkk=ja", "hwk"),
    ],
)
def test_an_unknown_id_names_the_nearest(network: Network, query: str, nearest: str) -> None:
    with pytest.raises(UnknownId) as caught:
        read(network, query)
    assert nearest in caught.value.nearest


@pytest.mark.parametrize(
    "query",
    [
        "age=16&age=17",
        "age=16&know=age=17",
        "to=goal-ahr&to=goal-fhr",
        "day=2026-01-01&day=2026-01-02",
        "holds=q-qsek1:avg=2&avg_qsek1=3",
        "holds=q-qsek1&q_qsek1=nein",
        "contract.training=true&know=contract=training:false",
        "lives-in-rp=ja&know=lives-in-rp=false",
        "age=12&work_months=120",
        "age=10&school_years=12",
        "work_months=12&relevant_months=24",
    ],
)
def test_answers_that_contradict_each_other(network: Network, query: str) -> None:
    with pytest.raises(ContradictoryFacts, match=r"\?$|zusammen") as caught:
        read(network, query)
    assert caught.value.names


@pytest.mark.parametrize("query", ["age=16&age=16", "to=goal-ahr&to=goal-ahr", "lives-in-rp=ja&lives-in-rp=true"])
def test_saying_the_same_twice_is_fine(network: Network, query: str) -> None:
    read(network, query)


def test_certificates_in_one_parameter() -> None:
    assert split_certificates("q-a:avg=2,4,deutsch=2, q-b ,q-c:fhr") == ["q-a:avg=2.4,deutsch=2", "q-b", "q-c:fhr"]
    assert split_certificates("") == []


def test_the_canonical_query(network: Network) -> None:
    person = read(network, "age=16&q_qsek1=1&avg_qsek1=2,4&from=bf2&german=native&place.hbf=1").person
    query = query_of(person, "goal-ahr", date(2026, 2, 1))
    assert query == (
        "from=bf2&to=goal-ahr&holds=q-qsek1:avg=2.4&know=age=16&know=german=c2&know=place.hbf=true&day=2026-02-01"
    )


FACTS = st.fixed_dictionaries(
    {},
    optional={
        "age": st.integers(20, 110),
        "german": st.sampled_from(["a1", "a2", "b1", "b2", "c1", "c2"]),
        "work_months": st.integers(0, 60),
        "school_years": st.integers(0, 11),
        "compulsory_schooling": st.sampled_from(["fulfilled", "ongoing"]),
        "contract.training": st.booleans(),
        "contract.company": st.booleans(),
        "place.hbf": st.booleans(),
        "lives-in-rp": st.booleans(),
        "status": st.sampled_from(["eu", "duldung", "schutz"]),
        "status_months": st.integers(0, 9),
    },
)
HELD = st.lists(
    st.tuples(st.sampled_from(["q-qsek1", "q-berufsreife", "q-fhr"]), st.integers(10, 60)),
    unique_by=lambda one: one[0],
    max_size=3,
)


@settings(max_examples=200, deadline=None)
@given(facts=FACTS, held=HELD, places=st.lists(st.sampled_from(["bf2", "hbf", "fos-11"]), unique=True))
def test_canonical_queries_read_back_to_the_same_answers(
    network: Network, facts: dict[str, object], held: list[tuple[str, int]], places: list[str]
) -> None:
    pairs = [("know", f"{name}={str(value).lower()}") for name, value in facts.items()]
    pairs += [("holds", f"{one}:avg={average / 10}") for one, average in held]
    pairs += [("from", ",".join(places))]
    answers = read_answers(pairs, network, today=TODAY)
    again = read(network, answers.query, strict=True)
    assert again == answers
    assert again.query == answers.query


NAMES = st.sampled_from(
    ["from", "to", "holds", "know", "day", "age", "q_qsek1", "avg_qsek1", "contract", "place.hbf", "german"]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(NAMES | st.text(max_size=20), st.text(max_size=40)), max_size=8))
def test_any_query_is_read_or_refused_with_words(network: Network, pairs: list[tuple[str, str]]) -> None:
    try:
        answers = read_answers(pairs, network, today=TODAY)
    except PathwaysError:
        return
    assert read(network, answers.query).person == answers.person
