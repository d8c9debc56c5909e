"""Narrations as they are stored, and what of the ledger they are written from."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from internflow.reviews.narration.facts import BroughtIn, FixedFact
from internflow.warehouse.connections import Connection
from internflow.warehouse.merge import Target, merge_rows

NARRATIONS = Target(
    "ai.narrations",
    key=("repo_id", "commit_sha"),
    update=("text", "lesson_url", "facts_hash", "written_by", "model_id", "created_at"),
)


@dataclass(frozen=True)
class StoredNarration:
    """`model_id` is also there when the model's wording was refused; `created_at` is when the text was written."""

    commit_sha: str
    text: str
    lesson_url: str | None
    facts_hash: str
    written_by: Literal["template", "model"]
    model_id: str | None
    created_at: datetime


def read_reviewed(connection: Connection, repo_id: str, shas: Sequence[str]) -> list[str]:
    """Those of the commits that were reviewed, in the given order."""
    rows = connection.execute(
        "select commit_sha from ops.review_coverage"
        " where repo_id = %s and commit_sha = any(%s) and status = 'reviewed'",
        (repo_id, list(shas)),
    ).fetchall()
    reviewed = {row["commit_sha"] for row in rows}
    return [sha for sha in shas if sha in reviewed]


def read_brought_in(
    connection: Connection, repo_id: str, shas: Sequence[str]
) -> dict[str, list[BroughtIn]]:
    """The findings of each of these commits that brought some in."""
    found: dict[str, list[BroughtIn]] = defaultdict(list)
    rows = connection.execute(
        "select commit_sha, rule, severity, path, start_line, rule_url from ai.findings"
        " where repo_id = %s and commit_sha = any(%s) order by path, start_line, fingerprint",
        (repo_id, list(shas)),
    ).fetchall()
    for row in rows:
        found[row.pop("commit_sha")].append(BroughtIn(**row))
    return found


def read_fixed(
    connection: Connection, repo_id: str, shas: Sequence[str]
) -> dict[str, list[FixedFact]]:
    """The findings that each of these commits took away, by path."""
    found: dict[str, list[FixedFact]] = defaultdict(list)
    rows = connection.execute(
        "select fixed_by_sha, rule, path from ai.findings"
        " where repo_id = %s and fixed_by_sha = any(%s) order by path, start_line, fingerprint",
        (repo_id, list(shas)),
    ).fetchall()
    for row in rows:
        found[row["fixed_by_sha"]].append(FixedFact(row["rule"], row["path"]))
    return found


def read_narrations(
    connection: Connection, repo_id: str, shas: Sequence[str]
) -> dict[str, StoredNarration]:
    """What is stored for these commits, by sha."""
    rows = connection.execute(
        "select commit_sha, text, lesson_url, facts_hash, written_by, model_id, created_at"
        " from ai.narrations where repo_id = %s and commit_sha = any(%s)",
        (repo_id, list(shas)),
    ).fetchall()
    return {row["commit_sha"]: StoredNarration(**row) for row in rows}


def store_narrations(
    connection: Connection, repo_id: str, narrations: Iterable[StoredNarration]
) -> int:
    """Write them in the caller's transaction; return how many rows changed."""
    rows = [
        (
            repo_id, n.commit_sha, n.text, n.lesson_url, n.facts_hash, n.written_by, n.model_id, n.created_at,
        )
        for n in narrations
    ]  # fmt: skip
    return merge_rows(connection, NARRATIONS, rows).changed
