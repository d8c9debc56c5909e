"""The SQL of findings as one student sees them: the ledger's rows with that student's own verdicts and dismissals.

Read with the role app: row-level security alone decides which rows there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from psycopg import sql
from psycopg.rows import class_row

from internflow.reviews.rule import Severity
from internflow.reviews.verdicts import Verdict
from internflow.warehouse.connections import Connection

State = Literal["new", "regressed", "open", "fixed", "dismissed"]


@dataclass(frozen=True)
class Finding:
    """`state` is `dismissed` for what the student dismissed, whatever it is for others."""

    fingerprint: str
    commit_sha: str
    path: str
    start_line: int
    end_line: int
    quote: str
    rule: str
    severity: Severity
    message: str
    rule_url: str | None
    state: State
    head_line: int | None
    related: Sequence[dict[str, Any]] = ()
    returned_sha: str | None = None
    fixed_by_sha: str | None = None
    verdict: Verdict | None = None
    dismissal: str | None = None
    dismissed_at: datetime | None = None


@dataclass(frozen=True)
class LedgerFilters:
    """What of the ledger is asked for; nothing chosen means everything."""

    states: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    path: str = ""


@dataclass(frozen=True)
class LedgerCount:
    """How many findings of a repository share a state, a severity and a rule."""

    state: State
    severity: Severity
    rule: str
    count: int


@dataclass(frozen=True)
class Stay:
    """When a finding came, and when it went; without `gone_at` it is there, or nobody knows since when it is not."""

    severity: Severity
    state: State
    came_at: datetime
    gone_at: datetime | None


SEEN = """
    from marts.findings f
    left join app.verdicts v using (repo_id, fingerprint)
    left join app.dismissals d using (repo_id, fingerprint)
    where repo_id = %(repo_id)s
"""
STATE = "case when d.fingerprint is null then f.state else 'dismissed' end"
COLUMNS = f"""
    fingerprint, f.commit_sha, f.path, f.start_line, f.end_line, f.quote, f.rule, f.severity, f.message, f.rule_url,
    {STATE} as state, f.head_line, f.related, f.returned_sha, f.fixed_by_sha, v.verdict, d.reason as dismissal,
    d.dismissed_at
"""
# strpos, since a path that is typed may hold the wildcards of like.
CHOSEN = f"""
    and f.rule <> all(%(off)s)
    and (cardinality(%(states)s::text[]) = 0 or {STATE} = any(%(states)s))
    and (cardinality(%(severities)s::text[]) = 0 or f.severity = any(%(severities)s))
    and (cardinality(%(rules)s::text[]) = 0 or f.rule = any(%(rules)s))
    and strpos(lower(f.path), lower(%(path)s)) > 0
"""


def find_ledger(
    connection: Connection,
    repo_id: str,
    filters: LedgerFilters,
    off: Sequence[str],
    *,
    limit: int,
    offset: int,
) -> list[Finding]:
    """Findings, worst first, what was put off last; those of the rules in `off` are left out."""
    with connection.cursor(row_factory=class_row(Finding)) as cursor:
        return cursor.execute(
            sql.SQL(
                "select {columns} {seen} {chosen}"
                " order by coalesce(v.verdict = 'not_now', false),"
                " array_position(array['high', 'medium', 'low'], f.severity),"
                " array_position(array['regressed', 'new', 'open', 'fixed'], f.state), f.path,"
                " coalesce(f.head_line, f.start_line), fingerprint"
                " limit %(limit)s offset %(offset)s"
            ).format(columns=sql.SQL(COLUMNS), seen=sql.SQL(SEEN), chosen=sql.SQL(CHOSEN)),
            _bind(repo_id, filters, off) | {"limit": limit, "offset": offset},
        ).fetchall()


def count_ledger(
    connection: Connection, repo_id: str, filters: LedgerFilters, off: Sequence[str]
) -> int:
    """How many findings `find_ledger` has on all its pages."""
    row = connection.execute(
        sql.SQL("select count(*) as n {} {}").format(sql.SQL(SEEN), sql.SQL(CHOSEN)),
        _bind(repo_id, filters, off),
    ).fetchone()
    return int(row["n"]) if row else 0


def find_ledger_counts(connection: Connection, repo_id: str) -> list[LedgerCount]:
    """What there is to choose from, rules that are off included."""
    with connection.cursor(row_factory=class_row(LedgerCount)) as cursor:
        return cursor.execute(
            sql.SQL(
                "select {} as state, f.severity, f.rule, count(*) as count {} group by 1, 2, 3"
                " order by 1, 2, 3"
            ).format(sql.SQL(STATE), sql.SQL(SEEN)),
            {"repo_id": repo_id},
        ).fetchall()


def find_commit_findings(connection: Connection, repo_id: str, commit_sha: str) -> list[Finding]:
    """What the review of one commit found, fixed since or not, from top to bottom of each file."""
    with connection.cursor(row_factory=class_row(Finding)) as cursor:
        return cursor.execute(
            sql.SQL(
                "select {} {} and f.commit_sha = %(sha)s order by f.path, f.start_line, fingerprint"
            ).format(sql.SQL(COLUMNS), sql.SQL(SEEN)),
            {"repo_id": repo_id, "sha": commit_sha},
        ).fetchall()


def find_stays(connection: Connection, repo_id: str, off: Sequence[str]) -> list[Stay]:
    """When each finding came and went, by the commits' times; without what is dismissed or off."""
    with connection.cursor(row_factory=class_row(Stay)) as cursor:
        return cursor.execute(
            sql.SQL(
                "select f.severity, f.state, came.committed_at as came_at,"
                " gone.committed_at as gone_at from marts.findings f"
                " join marts.commits came using (repo_id, commit_sha)"
                " left join marts.commits gone"
                " on gone.repo_id = f.repo_id and gone.commit_sha = f.fixed_by_sha"
                " where f.repo_id = %s and f.rule <> all(%s) and not exists (select from"
                " app.dismissals d where d.repo_id = f.repo_id and d.fingerprint = f.fingerprint)"
            ),
            (repo_id, list(off)),
        ).fetchall()


def _bind(repo_id: str, filters: LedgerFilters, off: Sequence[str]) -> dict[str, Any]:
    return {
        "repo_id": repo_id,
        "off": list(off),
        "states": list(filters.states),
        "severities": list(filters.severities),
        "rules": list(filters.rules),
        "path": filters.path,
    }
