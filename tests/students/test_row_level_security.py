"""Whose rows are whose: asked of Postgres itself, as each role, over every table there is."""

import psycopg
import pytest
from psycopg import sql

from internflow.repos.vetting import Source
from internflow.settings import Settings
from internflow.students.accounts import Student, register_repository, register_student
from internflow.warehouse.connections import Connection, as_student, connect

PERSONAL = [
    "app.students",
    "app.student_repositories",
    "app.visits",
    "app.saved_filters",
    "app.verdicts",
    "app.dismissals",
    "app.rule_restarts",
    "ai.evidence",
    "ai.bullets",
    "ai.resumes",
    "ai.matches",
]
BY_REPOSITORY = [
    "raw.repositories",
    "raw.commits",
    "raw.file_changes",
    "raw.head_files",
    "ai.findings",
    "ops.mirror_results",
    "ops.index_manifests",
    "ops.indexed_files",
    "ops.review_coverage",
    "ops.repository_requests",
    "ops.postings",
    "ops.ledger_heads",
]
EVERYTHING = PERSONAL + BY_REPOSITORY
VIEWS = [f"marts.{table.replace('.', '_')}" for table in EVERYTHING]

SHA = "c" * 40
ROWS_OF_A_STUDENT = """
insert into ai.evidence (student_id, evidence_id, repo_id, kind, commit_sha)
  values (%(student)s, 'e', %(repo)s, 'skill', %(sha)s);
insert into ai.bullets values (%(student)s, 'b', %(repo)s, 0, 'history', 'Wrote code.', '{e}');
insert into ai.resumes values (%(student)s, '{}', 'h');
insert into ai.matches values (%(student)s, 'p', 0.5, 0.5, '{}', '{}', '{}', 's');
insert into raw.repositories values (%(repo)s, 'x', 'https', 'x', 'main', %(sha)s);
insert into raw.commits values (%(repo)s, %(sha)s, '{}', 'A', 'a@example.org', now(), now(), 's', '');
insert into raw.file_changes values (%(repo)s, %(sha)s, 'p', null, 'added', false, 1, 0, null, null);
insert into raw.head_files values (%(repo)s, 'p', 'blob', 1, 'python');
insert into ops.mirror_results values (%(repo)s, 'x', 'ok', null, now());
insert into ops.index_manifests values (%(repo)s, %(sha)s, 'c', 'm', 2, 1, 'x', now());
insert into ops.indexed_files values (%(repo)s, 'p', 'blob');
insert into ops.review_coverage values (%(repo)s, %(sha)s, 'reviewed', null, 'a', 0, now());
insert into ops.repository_requests values (%(repo)s, %(repo)s, now(), null);
insert into ops.postings (repo_id, kind, target, base_sha, head_sha, started_at)
  values (%(repo)s, 'checks', 'commit:' || %(sha)s, %(sha)s, %(sha)s, now());
insert into ops.ledger_heads values (%(repo)s, %(sha)s, null);
insert into ai.findings values
  (%(repo)s, 'f', %(sha)s, 'p', 1, 1, 'q', 'r', 'c', 'high', 'm', null, 'a', 'open', 1);
"""
ROWS_BY_A_STUDENT = (
    "insert into app.visits (student_id, visited_at) values (%(student)s, now())",
    "insert into app.saved_filters (student_id, name, filters, token, created_at)"
    " values (%(student)s, 'mine', '{}', gen_random_uuid()::text, now())",
    "insert into app.verdicts values (%(student)s, %(repo)s, 'f', 'r', 'useful', now())",
    "insert into app.dismissals values (%(student)s, %(repo)s, 'f', 'a reason', now())",
    "insert into app.rule_restarts values (%(student)s, 'r', now())",
)


@pytest.fixture
def two_students(settings: Settings) -> tuple[Student, Student]:
    """Two students with a row of their own in each table, and views over all of them as dbt makes them."""
    students = []
    for letter, name in (("a", "asha"), ("b", "ravi")):
        source = Source(letter * 16, f"https://example.org/{name}/shop", "https", "shop")
        with connect(settings, "app") as connection:
            student = register_student(connection, name, f"{name}@example.org", [])
            register_repository(connection, student.student_id, source)
        students.append(student)
        with (
            connect(settings, "app") as connection,
            as_student(connection, student.student_id),
        ):
            for statement in ROWS_BY_A_STUDENT:
                connection.execute(
                    statement, {"student": student.student_id, "repo": source.repo_id}
                )
        with connect(settings, "pipeline") as connection:
            for statement in ROWS_OF_A_STUDENT.split(";")[:-1]:
                values = {"student": student.student_id, "repo": source.repo_id, "sha": SHA}
                connection.execute(statement, values)
    with connect(settings, "owner") as connection:
        for table, name in zip(EVERYTHING, VIEWS, strict=True):
            view = sql.Identifier(*name.split("."))
            connection.execute(
                sql.SQL("create view {} with (security_invoker = true) as select * from {}").format(
                    view, sql.Identifier(*table.split("."))
                )
            )
            connection.execute(sql.SQL("grant select on {} to internflow_app").format(view))
    return students[0], students[1]


def count(connection: Connection, relation: str) -> int:
    name = sql.Identifier(*relation.split("."))
    row = connection.execute(sql.SQL("select count(*) as n from {}").format(name)).fetchone()
    assert row is not None
    return int(row["n"])


def list_tables_with_personal_rows(settings: Settings) -> set[str]:
    with connect(settings, "owner") as connection:
        rows = connection.execute(
            "select distinct c.table_schema || '.' || c.table_name as name"
            " from information_schema.columns c join information_schema.tables t using (table_schema, table_name)"
            " where c.column_name in ('student_id', 'repo_id') and t.table_type = 'BASE TABLE'"
            " and c.table_schema in ('app', 'ai', 'raw', 'ops')"
        ).fetchall()
    return {row["name"] for row in rows}


def test_every_table_with_a_student_or_a_repository_is_under_test(settings: Settings) -> None:
    assert list_tables_with_personal_rows(settings) == set(EVERYTHING)


def test_each_student_sees_one_row_of_each_table_and_view_and_not_the_others(
    settings: Settings, two_students: tuple[Student, Student]
) -> None:
    relations = [*EVERYTHING, *VIEWS]
    with connect(settings, "app") as connection:
        for student in two_students:
            with as_student(connection, student.student_id):
                assert {r: count(connection, r) for r in relations} == dict.fromkeys(relations, 1)
                owner = connection.execute(
                    "select student_id::text as id from ai.resumes"
                ).fetchone()
                assert owner == {"id": student.student_id}


def test_without_a_student_nobodys_rows_are_visible(
    settings: Settings, two_students: tuple[Student, Student]
) -> None:
    relations = [*EVERYTHING, *VIEWS]
    for setting in (None, "", "00000000-0000-0000-0000-000000000000"):
        with connect(settings, "app") as connection:
            if setting is not None:
                connection.execute("select set_config('app.student_id', %s, true)", (setting,))
            assert {r: count(connection, r) for r in relations} == dict.fromkeys(relations, 0)


def test_a_student_is_forgotten_at_the_end_of_the_block(
    settings: Settings, two_students: tuple[Student, Student]
) -> None:
    with connect(settings, "app") as connection:
        with as_student(connection, two_students[0].student_id):
            assert count(connection, "ai.resumes") == 1
        connection.commit()
        assert count(connection, "ai.resumes") == 0


def test_a_student_cannot_change_or_take_what_is_anothers(
    settings: Settings, two_students: tuple[Student, Student]
) -> None:
    asha, ravi = two_students
    with connect(settings, "app") as connection, as_student(connection, asha.student_id):
        theirs = (ravi.student_id,)
        changes = [
            "update app.students set name = 'x' where student_id = %s",
            "delete from app.students where student_id = %s",
            "delete from app.student_repositories where student_id = %s",
        ]
        assert [connection.execute(c, theirs).rowcount for c in changes] == [0, 0, 0]
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute(
                "insert into app.student_repositories values (%s, 'c', 'x', 'https')", theirs
            )
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute("update app.students set student_id = %s", theirs)


def list_tables(settings: Settings, *schemas: str) -> list[str]:
    with connect(settings, "owner") as connection:
        rows = connection.execute(
            "select schemaname || '.' || tablename as name from pg_tables where schemaname = any(%s)"
            " order by 1",
            (list(schemas),),
        ).fetchall()
    return [row["name"] for row in rows]


def is_refused(connection: Connection, statement: str, table: str) -> bool:
    try:
        with connection.transaction():
            connection.execute(sql.SQL(statement).format(sql.Identifier(*table.split("."))))
    except psycopg.errors.InsufficientPrivilege:
        return True
    return False


def test_app_role_writes_nothing_outside_of_app(
    settings: Settings, two_students: tuple[Student, Student]
) -> None:
    statements = ["delete from {}", "insert into {} default values", "truncate {}"]
    tables = list_tables(settings, "raw", "ai", "ops")
    with connect(settings, "app") as connection, as_student(connection, two_students[0].student_id):
        allowed = [(s, t) for s in statements for t in tables if not is_refused(connection, s, t)]
    assert len(tables) > 10
    assert allowed == []


def test_analyst_reads_nothing_of_app_ai_raw_and_ops(
    settings: Settings, two_students: tuple[Student, Student]
) -> None:
    tables = list_tables(settings, "app", "raw", "ai", "ops")
    with connect(settings, "analyst") as connection:
        readable = [t for t in tables if not is_refused(connection, "select from {}", t)]
    assert readable == []


def test_pipeline_reads_accounts_and_changes_none(
    settings: Settings, two_students: tuple[Student, Student]
) -> None:
    with connect(settings, "pipeline") as connection:
        assert count(connection, "app.students") == 2
        assert is_refused(connection, "delete from {}", "app.students")
        assert is_refused(connection, "delete from {}", "app.student_repositories")
