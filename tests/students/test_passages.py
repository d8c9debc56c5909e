"""Whose code is whose: passages, definitions and uses, asked of Postgres as each role."""

import psycopg
import pytest

from internflow.repos.vetting import Source
from internflow.settings import Settings
from internflow.students.accounts import Student, register_repository, register_student
from internflow.warehouse.connections import Connection, as_student, connect

SHARED, ASHAS, RAVIS, FORMER = "0" * 40, "1" * 40, "2" * 40, "3" * 40


@pytest.fixture
def students(settings: Settings) -> dict[str, Student]:
    """Asha with repository a, Ravi with b; one blob lies in both, and one in no index any more."""
    students = {}
    for letter, name in (("a", "asha"), ("b", "ravi")):
        source = Source(letter * 16, f"https://example.org/{name}/shop", "https", "shop")
        with connect(settings, "app") as connection:
            students[name] = register_student(connection, name, f"{name}@example.org", [])
            register_repository(connection, students[name].student_id, source)
    with connect(settings, "pipeline") as connection:
        for repo, path, blob in (
            ("a", "one.py", ASHAS), ("a", "copy/one.py", ASHAS), ("a", "licence.py", SHARED),
            ("b", "two.py", RAVIS), ("b", "licence.py", SHARED),
        ):  # fmt: skip
            connection.execute(
                "insert into ops.indexed_files values (%s, %s, %s)", (repo * 16, path, blob)
            )
        for blob in (SHARED, ASHAS, RAVIS, FORMER):
            connection.execute(
                "insert into raw.chunks (blob_sha, chunker, ordinal, language, kind, start_line, end_line, content,"
                " content_hash, imports) values (%s, 'c', 0, 'python', 'function', 1, 2, %s, 'h', '{}')",
                (blob, f"text of {blob[0]}"),
            )
            connection.execute(
                "insert into raw.symbols values (%s, 'c', 0, 'f', 'f', 'function', 'def f():', 1, 2)",
                (blob,),
            )
            connection.execute(
                "insert into raw.symbol_references values (%s, 'c', 'g', 2)", (blob,)
            )
    return students


def read_texts(connection: Connection) -> list[tuple[str, str]]:
    rows = connection.execute(
        "select distinct repo_id, content from app.passages order by 1, 2"
    ).fetchall()
    return [(row["repo_id"][0], row["content"]) for row in rows]


def read_paths(connection: Connection, view: str) -> list[str]:
    rows = connection.execute(f"select repo_id, path from {view} order by 1, 2".encode()).fetchall()
    return [f"{row['repo_id'][0]}/{row['path']}" for row in rows]


def test_each_student_reads_the_code_of_their_own_repositories_alone(
    settings: Settings, students: dict[str, Student]
) -> None:
    with connect(settings, "app") as connection:
        with as_student(connection, students["asha"].student_id):
            assert read_texts(connection) == [("a", "text of 0"), ("a", "text of 1")]
        with as_student(connection, students["ravi"].student_id):
            assert read_texts(connection) == [("b", "text of 0"), ("b", "text of 2")]


@pytest.mark.parametrize("view", ["app.passages", "app.definitions", "app.uses"])
def test_each_view_holds_to_the_same_rule(
    settings: Settings, students: dict[str, Student], view: str
) -> None:
    ashas, ravis = ["a/copy/one.py", "a/licence.py", "a/one.py"], ["b/licence.py", "b/two.py"]
    with connect(settings, "app") as connection:
        assert read_paths(connection, view) == []
        with as_student(connection, students["asha"].student_id):
            assert read_paths(connection, view) == ashas
        with as_student(connection, students["ravi"].student_id):
            assert read_paths(connection, view) == ravis
    with connect(settings, "pipeline") as connection:
        assert read_paths(connection, view) == [*ashas, *ravis]


@pytest.mark.parametrize("student_id", [None, "", "00000000-0000-0000-0000-000000000000"])
def test_without_a_student_nobodys_code_is_read(
    settings: Settings, students: dict[str, Student], student_id: str | None
) -> None:
    with connect(settings, "app") as connection:
        if student_id is not None:
            connection.execute("select set_config('app.student_id', %s, true)", (student_id,))
        assert read_texts(connection) == []


def test_flows_read_every_repository(settings: Settings, students: dict[str, Student]) -> None:
    with connect(settings, "pipeline") as connection:
        assert read_texts(connection) == [
            ("a", "text of 0"), ("a", "text of 1"), ("b", "text of 0"), ("b", "text of 2"),
        ]  # fmt: skip


def test_an_owner_that_switches_to_the_app_reads_no_more_than_the_app(
    settings: Settings, students: dict[str, Student]
) -> None:
    with connect(Settings(database_url=settings.database_url), "app") as connection:
        assert read_texts(connection) == []


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("app", "select from raw.chunks"),
        ("app", "select from raw.symbols"),
        ("app", "select from raw.symbol_references"),
        ("app", "select from app.readable_files"),
        ("app", "delete from app.passages"),
        ("analyst", "select from app.passages"),
        ("analyst", "select from app.uses"),
    ],
)
def test_nobody_reaches_the_texts_by_another_way(
    settings: Settings, role: str, statement: str
) -> None:
    with pytest.raises(psycopg.Error), connect(settings, role) as connection:  # type: ignore[arg-type]
        connection.execute(statement.encode())
