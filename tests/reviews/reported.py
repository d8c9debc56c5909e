"""Records of reports for tests."""

from dataclasses import replace
from typing import Any

from internflow.reviews.findings import Finding
from internflow.reviews.reports.report import ReportedCommit, ReportedFinding, ReviewReport
from internflow.reviews.rule import Rule

HEAD = "b" * 40
RULES = {
    "B006": Rule(
        "B006", "bug", "medium", True, "The default is made once.", "Make it in the function.",
        "https://docs.astral.sh/ruff/rules/mutable-argument-default",
    )
}  # fmt: skip

FINDING = Finding(
    fingerprint="f" * 64, commit_sha="a" * 40, path="app.py", start_line=3, end_line=4,
    quote="def add(item, bag=[]):\n    bag.append(item)", rule="B006", category="bug", severity="medium",
    message="Do not use mutable data structures", rule_url="https://docs.astral.sh/ruff/rules/b006", analyzer="ruff-1",
)  # fmt: skip


def report_of(*findings: ReportedFinding, **changes: Any) -> ReviewReport:
    report = ReviewReport(
        name="shop", location="https://github.com/asha/shop", branch="main", head_sha=HEAD,
        commits=(ReportedCommit("a" * 40, "Add", "reviewed"),), findings=findings,
    )  # fmt: skip
    return replace(report, **changes)


def reported(finding: Finding = FINDING, **changes: Any) -> ReportedFinding:
    made = ReportedFinding(
        finding, "open", finding.path, finding.start_line, finding.end_line, finding.quote
    )
    return replace(made, **changes)
