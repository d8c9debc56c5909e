"""What the marts say of a student's commits, built by the real dbt and read with the rights of a page."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from internflow.repos.loading import load_repository
from internflow.repos.mirrors import Mirror
from internflow.repos.vetting import vet_source
from internflow.settings import Settings
from internflow.students.accounts import register_repository, register_student
from internflow.warehouse.connections import as_student, connect
from tests.dashboards.database import build_marts
from tests.git_repositories import GitRepository

ASHA, RAVI = "Asha <asha@example.org>", "Ravi <ravi@example.org>"


def fill(repository: GitRepository) -> None:
    repository.commit("one", {"a.py": "a = 1\nb = 2\n", "vendor/x.py": "x\n" * 50}, ASHA)
    repository.commit(
        "two\n\nCo-authored-by: Asha <asha@example.org>", {"b.sql": "select 1\n", "a.py": "a = 1\n"}, RAVI
    )  # fmt: skip
    repository.commit("three", {"c.py": "c\n" * 9, "poetry.lock": "y\n" * 70}, RAVI)
    repository.git("checkout", "--quiet", "-b", "side", "HEAD~1")
    repository.commit("side", {"d.py": "d\n"}, ASHA)
    repository.git("checkout", "--quiet", "main")
    identity = ("-c", "user.name=Asha", "-c", "user.email=asha@example.org")
    repository.git(*identity, "merge", "--quiet", "--no-ff", "-m", "merge", "side")


def test_written_and_co_authored_work_is_counted_and_shown_to_its_student_alone(
    settings: Settings,
    repository: GitRepository,
    mirror_of: Callable[[GitRepository], Mirror],
    tmp_path: Path,
) -> None:
    fill(repository)
    source = vet_source(str(repository.path), allow_local=True)
    with connect(settings, "app") as connection:
        asha = register_student(connection, "Asha", "asha@example.org", ())
        ravi = register_student(connection, "Ravi", "ravi@example.org", ())
        other = register_student(connection, "Other", "other@example.org", ())
        for student in (asha, ravi):
            register_repository(connection, student.student_id, source)
    with connect(settings, "pipeline") as connection:
        load_repository(connection, source, mirror_of(repository))
    build_marts(settings, tmp_path)

    def read(student_id: str, columns: str, mart: str) -> list[tuple[Any, ...]]:
        query = f"select {columns} from marts.{mart} order by 1, 2".encode()
        with connect(settings, "app") as connection, as_student(connection, student_id):
            return [tuple(row.values()) for row in connection.execute(query).fetchall()]

    counted = (
        "language, commit_count, co_authored_commit_count, additions, deletions, co_authored_deletions,"
        " month_on::text"
    )
    assert read(asha.student_id, counted, "contributions") == [
        ("python", 3, 1, 3, 1, 1, "2026-01-01"),
        ("sql", 1, 1, 1, 0, 0, "2026-01-01"),
    ]
    assert read(ravi.student_id, counted, "contributions") == [
        ("python", 2, 0, 9, 1, 0, "2026-01-01"),
        ("sql", 1, 0, 1, 0, 0, "2026-01-01"),
    ]
    weeks = "week_on::text, commit_count, co_authored_commit_count, additions"
    assert read(asha.student_id, weeks, "activity_by_week") == [("2026-01-05", 3, 1, 4)]
    assert read(asha.student_id, "path, commit_count, author_count, churn, is_at_head", "file_hotspots") == [
        ("a.py", 2, 2, 3, True), ("b.sql", 1, 1, 1, True), ("c.py", 1, 1, 9, True), ("d.py", 1, 1, 1, True)
    ]  # fmt: skip
    assert read(asha.student_id, "commit_count, author_count", "repositories") == [(5, 2)]
    merges = read(asha.student_id, "subject, is_merge", "commits")
    assert [m[0] for m in merges if m[1]] == ["merge"]
    for mart in ("contributions", "activity_by_week", "file_hotspots", "repositories", "commits"):
        assert read(other.student_id, "repo_id, 1", mart) == [], mart
