"""Page: questions to the student's repositories, answered with passages of their code."""

import streamlit as st

from dashboards.asking import (
    load_answer,
    load_choices,
    load_index_line,
    load_neighbours,
    load_written,
)
from dashboards.loading import load_repositories
from dashboards.passage_html import render_neighbours, render_passage, render_written
from dashboards.queries import Repository
from dashboards.repository_picker import pick_repository, write_picked
from dashboards.state import read_student_id
from dashboards.widgets import escape_html, escape_markdown, show_empty
from dashboards.wording import count_of
from internflow.retrieval.passages import Filters
from internflow.retrieval.search import Answer
from internflow.services.asking import (
    LONGEST_GLOB,
    LONGEST_QUESTION,
    NOTHING_FITS,
    describe_index,
    parse_filters,
    parse_question,
)

ASKED = "ask.asked"  # repository, question and filters of the form as it was last sent


def show_ask() -> None:
    student_id = read_student_id()
    repositories = load_repositories(student_id)
    st.title("Ask", anchor=False)
    if not repositories:
        show_empty(
            "No repository is registered on this machine",
            "Run `internflow demo` with the address or the folder of a Git repository of yours.",
        )
        return
    repository = pick_repository(
        repositories, key="ask.repository", page="Ask", on_change=choose_repository
    )
    standing = load_index_line(student_id, repository.repo_id)
    if standing is None:
        show_empty(
            "This repository is not indexed yet",
            f"The next daily run does it, or now: `internflow index build {repository.source}`.",
        )
        return
    line = st.empty()
    line.html(render_standing(standing))
    show_form(student_id, repository)
    asked = st.session_state.get(ASKED)
    if asked and asked[0] == repository.repo_id:
        _repo_id, question, filters = asked
        answer = find_answer(student_id, repository, question, filters)
        line.html(render_standing(describe_index(answer.commit_sha, answer.behind, answer.tier)))
        show_answer(student_id, repository, question, answer)


def choose_repository() -> None:
    write_picked("ask.repository")
    st.session_state.pop(ASKED, None)


def show_form(student_id: str | None, repository: Repository) -> None:
    choices = load_choices(student_id, repository.repo_id)
    with st.form("ask.form", border=False):
        question = st.text_input(
            "Question",
            key="ask.question",
            max_chars=LONGEST_QUESTION,
            placeholder="Where are the prices added up?",
        )
        language, kind, path = st.columns(3)
        chosen_language = language.selectbox(
            "Language",
            choices.languages,
            index=None,
            placeholder="any",
            key="ask.language",
        )
        chosen_kind = kind.selectbox(
            "Kind", choices.kinds, index=None, placeholder="any", key="ask.kind"
        )
        chosen_path = path.text_input(
            "Path", key="ask.path", max_chars=LONGEST_GLOB, placeholder="such as src/*.py"
        )
        if st.form_submit_button("Ask", type="primary"):
            st.session_state.pop(ASKED, None)
            filters = parse_filters(chosen_path.strip(), chosen_language, chosen_kind, choices)
            st.session_state[ASKED] = (repository.repo_id, parse_question(question), filters)


def find_answer(
    student_id: str | None, repository: Repository, question: str, filters: Filters
) -> Answer:
    with st.spinner(f"Searching {escape_markdown(repository.label)} ..."):
        return load_answer(student_id, repository.repo_id, question, filters)


def show_answer(
    student_id: str | None, repository: Repository, question: str, answer: Answer
) -> None:
    if not answer.passages:
        show_empty(NOTHING_FITS, "Ask in other words, name a function, or remove a filter.")
        return
    above = st.container()  # filled last: passages do not wait for a model
    neighbours = load_neighbours(student_id, repository.repo_id, answer.passages)
    st.caption(f"{count_of(len(answer.passages), 'passage')}, best first")
    pairs = zip(answer.passages, neighbours, strict=True)
    for number, (passage, around) in enumerate(pairs, start=1):
        with st.container(border=True, key=f"ask_passage_{number}"):
            st.html(render_passage(number, passage, answer.commit_sha) + render_neighbours(around))
    with above:
        show_written(student_id, question, answer)


def show_written(student_id: str | None, question: str, answer: Answer) -> None:
    """What a language model wrote, where one is set: only what cites the passages below."""
    with st.spinner("Writing an answer ..."):
        written = load_written(student_id, question, answer)
    if written is None:
        return
    if written.sentences:
        st.html(render_written(written.sentences))
        st.caption("Written by a language model; each sentence cites passages below.")
    if written.problem:
        st.caption(escape_markdown(written.problem))


def render_standing(standing: str) -> str:
    return f'<p class="if-clocks">{escape_html(standing)}</p>'


show_ask()
