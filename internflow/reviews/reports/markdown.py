"""A report as Markdown for people and for GitHub. Text of repositories stays text: no HTML, links or mentions."""

import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from internflow.repos.languages import find_language
from internflow.reviews.reports.report import (
    ReportedFinding,
    ReviewReport,
    describe_commits,
    describe_findings,
    describe_place,
    order_findings,
)
from internflow.reviews.reports.visible import show_controls, show_line
from internflow.reviews.rule import Rule

MARKUP = re.compile(r"([\\`*_\[\]<>&|~#@!:$^]|(?<=\bwww)\.|^[-+=])")
NUMBER = re.compile(r"^(\d+)([.)])")  # a list's
# GitHub mentions people and links issues even where the sign is escaped.
PINGS = re.compile(r"(\\[@#]|\bGH-)", re.IGNORECASE)
FENCES = re.compile(r"`+")
ADDRESS = ":/?#[]@!$&'()*+,;=%~"  # what an address may have besides letters and digits
ZERO_WIDTH = "\u2060"
SHORT_SHA = 8
MOST_FAILURES = 10


def render_markdown(
    report: ReviewReport, rules: Mapping[str, Rule], *, most_characters: int | None = None
) -> str:
    """The whole report; with a limit, the findings that fit and how many do not."""
    head, failures = _render_head(report), _render_failures(report)
    findings = [_render_finding(reported, rules) for reported in order_findings(report.standing)]
    kept: list[str] = []
    fixed = len(head) + sum(map(len, failures)) + len(failures) + 100
    room = None if most_characters is None else most_characters - fixed
    for rendered in findings:
        if room is not None and (room := room - len(rendered) - 1) < 0:
            break
        kept.append(rendered)
    left = len(findings) - len(kept)
    more = [f"{left} more {'is' if left == 1 else 'are'} not shown here.\n"] if left else []
    return "\n".join([head, *kept, *more, *failures])


def escape_text(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    escaped = MARKUP.sub(r"\\\1", " ".join(show_controls(text).split()))
    escaped = NUMBER.sub(r"\1\\\2", escaped)
    return PINGS.sub(rf"\1{ZERO_WIDTH}", escaped)


def code_span(text: str) -> str:
    """Text as inline code, whatever backticks it has."""
    shown = show_line(text) or " "
    fence = "`" * (1 + max(map(len, FENCES.findall(shown)), default=0))
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def code_block(text: str, language: str | None) -> str:
    """Text as a block between fences longer than any in it."""
    shown = show_controls(text)
    fence = "`" * max(3, 1 + max(map(len, FENCES.findall(shown)), default=0))
    return f"{fence}{language or ''}\n{shown}\n{fence}"


def link(text: str, url: str | None) -> str:
    """A link to an https address; anything else is text alone."""
    if url is None or urlsplit(url).scheme != "https":
        return escape_text(text)
    address = quote(url, safe=ADDRESS)
    return f"[{escape_text(text)}](<{address}>)"


def _render_head(report: ReviewReport) -> str:
    commits = report.head_sha[:SHORT_SHA]
    if report.base_sha is not None:
        commits = f"{report.base_sha[:SHORT_SHA]}..{commits}"
    return (
        f"# Review of {escape_text(report.name)}\n\n"
        f"{code_span(commits)}, {describe_commits(report)} {describe_findings(report)}\n"
    )


def _render_finding(reported: ReportedFinding, rules: Mapping[str, Rule]) -> str:
    finding, rule = reported.finding, rules.get(reported.finding.rule)
    url = finding.rule_url or (rule.url if rule else None)
    lines = [
        f"## {finding.severity.capitalize()}: {code_span(reported.path)}, {describe_place(reported)}\n",
        f"{escape_text(finding.message)} ({link(finding.rule, url)}, {escape_text(finding.category)},"
        f" since {code_span(finding.commit_sha[:SHORT_SHA])})\n",
    ]
    if reported.start_line:
        quoted = reported.quote or finding.quote
        lines.append(code_block(quoted, find_language(reported.path)) + "\n")
    if rule is not None:
        lines.append(f"{escape_text(rule.why)} {escape_text(rule.advice)}\n")
    for place in reported.related:
        where = code_span(f"{place.path}:{place.start_line}")
        lines.append(f"{where}: {escape_text(place.note)}\n")
        lines.append(code_block(place.quote, find_language(place.path)) + "\n")
    return "\n".join(lines)


def _render_failures(report: ReviewReport) -> list[str]:
    """Commits that could not be reviewed: silence about them would read as praise."""
    failed = [commit for commit in report.commits if commit.status == "failed"]
    told = [
        f"{code_span(commit.sha[:SHORT_SHA])} could not be reviewed: {escape_text(commit.reason or '')}\n"
        for commit in failed[:MOST_FAILURES]
    ]
    left = len(failed) - len(told)
    return [*told, f"{left} more could not be reviewed.\n"] if left else told
