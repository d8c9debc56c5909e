"""Measured numbers of one student in one repository. Each is the result of a query that is stored with it."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from internflow.listings.skills import find_skill_for_language
from internflow.resumes.evidence import Evidence, measure
from internflow.resumes.ownership import (
    TEST_PATHS,
    ask_own_work,
    build_own_params,
    find_area,
    is_test,
)
from internflow.students.accounts import Student
from internflow.warehouse.connections import Connection

MOST_AREAS = 3
FEWEST_AREA_FILES = 2
PLAIN_FOLDER = re.compile(r"[\w./@+-]{1,60}")  # anything else cannot be set in backticks

COMMITS = ask_own_work("select count(*) from own")
FILES = ask_own_work("select count(distinct path) from changes")
MONTHS = ask_own_work(
    "select count(distinct date_trunc('month', authored_at at time zone 'UTC')) from own"
)
TEST_COMMITS = ask_own_work("select count(distinct commit_sha) from changes where path ~ %(tests)s")
TEST_FILES = ask_own_work(
    "select count(distinct path) from changes where path ~ %(tests)s and change_kind = 'added'"
)
FIRST_COMMIT = ask_own_work(
    "select coalesce(extract(epoch from min(authored_at)), 0)::bigint from own"
)
LAST_COMMIT = ask_own_work(
    "select coalesce(extract(epoch from max(authored_at)), 0)::bigint from own"
)
AREA_FILES = """
select count(*) from raw.head_files
where repo_id = %(repo_id)s and starts_with(path, %(area)s) and language = %(language)s
  and path !~ %(excluded)s
""".strip()
IS_OWN = "path in (select path from changes where change_kind = 'added')"
OWN_AREA_FILES = ask_own_work(" and ".join((AREA_FILES, IS_OWN)))

HEAD_FILES = "select path, language from raw.head_files where repo_id = %(repo_id)s"
OWN_HEAD_FILES = ask_own_work(" and ".join((HEAD_FILES, "language is not null", IS_OWN)))


@dataclass(frozen=True)
class Area:
    """A part of a project in one language: a folder with its slash, and Git's name for the language."""

    folder: str
    language: str

    @property
    def name(self) -> str:
        return f"{self.folder}:{self.language}"


def measure_repository(
    connection: Connection, student: Student, repo_id: str, head_sha: str
) -> list[Evidence]:
    """The numbers of a student in a repository; none when no commit there is the student's own."""
    own = build_own_params(repo_id, student.emails)
    if measure(connection, COMMITS, own) == 0:
        return []
    tests = own | {"tests": TEST_PATHS}
    queries: list[tuple[str, str, str, dict[str, Any]]] = [
        ("commits", "all", COMMITS, own),
        ("files", "all", FILES, own),
        ("months", "all", MONTHS, own),
        ("test_commits", "all", TEST_COMMITS, tests),
        ("test_files", "all", TEST_FILES, tests),
        ("first_commit", "all", FIRST_COMMIT, own),
        ("last_commit", "all", LAST_COMMIT, own),
    ]
    for area in _find_areas(connection, own):
        params = own | {"area": area.folder, "language": area.language}
        queries.append(("area_files", area.name, AREA_FILES, params))
        queries.append(("own_area_files", area.name, OWN_AREA_FILES, params))
    return [
        Evidence(
            repo_id, kind, name, head_sha, measure_sql=query, measure_params=params,
            measured_value=measure(connection, query, params),
        )
        for kind, name, query, params in queries
    ]  # fmt: skip


def _find_areas(connection: Connection, own: dict[str, Any]) -> list[Area]:
    """The folders to which the student added most files, each in its weightiest language, tests apart."""
    added: Counter[Area] = Counter()
    for row in connection.execute(OWN_HEAD_FILES, own).fetchall():
        folder = find_area(row["path"])
        if folder and PLAIN_FOLDER.fullmatch(folder) and _is_code(row["path"], row["language"]):
            added[Area(folder, row["language"])] += 1
    ranked = sorted(added.items(), key=lambda item: (-item[1], item[0].folder, item[0].language))
    weightiest: dict[str, Area] = {}
    for area, count in ranked:
        if count >= FEWEST_AREA_FILES:
            weightiest.setdefault(area.folder, area)
    return list(weightiest.values())[:MOST_AREAS]


def _is_code(path: str, language: str) -> bool:
    return not is_test(path) and find_skill_for_language(language) is not None
