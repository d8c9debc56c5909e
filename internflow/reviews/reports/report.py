"""What a report says, before it has a form: which commits were reviewed and which findings stand where."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from internflow.reviews.findings import Finding
from internflow.reviews.rule import SEVERITIES, RelatedPlace

DISMISSED = "dismissed"


@dataclass(frozen=True)
class ReportedCommit:
    """A commit of the range and what became of it; `reason` says why it was skipped or failed."""

    sha: str
    subject: str
    status: str
    reason: str | None = None


@dataclass(frozen=True)
class ReportedFinding:
    """A finding where it stands at the report's commit.

    `path`, `start_line`, `end_line` and `quote` are of that commit; the finding keeps those of the commit that
    brought it in. `end_line` and `quote` are None where only the line is known. `reason` says why it was dismissed.
    """

    finding: Finding
    state: str
    path: str
    start_line: int
    end_line: int | None = None
    quote: str | None = None
    related: tuple[RelatedPlace, ...] = ()
    reason: str | None = None

    @property
    def is_dismissed(self) -> bool:
        return self.state == DISMISSED


@dataclass(frozen=True)
class ReviewReport:
    """The findings that stand at `head_sha`. With a `base_sha` they are those of the commits after it."""

    name: str
    location: str  # an https address, or a path of this machine
    branch: str | None
    head_sha: str
    base_sha: str | None = None
    commits: tuple[ReportedCommit, ...] = ()
    findings: tuple[ReportedFinding, ...] = ()

    @property
    def standing(self) -> tuple[ReportedFinding, ...]:
        """The findings that nobody dismissed."""
        return tuple(f for f in self.findings if not f.is_dismissed)


def order_findings(findings: Iterable[ReportedFinding]) -> tuple[ReportedFinding, ...]:
    """The most severe first, then by place."""

    def place(reported: ReportedFinding) -> tuple[int, str, int, str]:
        severity = SEVERITIES.index(reported.finding.severity)
        return severity, reported.path, reported.start_line, reported.finding.fingerprint

    return tuple(sorted(findings, key=place))


def describe_findings(report: ReviewReport) -> str:
    """How many stand, by severity: `2 findings stand: 1 high, 1 low.`"""
    counted = Counter(f.finding.severity for f in report.standing)
    number = len(report.standing)
    dismissed = len(report.findings) - number
    also = (
        f" {dismissed} more {'was' if dismissed == 1 else 'were'} dismissed." if dismissed else ""
    )
    if not number:
        return f"No finding stands.{also}"
    parts = ", ".join(f"{counted[s]} {s}" for s in SEVERITIES if counted[s])
    return f"{number} {'finding stands' if number == 1 else 'findings stand'}: {parts}.{also}"


def describe_commits(report: ReviewReport) -> str:
    """What became of the commits: `3 commits: 2 reviewed, 1 skipped.`"""
    counted = Counter(commit.status for commit in report.commits)
    number = len(report.commits)
    if not number:
        return "No commits."
    parts = ", ".join(f"{counted[s]} {s}" for s in ("reviewed", "skipped", "failed") if counted[s])
    return f"{number} {'commit' if number == 1 else 'commits'}: {parts}."


def describe_place(reported: ReportedFinding) -> str:
    """`line 3` or `lines 3-5`; a large file has no line to show."""
    start, end = reported.start_line, reported.end_line
    if not start:
        return "the whole file"
    return f"lines {start}-{end}" if end is not None and end > start else f"line {start}"
