from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from internflow.repos.loading import load_repository
from internflow.repos.mirrors import Mirror, update_mirror
from internflow.repos.vetting import vet_source
from internflow.reviews.review import ReviewCounts, review_repository
from internflow.settings import Settings
from internflow.warehouse.connections import Connection, connect
from tests.git_repositories import GitRepository

NOW = datetime(2026, 2, 1, 6, 0, tzinfo=UTC)


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    return GitRepository(tmp_path / "work")


@pytest.fixture
def connection(settings: Settings) -> Iterator[Connection]:
    with connect(settings, "pipeline") as opened:
        yield opened


class Reviewer:
    """Mirrors, loads and reviews one repository, as the daily run does, and reads what came of it."""

    def __init__(self, connection: Connection, repository: GitRepository, mirrors: Path) -> None:
        self.connection, self.mirrors = connection, mirrors
        self.source = vet_source(str(repository.path), allow_local=True)

    def mirror(self) -> Mirror:
        return update_mirror(self.source, self.mirrors)

    def run(self, limit: int | None = None, now: datetime = NOW) -> ReviewCounts:
        mirror = self.mirror()
        load_repository(self.connection, self.source, mirror)
        return review_repository(self.connection, mirror, limit=limit, now=now)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        return [tuple(row.values()) for row in self.connection.execute(query.encode()).fetchall()]

    def findings(self) -> list[tuple[object, ...]]:
        """commit, rule, path, line, state, line at HEAD"""
        return self.rows(
            "select commit_sha, rule, path, start_line, state, head_line from ai.findings"
            " order by path, start_line, rule"
        )

    def coverage(self) -> dict[object, tuple[object, ...]]:
        """status, reason and number of findings by commit"""
        query = "select commit_sha, status, reason, finding_count from ops.review_coverage"
        return {row[0]: row[1:] for row in self.rows(query)}


@pytest.fixture
def reviewer(
    connection: Connection, repository: GitRepository, tmp_path: Path
) -> Callable[[], Reviewer]:
    """Makes the reviewer of the repository, which must have a commit by then."""
    return lambda: Reviewer(connection, repository, tmp_path / "mirrors")
