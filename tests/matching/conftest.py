from typing import Any

import pytest
from psycopg import sql

from internflow.settings import Settings
from internflow.students.accounts import Student, register_student
from internflow.warehouse.connections import connect
from tests.word_encoder import WordEncoder

LISTINGS = """
create table marts.listings (
  posting_id text primary key, platform text, board text, company text, title text, url text, places text[],
  work_model text, employment_type text, kind text, kind_words text[], skills text[], description_html text,
  description_text text, posted_at timestamptz, date_kind text, first_seen_at timestamptz,
  last_seen_at timestamptz, closed_at timestamptz, is_open bool, apply_by date, pay_text text
)
"""
EVIDENCE = (
    "insert into ai.evidence (student_id, evidence_id, repo_id, kind, commit_sha, path, start_line, end_line, quote)"
    " values (%s, %s, %s, %s, %s, 'shop/a.py', 1, 1, %s)"
)
REPO = "a" * 16


class Market:
    """The listings mart as dbt makes it, and students with evidence."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        with connect(settings, "owner") as connection:
            connection.execute(LISTINGS)
            connection.execute("grant select on marts.listings to internflow_pipeline")

    def offer(self, posting_id: str, **values: Any) -> None:
        row = {
            "posting_id": posting_id, "title": "Intern", "kind": "internship", "places": ["Pune"], "work_model": None,
            "skills": ["Python"], "description_text": "Work with us.", "is_open": True,
        } | values  # fmt: skip
        with connect(self.settings, "owner") as connection:
            connection.execute(
                sql.SQL("insert into marts.listings ({}) values ({})").format(
                    sql.SQL(", ").join(map(sql.Identifier, row)),
                    sql.SQL(", ").join(map(sql.Placeholder, row)),
                ),
                row,
            )

    def change(self, statement: str) -> None:
        with connect(self.settings, "owner") as connection:
            connection.execute(statement.encode())

    def enrol(self, name: str, *skills: str) -> Student:
        with connect(self.settings, "app") as connection:
            student = register_student(connection, name, f"{name}@example.org", [])
        with connect(self.settings, "pipeline") as connection:
            for skill in skills:
                evidence_id = f"{REPO}/skill/{skill}"
                values = (
                    student.student_id,
                    evidence_id,
                    REPO,
                    "skill",
                    "c" * 40,
                    f"import {skill}",
                )
                connection.execute(EVIDENCE, values)
        return student


@pytest.fixture
def encoder() -> WordEncoder:
    return WordEncoder()


@pytest.fixture
def market(settings: Settings) -> Market:
    return Market(settings)
