"""A report as text for a terminal; nothing in it reaches the terminal as a control."""

from collections.abc import Mapping

from rich.text import Text

from internflow.reviews.reports.report import (
    ReportedFinding,
    ReviewReport,
    describe_commits,
    describe_findings,
    order_findings,
)
from internflow.reviews.reports.visible import show_controls, show_line
from internflow.reviews.rule import Rule

STYLES = {"high": "bold red", "medium": "yellow", "low": "cyan"}
LONGEST_QUOTE = 12  # lines; the file has the rest


def render_text(report: ReviewReport, rules: Mapping[str, Rule]) -> Text:
    """The report with its colours; `.plain` is without them."""
    text = Text()
    for reported in order_findings(report.standing):
        _add_finding(text, reported, rules)
    for commit in report.commits:
        if commit.status == "failed":
            reason = show_line(commit.reason or "")
            text.append(f"{commit.sha[:8]} could not be reviewed: {reason}\n", "bold red")
    since = f"{report.base_sha[:8]}.." if report.base_sha else ""
    text.append(f"{show_line(report.name)} at {since}{report.head_sha[:8]}. ", "bold")
    if report.commits:
        text.append(f"{describe_commits(report)} ")
    text.append(describe_findings(report))
    return text


def _add_finding(text: Text, reported: ReportedFinding, rules: Mapping[str, Rule]) -> None:
    finding, rule = reported.finding, rules.get(reported.finding.rule)
    line = f":{reported.start_line}" if reported.start_line else ""
    text.append(f"{show_line(reported.path)}{line}", "bold")
    text.append(f"  {finding.severity}", STYLES.get(finding.severity, ""))
    text.append(f"  {finding.rule}  {show_line(finding.message)}")
    text.append(f"  {finding.commit_sha[:8]}\n", "dim")
    if line:
        _add_quote(text, reported.quote or finding.quote, reported.start_line)
    if rule is not None:
        text.append(f"       {rule.why} {rule.advice}\n")
    for place in reported.related:
        text.append(f"       {show_line(place.path)}:{place.start_line}", "bold")
        text.append(f"  {show_line(place.note)}\n")
        _add_quote(text, place.quote, place.start_line)
    text.append("\n")


def _add_quote(text: Text, quote: str, start_line: int) -> None:
    lines = show_controls(quote).split("\n")
    for number, line in enumerate(lines[:LONGEST_QUOTE], start=start_line):
        text.append(f"{number:>5}  ", "dim")
        text.append(f"{line}\n")
    if len(lines) > LONGEST_QUOTE:
        text.append(f"       ... {len(lines) - LONGEST_QUOTE} more lines\n", "dim")
