"""What a student says of a finding: buttons for a verdict, a dismissal with its reason, and how to undo both."""

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from dashboards.finding_queries import Finding
from dashboards.loading import forget_findings
from dashboards.state import open_student
from dashboards.widgets import escape_markdown
from dashboards.wording import VERDICT_WORDS
from internflow.errors import UserInputError
from internflow.reviews import verdicts
from internflow.reviews.verdicts import LONGEST_REASON, VERDICTS, Verdict
from internflow.warehouse.connections import Connection

ERROR = "reviews.error"
HELP: dict[Verdict, str] = {
    "useful": "It told you something. Counts for its rule.",
    "wrong": "It is no problem here. A rule that is mostly wrong is switched off for you.",
    "not_now": "You will see to it later: it goes to the end of the list.",
}


def show_judging(student_id: str | None, repo_id: str, finding: Finding) -> None:
    """The buttons of one finding; nobody's page has none."""
    if student_id is None:
        return
    with st.container(horizontal=True, gap="xsmall", key=f"reviews_judge_{finding.fingerprint}"):
        for verdict in VERDICTS:
            is_given = finding.verdict == verdict
            st.button(
                VERDICT_WORDS[verdict],
                key=f"reviews.{verdict}.{finding.fingerprint}",
                type="primary" if is_given else "secondary",
                help="Click again to undo." if is_given else HELP[verdict],
                on_click=take_back if is_given else give,
                args=(student_id, repo_id, finding.fingerprint, verdict),
            )
        if finding.dismissal is None:
            show_dismissing(student_id, repo_id, finding)
        else:
            st.button(
                "Undo the dismissal",
                key=f"reviews.undo.{finding.fingerprint}",
                on_click=restore,
                args=(student_id, repo_id, finding.fingerprint),
            )


def show_dismissing(student_id: str, repo_id: str, finding: Finding) -> None:
    field = f"reviews.reason.{finding.fingerprint}"
    with (
        st.popover("Dismiss", key=f"reviews.dismiss.{finding.fingerprint}"),
        st.form(f"reviews.dismissing.{finding.fingerprint}", border=False),
    ):
        st.text_input(
            "Why is it to go for good?",
            key=field,
            max_chars=LONGEST_REASON,
            placeholder="The input is a constant",
        )
        st.form_submit_button(
            "Dismiss it", on_click=put_away, args=(student_id, repo_id, finding.fingerprint, field)
        )


def show_error() -> None:
    """What went wrong with the last click, once."""
    error = st.session_state.pop(ERROR, None)
    if error is not None:
        st.error(escape_markdown(error))


def give(student_id: str, repo_id: str, fingerprint: str, verdict: Verdict) -> None:
    _write(
        student_id,
        lambda connection: verdicts.give_verdict(
            connection, student_id, repo_id, fingerprint, verdict, now=datetime.now(UTC)
        ),
    )


def take_back(student_id: str, repo_id: str, fingerprint: str, _verdict: Verdict) -> None:
    _write(student_id, lambda c: verdicts.take_back_verdict(c, repo_id, fingerprint))


def put_away(student_id: str, repo_id: str, fingerprint: str, field: str) -> None:
    reason = str(st.session_state.get(field, ""))
    _write(
        student_id,
        lambda connection: verdicts.dismiss(
            connection, student_id, repo_id, fingerprint, reason, now=datetime.now(UTC)
        ),
    )


def restore(student_id: str, repo_id: str, fingerprint: str) -> None:
    _write(student_id, lambda c: verdicts.take_back_dismissal(c, repo_id, fingerprint))


def switch_on(student_id: str, rule: str) -> None:
    _write(student_id, lambda c: verdicts.switch_on(c, student_id, rule, now=datetime.now(UTC)))


def _write(student_id: str, write: Callable[[Connection], None]) -> None:
    """Write as the student; what cannot be written is told on the page that follows."""
    try:
        with open_student(student_id) as connection:
            write(connection)
    except UserInputError as error:
        st.session_state[ERROR] = str(error)
    forget_findings()
