"""The ledger as it is stored: findings with their state, and the coverage of commits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from internflow.reviews.findings import Finding
from internflow.reviews.judging import CommitReview
from internflow.reviews.rule import RelatedPlace
from internflow.warehouse.connections import Connection
from internflow.warehouse.merge import Target, merge_rows

FINDINGS = Target(
    "ai.findings",
    key=("repo_id", "fingerprint"),
    update=(
        "commit_sha", "path", "start_line", "end_line", "quote", "rule", "category", "severity",
        "message", "rule_url", "analyzer", "related", "subject",
    ),
    keep=("state", "head_line"),
)  # fmt: skip
COVERAGE = Target(
    "ops.review_coverage",
    key=("repo_id", "commit_sha"),
    update=("status", "reason", "analyzer", "finding_count", "reviewed_at"),
)


@dataclass(frozen=True)
class Coverage:
    """What the ledger has of one commit; `finding_count` counts what it brought in, known before or not."""

    status: str
    reason: str | None
    analyzer: str
    finding_count: int

    def is_final(self, analyzer: str) -> bool:
        """Whether this analyzer need not see the commit again. A failure may have passed."""
        return self.analyzer == analyzer and self.status != "failed"


@dataclass(frozen=True)
class Entry:
    """One finding of the ledger and where it stands."""

    fingerprint: str
    commit_sha: str
    path: str
    state: str
    head_line: int | None
    rule: str
    start_line: int
    quote: str
    subject: str | None


@dataclass(frozen=True)
class Rename:
    commit_sha: str
    old_path: str
    path: str


def read_coverage(connection: Connection, repo_id: str, shas: Sequence[str]) -> dict[str, Coverage]:
    """What became of each of these commits, by sha; without those that were never looked at."""
    rows = connection.execute(
        "select commit_sha, status, reason, analyzer, finding_count from ops.review_coverage"
        " where repo_id = %s and commit_sha = any(%s)",
        (repo_id, list(shas)),
    ).fetchall()
    return {row.pop("commit_sha"): Coverage(**row) for row in rows}


def read_findings(connection: Connection, repo_id: str) -> list[Finding]:
    """Every finding of a repository, without its state."""
    rows = connection.execute(
        "select fingerprint, commit_sha, path, start_line, end_line, quote, rule, category, severity,"
        " message, rule_url, analyzer, related, subject from ai.findings where repo_id = %s"
        " order by path, start_line",
        (repo_id,),
    ).fetchall()
    return [_read_finding(row) for row in rows]


def _read_finding(row: dict[str, Any]) -> Finding:
    related = tuple(RelatedPlace(**place) for place in row.pop("related"))
    return Finding(**row, related=related)


def read_entries(connection: Connection, repo_id: str) -> list[Entry]:
    """The state of every finding of a repository."""
    rows = connection.execute(
        "select fingerprint, commit_sha, path, state, head_line, rule, start_line, quote, subject"
        " from ai.findings where repo_id = %s",
        (repo_id,),
    ).fetchall()
    return [Entry(**row) for row in rows]


def open_entry(f: Finding) -> Entry:
    """The entry of a finding that nothing is known of yet."""
    return Entry(
        f.fingerprint, f.commit_sha, f.path, "open", None, f.rule, f.start_line, f.quote, f.subject
    )


def read_renames(connection: Connection, repo_id: str) -> list[Rename]:
    """Every rename in the loaded history of a repository."""
    rows = connection.execute(
        "select commit_sha, old_path, path from raw.file_changes"
        " where repo_id = %s and change_kind = 'renamed'",
        (repo_id,),
    ).fetchall()
    return [Rename(**row) for row in rows]


def store_reviews(
    connection: Connection,
    repo_id: str,
    reviews: Sequence[CommitReview],
    *,
    age: Mapping[str, int],
    analyzer: str,
    now: datetime,
) -> int:
    """Store a batch of reviews in the caller's transaction; return how many findings the ledger did not know.

    A finding that several commits brought in belongs to the oldest of them (`age`: 0 is the newest commit).
    """
    shas = [review.commit_sha for review in reviews]
    connection.execute(
        "delete from ai.findings where repo_id = %s and commit_sha = any(%s) and analyzer <> %s",
        (repo_id, shas, analyzer),
    )
    bringers = _read_bringers(connection, repo_id, reviews, age, analyzer)
    for review in reviews:
        for f in review.findings:
            bringers[f.fingerprint].add(f.commit_sha)
    oldest = {name: max(shas, key=age.__getitem__) for name, shas in bringers.items()}
    newest = {name: min(shas, key=age.__getitem__) for name, shas in bringers.items()}
    found = [f for review in reviews for f in review.findings]
    rows = [
        (*_finding_row(repo_id, f), "open", None)
        for f in found
        if oldest[f.fingerprint] == f.commit_sha
    ]
    merged = merge_rows(connection, FINDINGS, rows)
    returns = {name: sha if sha != oldest[name] else None for name, sha in newest.items()}
    _store_returns(connection, repo_id, returns)
    merge_rows(connection, COVERAGE, _coverage_rows(connection, repo_id, reviews, analyzer, now))
    return merged.inserted


def _read_bringers(
    connection: Connection,
    repo_id: str,
    reviews: Iterable[CommitReview],
    age: Mapping[str, int],
    analyzer: str,
) -> dict[str, set[str]]:
    """The commits that are known to have brought in each finding of these reviews: the oldest and the newest of them.

    Not those that left history. What another analyzer told does not count: the commit's new review, which may be
    still to come, takes the finding back if it is its own.
    """
    found = [f.fingerprint for review in reviews for f in review.findings]
    rows = connection.execute(
        "select fingerprint, commit_sha, returned_sha from ai.findings"
        " where repo_id = %s and fingerprint = any(%s) and analyzer = %s",
        (repo_id, found, analyzer),
    ).fetchall()
    bringers: dict[str, set[str]] = {fingerprint: set() for fingerprint in found}
    for row in rows:
        bringers[row["fingerprint"]] |= {row["commit_sha"], row["returned_sha"]} & age.keys()
    return bringers


def _store_returns(connection: Connection, repo_id: str, returns: Mapping[str, str | None]) -> None:
    connection.execute(
        "update ai.findings f set returned_sha = n.returned_sha"
        " from unnest(%s::text[], %s::text[]) as n (fingerprint, returned_sha)"
        " where f.repo_id = %s and f.fingerprint = n.fingerprint"
        " and f.returned_sha is distinct from n.returned_sha",
        (list(returns), list(returns.values()), repo_id),
    )


def _finding_row(repo_id: str, f: Finding) -> tuple[object, ...]:
    return (
        repo_id, f.fingerprint, f.commit_sha, f.path, f.start_line, f.end_line, f.quote, f.rule, f.category,
        f.severity, f.message, f.rule_url, f.analyzer, Jsonb([asdict(place) for place in f.related]), f.subject,
    )  # fmt: skip


def _coverage_rows(
    connection: Connection,
    repo_id: str,
    reviews: Sequence[CommitReview],
    analyzer: str,
    now: datetime,
) -> list[tuple[object, ...]]:
    """Rows of what differs: a commit that fails again as before keeps the time of its first failure."""
    stored = read_coverage(connection, repo_id, [review.commit_sha for review in reviews])
    rows: list[tuple[object, ...]] = []
    for review in reviews:
        outcome, count = review.outcome, len(review.findings)
        if stored.get(review.commit_sha) != Coverage(
            outcome.status, outcome.reason, analyzer, count
        ):
            place = (repo_id, review.commit_sha)
            rows.append((*place, outcome.status, outcome.reason, analyzer, count, now))
    return rows
