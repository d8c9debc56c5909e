"""Where a repository at HEAD defines a name and where it uses it. Reads only what was loaded with the chunks."""

from dataclasses import dataclass

from internflow.repos.chunks import CHUNKER, Symbol
from internflow.repos.languages import is_generated_or_vendored
from internflow.warehouse.connections import Connection


@dataclass(frozen=True)
class FoundDefinition:
    path: str
    symbol: Symbol


@dataclass(frozen=True)
class FoundReference:
    path: str
    line: int


def find_definitions(connection: Connection, repo_id: str, name: str) -> list[FoundDefinition]:
    """Definitions at HEAD of a name, bare (`add`) or qualified (`Store.add`), by path and line."""
    rows = connection.execute(
        "select f.path, s.name, s.symbol, s.kind, s.signature, s.start_line, s.end_line"
        " from raw.head_files f join raw.symbols s using (blob_sha)"
        " where f.repo_id = %s and s.chunker = %s and (s.name = %s or s.symbol = %s)"
        " order by f.path, s.ordinal",
        (repo_id, CHUNKER, name, name),
    ).fetchall()
    return [
        FoundDefinition(
            r["path"],
            Symbol(
                r["name"], r["symbol"], r["kind"], r["signature"], r["start_line"], r["end_line"]
            ),
        )
        for r in rows
        if not is_generated_or_vendored(r["path"])
    ]


def find_references(connection: Connection, repo_id: str, name: str) -> list[FoundReference]:
    """Lines at HEAD that use a name, whatever it means there, by path and line."""
    rows = connection.execute(
        "select f.path, r.line from raw.head_files f join raw.symbol_references r using (blob_sha)"
        " where f.repo_id = %s and r.chunker = %s and r.name = %s order by f.path, r.line",
        (repo_id, CHUNKER, name),
    ).fetchall()
    return [
        FoundReference(r["path"], r["line"])
        for r in rows
        if not is_generated_or_vendored(r["path"])
    ]
