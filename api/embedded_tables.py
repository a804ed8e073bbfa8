"""The tables of the embedded index, and how documents enter and leave them."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable

from api.documents import FORMAT, TYPES, SearchDocument
from api.rescoring import folded_lines, latin_lines

LAYOUT = f"{FORMAT}.2"
"""Raise the second part when the tables change; an index of another layout is built anew."""
TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE document (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, type TEXT NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL,
    digest TEXT NOT NULL
);
CREATE TABLE facet (name TEXT NOT NULL, value TEXT NOT NULL, document INTEGER NOT NULL,
    PRIMARY KEY (name, value, document)) WITHOUT ROWID;
CREATE INDEX facet_of ON facet (document, name, value);
CREATE TABLE site (document INTEGER NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL);
CREATE INDEX site_place ON site (lat, lon);
CREATE INDEX site_of ON site (document);
CREATE INDEX document_name ON document (name);
CREATE TABLE word (word TEXT PRIMARY KEY, documents INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE trigram (trigram TEXT PRIMARY KEY, documents INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE content USING fts5(names, words, near, text, latin, tokenize='trigram');
INSERT INTO content(content, rank) VALUES ('rank', 'bm25(10.0, 8.0, 3.0, 1.0, 5.0)');
"""


def fill(
    connection: sqlite3.Connection, documents: Iterable[SearchDocument], told: Callable[[int], None] | None = None
) -> int:
    """Make the tables in an empty database and put all documents in. Returns how many there are.

    They are compared in this order where there are too many, so the records of the network should come first.
    """
    connection.executescript(TABLES)
    connection.execute("INSERT INTO about VALUES ('format', ?)", (LAYOUT,))
    connection.execute("BEGIN")
    words: Counter[str] = Counter()
    count = 0
    for document in documents:
        words.update(add(connection, document, count_words=False))
        count += 1
        if told is not None:
            told(count)
    connection.executemany("INSERT INTO word VALUES (?, ?)", words.items())
    # How rare each is, as a hint: it need not be right to the last document, so single changes leave it alone.
    connection.execute("CREATE VIRTUAL TABLE temp.held USING fts5vocab(main, content, row)")
    connection.execute("INSERT INTO trigram SELECT term, doc FROM temp.held")
    connection.execute("DROP TABLE temp.held")
    connection.execute("COMMIT")
    return count


def add(
    connection: sqlite3.Connection, document: SearchDocument, *, place: int | None = None, count_words: bool = True
) -> set[str]:
    """Put one document in, where it was before if it has a `place`; returns its words, for `fill` to count."""
    said = [one for words in document.words.values() for one in words]
    lines = (folded_lines(document.names), folded_lines(said), folded_lines(document.near))
    romanised = latin_lines([*document.names, *said, *document.near])
    row = connection.execute(
        "INSERT INTO document (id, key, type, place, name, digest) VALUES (?, ?, ?, ?, ?, ?)",
        (place, document.key, document.type, TYPES.index(document.type), lines[0].strip(), document.digest),
    ).lastrowid
    connection.execute(
        "INSERT INTO content (rowid, names, words, near, text, latin) VALUES (?, ?, ?, ?, ?, ?)",
        (row, *lines, folded_lines([document.text]), romanised),
    )
    connection.executemany(
        "INSERT OR IGNORE INTO facet VALUES (?, ?, ?)",
        [(name, value, row) for name, values in document.facets.items() for value in values],
    )
    connection.executemany("INSERT INTO site VALUES (?, ?, ?)", [(row, one.lat, one.lon) for one in document.positions])
    words = {word for part in (*lines, romanised) for word in part.split() if not word.isdigit()}
    if count_words:
        connection.executemany(
            "INSERT INTO word VALUES (?, 1) ON CONFLICT (word) DO UPDATE SET documents = documents + 1",
            [(word,) for word in words],
        )
    return words


def forget(connection: sqlite3.Connection, key: str) -> int | None:
    """Take one document out, if it is there; returns its place."""
    found = connection.execute("SELECT id FROM document WHERE key = ?", (key,)).fetchone()
    if found is None:
        return None
    lines = connection.execute("SELECT names, words, near, latin FROM content WHERE rowid = ?", found).fetchone()
    words = {word for part in lines for word in part.split() if not word.isdigit()}
    connection.executemany("UPDATE word SET documents = documents - 1 WHERE word = ?", [(word,) for word in words])
    connection.execute("DELETE FROM word WHERE documents < 1")
    for table, column in (("content", "rowid"), ("facet", "document"), ("site", "document"), ("document", "id")):
        connection.execute(f"DELETE FROM {table} WHERE {column} = ?", found)
    return int(found[0])
