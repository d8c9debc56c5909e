"""What counts as a student's own work: SQL, and path patterns that Postgres and Python read alike."""

import re
from collections.abc import Sequence
from typing import Any

from internflow.repos.languages import NOT_OWN
from internflow.warehouse.connections import Connection

# At the head of every measuring query. Merges bring other people's lines, so they never count. What the commit says
# is asked, not the repository's mailmap, which could give away other people's commits.
OWN_WORK = """
with own as (
  select commit_sha, authored_at from raw.commits
  where repo_id = %(repo_id)s and raw_author_email = any(%(emails)s) and cardinality(parent_shas) < 2
), changes as (
  select c.commit_sha, c.path, c.change_kind from raw.file_changes c join own using (commit_sha)
  where c.repo_id = %(repo_id)s and c.path !~ %(excluded)s
)
""".strip()


def ask_own_work(select: str) -> str:
    """The query that runs `select` over the student's own commits and file changes."""
    return f"{OWN_WORK}\n{select}"


OWN_COMMITS = ask_own_work("select commit_sha from own")

EXCLUDED_PATHS = NOT_OWN.pattern
TEST_PATHS = (
    r"(^|/)(tests?|__tests__|specs?)/|(^|/)(test_[^/]*|conftest)\.py$"
    r"|(_test|_spec|\.test|\.spec|Tests?)\.[a-z]+$"
)

# Folders that only hold packages: the area of a file below them is the next folder.
PACKAGE_ROOTS = frozenset({"src", "lib", "packages", "apps"})

# Folders beside the work itself: nothing in them names a part of the project.
SIDE_FOLDERS = frozenset(
    {"benchmarks", "demo", "demos", "doc", "docs", "example", "examples", "samples"}
)

_tests = re.compile(TEST_PATHS)


def build_own_params(repo_id: str, emails: Sequence[str]) -> dict[str, Any]:
    """The parameters that OWN_WORK needs; the same for the same addresses in any order."""
    return {"repo_id": repo_id, "emails": sorted(emails), "excluded": EXCLUDED_PATHS}


def read_own_commits(connection: Connection, repo_id: str, emails: Sequence[str]) -> frozenset[str]:
    """Ids of the commits that count as the student's own."""
    rows = connection.execute(OWN_COMMITS, build_own_params(repo_id, emails)).fetchall()
    return frozenset(r["commit_sha"] for r in rows)


def is_test(path: str) -> bool:
    """Whether a path holds tests."""
    return _tests.search(path) is not None


def find_area(path: str) -> str | None:
    """The folder that names a file's part of the project, with its slash; None at the top and beside it."""
    folders = path.split("/")[:-1]
    if not folders or folders[0] in SIDE_FOLDERS:
        return None
    depth = 2 if folders[0] in PACKAGE_ROOTS and len(folders) > 1 else 1
    return "/".join(folders[:depth]) + "/"


def is_beside(path: str) -> bool:
    """Whether a path holds documents, examples or tests rather than the work itself."""
    return path.split("/", maxsplit=1)[0] in SIDE_FOLDERS or is_test(path)
