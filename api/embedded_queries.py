"""What the embedded index is asked in SQL."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence

from api.distance import degrees_around, haversine_km
from api.rescoring import CUT_OFF, Asked, Folded, score
from api.search_question import SearchFilters, SearchQuestion

CANDIDATES = 500
"""How many the trigrams bring forward to be compared word by word, where few hold all words as they were typed."""
ENOUGH = 30
"""Where so many hold all words as typed, nothing that is merely similar is looked for."""
MOST = 3_000
"""More than these are not compared: the result then says that there are more."""
MOST_TYPING = 1_000
"""The same for suggestions, which show the first few and no count."""
CALLED_SO = 300
"""Where there are more, so many whose name begins as typed are compared besides."""
ALIKE = 5
"""So many words that look like the one typed are taken for it."""
MAX_TRIGRAMS = 90
RANKED = 12_000
"""SQLite ranks about so many documents for one query: of a large index only the rarer trigrams are looked up."""
LEAST_TRIGRAMS = 4


def teach(connection: sqlite3.Connection) -> None:
    """What SQLite does not know by itself."""
    connection.create_function("haversine_km", 4, haversine_km, deterministic=True)


def best_matches(
    connection: sqlite3.Connection, asked: Asked, where: str, values: Sequence[object]
) -> tuple[list[int], bool]:
    """Ids of the documents that fit these words, best first, and whether these are all."""
    among = f"AND c.rowid IN (SELECT d.id FROM document d WHERE {where})" if where != "1" else ""

    def matching(expression: str, limit: int, *, narrowed: bool = True, ranked: bool = False) -> list[int]:
        narrow, given = (among, values) if narrowed else ("", ())
        order = "ORDER BY rank" if ranked else ""
        rows = connection.execute(
            f"SELECT c.rowid FROM content c WHERE content MATCH ? {narrow} {order} LIMIT ?", (expression, *given, limit)
        )
        return [row[0] for row in rows]

    # Whether there are enough must not depend on the filters, or counts would not agree with each other.
    is_plain = len(matching(_as_typed(asked), ENOUGH, narrowed=False)) >= ENOUGH
    # Ranking many takes longer than comparing them: the records of the network come first, see `fill`.
    limit = (MOST_TYPING if asked.typing else MOST) if is_plain else CANDIDATES
    candidates = matching(_as_typed(asked), limit)
    if is_plain:
        is_all = len(candidates) < limit
        candidates += [] if is_all else _called_so(connection, asked, where, values)
    else:
        similar = matching(_trigrams(connection, asked), limit, ranked=True)
        is_all = len(similar) < limit
        candidates += [*matching(_as_meant(asked), limit), *similar]
    scored: list[tuple[float, int, str, int]] = []
    for row in connection.execute(
        "SELECT d.id, d.place, d.name, d.type, c.names, c.words, c.near, c.text, c.latin"
        " FROM document d JOIN content c ON c.rowid = d.id WHERE d.id IN (SELECT value FROM json_each(?))",
        (json.dumps(candidates),),
    ):
        reached = score(Folded(*row[3:]), asked)
        if reached >= CUT_OFF:
            scored.append((-reached, row[1], row[2], row[0]))
    return [one[3] for one in sorted(scored)], is_all


def scores_of(connection: sqlite3.Connection, keys: Sequence[str], asked: Asked) -> dict[str, float]:
    """The score of each document that the index holds."""
    rows = connection.execute(
        "SELECT d.key, d.type, c.names, c.words, c.near, c.text, c.latin"
        " FROM document d JOIN content c ON c.rowid = d.id WHERE d.key IN (SELECT value FROM json_each(?))",
        (json.dumps(list(keys)),),
    )
    return {row[0]: score(Folded(*row[1:]), asked) for row in rows}


def _as_typed(asked: Asked) -> str:
    """All words, each anywhere; short ones only as whole words, or as the beginning of one that is being typed."""
    terms = [f'"{one.folded}"' if len(one.folded) > 2 else f'" {one.folded} "' for one in asked.words]
    if asked.typing and len(asked.words[-1].folded) == 2:
        terms[-1] = f'" {asked.words[-1].folded}"'
    return " AND ".join(terms)


def _as_meant(asked: Asked) -> str:
    """All words, each as typed, in Latin letters, or as one of the words it is most like."""
    meant = ([*one.spellings[:2], *(alike for alike, _ in one.similar[:ALIKE])] for one in asked.words)
    return " AND ".join(
        "(" + " OR ".join(f'"{one}"' if len(one) > 2 else f'" {one} "' for one in spellings) + ")"
        for spellings in meant
    )


def _called_so(connection: sqlite3.Connection, asked: Asked, where: str, values: Sequence[object]) -> list[int]:
    """Documents whose name begins as typed."""
    begins = " ".join(one.folded for one in asked.words)
    rows = connection.execute(
        f"SELECT d.id FROM document d WHERE d.name >= ? AND d.name < ? AND {where} ORDER BY d.name LIMIT ?",
        (begins, f"{begins}\U0010ffff", *values, CALLED_SO),
    )
    return [row[0] for row in rows]


def _trigrams(connection: sqlite3.Connection, asked: Asked) -> str:
    """Any of the trigrams in the query; where the index is large the rarer ones, which tell more and cost less."""
    found: dict[str, None] = {}
    for spelling in asked.spellings:
        padded = f" {spelling} "
        found.update(dict.fromkeys(padded[at : at + 3] for at in range(len(padded) - 2)))
    wanted = list(found)[:MAX_TRIGRAMS]
    rows = connection.execute(
        "SELECT trigram, documents FROM trigram WHERE trigram IN (SELECT value FROM json_each(?))",
        (json.dumps(wanted),),
    )
    common = dict(rows.fetchall())
    chosen, ranked = list[str](), 0
    for one in sorted(wanted, key=lambda one: common.get(one, 0)):
        ranked += common.get(one, 0)
        if ranked > RANKED and len(chosen) >= LEAST_TRIGRAMS:
            break
        chosen.append(one)
    return " OR ".join(f'"{one}"' for one in chosen)


def where_narrowed(filters: SearchFilters, question: SearchQuestion) -> tuple[str, list[object]]:
    """The filters as a condition on `document d`, with its values."""
    terms, values = [], list[object]()
    for facet, chosen in filters.chosen.items():
        marks = ", ".join("?" * len(chosen))
        terms.append(f"d.id IN (SELECT document FROM facet WHERE name = ? AND value IN ({marks}))")
        values += [facet, *chosen]
    if question.centre is not None and question.radius is not None:
        centre, km = question.centre, question.radius
        high, wide = degrees_around(centre, km)
        terms.append(
            "d.id IN (SELECT document FROM site WHERE lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?"
            " AND haversine_km(lat, lon, ?, ?) <= ?)"
        )
        values += [centre.lat - high, centre.lat + high, centre.lon - wide, centre.lon + wide]
        values += [centre.lat, centre.lon, km]
    return " AND ".join(terms) or "1", values


def known_words(connection: sqlite3.Connection, words: Sequence[str]) -> Mapping[str, int]:
    """In how many documents each word stands, for those that stand in any."""
    rows = connection.execute(
        "SELECT word, documents FROM word WHERE word IN (SELECT value FROM json_each(?))", (json.dumps(list(words)),)
    )
    return dict(rows.fetchall())


def facet_counts(connection: sqlite3.Connection, found: Sequence[int]) -> dict[str, dict[str, int]]:
    """How many of these there are for every value of every facet."""
    counts: dict[str, dict[str, int]] = {}
    for name, value, count in connection.execute(
        "SELECT name, value, count(*) FROM facet WHERE document IN (SELECT value FROM json_each(?))"
        " GROUP BY name, value ORDER BY name, count(*) DESC, value",
        (json.dumps(list(found)),),
    ):
        counts.setdefault(name, {})[value] = count
    return counts


def by_name(connection: sqlite3.Connection, found: Sequence[int]) -> list[int]:
    """The same by name."""
    rows = connection.execute(
        "SELECT id FROM document WHERE id IN (SELECT value FROM json_each(?)) ORDER BY name, key",
        (json.dumps(list(found)),),
    )
    return [row[0] for row in rows]


def distances_km(connection: sqlite3.Connection, found: Sequence[int], question: SearchQuestion) -> dict[int, float]:
    """Kilometres to the nearest site of each document that has one."""
    assert question.centre is not None
    rows = connection.execute(
        "SELECT document, min(haversine_km(lat, lon, ?, ?)) FROM site"
        " WHERE document IN (SELECT value FROM json_each(?)) GROUP BY document",
        (question.centre.lat, question.centre.lon, json.dumps(list(found))),
    )
    return dict(rows.fetchall())


def keys_in_order(connection: sqlite3.Connection, page: Sequence[int]) -> tuple[str, ...]:
    """Their keys, in this order."""
    rows = connection.execute(
        "SELECT id, key FROM document WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(page)),)
    )
    keys = dict(rows.fetchall())
    return tuple(keys[one] for one in page)
