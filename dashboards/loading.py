"""Cached reads of the pages. The student is part of each key, so that no row crosses over.

Only rows that the student may see lead to files (mirrors).
"""

import re
from datetime import UTC, datetime

import streamlit as st

from dashboards import finding_queries, queries
from dashboards.finding_queries import Finding, LedgerCount, LedgerFilters, Stay
from dashboards.queries import (
    BoardHealth,
    Bullet,
    Commit,
    Coverage,
    PlatformCount,
    Repository,
    Resume,
)
from dashboards.state import ListingQuery, open_student
from internflow.errors import UserInputError
from internflow.listings import browsing
from internflow.listings.browsing import Facets, Listing, ListingPage, Source
from internflow.listings.filters import restrict_filters
from internflow.repos.diffs import FileDiff, read_diff
from internflow.repos.mirrors import open_mirror
from internflow.resumes.render import render_pdf, render_png
from internflow.reviews.acceptance import Acceptance, find_off
from internflow.reviews.verdicts import read_acceptances
from internflow.settings import read_settings
from internflow.students.saved_filters import SavedFilter, read_saved_filters

PAGE_SIZE = 20
COMMIT_SHA = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
FRESH_SECONDS = 30
FACETS_SECONDS = 300  # a scan of all listings, which change once a day


@st.cache_data(ttl=FRESH_SECONDS, max_entries=500, show_spinner="Searching the listings ...")
def load_listings(student_id: str | None, query: ListingQuery) -> ListingPage:
    filters = restrict_filters(query)
    with open_student(student_id) as connection:
        return browsing.find_listings(
            connection,
            filters,
            now=datetime.now(UTC),
            limit=PAGE_SIZE,
            order=query.sort,
            offset=(query.page - 1) * PAGE_SIZE,
        )


@st.cache_data(ttl=FRESH_SECONDS, max_entries=500, show_spinner="Reading the listing ...")
def load_listing(student_id: str | None, posting_id: str) -> Listing | None:
    with open_student(student_id) as connection:
        return browsing.read_listing(connection, posting_id)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=500, show_spinner=False)
def load_sources(student_id: str | None, posting_id: str) -> tuple[Source, ...]:
    with open_student(student_id) as connection:
        return browsing.find_sources(connection, posting_id)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=100, show_spinner=False)
def load_saved_filters(student_id: str | None) -> list[SavedFilter]:
    with open_student(student_id) as connection:
        return read_saved_filters(connection)


@st.cache_data(ttl=FACETS_SECONDS, max_entries=20, show_spinner=False)
def load_platform_counts(student_id: str | None) -> list[PlatformCount]:
    with open_student(student_id) as connection:
        return queries.find_platform_counts(connection)


@st.cache_data(ttl=FACETS_SECONDS, max_entries=20, show_spinner=False)
def load_facets(student_id: str | None) -> Facets:
    with open_student(student_id) as connection:
        return browsing.find_facets(connection)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=100, show_spinner=False)
def load_board_health(student_id: str | None) -> list[BoardHealth]:
    with open_student(student_id) as connection:
        return queries.find_board_health(connection)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=500, show_spinner=False)
def load_has_matches(student_id: str | None) -> bool:
    with open_student(student_id) as connection:
        return queries.has_matches(connection)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=500, show_spinner=False)
def load_student_name(student_id: str | None) -> str | None:
    with open_student(student_id) as connection:
        return queries.read_student_name(connection)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=500, show_spinner="Reading your repositories ...")
def load_repositories(student_id: str | None) -> list[Repository]:
    with open_student(student_id) as connection:
        return queries.find_repositories(connection)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=500, show_spinner=False)
def load_coverage(student_id: str | None, repo_id: str) -> Coverage:
    with open_student(student_id) as connection:
        return queries.read_coverage(connection, repo_id)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=500, show_spinner="Reading the findings ...")
def load_ledger(
    student_id: str | None, repo_id: str, filters: LedgerFilters, page: int
) -> list[Finding]:
    off = load_off_rules(student_id)
    with open_student(student_id) as connection:
        return finding_queries.find_ledger(
            connection,
            repo_id,
            filters,
            [rule.rule for rule in off],
            limit=PAGE_SIZE,
            offset=(page - 1) * PAGE_SIZE,
        )


@st.cache_data(ttl=FRESH_SECONDS, max_entries=500, show_spinner=False)
def load_ledger_size(student_id: str | None, repo_id: str, filters: LedgerFilters) -> int:
    off = load_off_rules(student_id)
    with open_student(student_id) as connection:
        return finding_queries.count_ledger(
            connection, repo_id, filters, [rule.rule for rule in off]
        )


@st.cache_data(ttl=FRESH_SECONDS, max_entries=500, show_spinner=False)
def load_ledger_counts(student_id: str | None, repo_id: str) -> list[LedgerCount]:
    with open_student(student_id) as connection:
        return finding_queries.find_ledger_counts(connection, repo_id)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=100, show_spinner=False)
def load_acceptances(student_id: str | None) -> list[Acceptance]:
    with open_student(student_id) as connection:
        return read_acceptances(connection)


def load_off_rules(student_id: str | None) -> tuple[Acceptance, ...]:
    """The rules that are off for the student."""
    return find_off(load_acceptances(student_id))


@st.cache_data(ttl=FRESH_SECONDS, max_entries=100, show_spinner="Reading the findings ...")
def load_stays(student_id: str | None, repo_id: str) -> list[Stay]:
    off = load_off_rules(student_id)
    with open_student(student_id) as connection:
        return finding_queries.find_stays(connection, repo_id, [rule.rule for rule in off])


def forget_findings() -> None:
    """Read findings anew: somebody just said something of one."""
    for load in (
        load_ledger,
        load_ledger_size,
        load_ledger_counts,
        load_acceptances,
        load_stays,
        load_commit_findings,
    ):
        load.clear()


@st.cache_data(ttl=FRESH_SECONDS, max_entries=500, show_spinner="Reading the commits ...")
def load_commits(
    student_id: str | None, repo_id: str, status: str | None, page: int
) -> list[Commit]:
    with open_student(student_id) as connection:
        return queries.find_commits(
            connection, repo_id, status, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE
        )


@st.cache_data(ttl=FRESH_SECONDS, max_entries=500, show_spinner=False)
def load_commit(student_id: str | None, repo_id: str, commit_sha: str) -> Commit:
    """Raises UserInputError when none of the student's repositories has the commit."""
    commit = None
    if COMMIT_SHA.fullmatch(commit_sha):
        with open_student(student_id) as connection:
            commit = queries.read_commit(connection, repo_id, commit_sha)
    if commit is None:
        raise UserInputError(
            f"None of your repositories has the commit {commit_sha[:40]!r}: choose one of the list."
        )
    return commit


@st.cache_data(ttl=FRESH_SECONDS, max_entries=500, show_spinner=False)
def load_commit_findings(student_id: str | None, repo_id: str, commit_sha: str) -> list[Finding]:
    with open_student(student_id) as connection:
        return finding_queries.find_commit_findings(connection, repo_id, commit_sha)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=30, show_spinner="Reading the diff ...")
def load_diff(student_id: str | None, repo_id: str, commit_sha: str) -> list[FileDiff]:
    """Raises UserInputError as `load_commit` does, before any file is opened."""
    load_commit(student_id, repo_id, commit_sha)
    return read_diff(open_mirror(read_settings().mirrors_dir, repo_id), commit_sha)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=100, show_spinner="Reading your resume ...")
def load_resume(student_id: str | None) -> Resume | None:
    with open_student(student_id) as connection:
        return queries.read_resume(connection)


@st.cache_data(ttl=3600, max_entries=20, show_spinner="Setting the pages ...")
def render_resume(student_id: str | None, document_hash: str) -> tuple[bytes, bytes]:
    """The page as PDF and as PNG. Raises UserInputError when the resume is another by now."""
    resume = load_resume(student_id)
    if resume is None or resume.document_hash != document_hash:
        raise UserInputError("The resume was just written anew: reload this page.")
    return render_pdf(resume.document), render_png(resume.document)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=100, show_spinner=False)
def load_bullets(student_id: str | None) -> list[Bullet]:
    with open_student(student_id) as connection:
        return queries.find_bullets(connection)
