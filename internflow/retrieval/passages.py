"""Where the rows of a store stand: a SQLite file that is read row by row, so that opening it costs nothing."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np

FILE = "passages.sqlite"
SAMPLE = 900  # passages that a store is described by, fewer than the values that a statement of SQLite may have
SEED = 20260101

Rows = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True)
class StoredPassage:
    """Where one row's text stands. `content_hash` is the key of its text's vector.

    `is_documented`: the text explains itself in words; what does not is found by its name too.
    """

    path: str
    start_line: int
    end_line: int
    symbol: str | None
    language: str
    kind: str
    blob_sha: str
    ordinal: int
    content_hash: str
    is_documented: bool


@dataclass(frozen=True)
class Filters:
    """What passages a search is confined to; `path` is a glob as SQLite knows them: `src/*.py`."""

    path: str | None = None
    language: str | None = None
    kind: str | None = None


EVERYTHING = Filters()
COLUMNS = tuple(field.name for field in fields(StoredPassage))
CREATE = f"""
    create table passages (row integer primary key, {", ".join(COLUMNS)}, last_name text);
"""
# Made when all rows are there: each is then sorted once, however many there are.
CREATE_INDEXES = """
    create index by_symbol on passages (symbol);
    create index by_last_name on passages (last_name);
    create index by_language on passages (language);
"""
INSERT = f"insert into passages values ({', '.join('?' * (len(COLUMNS) + 2))})"  # noqa: S608  marks alone
SELECT = f"select {', '.join(COLUMNS)} from passages"  # noqa: S608  names of ours


def write_passages(folder: Path, passages: Iterable[StoredPassage]) -> None:
    """Write the file of a store's passages, in the order of its rows."""
    with closing(sqlite3.connect(folder / FILE)) as database:
        database.execute("pragma journal_mode = off")
        database.execute("pragma synchronous = off")  # the store is renamed into place as a whole
        database.executescript(CREATE)
        database.executemany(INSERT, _number(passages))
        database.executescript(CREATE_INDEXES)
        database.commit()


class PassageTable:
    """The passages of a store; safe among threads, each statement opens its own cursor."""

    def __init__(self, folder: Path) -> None:
        # immutable: nobody writes to a store that has its name, so no locks are taken
        location = f"file:{folder / FILE}?mode=ro&immutable=1"
        self._database = sqlite3.connect(location, uri=True, check_same_thread=False)

    def read(self, rows: Sequence[int]) -> list[StoredPassage]:
        """The passages of some rows, in their order."""
        marks = ", ".join("?" * len(rows))
        statement = f"select row, {', '.join(COLUMNS)} from passages where row in ({marks})"  # noqa: S608
        found = {row: _build(rest) for row, *rest in self._database.execute(statement, rows)}
        return [found[row] for row in rows]

    def rate_documented(self) -> float:
        """How many of the passages explain themselves in words, as a share; of many, of some drawn at random."""
        ((last,),) = self._database.execute("select coalesce(max(row), -1) from passages")
        drawn = (
            np.random.default_rng(SEED).integers(last + 1, size=SAMPLE) if last >= SAMPLE else None
        )
        rows = range(last + 1) if drawn is None else sorted({*drawn.tolist()})
        marks = ", ".join("?" * len(rows))
        statement = f"select is_documented from passages where row in ({marks})"  # noqa: S608
        told = [bool(flag) for (flag,) in self._database.execute(statement, tuple(rows))]
        return sum(told) / max(len(told), 1)

    def read_all(self) -> list[StoredPassage]:
        """Every passage, in the order of the rows."""
        return [_build(values) for values in self._database.execute(f"{SELECT} order by row")]

    def find_named(self, names: Iterable[str], most: int) -> list[int]:
        """Rows whose symbol, or the last part of it, is one of the names."""
        wanted = sorted(names)
        marks = ", ".join("?" * len(wanted))
        statement = (
            f"select row from passages where symbol in ({marks}) or last_name in ({marks})"  # noqa: S608
            " order by row limit ?"
        )
        return [row for (row,) in self._database.execute(statement, [*wanted, *wanted, most])]

    def find_matching(self, filters: Filters) -> Rows | None:
        """Rows that a search is confined to, ascending; None for all."""
        conditions = {
            "path glob ?": filters.path,
            "language = ?": filters.language,
            "kind = ?": filters.kind,
        }
        chosen = {condition: value for condition, value in conditions.items() if value}
        if not chosen:
            return None
        statement = f"select row from passages where {' and '.join(chosen)} order by row"  # noqa: S608
        found = self._database.execute(statement, list(chosen.values()))
        return np.fromiter((row for (row,) in found), dtype=np.int64)

    def list_files(self) -> set[tuple[str, str]]:
        """Path and blob of every file that passages are from."""
        return set(self._database.execute("select distinct path, blob_sha from passages"))

    def list_languages(self) -> tuple[str, ...]:
        """The languages that occur, most passages first."""
        statement = "select language from passages group by language order by count(*) desc"
        return tuple(language for (language,) in self._database.execute(statement))


def find_last_name(symbol: str | None) -> str | None:
    """`load` of `Store.load` and of `Store::load`."""
    return symbol.replace("::", ".").rsplit(".", 1)[-1] if symbol else None


def _number(passages: Iterable[StoredPassage]) -> Iterator[tuple[Any, ...]]:
    read_columns = attrgetter(*COLUMNS)  # astuple would copy each value
    for row, passage in enumerate(passages):
        yield (row, *read_columns(passage), find_last_name(passage.symbol))


def _build(values: Sequence[Any]) -> StoredPassage:
    told = dict(zip(COLUMNS, values, strict=True))
    return StoredPassage(**told | {"is_documented": bool(told["is_documented"])})
