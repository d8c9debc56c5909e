"""Evidence: what a resume may rest on. Every piece can be checked again, by a query or by a quoted line."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from internflow.repos.mirrors import mirror_path
from internflow.resumes.blame import read_lines
from internflow.resumes.ownership import read_own_commits
from internflow.warehouse.connections import Connection

# Says what the project is, not what the student did: the one quote that may be of other people's lines.
DESCRIPTION_KIND = "readme"

COLUMNS = (
    "repo_id", "kind", "commit_sha", "path", "start_line", "end_line", "quote",
    "measure_sql", "measure_params", "measured_value",
)  # fmt: skip


@dataclass(frozen=True)
class Evidence:
    """Either a measured number (query, parameters, value) or a quote (commit, path, lines)."""

    repo_id: str
    kind: str
    name: str
    commit_sha: str
    path: str | None = None
    start_line: int | None = None
    end_line: int | None = None
    quote: str | None = None
    measure_sql: str | None = None
    measure_params: dict[str, Any] | None = None
    measured_value: int | None = None

    @property
    def evidence_id(self) -> str:
        """The same for the same fact in every run, whatever its value."""
        return f"{self.repo_id}/{self.kind}/{self.name}"


def measure(connection: Connection, measure_sql: str, params: dict[str, Any]) -> int:
    """Run a measuring query: the stored text is what runs. Raises ValueError unless it gives one number."""
    # The text is this package's own, stored by it in a table that only the pipeline writes.
    rows = connection.execute(measure_sql, params).fetchall()
    values = [value for row in rows for value in row.values()]
    if len(values) != 1 or not isinstance(values[0], int):
        raise ValueError(f"A measuring query gave {values!r}: it must give exactly one bigint.")
    return values[0]


def read_evidence(connection: Connection, student_id: str) -> list[Evidence]:
    """The stored evidence of a student, ordered by its id."""
    rows = connection.execute(
        "select evidence_id, repo_id, kind, commit_sha, path, start_line, end_line, quote, measure_sql,"
        " measure_params, measured_value from ai.evidence where student_id = %s order by evidence_id",
        (student_id,),
    ).fetchall()
    return [
        Evidence(name=r["evidence_id"].split("/", 2)[2], **{c: r[c] for c in COLUMNS}) for r in rows
    ]


def verify_evidence(connection: Connection, mirrors_dir: Path, student_id: str) -> list[Evidence]:
    """Run every query and read every quote of a student again; return what no longer holds."""
    account = connection.execute(
        "select emails from app.students where student_id = %s", (student_id,)
    ).fetchone()
    emails = sorted(account["emails"]) if account else []
    stored = read_evidence(connection, student_id)
    own = {r: read_own_commits(connection, r, emails) for r in {e.repo_id for e in stored}}
    return [
        e
        for e in stored
        if not (
            _quote_holds(e, mirror_path(mirrors_dir, e.repo_id), own[e.repo_id])
            if e.measure_sql is None
            else _measure_holds(connection, e, emails)
        )
    ]


def _measure_holds(connection: Connection, evidence: Evidence, emails: Sequence[str]) -> bool:
    params = evidence.measure_params or {}
    return (
        params.get("emails") == list(emails)
        and measure(connection, evidence.measure_sql or "", params) == evidence.measured_value
    )


def _quote_holds(evidence: Evidence, mirror: Path, own_commits: Set[str]) -> bool:
    if evidence.path is None or evidence.start_line is None or evidence.end_line is None:
        return False
    lines = read_lines(mirror, evidence.commit_sha, evidence.path)
    quoted = "\n".join(lines[evidence.start_line - 1 : evidence.end_line])
    return quoted == evidence.quote and (
        evidence.kind == DESCRIPTION_KIND or evidence.commit_sha in own_commits
    )
