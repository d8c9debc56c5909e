"""What was posted, as it is stored in ops.postings. Each change is committed: the other side cannot be undone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from internflow.warehouse.connections import Connection

COLUMNS = (
    "repo_id, kind, target, branch, base_sha, head_sha, remote_id, content_hash, annotated, error, started_at,"
    " posted_at"
)


@dataclass(frozen=True)
class Posting:
    """A check run or a comment. Without a `remote_id` it was not posted, or the answer was lost."""

    repo_id: str
    kind: str
    target: str
    branch: str | None
    base_sha: str
    head_sha: str
    started_at: datetime
    remote_id: int | None = None
    content_hash: str | None = None
    annotated: tuple[str, ...] = ()
    error: str | None = None
    posted_at: datetime | None = None


def read_postings(connection: Connection, repo_id: str, kind: str) -> dict[str, Posting]:
    """A repository's postings by target, the newest last."""
    rows = connection.execute(
        f"select {COLUMNS} from ops.postings where repo_id = %s and kind = %s"  # noqa: S608  fixed names
        " order by started_at, target".encode(),
        (repo_id, kind),
    ).fetchall()
    return {row["target"]: Posting(**{**row, "annotated": tuple(row["annotated"])}) for row in rows}


def store_posting(connection: Connection, posting: Posting) -> Posting:
    """Store it and commit."""
    connection.execute(
        f"insert into ops.postings ({COLUMNS}) values ({', '.join(['%s'] * 12)})"  # noqa: S608  fixed names
        " on conflict (repo_id, kind, target) do update set branch = excluded.branch, base_sha = excluded.base_sha,"
        " head_sha = excluded.head_sha, remote_id = excluded.remote_id, content_hash = excluded.content_hash,"
        " annotated = excluded.annotated, error = excluded.error, posted_at = excluded.posted_at".encode(),
        (
            posting.repo_id, posting.kind, posting.target, posting.branch, posting.base_sha, posting.head_sha,
            posting.remote_id, posting.content_hash, list(posting.annotated), posting.error, posting.started_at,
            posting.posted_at,
        ),
    )  # fmt: skip
    connection.commit()
    return posting


def note_remote(
    connection: Connection, posting: Posting, remote_id: int, annotated: Sequence[str] = ()
) -> Posting:
    """Store what the host calls it, and which findings it shows in all."""
    known = tuple(dict.fromkeys((*posting.annotated, *annotated)))
    return store_posting(connection, replace(posting, remote_id=remote_id, annotated=known))


def note_done(
    connection: Connection, posting: Posting, content_hash: str, now: datetime
) -> Posting:
    """Store that all of it is posted."""
    done = replace(posting, content_hash=content_hash, error=None, posted_at=now)
    return store_posting(connection, done)
