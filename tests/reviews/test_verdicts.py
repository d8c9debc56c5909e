from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from internflow.errors import UserInputError
from internflow.repos.vetting import Source
from internflow.reviews.acceptance import Acceptance, find_off
from internflow.reviews.verdicts import (
    VERDICTS,
    dismiss,
    give_verdict,
    read_acceptances,
    read_dismissals,
    switch_on,
    take_back_dismissal,
    take_back_verdict,
)
from internflow.settings import Settings
from internflow.students.accounts import register_repository, register_student
from internflow.warehouse.connections import Connection, as_student, connect

NOW = datetime(2026, 2, 1, 6, 0, tzinfo=UTC)
OURS = Source("a" * 16, "https://example.org/asha/shop", "https", "shop")
THEIRS = Source("b" * 16, "https://example.org/ravi/shop", "https", "shop")

As = Callable[[str], AbstractContextManager[Connection]]


@pytest.fixture
def students(settings: Settings) -> tuple[str, str]:
    """Asha and Ravi, who share one repository with six findings of one rule; Ravi has another one alone."""
    ids = []
    for name, sources in (("asha", [OURS]), ("ravi", [OURS, THEIRS])):
        with connect(settings, "app") as connection:
            student = register_student(connection, name, f"{name}@example.org", [])
            for source in sources:
                register_repository(connection, student.student_id, source)
        ids.append(student.student_id)
    with connect(settings, "pipeline") as connection:
        for repo in (OURS.repo_id, THEIRS.repo_id):
            for number in range(6):
                connection.execute(
                    "insert into ai.findings (repo_id, fingerprint, commit_sha, path, start_line, end_line, quote,"
                    " rule, category, severity, message, analyzer, state)"
                    " values (%s, %s, 'c', 'p', 1, 1, 'q', 'S602', 'security', 'high', 'm', 'a', 'open')",
                    (repo, f"f{number}"),
                )
    return ids[0], ids[1]


@pytest.fixture
def acting(settings: Settings) -> Iterator[As]:
    """Opens the database as the pages do for a student."""

    @contextmanager
    def open_as(student_id: str) -> Iterator[Connection]:
        with connect(settings, "app") as connection, as_student(connection, student_id):
            yield connection

    yield open_as


def test_verdicts_are_counted_by_rule_and_the_last_one_holds(
    students: tuple[str, str], acting: As
) -> None:
    asha, _ravi = students
    with acting(asha) as connection:
        for number, verdict in enumerate(VERDICTS):
            give_verdict(connection, asha, OURS.repo_id, f"f{number}", verdict, now=NOW)
        assert read_acceptances(connection) == [Acceptance("S602", 1, 1)]
        give_verdict(connection, asha, OURS.repo_id, "f0", "wrong", now=NOW)
        assert read_acceptances(connection) == [Acceptance("S602", 0, 2)]
        take_back_verdict(connection, OURS.repo_id, "f0")
        assert read_acceptances(connection) == [Acceptance("S602", 0, 1)]


def test_a_rule_that_is_off_is_on_again_and_earlier_verdicts_count_no_more(
    students: tuple[str, str], acting: As
) -> None:
    asha, _ravi = students
    with acting(asha) as connection:
        for number in range(5):
            give_verdict(connection, asha, OURS.repo_id, f"f{number}", "wrong", now=NOW)
        assert [a.rule for a in find_off(read_acceptances(connection))] == ["S602"]
        switch_on(connection, asha, "S602", now=NOW)
        assert read_acceptances(connection) == []
        later = NOW + timedelta(days=1)
        give_verdict(connection, asha, OURS.repo_id, "f5", "wrong", now=later)
        assert read_acceptances(connection) == [Acceptance("S602", 0, 1)]
        switch_on(connection, asha, "S602", now=later)
        assert read_acceptances(connection) == []


def test_a_dismissal_keeps_its_reason_until_it_is_undone(
    students: tuple[str, str], acting: As
) -> None:
    asha, _ravi = students
    with acting(asha) as connection:
        dismiss(connection, asha, OURS.repo_id, "f0", "  a test\n server ", now=NOW)
        assert read_dismissals(connection, OURS.repo_id) == {"f0": "a test server"}
        dismiss(connection, asha, OURS.repo_id, "f0", "on purpose", now=NOW)
        assert read_dismissals(connection, OURS.repo_id) == {"f0": "on purpose"}
        take_back_dismissal(connection, OURS.repo_id, "f0")
        assert read_dismissals(connection, OURS.repo_id) == {}


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 301, "a\x00b", "\u202etxt"])
def test_a_reason_that_says_nothing_or_hides_something_is_refused(
    students: tuple[str, str], acting: As, reason: str
) -> None:
    with acting(students[0]) as connection, pytest.raises(UserInputError, match="cannot be used"):
        dismiss(connection, students[0], OURS.repo_id, "f0", reason, now=NOW)


def test_two_students_of_one_repository_do_not_see_each_others_words(
    students: tuple[str, str], acting: As
) -> None:
    asha, ravi = students
    with acting(asha) as connection:
        give_verdict(connection, asha, OURS.repo_id, "f0", "wrong", now=NOW)
        dismiss(connection, asha, OURS.repo_id, "f0", "on purpose", now=NOW)
        switch_on(connection, asha, "S307", now=NOW)
    with acting(ravi) as connection:
        assert read_acceptances(connection) == []
        assert read_dismissals(connection, OURS.repo_id) == {}
        take_back_verdict(connection, OURS.repo_id, "f0")
        take_back_dismissal(connection, OURS.repo_id, "f0")
        give_verdict(connection, ravi, OURS.repo_id, "f0", "useful", now=NOW)
    with acting(asha) as connection:
        assert read_acceptances(connection) == [Acceptance("S602", 0, 1)]
        assert read_dismissals(connection, OURS.repo_id) == {"f0": "on purpose"}


def test_nobody_speaks_for_another_or_of_a_repository_of_others(
    students: tuple[str, str], acting: As
) -> None:
    asha, ravi = students
    with acting(asha) as connection:
        with pytest.raises(UserInputError, match="is in the ledger no more"):
            give_verdict(connection, asha, THEIRS.repo_id, "f0", "wrong", now=NOW)
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            give_verdict(connection, ravi, OURS.repo_id, "f0", "wrong", now=NOW)
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            switch_on(connection, ravi, "S602", now=NOW)
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute(
                "insert into app.dismissals values (%s, %s, 'f0', 'mine', now())",
                (asha, THEIRS.repo_id),
            )


def test_what_a_student_said_goes_with_the_account(
    settings: Settings, students: tuple[str, str], acting: As
) -> None:
    asha, _ravi = students
    with acting(asha) as connection:
        give_verdict(connection, asha, OURS.repo_id, "f0", "wrong", now=NOW)
        dismiss(connection, asha, OURS.repo_id, "f0", "on purpose", now=NOW)
    with connect(settings, "owner") as connection:
        connection.execute("delete from app.students where student_id = %s", (asha,))
        left = connection.execute(
            "select (select count(*) from app.verdicts) + (select count(*) from app.dismissals) as n"
        ).fetchone()
    assert left == {"n": 0}


def test_what_was_said_outlives_the_row_of_the_finding(
    settings: Settings, students: tuple[str, str], acting: As
) -> None:
    asha, _ravi = students
    with acting(asha) as connection:
        dismiss(connection, asha, OURS.repo_id, "f0", "on purpose", now=NOW)
    with connect(settings, "pipeline") as connection:
        connection.execute("delete from ai.findings")
    with acting(asha) as connection:
        assert read_dismissals(connection, OURS.repo_id) == {"f0": "on purpose"}
