"""What is posted of a report, within GitHub's limits. Pure."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from internflow.reviews.reports.markdown import render_markdown
from internflow.reviews.reports.report import (
    ReportedFinding,
    ReviewReport,
    describe_findings,
    order_findings,
)
from internflow.reviews.reports.visible import show_controls, show_line
from internflow.reviews.rule import Rule

CHECK_NAME = "InternFlow"
MARKER = "<!-- internflow-review -->"
LONGEST_BODY = 60_000  # GitHub takes 65,535 characters of a summary and 65,536 of a comment
LONGEST_MESSAGE = 4000
LONGEST_TITLE = 250
LEVELS = {"high": "failure", "medium": "warning", "low": "notice"}

Json = dict[str, Any]


@dataclass(frozen=True)
class Check:
    """A check run: what it says, and its annotations by fingerprint."""

    conclusion: str
    title: str
    summary: str
    annotations: dict[str, Json]

    @property
    def content_hash(self) -> str:
        return _hash([self.conclusion, self.title, self.summary, sorted(self.annotations)])


def build_check(report: ReviewReport, rules: Mapping[str, Rule]) -> Check:
    """The check run of a report. It never fails a push: findings are advice, so it is neutral with any."""
    return Check(
        conclusion="neutral" if report.standing else "success",
        title=describe_findings(report)[:LONGEST_TITLE],
        summary=render_markdown(report, rules, most_characters=LONGEST_BODY),
        annotations={
            reported.finding.fingerprint: _build_annotation(reported, rules)
            for reported in order_findings(report.standing)
            if reported.end_line is not None
        },
    )


def build_comment(report: ReviewReport, rules: Mapping[str, Rule]) -> str:
    """The comment of a report; its first line, which nobody sees, tells it from others."""
    return f"{MARKER}\n{render_markdown(report, rules, most_characters=LONGEST_BODY)}"


def hash_comment(body: str) -> str:
    """What a comment is compared by."""
    return _hash([body])


def _build_annotation(reported: ReportedFinding, rules: Mapping[str, Rule]) -> Json:
    """An annotation is plain text."""
    finding, rule = reported.finding, rules.get(reported.finding.rule)
    advice = f"\n{rule.why} {rule.advice}" if rule else ""
    return {
        "path": reported.path,
        "start_line": reported.start_line,
        "end_line": reported.end_line,
        "annotation_level": LEVELS[finding.severity],
        "title": show_line(f"{finding.rule}, {finding.category}")[:LONGEST_TITLE],
        "message": show_controls(f"{finding.message}{advice}")[:LONGEST_MESSAGE],
    }


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
