from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from internflow.errors import UserInputError
from internflow.repos.mirrors import mirror_path
from internflow.resumes.document import hash_document
from internflow.resumes.render import render_pdf
from internflow.resumes.writing import WriteCounts, write_resume
from internflow.students.accounts import Student
from internflow.warehouse.connections import as_student, connect
from tests.resumes.conftest import ASHA, RAVI, Shop


def write(shop: Shop, student: Student | None = None) -> WriteCounts:
    with connect(shop.settings, "pipeline") as connection:
        return write_resume(connection, student or shop.student, shop.settings.mirrors_dir)


def read(shop: Shop, query: str) -> list[dict[str, Any]]:
    with connect(shop.settings, "pipeline") as connection:
        return connection.execute(query).fetchall()


def read_rows(shop: Shop) -> list[dict[str, Any]]:
    """Every stored row with its physical version, so that even a rewrite of equal values shows."""
    return [
        row
        for table in ("ai.evidence", "ai.bullets", "ai.resumes")
        for row in read(shop, f"select xmin::text as version, t.* from {table} t order by 1, 2, 3")
    ]


def test_resume_is_written_with_its_bullets_and_evidence(shop: Shop) -> None:
    counts = write(shop)
    assert (counts.bullets, counts.changed) == (4, counts.evidence + counts.bullets + 1)
    (resume,) = read(shop, "select document, document_hash from ai.resumes")
    assert resume["document_hash"] == hash_document(resume["document"])
    bullets = read(shop, "select content from ai.bullets order by position")
    assert resume["document"]["projects"][0]["highlights"] == [b["content"] for b in bullets]
    assert bullets[2]["content"] == (
        "Added 2 of the 4 Python files in `api` and wrote `create_order`, `OrderBook` and `parse_price` there."
    )
    assert resume["document"]["projects"][0]["description"] == (
        "Shop is a small web shop with orders for 2 cities."
    )
    assert render_pdf(resume["document"]).startswith(b"%PDF")


def test_every_bullet_cites_stored_evidence_of_the_same_student(shop: Shop) -> None:
    write(shop)
    dangling = read(
        shop,
        "select b.bullet_id from ai.bullets b, unnest(b.evidence_ids) as cited where not exists"
        " (select from ai.evidence e where e.evidence_id = cited and e.student_id = b.student_id)",
    )
    assert dangling == []


def test_second_run_over_the_same_history_changes_no_row(shop: Shop) -> None:
    first = write(shop)
    before = read_rows(shop)
    assert write(shop) == WriteCounts(first.evidence, first.bullets, 0)
    assert read_rows(shop) == before


def test_new_commit_changes_numbers_and_what_vanished_is_deleted(shop: Shop) -> None:
    write(shop)
    shop.repository.commit(
        "Drop orders",
        {"api/orders.py": None, "tests/test_prices.py": None, "api/lists.py": "import numpy\n"},
        ASHA,
    )
    shop.load()
    assert write(shop).changed > 0
    names = {row["evidence_id"].split("/", 2)[2] for row in read(shop, "select * from ai.evidence")}
    assert "NumPy" in names
    assert not names & {"Flask", "pytest", "api/orders.py:create_order"}
    (history,) = read(shop, "select content from ai.bullets where rule = 'history'")
    assert history["content"] == "Authored 5 commits across 6 files."
    assert write(shop).changed == 0


def test_resume_goes_with_the_last_own_commit(shop: Shop) -> None:
    write(shop)
    shop.repository.git("checkout", "--quiet", "--orphan", "fresh")
    shop.repository.commit("All anew", {}, RAVI)
    shop.repository.git("branch", "-M", "fresh", "main")
    shop.load()
    assert write(shop).changed > 0
    assert read_rows(shop) == []
    assert write(shop) == WriteCounts(0, 0, 0)


def test_two_students_of_one_repository_have_resumes_of_their_own(
    shop: Shop, register: Callable[..., Student]
) -> None:
    ravi = register("Ravi Iyer", "ravi@example.org", shop.source)
    write(shop)
    before = read_rows(shop)
    write(shop, ravi)
    assert [r for r in read_rows(shop) if str(r["student_id"]) != ravi.student_id] == before
    with connect(shop.settings, "app") as connection:
        for student, skill in ((shop.student, "Flask"), (ravi, "Redis")):
            with as_student(connection, student.student_id):
                (row,) = connection.execute("select document from ai.resumes").fetchall()
            assert row["document"]["basics"]["email"] == student.email
            assert skill in row["document"]["skills"][1]["keywords"]


def test_lost_mirror_keeps_the_resume_that_is_there(shop: Shop) -> None:
    write(shop)
    before = read_rows(shop)
    mirror_path(shop.settings.mirrors_dir, shop.source.repo_id).rename(
        shop.settings.mirrors_dir / "elsewhere"
    )
    shop.repository.commit("More", {"api/more.py": "x = 1\n"}, ASHA)
    with pytest.raises(UserInputError, match="no mirror"):
        write(shop)
    assert read_rows(shop) == before


def test_run_that_fails_at_its_last_table_stores_nothing(shop: Shop) -> None:
    with connect(shop.settings, "owner") as connection:
        connection.execute(
            "alter table ai.resumes add constraint refuse check (document_hash = '')"
        )
    with pytest.raises(psycopg.errors.CheckViolation):
        write(shop)
    assert read_rows(shop) == []
