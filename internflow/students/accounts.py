"""Accounts and registered repositories, under row-level security. Logs no name and no address."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from uuid import NAMESPACE_URL, uuid5

from internflow.errors import UserInputError
from internflow.repos.vetting import Source
from internflow.warehouse.connections import Connection, as_student

LONGEST_NAME = 120
LONGEST_EMAIL = 254  # RFC 5321, section 4.5.3.1.3

# Stricter than RFC 5322 on purpose: no quotes, comments or spaces. A host name may stand alone, as
# in Git's defaults.
CONTACT_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@\w(?:[\w.-]*\w)?")
# Git lets an author's address be any word; it is only ever compared with those of commits.
COMMIT_EMAIL = re.compile(r"[^\s<>\x00-\x1f\x7f]+")


@dataclass(frozen=True)
class Student:
    """`emails` are the addresses whose commits count as the student's own, `email` among them."""

    student_id: str
    name: str
    email: str
    emails: tuple[str, ...]


def student_id_for(email: str) -> str:
    """The id of the student with this address: the same on every machine, in any letter case."""
    return str(uuid5(NAMESPACE_URL, f"mailto:{email.strip().lower()}"))


def parse_student(name: str, email: str, emails: Sequence[str]) -> Student:
    """Check what a person typed. Raises UserInputError with the value and the fix."""
    own_name = " ".join(name.split())
    if not own_name:
        raise UserInputError("The name is empty: type the name that the resume shall carry.")
    if len(own_name) > LONGEST_NAME or not own_name.isprintable():
        raise UserInputError(
            f"The name {own_name[:40]!r} cannot be printed: use at most {LONGEST_NAME} visible"
            " characters."
        )
    contact = _parse_email(email, CONTACT_EMAIL)
    commit_emails = [_parse_email(e, COMMIT_EMAIL) for e in emails if e.strip()]
    return Student(
        student_id_for(contact), own_name, contact, tuple(dict.fromkeys([contact, *commit_emails]))
    )


def register_student(
    connection: Connection, name: str, email: str, emails: Sequence[str]
) -> Student:
    """Create the account of this address or bring it up to date. Raises UserInputError."""
    student = parse_student(name, email, emails)
    with as_student(connection, student.student_id):
        connection.execute(
            "insert into app.students as stored (student_id, name, email, emails)"
            " values (%s, %s, %s, %s)"
            " on conflict (student_id) do update set name = excluded.name, emails = excluded.emails"
            " where (stored.name, stored.emails) is distinct from (excluded.name, excluded.emails)",
            (student.student_id, student.name, student.email, list(student.emails)),
        )
    return student


def register_repository(connection: Connection, student_id: str, source: Source) -> None:
    """Add a vetted source to a student's repositories; a second time changes nothing."""
    with as_student(connection, student_id):
        connection.execute(
            "insert into app.student_repositories (student_id, repo_id, source, source_kind)"
            " values (%s, %s, %s, %s) on conflict (student_id, repo_id) do nothing",
            (student_id, source.repo_id, source.location, source.kind),
        )


def read_students(connection: Connection) -> list[Student]:
    """All students, oldest account first."""
    rows = connection.execute(
        "select student_id::text, name, email, emails from app.students"
        " order by created_at, student_id"
    ).fetchall()
    return [Student(r["student_id"], r["name"], r["email"], tuple(r["emails"])) for r in rows]


def read_registered_sources(connection: Connection) -> list[Source]:
    """Each registered source once, however many students registered it.

    Hosts may have moved since: vet the location again before contact.
    """
    rows = connection.execute(
        "select distinct on (repo_id) repo_id, source, source_kind from app.student_repositories"
        " order by repo_id, registered_at"
    ).fetchall()
    return [
        Source(r["repo_id"], r["source"], r["source_kind"], _name_of(r["source"])) for r in rows
    ]


def read_repositories_of(connection: Connection, student_id: str) -> list[str]:
    """The repo_ids that a student registered, in the order of registration."""
    rows = connection.execute(
        "select repo_id from app.student_repositories where student_id = %s"
        " order by registered_at, repo_id",
        (student_id,),
    ).fetchall()
    return [r["repo_id"] for r in rows]


def _parse_email(text: str, pattern: re.Pattern[str]) -> str:
    email = text.strip().lower()
    if len(email) > LONGEST_EMAIL or not pattern.fullmatch(email):
        raise UserInputError(
            f"The e-mail address {text[:60]!r} is malformed: write it like name@example.org."
        )
    return email


def _name_of(location: str) -> str:
    return PurePosixPath(location.rstrip("/")).name.removesuffix(".git")
