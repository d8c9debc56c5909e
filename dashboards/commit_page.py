"""One commit: message, what its review came to, and the diff with findings at their lines."""

from datetime import datetime

import streamlit as st

from dashboards.diff_html import render_file_diff
from dashboards.finding_html import name_place, render_head, render_in_diff
from dashboards.finding_queries import Finding
from dashboards.judging import show_error, show_judging
from dashboards.loading import load_commit, load_commit_findings, load_diff, load_narration
from dashboards.narration_html import render_narration
from dashboards.queries import Commit, Repository
from dashboards.repository_picker import REPOSITORY
from dashboards.widgets import escape_html, escape_markdown, render_chips
from dashboards.wording import REVIEW_STATUS_WORDS, count_of, describe_age
from internflow.repos.diffs import FileDiff

COMMIT = "commit"  # a parameter of the page's address
MOST_FILES = 60
OPEN_LINES = 800  # a commit with more lines than this opens only the files that have findings


def open_commit(repo_id: str, commit_sha: str) -> None:
    st.query_params.from_dict({REPOSITORY: repo_id, COMMIT: commit_sha})


def close_commit() -> None:
    st.query_params.pop(COMMIT, None)


def show_commit(
    student_id: str | None, repository: Repository, commit_sha: str, now: datetime
) -> None:
    st.button(
        escape_markdown(f"All of {repository.label}"),
        key="reviews.close",
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=close_commit,
    )
    commit = load_commit(student_id, repository.repo_id, commit_sha)
    findings = load_commit_findings(student_id, repository.repo_id, commit_sha)
    show_message(commit, len(findings), now)
    show_error()
    narration = load_narration(student_id, repository.repo_id, commit_sha)
    if narration is not None and commit.review_status == "reviewed":
        st.html(render_narration(narration))
    show_files(load_diff(student_id, repository.repo_id, commit_sha), findings)
    show_verdicts(student_id, repository.repo_id, findings)


def show_message(commit: Commit, finding_count: int, now: datetime) -> None:
    st.header(escape_markdown(commit.subject) or "(no message)", anchor=False)
    status = commit.review_status or "pending"
    reason = commit.review_reason or ""
    found = count_of(finding_count, "finding") if finding_count else ""
    st.html(
        f'<div class="if-stack"><p class="if-clocks">{commit.commit_sha} · '
        f"{escape_html(commit.author_name)} · {commit.authored_at:%d %b %Y, %H:%M} UTC, "
        f"{describe_age(commit.authored_at, now)}</p>"
        f'<div class="if-row">{render_chips([REVIEW_STATUS_WORDS[status]], status)}'
        f"{render_chips([found], 'medium') if found else ''}"
        f'<span class="if-message">{escape_html(reason)}</span></div></div>'
    )
    if commit.body.strip():
        st.text(commit.body.strip())


def show_files(diffs: list[FileDiff], findings: list[Finding]) -> None:
    """The files with findings first; no finding is left out, wherever it stands."""
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        by_path.setdefault(finding.path, []).append(finding)
    ordered = sorted(diffs, key=lambda diff: diff.path not in by_path)
    line_count = sum(len(hunk.lines) for diff in diffs for hunk in diff.hunks)
    st.caption(f"{count_of(len(diffs), 'changed file')}, {count_of(line_count, 'line')} of diff")
    for index, diff in enumerate(ordered):
        found = by_path.pop(diff.path, [])
        if index < MOST_FILES or found:
            show_file(diff, found, is_open=bool(found) or line_count <= OPEN_LINES)
    if len(ordered) > MOST_FILES:
        st.caption(f"{len(ordered) - MOST_FILES:,} more files are not shown.")
    for found in by_path.values():
        st.html("".join(render_in_diff(finding, with_quote=True) for finding in found))


def show_verdicts(student_id: str | None, repo_id: str, findings: list[Finding]) -> None:
    """The findings once more, each with its buttons, since the diff itself is one piece of HTML."""
    if not findings or student_id is None:
        return
    st.subheader("Your verdicts", anchor=False)
    for finding in findings:
        place = escape_html(name_place(finding))
        st.html(
            f'<div class="if-stack">{render_head(finding)}<p class="if-place">{place}</p></div>'
        )
        show_judging(student_id, repo_id, finding)


def show_file(diff: FileDiff, findings: list[Finding], *, is_open: bool) -> None:
    lines = [line.kind for hunk in diff.hunks for line in hunk.lines]
    name = f"{diff.old_path} → {diff.path}" if diff.old_path else diff.path
    label = f"{escape_markdown(name)} :gray[{diff.change_kind.replace('_', ' ')}"
    label += f", +{lines.count('+')} -{lines.count('-')}]"
    if findings:
        label += f" **{count_of(len(findings), 'finding')}**"
    with st.expander(label, expanded=is_open):
        st.html(render_file_diff(diff, findings))
