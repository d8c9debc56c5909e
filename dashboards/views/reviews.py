"""Page: what the reviews found in the student's repositories, and how far they came."""

from datetime import UTC, datetime

import altair as alt
import streamlit as st

from dashboards.asking import load_index_line
from dashboards.commit_page import COMMIT, open_commit, show_commit
from dashboards.ledger_page import restart_pages, show_ledger, show_pages
from dashboards.loading import (
    PAGE_SIZE,
    load_commits,
    load_coverage,
    load_repositories,
)
from dashboards.queries import Commit, Coverage, Repository
from dashboards.repository_picker import pick_repository, write_picked
from dashboards.state import read_student_id
from dashboards.trends_page import show_trends
from dashboards.widgets import escape_html, escape_markdown, render_chips, show_empty
from dashboards.wording import REVIEW_STATUS_WORDS, count_of, describe_age
from internflow.errors import UserInputError

STATUS_COLORS = {
    "reviewed": "#169169",
    "skipped": "#c98212",
    "failed": "#d03834",
    "pending": "#8d9590",
}
VIEWS = ("Findings", "Commits", "Trends")


def show_reviews() -> None:
    student_id, now = read_student_id(), datetime.now(UTC)
    repositories = load_repositories(student_id)
    if not repositories:
        st.title("Reviews")
        show_empty(
            "No repository is registered on this machine",
            "Run `internflow demo` with the address or the folder of a Git repository of yours.",
        )
        return
    if COMMIT not in st.query_params:
        st.title("Reviews", anchor=False)
    repository = pick_repository(
        repositories, key="reviews.repository", page="Reviews", on_change=choose_repository
    )
    if COMMIT in st.query_params:
        show_commit(student_id, repository, st.query_params[COMMIT], now)
        return
    if repository.head_sha is None:
        reason = repository.mirror_error or "The next daily flow mirrors and reviews it."
        show_empty("This repository was not mirrored yet", reason)
        return
    show_repository(student_id, repository, now)


def choose_repository() -> None:
    """Another repository has other rules and files."""
    write_picked("reviews.repository")
    st.session_state["reviews.page"] = 1
    st.session_state["reviews.rules"] = []
    st.session_state["reviews.path"] = ""


def tell_index(student_id: str | None, repo_id: str) -> str:
    """Where the index stands. Without a mirror nobody can tell, but what was reviewed can be read all the same."""
    try:
        return load_index_line(student_id, repo_id) or "Not indexed for search yet"
    except UserInputError as error:
        return str(error).removesuffix(".")


def show_repository(student_id: str | None, repository: Repository, now: datetime) -> None:
    coverage = load_coverage(student_id, repository.repo_id)
    index = tell_index(student_id, repository.repo_id)
    head = f"{repository.default_branch} at {(repository.head_sha or '')[:10]}"
    st.html(f'<p class="if-clocks">{escape_html(f"{head}. {index}. {repository.source}")}</p>')
    show_coverage(coverage)
    view = st.segmented_control(
        "Show",
        VIEWS,
        default=VIEWS[0],
        required=True,
        key="reviews.view",
        label_visibility="collapsed",
        persist_state="session",
    )
    if view == VIEWS[0]:
        show_ledger(student_id, repository, coverage)
    elif view == VIEWS[1]:
        show_commits(student_id, repository, coverage, now)
    else:
        show_trends(student_id, repository)


def show_coverage(coverage: Coverage) -> None:
    """One bar of all commits, so that what was skipped or failed is as visible as what was not."""
    counts = {name: getattr(coverage, name) for name in STATUS_COLORS}
    labels = {name: f"{REVIEW_STATUS_WORDS[name]} {n:,}" for name, n in counts.items() if n}
    rows = [
        {"status": label, "commits": counts[name], "place": place}
        for place, (name, label) in enumerate(labels.items())
    ]
    chips = "".join(render_chips([label], name) for name, label in labels.items())
    st.html(f'<div class="if-row"><b>{count_of(coverage.total, "commit")}</b>{chips}</div>')
    if not rows:
        return
    colors = alt.Scale(domain=list(labels.values()), range=[STATUS_COLORS[n] for n in labels])
    bar = (
        alt.Chart(alt.InlineData(values=rows), height=20)
        .mark_bar(size=14)
        .encode(
            x=alt.X("commits:Q", stack="zero", axis=None, scale=alt.Scale(nice=False)),
            color=alt.Color("status:N", scale=colors, legend=None),
            order=alt.Order("place:Q"),
            tooltip=["status:N"],
        )
    )
    st.altair_chart(bar, alt=", ".join(labels.values()), key="reviews.coverage")


def show_commits(
    student_id: str | None, repository: Repository, coverage: Coverage, now: datetime
) -> None:
    status = st.pills(
        "Status",
        [name for name in STATUS_COLORS if getattr(coverage, name)],
        format_func=lambda name: REVIEW_STATUS_WORDS[name],
        key="reviews.status",
        label_visibility="collapsed",
        on_change=restart_pages,
        persist_state="session",
    )
    count = getattr(coverage, status) if status else coverage.total
    last_page = max(1, -(-count // PAGE_SIZE))
    page = min(st.session_state.get("reviews.page", 1), last_page)
    for commit in load_commits(student_id, repository.repo_id, status, page):
        show_commit_row(repository, commit, now)
    show_pages(last_page)


def show_commit_row(repository: Repository, commit: Commit, now: datetime) -> None:
    status = commit.review_status or "pending"
    with st.container(border=True, key=f"reviews_row_{commit.commit_sha}", gap="xsmall"):
        st.button(
            escape_markdown(commit.subject) or "(no message)",
            key=f"reviews.commit.{commit.commit_sha}",
            type="tertiary",
            on_click=open_commit,
            args=(repository.repo_id, commit.commit_sha),
        )
        found = count_of(commit.finding_count, "finding") if commit.finding_count else ""
        reason = f" {commit.review_reason}" if commit.review_reason else ""
        st.html(
            f'<div class="if-stack"><p class="if-clocks">{commit.commit_sha[:10]} · '
            f"{escape_html(commit.author_name)} · {describe_age(commit.authored_at, now)}</p>"
            f'<div class="if-row">{render_chips([REVIEW_STATUS_WORDS[status]], status)}'
            f"{render_chips([found], 'medium') if found else ''}"
            f'<span class="if-message">{escape_html(reason)}</span></div></div>'
        )


show_reviews()
