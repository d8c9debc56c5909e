from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.write_resumes import write_resumes
from internflow.errors import InternflowError
from internflow.repos.mirrors import mirror_path
from internflow.repos.vetting import vet_source
from internflow.students.accounts import Student
from internflow.warehouse.connections import connect
from tests.git_repositories import GitRepository
from tests.resumes.conftest import RAVI, Shop

NOW = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)


def test_the_flow_writes_whom_it_can_and_fails_when_it_can_nobody(
    prefect_server: None, shop: Shop, register: Callable[..., Student], tmp_path: Path
) -> None:
    other = GitRepository(tmp_path / "notes")
    other.commit("Start", {"notes/a.py": "import flask\n"}, RAVI)
    source = vet_source(str(other.path), allow_local=True)
    ravi = register("Ravi Iyer", "ravi@example.org", source)
    Shop(shop.settings, other, source, ravi).load()
    lost = shop.settings.mirrors_dir / "lost"
    mirror_path(shop.settings.mirrors_dir, shop.source.repo_id).rename(lost)

    assert write_resumes(NOW) == [ravi.student_id]
    with connect(shop.settings, "pipeline") as connection:
        rows = connection.execute("select student_id::text as id from ai.resumes").fetchall()
    assert rows == [{"id": ravi.student_id}]

    mirror_path(shop.settings.mirrors_dir, source.repo_id).rename(lost.with_name("lost too"))
    with pytest.raises(InternflowError, match="None of 2 resumes"):
        write_resumes(NOW)
