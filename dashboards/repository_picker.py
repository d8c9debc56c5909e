"""The choice among the student's repositories; the address of the page says which, so that it can be linked to."""

from collections.abc import Callable

import streamlit as st

from dashboards.queries import Repository
from internflow.errors import UserInputError

REPOSITORY = "repository"  # a parameter of the page's address


def pick_repository(
    repositories: list[Repository], *, key: str, page: str, on_change: Callable[[], None]
) -> Repository:
    """The repository in the address, else the first. Raises UserInputError when it is none of the student's."""
    by_id = {repository.repo_id: repository for repository in repositories}
    chosen = st.query_params.get(REPOSITORY, repositories[0].repo_id)
    if chosen not in by_id:
        raise UserInputError(
            f"None of your repositories has the id {chosen[:40]!r}: open {page} from the menu."
        )
    st.session_state[key] = chosen
    st.selectbox(
        "Repository",
        list(by_id),
        format_func=lambda repo_id: by_id[repo_id].label,
        key=key,
        on_change=on_change,
        width=360,
    )
    return by_id[chosen]


def write_picked(key: str) -> None:
    """Put what was picked into the address, and nothing else."""
    st.query_params.from_dict({REPOSITORY: st.session_state[key]})
