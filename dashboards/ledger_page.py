"""The ledger of a repository as its student sees it: filters, findings with what to do, and rules that are off."""

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from dashboards.commit_page import open_commit
from dashboards.finding_html import render_advice, render_head, render_quote
from dashboards.finding_queries import Finding, LedgerCount, LedgerFilters
from dashboards.judging import show_error, show_judging, switch_on
from dashboards.loading import (
    PAGE_SIZE,
    load_ledger,
    load_ledger_counts,
    load_ledger_size,
    load_off_rules,
)
from dashboards.queries import Coverage, Repository
from dashboards.widgets import escape_html, escape_markdown, show_empty
from dashboards.wording import STATE_WORDS, count_of
from internflow.reviews.acceptance import Acceptance
from internflow.reviews.rule import SEVERITIES

STANDING = ("new", "regressed", "open")  # what is shown until somebody chooses otherwise
LONGEST_PATH = 200


def show_ledger(student_id: str | None, repository: Repository, coverage: Coverage) -> None:
    show_error()
    counts = load_ledger_counts(student_id, repository.repo_id)
    if not counts:
        advice = f"{count_of(coverage.reviewed, 'commit')} reviewed, nothing was found."
        show_empty("No finding", advice)
        return
    off = load_off_rules(student_id)
    filters = pick_filters(counts, {rule.rule for rule in off})
    show_off_rules(student_id, counts, off)
    size = load_ledger_size(student_id, repository.repo_id, filters)
    if not size:
        show_empty("No finding fits", f"{count_of(coverage.reviewed, 'commit')} reviewed.")
        return
    st.caption(f"{count_of(size, 'finding')}, worst first.")
    last_page = max(1, -(-size // PAGE_SIZE))
    page = min(st.session_state.get("reviews.page", 1), last_page)
    for finding in load_ledger(student_id, repository.repo_id, filters, page):
        show_finding(student_id, repository, finding)
    show_pages(last_page)


def pick_filters(counts: Sequence[LedgerCount], off: set[str]) -> LedgerFilters:
    """The filters above the list; each choice tells how many findings it has."""
    shown = [c for c in counts if c.rule not in off]
    by_state = _sum_by(shown, "state")
    states = st.pills(
        "State",
        list(STATE_WORDS),
        selection_mode="multi",
        default=STANDING,
        format_func=lambda state: f"{STATE_WORDS[state]} {by_state[state]:,}",
        key="reviews.states",
        label_visibility="collapsed",
        on_change=restart_pages,
        persist_state="session",
    )
    chosen = [c for c in shown if not states or c.state in states]
    by_severity, by_rule = _sum_by(chosen, "severity"), _sum_by(chosen, "rule")
    with st.popover("Severity, rule, file", icon=":material/filter_list:"):
        severities = st.pills(
            "Severity",
            SEVERITIES,
            selection_mode="multi",
            format_func=lambda severity: f"{severity} {by_severity[severity]:,}",
            key="reviews.severities",
            on_change=restart_pages,
            persist_state="session",
        )
        rules = st.multiselect(
            "Rule",
            sorted({c.rule for c in shown}),
            format_func=lambda rule: f"{rule} ({by_rule[rule]:,})",
            key="reviews.rules",
            on_change=restart_pages,
            persist_state="session",
        )
        path = st.text_input(
            "Part of the file's path",
            key="reviews.path",
            max_chars=LONGEST_PATH,
            placeholder="src/",
            on_change=restart_pages,
            persist_state="session",
        )
    return LedgerFilters(
        tuple(states), tuple(severities), tuple(rules), path.replace("\x00", "").strip()
    )


def _sum_by(counts: Sequence[LedgerCount], name: str) -> Mapping[str, int]:
    summed: Counter[str] = Counter()
    for count in counts:
        summed[getattr(count, name)] += count.count
    return summed


def show_off_rules(
    student_id: str | None, counts: Sequence[LedgerCount], off: Sequence[Acceptance]
) -> None:
    """Which rules are off for the student, why, how many findings that hides, and how to have them back."""
    by_rule = _sum_by(counts, "rule")
    hidden = [rule for rule in off if by_rule[rule.rule]]
    if not hidden or student_id is None:
        return
    total = sum(by_rule[rule.rule] for rule in hidden)
    with st.expander(f"{count_of(total, 'finding')} left out: you found their rules mostly wrong"):
        for rule in hidden:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(
                    f"{escape_markdown(rule.rule)}: {rule.useful} of {rule.total} verdicts say"
                    f" useful; {count_of(by_rule[rule.rule], 'finding')} left out."
                )
                st.button(
                    "Switch on again",
                    key=f"reviews.switch_on.{rule.rule}",
                    help="Your verdicts on this rule so far count no more.",
                    on_click=switch_on,
                    args=(student_id, rule.rule),
                )


def show_finding(student_id: str | None, repository: Repository, finding: Finding) -> None:
    with st.container(border=True, key=f"reviews_row_{finding.fingerprint}", gap="small"):
        st.html(
            f'<div class="if-stack">{render_head(finding)}{render_quote(finding)}'
            f"{render_advice(finding)}{_render_story(finding)}</div>"
        )
        show_judging(student_id, repository.repo_id, finding)
        with st.container(horizontal=True):
            show_commit_link(repository, finding, "Show it in commit", finding.commit_sha)
            if finding.fixed_by_sha:
                show_commit_link(repository, finding, "Fixed in", finding.fixed_by_sha)
            if finding.returned_sha:
                show_commit_link(repository, finding, "Came back in", finding.returned_sha)


def show_commit_link(repository: Repository, finding: Finding, words: str, sha: str) -> None:
    key = "finding" if sha == finding.commit_sha else f"{words.split(maxsplit=1)[0].lower()}"
    st.button(
        f"{words} {sha[:10]}",
        key=f"reviews.{key}.{finding.fingerprint}",
        type="tertiary",
        icon=":material/arrow_forward:",
        on_click=open_commit,
        args=(repository.repo_id, sha),
    )


def _render_story(finding: Finding) -> str:
    """Where it stands now, and who put it away and why."""
    told = []
    if finding.state in STANDING and finding.head_line not in (None, finding.start_line):
        told.append(f"At HEAD in line {finding.head_line}.")
    if finding.state == "fixed" and finding.fixed_by_sha is None:
        told.append("Fixed; which commit did it cannot be told.")
    if finding.dismissal is not None and finding.dismissed_at is not None:
        told.append(f"You dismissed it on {finding.dismissed_at:%d %b %Y}: {finding.dismissal}")
    return f'<p class="if-note">{escape_html(" ".join(told))}</p>' if told else ""


def show_pages(last_page: int) -> None:
    if last_page > 1:
        st.session_state["reviews.page"] = min(st.session_state.get("reviews.page", 1), last_page)
        st.pagination(last_page, key="reviews.page")


def restart_pages() -> None:
    st.session_state["reviews.page"] = 1
