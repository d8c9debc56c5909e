"""COPY-and-merge loads: rows stream into a temporary table, then merge on their natural key in one statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from internflow.warehouse.connections import Connection


@dataclass(frozen=True)
class Target:
    """A table and how rows merge into it.

    `update` columns are written when they differ from what is stored; `keep` columns only on insert (a first-seen
    time, say). Rows that change nothing are not touched, so a second load of the same rows writes nothing.
    """

    table: str
    key: tuple[str, ...]
    update: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.key, *self.update, *self.keep)


@dataclass(frozen=True)
class MergeCounts:
    inserted: int = 0
    updated: int = 0

    def __add__(self, other: "MergeCounts") -> "MergeCounts":
        return MergeCounts(self.inserted + other.inserted, self.updated + other.updated)

    @property
    def changed(self) -> int:
        return self.inserted + self.updated


def merge_rows(
    connection: Connection, target: Target, rows: Iterable[Sequence[Any]]
) -> MergeCounts:
    """Load rows, given in the order of `target.columns`; a later row with the same key wins.

    Runs inside the caller's transaction, so that a killed process leaves either all rows or none.
    """
    table = sql.Identifier(*target.table.split("."))
    aside = sql.Identifier(f"load_{target.table.replace('.', '_')}")
    columns = sql.SQL(", ").join(map(sql.Identifier, target.columns))
    key = sql.SQL(", ").join(map(sql.Identifier, target.key))
    connection.execute(
        sql.SQL(
            "create temp table {} on commit drop as select {}, 0::bigint as load_order from {} with no data"
        ).format(aside, columns, table)
    )
    with connection.cursor().copy(
        sql.SQL("copy {} ({}, load_order) from stdin").format(aside, columns)
    ) as copy:
        for order, row in enumerate(rows):
            copy.write_row((*row, order))
    counted = connection.execute(_merge_statement(target, table, aside, columns, key)).fetchone()
    connection.execute(sql.SQL("drop table {}").format(aside))
    if counted is None:
        return MergeCounts()
    return MergeCounts(counted["inserted"], counted["updated"])


def _merge_statement(
    target: Target,
    table: sql.Identifier,
    aside: sql.Identifier,
    columns: sql.Composed,
    key: sql.Composed,
) -> sql.Composed:
    changes: sql.Composable = sql.SQL("do nothing")
    if target.update:
        new = [sql.SQL("excluded.{}").format(sql.Identifier(c)) for c in target.update]
        old = [sql.SQL("stored.{}").format(sql.Identifier(c)) for c in target.update]
        changes = sql.SQL("do update set {} where ({}) is distinct from ({})").format(
            sql.SQL(", ").join(
                sql.SQL("{} = {}").format(sql.Identifier(c), n)
                for c, n in zip(target.update, new, strict=True)
            ),
            sql.SQL(", ").join(old),
            sql.SQL(", ").join(new),
        )
    return sql.SQL(
        "with merged as (insert into {table} as stored ({columns})"
        " select distinct on ({key}) {columns} from {aside} order by {key}, load_order desc"
        " on conflict ({key}) {changes} returning (xmax = 0) as is_new)"
        " select count(*) filter (where is_new) as inserted, count(*) filter (where not is_new) as updated from merged"
    ).format(table=table, columns=columns, key=key, aside=aside, changes=changes)
