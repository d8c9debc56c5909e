"""What a student says of findings: useful, wrong, not now; dismissed, with a reason.

Every function works on the rows of the connection's student: row-level security holds the others back.
"""

from datetime import datetime
from typing import Literal, get_args

from internflow.errors import UserInputError
from internflow.reviews.acceptance import Acceptance
from internflow.warehouse.connections import Connection

Verdict = Literal["useful", "wrong", "not_now"]

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
LONGEST_REASON = 300


def give_verdict(
    connection: Connection,
    student_id: str,
    repo_id: str,
    fingerprint: str,
    verdict: Verdict,
    *,
    now: datetime,
) -> None:
    """Say this of a finding, in place of what was said before. Raises UserInputError for a finding not there."""
    done = connection.execute(
        "insert into app.verdicts (student_id, repo_id, fingerprint, rule, verdict, given_at)"
        " select %s, repo_id, fingerprint, rule, %s, %s from ai.findings"
        " where repo_id = %s and fingerprint = %s"
        " on conflict (student_id, repo_id, fingerprint) do update"
        " set verdict = excluded.verdict, rule = excluded.rule, given_at = excluded.given_at",
        (student_id, verdict, now, repo_id, fingerprint),
    )
    _check_found(done.rowcount, fingerprint)


def take_back_verdict(connection: Connection, repo_id: str, fingerprint: str) -> None:
    """Undo a verdict; none is none."""
    connection.execute(
        "delete from app.verdicts where repo_id = %s and fingerprint = %s", (repo_id, fingerprint)
    )


def dismiss(
    connection: Connection,
    student_id: str,
    repo_id: str,
    fingerprint: str,
    reason: str,
    *,
    now: datetime,
) -> None:
    """Put a finding away for good. Raises UserInputError for a bad reason or a finding that is not there."""
    why = " ".join(reason.split())
    if not why or len(why) > LONGEST_REASON or not why.isprintable():
        raise UserInputError(
            f"The reason {why[:40]!r} cannot be used: type 1 to {LONGEST_REASON} visible characters."
        )
    done = connection.execute(
        "insert into app.dismissals (student_id, repo_id, fingerprint, reason, dismissed_at)"
        " select %s, repo_id, fingerprint, %s, %s from ai.findings"
        " where repo_id = %s and fingerprint = %s"
        " on conflict (student_id, repo_id, fingerprint) do update"
        " set reason = excluded.reason, dismissed_at = excluded.dismissed_at",
        (student_id, why, now, repo_id, fingerprint),
    )
    _check_found(done.rowcount, fingerprint)


def take_back_dismissal(connection: Connection, repo_id: str, fingerprint: str) -> None:
    """Undo a dismissal: the finding is in the state that it has for everybody."""
    connection.execute(
        "delete from app.dismissals where repo_id = %s and fingerprint = %s",
        (repo_id, fingerprint),
    )


def read_dismissals(connection: Connection, repo_id: str) -> dict[str, str]:
    """Fingerprint -> why the student dismissed it."""
    rows = connection.execute(
        "select fingerprint, reason from app.dismissals where repo_id = %s", (repo_id,)
    ).fetchall()
    return {row["fingerprint"]: row["reason"] for row in rows}


def read_acceptances(connection: Connection) -> list[Acceptance]:
    """How the student judged each rule over all repositories, since it was switched on last; by rule."""
    rows = connection.execute(
        "select rule, count(*) filter (where verdict = 'useful') as useful,"
        " count(*) filter (where verdict = 'wrong') as wrong"
        " from app.verdicts left join app.rule_restarts using (student_id, rule)"
        " where verdict <> 'not_now' and given_at > coalesce(restarted_at, '-infinity')"
        " group by rule order by rule"
    ).fetchall()
    return [Acceptance(**row) for row in rows]


def switch_on(connection: Connection, student_id: str, rule: str, *, now: datetime) -> None:
    """Show a rule's findings to the student again; the verdicts given so far count no more."""
    connection.execute(
        "insert into app.rule_restarts values (%s, %s, %s)"
        " on conflict (student_id, rule) do update set restarted_at = excluded.restarted_at",
        (student_id, rule, now),
    )


def _check_found(row_count: int, fingerprint: str) -> None:
    if not row_count:
        raise UserInputError(
            f"The finding {fingerprint[:16]!r} is in the ledger no more: reload this page."
        )
