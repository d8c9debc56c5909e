"""Page: the student's resume as it prints, to download, with the evidence of every statement."""

import json

import streamlit as st

from dashboards.commit_page import COMMIT
from dashboards.loading import load_bullets, load_resume, render_resume
from dashboards.queries import Bullet, Evidence
from dashboards.repository_picker import REPOSITORY
from dashboards.state import read_student_id
from dashboards.widgets import escape_html, escape_markdown, show_empty
from dashboards.wording import count_of


def show_resume() -> None:
    student_id = read_student_id()
    st.title("Resume", anchor=False)
    resume = load_resume(student_id)
    if resume is None:
        show_empty(
            "No resume was written yet",
            "Register a repository with `internflow register`; the next daily flow writes a resume"
            " from the commits that are yours.",
        )
        return
    pdf, picture = render_resume(student_id, resume.document_hash)
    with st.container(horizontal=True):
        st.download_button(
            "Download PDF",
            pdf,
            "resume.pdf",
            "application/pdf",
            key="resume.pdf",
            type="primary",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Download JSON Resume",
            json.dumps(resume.document, ensure_ascii=False, indent=2),
            "resume.json",
            "application/json",
            key="resume.json",
            on_click="ignore",
        )
    with st.container(key="resume_page"):
        st.image(picture, width="stretch", alt="The resume as it prints")
    show_statements(load_bullets(student_id))


def show_statements(bullets: list[Bullet]) -> None:
    st.header("What each statement rests on", anchor=False)
    st.caption("A statement without evidence is not printed. Each commit opens at its findings.")
    repository = None
    for bullet in bullets:
        if bullet.repo_id != repository:
            repository = bullet.repo_id
            st.subheader(escape_markdown(bullet.repository or bullet.repo_id), anchor=False)
        show_statement(bullet)


def show_statement(bullet: Bullet) -> None:
    with st.container(border=True, gap="xsmall"):
        st.markdown(escape_markdown(bullet.content))
        for missing in bullet.missing_evidence_ids:
            st.warning(f"Its evidence {escape_markdown(missing)} is gone: run the daily flow.")
        with st.expander(count_of(len(bullet.evidence), "fact"), type="compact"):
            for index, evidence in enumerate(bullet.evidence):
                if index:
                    st.divider()
                show_evidence(evidence)


def show_evidence(evidence: Evidence) -> None:
    place = evidence.path or ""
    if evidence.start_line:
        place += f":{evidence.start_line}"
        if evidence.end_line and evidence.end_line != evidence.start_line:
            place += f"-{evidence.end_line}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(
            "views/reviews.py",
            label=f"Commit {evidence.commit_sha[:10]}",
            query_params={REPOSITORY: evidence.repo_id, COMMIT: evidence.commit_sha},
            width="content",
        )
        kind = f"{evidence.kind.replace('_', ' ')}{', ' if place else ''}{place}"
        st.html(f'<p class="if-place">{escape_html(kind)}</p>', width="content")
    if evidence.quote is not None:
        st.html(f'<div class="if-quote">{escape_html(evidence.quote)}</div>')
    if evidence.measure_sql is not None:
        st.markdown(f"Measured: **{evidence.measured_value:,}**")
        st.code(evidence.measure_sql, language="sql", wrap_lines=True)
        if evidence.measure_params:
            st.caption(escape_markdown(f"with {json.dumps(evidence.measure_params)}"))


show_resume()
