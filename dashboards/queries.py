"""All SQL of the pages but that of findings (dashboards.finding_queries) and listings (internflow.listings.browsing).

Reads marts and app with the role app: which rows there are is decided by row-level security alone.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from psycopg import sql
from psycopg.rows import class_row

from internflow.warehouse.connections import Connection

ReviewStatus = Literal["reviewed", "skipped", "failed"]


@dataclass(frozen=True)
class BoardHealth:
    """How the latest crawl of one board went."""

    platform: str
    board: str
    company: str
    status: Literal["ok", "ok_empty", "not_found", "failed", "partial"]
    reported_count: int | None
    fetched_count: int
    dropped_count: int
    error: str | None
    note: str | None
    finished_at: datetime


@dataclass(frozen=True)
class PlatformCount:
    """Open listings of one platform, and how many of them are for students and new graduates."""

    platform: str
    early_count: int
    listing_count: int


@dataclass(frozen=True)
class Repository:
    """A repository that the student registered; without `head_sha` it was not mirrored yet."""

    repo_id: str
    source: str
    name: str | None
    default_branch: str | None
    head_sha: str | None
    mirror_error: str | None

    @property
    def label(self) -> str:
        return self.name or self.source


@dataclass(frozen=True)
class IndexState:
    """At which commit the search index of a repository stands, and which search it has by now."""

    commit_sha: str
    tier: Literal["dense", "lexical"]


@dataclass(frozen=True)
class Coverage:
    """How many commits of a repository ended how; pending ones were not looked at yet."""

    reviewed: int
    skipped: int
    failed: int
    pending: int

    @property
    def total(self) -> int:
        return self.reviewed + self.skipped + self.failed + self.pending


@dataclass(frozen=True)
class Commit:
    """`review_status` is None while the review has not come to the commit."""

    commit_sha: str
    author_name: str
    authored_at: datetime
    subject: str
    body: str
    review_status: ReviewStatus | None
    review_reason: str | None
    finding_count: int


@dataclass(frozen=True)
class Narration:
    """The short review of a commit in words; `lesson_url` leads to the page of the worst finding's rule."""

    text: str
    lesson_url: str | None
    written_by: Literal["template", "model"]


@dataclass(frozen=True)
class Resume:
    document: dict[str, Any]
    document_hash: str


@dataclass(frozen=True)
class Evidence:
    """What a statement cites; `measured_value` came out of `measure_sql` with `measure_params`."""

    evidence_id: str
    repo_id: str
    repository: str | None
    kind: str
    commit_sha: str
    path: str | None
    start_line: int | None
    end_line: int | None
    quote: str | None
    measure_sql: str | None
    measure_params: Any
    measured_value: int | None


@dataclass(frozen=True)
class Bullet:
    bullet_id: str
    repo_id: str
    repository: str | None
    content: str
    evidence: tuple[Evidence, ...]
    missing_evidence_ids: tuple[str, ...]


COMMIT_COLUMNS = sql.SQL("""
    commit_sha, author_name, authored_at, subject, body, review_status, review_reason, finding_count
""")


def read_student_name(connection: Connection) -> str | None:
    """The name of the connection's student; None without one or before the account exists."""
    row = connection.execute("select name from app.students").fetchone()
    return row["name"] if row else None


def has_matches(connection: Connection) -> bool:
    """Whether any listing was scored for the student."""
    row = connection.execute("select exists (select from marts.matches) as found").fetchone()
    return bool(row and row["found"])


def find_board_health(connection: Connection) -> list[BoardHealth]:
    """One row per board, those in trouble first."""
    with connection.cursor(row_factory=class_row(BoardHealth)) as cursor:
        return cursor.execute(
            "select platform, board, company, status, reported_count, fetched_count, dropped_count,"
            " error, note, finished_at from marts.crawl_health"
            " order by status in ('ok', 'ok_empty'), company, platform, board"
        ).fetchall()


def find_platform_counts(connection: Connection) -> list[PlatformCount]:
    """How many open listings each platform shows, most first; one that several show counts for each."""
    with connection.cursor(row_factory=class_row(PlatformCount)) as cursor:
        return cursor.execute(
            "select s.platform, count(distinct s.listing_id) filter (where l.kind <> 'other') as"
            " early_count, count(distinct s.listing_id) as listing_count"
            " from marts.listing_sources s join marts.listings l on l.posting_id = s.listing_id"
            " where s.closed_at is null and l.is_open group by s.platform"
            " order by listing_count desc, s.platform"
        ).fetchall()


def find_repositories(connection: Connection) -> list[Repository]:
    """What the student registered, in that order, mirrored or not."""
    with connection.cursor(row_factory=class_row(Repository)) as cursor:
        return cursor.execute(
            "select registered.repo_id, registered.source, mirrored.name, mirrored.default_branch,"
            " mirrored.head_sha, results.error as mirror_error"
            " from app.student_repositories registered"
            " left join marts.repositories mirrored on mirrored.repo_id = registered.repo_id"
            " left join ops.mirror_results results on results.repo_id = registered.repo_id"
            " order by registered.registered_at, registered.repo_id"
        ).fetchall()


def read_index_state(connection: Connection, repo_id: str) -> IndexState | None:
    """None while the repository has no index, or is not the student's."""
    with connection.cursor(row_factory=class_row(IndexState)) as cursor:
        return cursor.execute(
            "select commit_sha, tier from ops.index_manifests where repo_id = %s", (repo_id,)
        ).fetchone()


def read_coverage(connection: Connection, repo_id: str) -> Coverage:
    """How the commits of a repository ended."""
    rows = connection.execute(
        "select coalesce(review_status, 'pending') as status, count(*) as n from marts.commits"
        " where repo_id = %s group by 1",
        (repo_id,),
    ).fetchall()
    counts = {"reviewed": 0, "skipped": 0, "failed": 0, "pending": 0}
    return Coverage(**counts | {row["status"]: row["n"] for row in rows})


def find_commits(
    connection: Connection, repo_id: str, status: str | None, *, limit: int, offset: int
) -> list[Commit]:
    """Commits, newest first; `status` is a review status, `pending`, or None for all."""
    with connection.cursor(row_factory=class_row(Commit)) as cursor:
        return cursor.execute(
            sql.SQL(
                "select {} from marts.commits where repo_id = %(repo_id)s"
                " and (%(status)s::text is null or coalesce(review_status, 'pending') = %(status)s)"
                " order by committed_at desc, commit_sha limit %(limit)s offset %(offset)s"
            ).format(COMMIT_COLUMNS),
            {"repo_id": repo_id, "status": status, "limit": limit, "offset": offset},
        ).fetchall()


def read_commit(connection: Connection, repo_id: str, commit_sha: str) -> Commit | None:
    """One commit of a repository that the student registered."""
    with connection.cursor(row_factory=class_row(Commit)) as cursor:
        return cursor.execute(
            sql.SQL("select {} from marts.commits where repo_id = %s and commit_sha = %s").format(
                COMMIT_COLUMNS
            ),
            (repo_id, commit_sha),
        ).fetchone()


def read_narration(connection: Connection, repo_id: str, commit_sha: str) -> Narration | None:
    """None until the commit was narrated."""
    with connection.cursor(row_factory=class_row(Narration)) as cursor:
        return cursor.execute(
            "select text, lesson_url, written_by from app.narrations"
            " where repo_id = %s and commit_sha = %s",
            (repo_id, commit_sha),
        ).fetchone()


def read_resume(connection: Connection) -> Resume | None:
    """The student's resume document."""
    with connection.cursor(row_factory=class_row(Resume)) as cursor:
        return cursor.execute("select document, document_hash from marts.resumes").fetchone()


def find_bullets(connection: Connection) -> list[Bullet]:
    """The student's statements by repository, each with its evidence in the order it cites it."""
    rows = connection.execute(
        "select bullets.bullet_id, bullets.repo_id, repositories.name as repository,"
        " bullets.content, bullets.evidence_ids from marts.bullets bullets"
        " left join marts.repositories repositories on repositories.repo_id = bullets.repo_id"
        " order by repositories.name, bullets.repo_id, bullets.position, bullets.bullet_id"
    ).fetchall()
    evidence = {item.evidence_id: item for item in _find_evidence(connection)}
    return [
        Bullet(
            row["bullet_id"],
            row["repo_id"],
            row["repository"],
            row["content"],
            tuple(evidence[i] for i in row["evidence_ids"] if i in evidence),
            tuple(i for i in row["evidence_ids"] if i not in evidence),
        )
        for row in rows
    ]


def _find_evidence(connection: Connection) -> list[Evidence]:
    with connection.cursor(row_factory=class_row(Evidence)) as cursor:
        return cursor.execute(
            "select evidence.evidence_id, evidence.repo_id, repositories.name as repository,"
            " evidence.kind, evidence.commit_sha, evidence.path, evidence.start_line,"
            " evidence.end_line, evidence.quote, evidence.measure_sql, evidence.measure_params,"
            " evidence.measured_value from marts.evidence evidence"
            " left join marts.repositories repositories"
            " on repositories.repo_id = evidence.repo_id"
        ).fetchall()
