"""Cached reads of the page Ask. A store is opened only for a repository that the student registered."""

import streamlit as st

from dashboards import queries
from dashboards.loading import FRESH_SECONDS, load_repositories
from dashboards.queries import IndexState
from dashboards.state import open_student
from internflow.errors import UserInputError
from internflow.generation.answering import WrittenAnswer, write_answer
from internflow.repos.mirrors import count_commits_between, open_mirror
from internflow.retrieval import search
from internflow.retrieval.choices import Choices, read_choices
from internflow.retrieval.neighbours import Neighbours, find_neighbours
from internflow.retrieval.passages import Filters
from internflow.retrieval.search import Answer, Passage
from internflow.services.asking import describe_index
from internflow.settings import read_settings

WRITTEN_SECONDS = 3600  # a model takes long, and the same passages make the same answer


@st.cache_data(ttl=FRESH_SECONDS, max_entries=500, show_spinner=False)
def load_index_line(student_id: str | None, repo_id: str) -> str | None:
    """Where the index of a repository stands; None while it has none."""
    with open_student(student_id) as connection:
        state: IndexState | None = queries.read_index_state(connection, repo_id)
    if state is None:
        return None
    mirror = open_mirror(read_settings().mirrors_dir, repo_id)
    behind = count_commits_between(mirror, state.commit_sha, mirror.head_sha)
    return describe_index(state.commit_sha, behind, state.tier)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=500, show_spinner=False)
def load_choices(student_id: str | None, repo_id: str) -> Choices:
    with open_student(student_id) as connection:
        return read_choices(connection, repo_id)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=200, show_spinner=False)
def load_answer(student_id: str | None, repo_id: str, question: str, filters: Filters) -> Answer:
    """Raises UserInputError for a repository of somebody else's, and StaleIndex."""
    if repo_id not in {repository.repo_id for repository in load_repositories(student_id)}:
        raise UserInputError(
            f"None of your repositories has the id {repo_id[:40]!r}: open Ask from the menu."
        )
    settings = read_settings()
    with open_student(student_id) as connection:
        return search.ask(settings, connection, repo_id, question, filters=filters)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=200, show_spinner=False)
def load_neighbours(
    student_id: str | None, repo_id: str, passages: tuple[Passage, ...]
) -> tuple[Neighbours, ...]:
    with open_student(student_id) as connection:
        return find_neighbours(connection, repo_id, passages)


def load_written(student_id: str | None, question: str, answer: Answer) -> WrittenAnswer | None:
    """What the model wrote; a failure is tried again with the next look at the page."""
    written = _write(student_id, question, answer)
    if written is not None and written.problem:
        _write.clear(student_id, question, answer)
    return written


@st.cache_data(ttl=WRITTEN_SECONDS, max_entries=200, show_spinner=False)
def _write(student_id: str | None, question: str, answer: Answer) -> WrittenAnswer | None:
    return write_answer(read_settings(), question, answer.passages)
