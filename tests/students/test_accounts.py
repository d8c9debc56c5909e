from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.errors import ConfigError, UserInputError
from internflow.repos.vetting import Source
from internflow.settings import Settings
from internflow.students.accounts import (
    Student,
    parse_student,
    read_registered_sources,
    read_repositories_of,
    read_students,
    register_repository,
    register_student,
    student_id_for,
)
from internflow.students.current import read_current_student, write_current_student
from internflow.warehouse.connections import as_student, connect

SHOP = Source("a" * 16, "https://example.org/asha/shop", "https", "shop")
NOTES = Source("b" * 16, "/srv/repositories/notes.git", "local", "notes")


def register(settings: Settings, name: str, email: str, *sources: Source) -> Student:
    with connect(settings, "app") as connection:
        student = register_student(connection, name, email, [])
        for source in sources:
            register_repository(connection, student.student_id, source)
    return student


@pytest.mark.parametrize("name", ["", "   ", "\t\n", "a" * 121, "Asha\x1b[31m", "Asha\x00Rao"])
def test_name_that_cannot_be_printed_is_refused(name: str) -> None:
    with pytest.raises(UserInputError, match="name"):
        parse_student(name, "asha@example.org", [])


@pytest.mark.parametrize(
    "email",
    ["", "asha", "asha@", "@example.org", "a b@example.org", "asha@exam ple.org", "a@b@c.org",
     "asha@example.org\nbcc: x@example.org", "<asha@example.org>", "asha@-", f"{'a' * 250}@x.org"],
)  # fmt: skip
def test_malformed_address_is_refused_with_the_value_and_the_fix(email: str) -> None:
    with pytest.raises(UserInputError, match=r"malformed: write it like name@example\.org"):
        parse_student("Asha Rao", email, [])


def test_commit_address_may_be_any_word_but_no_control_characters() -> None:
    student = parse_student("Asha", "asha@example.org", ["asha@laptop", "none", "", "ASHA@x.org"])
    assert student.emails == ("asha@example.org", "asha@laptop", "none", "asha@x.org")
    with pytest.raises(UserInputError, match="malformed"):
        parse_student("Asha", "asha@example.org", ["as\x00ha@x.org"])


@given(st.emails())
def test_student_id_is_a_uuid_and_the_same_in_any_letter_case(email: str) -> None:
    assert student_id_for(f" {email.upper().lower()} ") == student_id_for(email)
    assert str(UUID(student_id_for(email))) == student_id_for(email)


def test_registering_twice_updates_the_account_and_keeps_the_repositories_once(
    settings: Settings,
) -> None:
    register(settings, "Asha", "asha@example.org", SHOP)
    asha = register(settings, "Asha  Rao", "Asha@Example.org", SHOP, NOTES)
    with connect(settings, "pipeline") as connection:
        assert read_students(connection) == [asha]
        assert read_repositories_of(connection, asha.student_id) == [SHOP.repo_id, NOTES.repo_id]
    assert asha.name == "Asha Rao"


def test_a_source_that_two_students_registered_is_read_once_with_its_name(
    settings: Settings,
) -> None:
    register(settings, "Asha", "asha@example.org", SHOP, NOTES)
    register(settings, "Ravi", "ravi@example.org", SHOP)
    with connect(settings, "pipeline") as connection:
        assert read_registered_sources(connection) == [SHOP, NOTES]


def test_repository_cannot_be_registered_for_an_account_that_does_not_exist(
    settings: Settings,
) -> None:
    with connect(settings, "app") as connection, pytest.raises(psycopg.errors.ForeignKeyViolation):
        register_repository(connection, student_id_for("nobody@example.org"), SHOP)


def test_current_student_is_nobody_then_who_was_written_last(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "fresh")
    assert read_current_student(settings) is None
    for email in ("asha@example.org", "ravi@example.org"):
        write_current_student(settings, student_id_for(email))
        assert read_current_student(settings) == student_id_for(email)
    assert [p.name for p in settings.data_dir.iterdir()] == ["student"]


def test_damaged_file_of_the_current_student_is_named(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    (tmp_path / "student").write_text("../../etc/passwd")
    with pytest.raises(ConfigError, match="delete it and register again"):
        read_current_student(settings)
    with pytest.raises(ValueError, match="UUID"):
        write_current_student(settings, "nobody")


def test_account_is_gone_with_its_repositories_when_its_student_deletes_it(
    settings: Settings,
) -> None:
    asha = register(settings, "Asha", "asha@example.org", SHOP)
    with connect(settings, "app") as connection, as_student(connection, asha.student_id):
        connection.execute("delete from app.students")
    with connect(settings, "pipeline") as connection:
        assert read_students(connection) == []
        assert read_registered_sources(connection) == []
