"""Makes the report of a repository at HEAD, or of a range of its commits, reviewing what was not reviewed yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from internflow.repos.history import CommitRecord, read_changes, walk_commits
from internflow.repos.mirrors import Mirror
from internflow.repos.vetting import Source
from internflow.reviews.analyzers.running import ANALYZER
from internflow.reviews.findings import Finding
from internflow.reviews.head import follow_renames, settle_entries, settle_ledger
from internflow.reviews.judging import CommitReview
from internflow.reviews.ledger import (
    Entry,
    Rename,
    open_entry,
    read_coverage,
    read_entries,
    read_findings,
    read_renames,
    store_reviews,
)
from internflow.reviews.ranges import CommitRange
from internflow.reviews.reports.report import (
    DISMISSED,
    ReportedCommit,
    ReportedFinding,
    ReviewReport,
)
from internflow.reviews.repository.reviewer import TreeReviewer, borrow_reviewer
from internflow.reviews.review import Progress, review_each
from internflow.reviews.standing import find_place, find_related
from internflow.warehouse.connections import Connection


@dataclass(frozen=True)
class _History:
    """Commits, newest first, and the renames among them."""

    commits: Sequence[CommitRecord]
    renames: Sequence[Rename]

    @property
    def age(self) -> dict[str, int]:
        return {commit.sha: position for position, commit in enumerate(self.commits)}


def report_head(
    connection: Connection, mirror: Mirror, source: Source, dismissed: Mapping[str, str]
) -> ReviewReport:
    """What the ledger says of HEAD, from what is stored; review the repository before.

    `dismissed` has the fingerprints that the reader dismissed, and why.
    """
    commits = list(walk_commits(mirror))
    history = _History(commits, read_renames(connection, mirror.repo_id))
    covered = read_coverage(connection, mirror.repo_id, list(history.age))
    entries = [e for e in read_entries(connection, mirror.repo_id) if e.state != "fixed"]
    findings = {f.fingerprint: f for f in read_findings(connection, mirror.repo_id)}
    return ReviewReport(
        name=source.name,
        location=source.location,
        branch=mirror.default_branch,
        head_sha=mirror.head_sha,
        commits=tuple(
            ReportedCommit(c.sha, c.subject, covered[c.sha].status, covered[c.sha].reason)
            for c in reversed(commits)
            if c.sha in covered
        ),
        findings=_report_findings(mirror, entries, findings, history, dismissed),
    )


def report_range(
    connection: Connection,
    mirror: Mirror,
    source: Source,
    chosen: CommitRange,
    *,
    now: datetime,
    dismissed: Mapping[str, str] = MappingProxyType({}),
    on_progress: Progress | None = None,
) -> ReviewReport:
    """The findings that the commits of a range brought in and that stand at its end.

    Every commit of the range is analyzed; those of the default branch that had no review yet are stored.
    """
    at_end = replace(mirror, head_sha=chosen.end_sha)
    commits = list(walk_commits(at_end, since_sha=chosen.base_sha))
    reviews: list[CommitReview] = []
    with borrow_reviewer(mirror) as tree:
        for batch in review_each(at_end, reversed(commits), tree):
            reviews += batch
            if on_progress:
                on_progress(len(reviews), len(commits))
        _store_missing(connection, mirror, reviews, tree, now)
        findings = _first_of_each(f for review in reviews for f in review.findings)
        history = _History(commits, _read_range_renames(at_end, commits) if findings else ())
        settled = _settle(at_end, findings, history, tree)
    subjects = {c.sha: c.subject for c in commits}
    return ReviewReport(
        name=source.name,
        location=source.location,
        branch=mirror.default_branch if chosen.end_sha == mirror.head_sha else None,
        base_sha=chosen.base_sha,
        head_sha=chosen.end_sha,
        commits=tuple(
            ReportedCommit(r.commit_sha, subjects[r.commit_sha], r.outcome.status, r.outcome.reason)
            for r in reviews
        ),
        findings=_report_findings(at_end, settled, findings, history, dismissed),
    )


def _first_of_each(findings: Iterable[Finding]) -> dict[str, Finding]:
    """Findings by fingerprint; of several commits that brought one in, the oldest counts, as in the ledger."""
    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(finding.fingerprint, finding)
    return first


def _store_missing(
    connection: Connection,
    mirror: Mirror,
    reviews: Sequence[CommitReview],
    tree: TreeReviewer,
    now: datetime,
) -> None:
    """Store the reviews that the ledger lacks of commits that are on the default branch."""
    covered = read_coverage(connection, mirror.repo_id, [r.commit_sha for r in reviews])
    missing = [
        r
        for r in reviews
        if r.commit_sha not in covered or not covered[r.commit_sha].is_final(ANALYZER)
    ]
    if not missing:
        return
    age = {commit.sha: position for position, commit in enumerate(walk_commits(mirror))}
    on_branch = [r for r in missing if r.commit_sha in age]
    if on_branch:
        store_reviews(connection, mirror.repo_id, on_branch, age=age, analyzer=ANALYZER, now=now)
        settle_ledger(connection, mirror, age, tree)
        connection.commit()


def _read_range_renames(mirror: Mirror, commits: Iterable[CommitRecord]) -> list[Rename]:
    return [
        Rename(commit.sha, change.old_path, change.path)
        for commit in commits
        if len(commit.parent_shas) < 2
        for change in read_changes(mirror, commit.sha)
        if change.change_kind == "renamed" and change.old_path is not None
    ]


def _settle(
    at_end: Mirror, findings: Mapping[str, Finding], history: _History, tree: TreeReviewer
) -> list[Entry]:
    """What stands at the end of the range."""
    entries = [open_entry(finding) for finding in findings.values()]
    settled = settle_entries(at_end, entries, history.renames, history.age, tree)
    return [entry for entry in settled if entry.state != "fixed"]


def _report_findings(
    mirror: Mirror,
    entries: Iterable[Entry],
    findings: Mapping[str, Finding],
    history: _History,
    dismissed: Mapping[str, str],
) -> tuple[ReportedFinding, ...]:
    age = history.age
    renames = sorted(
        (r for r in history.renames if r.commit_sha in age), key=lambda r: -age[r.commit_sha]
    )
    reported = []
    for entry in entries:
        finding = findings[entry.fingerprint]
        paths = dict.fromkeys((follow_renames(entry, renames, age), entry.path))
        place = find_place(mirror, finding, paths, entry.head_line)
        reported.append(
            ReportedFinding(
                finding=finding,
                state=DISMISSED if entry.fingerprint in dismissed else entry.state,
                path=place.path if place else finding.path,
                start_line=place.start_line if place else finding.start_line,
                end_line=place.end_line if place else None,
                quote=place.quote if place else None,
                related=tuple(filter(None, (find_related(mirror, r) for r in finding.related))),
                reason=dismissed.get(entry.fingerprint),
            )
        )
    return tuple(reported)
