from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.reviews.ledger import Entry
from internflow.reviews.states import STANDING, Standing, name_state
from internflow.warehouse.connections import Connection
from tests.git_repositories import GitRepository
from tests.reviews.conftest import Reviewer

MUTABLE = "def add(item, bag=[]):\n    return bag\n"
CLEAN = MUTABLE.replace("[]", "()")
SWALLOW = "try:\n    x = 1\nexcept:\n    x = 2\n"
AS_BUILDER = ("-c", "user.name=Builder", "-c", "user.email=builder@example.org")

MakeReviewer = Callable[[], Reviewer]

STATES = ("new", "open", "regressed", "fixed")
STOOD = Standing("f", "c2", "a.py", "E722", "open", 3, None, None)


def settle(state: str, line: int | None = 5) -> Entry:
    return Entry("f", "c2", "a.py", state, line)


def read_states(made: Reviewer) -> list[tuple[object, ...]]:
    """path, state, commit that fixed it, commit that brought it back"""
    return made.rows(
        "select path, state, fixed_by_sha, returned_sha from ai.findings order by path, start_line"
    )


@given(st.sampled_from(STATES), st.booleans(), st.booleans())
def test_what_stands_is_regressed_new_or_open_and_what_is_gone_is_fixed(
    state: str, is_brought: bool, is_return: bool
) -> None:
    before, brought = replace(STOOD, state=state), {"c2"} if is_brought else {"c9"}
    assert name_state(before, settle("fixed", None), brought, is_return=is_return) == "fixed"
    named = name_state(before, settle("open"), brought, is_return=is_return)
    was_gone = is_return or state in ("fixed", "regressed")
    assert named == ("regressed" if was_gone else "new" if is_brought else "open")


@pytest.mark.parametrize("state", STATES)
def test_a_finding_that_cannot_be_told_of_neither_goes_nor_comes_back(state: str) -> None:
    before = replace(STOOD, state=state)
    named = name_state(before, settle(state, None), {"c9"}, is_return=False)
    assert (named in STANDING) == (state in STANDING)
    assert (named == "regressed") == (state == "regressed")


def test_new_is_what_came_since_the_head_before(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    repository.commit("start", {"a.py": MUTABLE})
    repository.commit("more", {"b.py": MUTABLE})
    made = reviewer()
    made.run()
    assert [row[:2] for row in read_states(made)] == [("a.py", "open"), ("b.py", "new")]
    repository.commit("one", {"c.py": MUTABLE})
    repository.commit("two", {"d.py": MUTABLE})
    for _again in range(2):
        made.run()
        states = [row[1] for row in read_states(made)]
        assert states == ["open", "open", "new", "new"]
    repository.commit("clean", {"e.py": CLEAN})
    made.run()
    assert {row[1] for row in read_states(made)} == {"open"}


def test_a_head_that_was_taken_back_makes_nothing_new(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    kept = repository.commit("start", {"a.py": MUTABLE})
    repository.commit("mistake", {"b.py": MUTABLE})
    made = reviewer()
    made.run()
    repository.git("reset", "--quiet", "--hard", kept)
    made.run()
    assert read_states(made) == [("a.py", "open", None, None)]


def test_fixed_says_by_which_commit_and_regressed_says_by_which_it_came_back(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    repository.commit("start", {"a.py": MUTABLE})
    made = reviewer()
    made.run()
    fixed = repository.commit("fix", {"a.py": CLEAN})
    repository.commit("other", {"b.py": CLEAN})
    made.run()
    assert read_states(made) == [("a.py", "fixed", fixed, None)]
    again = repository.commit("again", {"a.py": MUTABLE})
    made.run()
    assert read_states(made) == [("a.py", "regressed", None, again)]
    repository.commit("clean", {"b.py": f"x = 1\n{CLEAN}"})
    made.run()
    assert read_states(made) == [("a.py", "regressed", None, again)]
    second = repository.commit("fix again", {"a.py": CLEAN})
    made.run()
    assert read_states(made) == [("a.py", "fixed", second, again)]


def test_a_first_review_of_the_whole_history_says_the_same(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    repository.commit("start", {"a.py": MUTABLE, "b.py": MUTABLE})
    fixed = repository.commit("fix", {"a.py": CLEAN, "b.py": CLEAN})
    again = repository.commit("again", {"a.py": MUTABLE})
    repository.commit("other", {"c.py": CLEAN})
    made = reviewer()
    made.run()
    assert read_states(made) == [
        ("a.py", "regressed", None, again),
        ("b.py", "fixed", fixed, None),
    ]


def test_two_branches_that_bring_in_the_same_bring_nothing_back(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    repository.commit("start", {"x.py": CLEAN})
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit("one", {"a.py": MUTABLE})
    repository.git("checkout", "--quiet", "main")
    repository.commit("two", {"a.py": MUTABLE})
    repository.git(*AS_BUILDER, "merge", "--quiet", "--no-edit", "side")
    made = reviewer()
    made.run()
    ((_path, state, _fix, returned),) = read_states(made)
    assert state in ("new", "open")
    assert returned is not None


def test_the_commit_that_brought_it_in_is_the_oldest_whatever_order_they_are_reviewed_in(
    repository: GitRepository, reviewer: MakeReviewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = repository.commit("start", {"a.py": MUTABLE})
    repository.commit("fix", {"a.py": CLEAN})
    again = repository.commit("again", {"a.py": MUTABLE})
    for batch, most in permutations((1, 2, 10), 2):
        monkeypatch.setattr("internflow.reviews.review.FIRST_COMMITS", batch)
        monkeypatch.setattr("internflow.reviews.review.BATCH_COMMITS", most)
        made = reviewer()
        forget_reviews(made.connection)
        made.run()
        found = made.rows("select commit_sha, state, returned_sha from ai.findings")
        assert found == [(first, "regressed", again)]


def test_a_dismissed_or_left_finding_keeps_its_name_after_a_rename(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    repository.commit("start", {"a.py": SWALLOW})
    made = reviewer()
    made.run()
    before = made.rows("select fingerprint from ai.findings")
    repository.git("mv", "a.py", "b.py")
    repository.commit("rename and lay out anew", {"b.py": f"import os\n\n{SWALLOW}os.sync()\n"})
    repository.commit("clean", {"c.py": CLEAN})
    made.run()
    after = made.rows("select fingerprint from ai.findings where state = 'open'")
    assert after == before
    assert len(made.rows("select 1 from ai.findings")) == 1


def forget_reviews(connection: Connection) -> None:
    for table in ("ai.findings", "ops.review_coverage", "ops.ledger_heads"):
        connection.execute(f"delete from {table}".encode())
    connection.commit()
