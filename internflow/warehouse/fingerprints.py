"""What stands in whole tables, cheap to compare: tells whether a run changed anything."""

from dataclasses import dataclass

from psycopg import sql

from internflow.settings import Settings
from internflow.warehouse.connections import connect


@dataclass(frozen=True)
class TableState:
    row_count: int
    fingerprint: int


@dataclass(frozen=True)
class TableChange:
    """Rows before and after of a table whose content differs."""

    table: str
    before: int
    after: int


def read_table_states(settings: Settings, schemas: tuple[str, ...]) -> dict[str, TableState]:
    """Row count and order-free content hash of every table of the schemas."""
    with connect(settings, "pipeline") as connection:
        tables = connection.execute(
            "select schemaname, tablename from pg_tables where schemaname = any(%s) order by 1, 2",
            (list(schemas),),
        ).fetchall()
        states = {}
        for row in tables:
            counted = connection.execute(
                sql.SQL(
                    "select count(*) as n, coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) as h from {} as t"
                ).format(sql.Identifier(row["schemaname"], row["tablename"]))
            ).fetchone() or {"n": 0, "h": 0}
            states[f"{row['schemaname']}.{row['tablename']}"] = TableState(
                counted["n"], int(counted["h"])
            )
        return states


def compare_tables(
    before: dict[str, TableState], after: dict[str, TableState]
) -> list[TableChange]:
    """The tables whose content differs."""
    empty = TableState(0, 0)
    return [
        TableChange(table, before.get(table, empty).row_count, state.row_count)
        for table, state in after.items()
        if before.get(table, empty) != state
    ]
