"""Keeps the warehouse's list of the files that a store holds: what of their texts and names may be read by whom."""

from collections.abc import Set

from internflow.warehouse.connections import Connection
from internflow.warehouse.merge import Target, merge_rows

INDEXED_FILES = Target("ops.indexed_files", ("repo_id", "path", "blob_sha"))

Files = Set[tuple[str, str]]  # path and blob


def add_indexed_files(connection: Connection, repo_id: str, files: Files) -> None:
    """Name the files of a store that is about to be current, beside those of the one before, which still answers."""
    merge_rows(connection, INDEXED_FILES, ((repo_id, path, blob) for path, blob in sorted(files)))


def drop_other_files(connection: Connection, repo_id: str, files: Files) -> None:
    """Forget what the current store does not hold."""
    rows = connection.execute(
        "select path, blob_sha from ops.indexed_files where repo_id = %s", (repo_id,)
    ).fetchall()
    gone = sorted({(row["path"], row["blob_sha"]) for row in rows} - files)
    connection.execute(
        "delete from ops.indexed_files where repo_id = %s"
        " and (path, blob_sha) in (select * from unnest(%s::text[], %s::text[]))",
        (repo_id, [path for path, _blob in gone], [blob for _path, blob in gone]),
    )
