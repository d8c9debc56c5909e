import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from internflow.errors import StaleIndex
from internflow.repos.loading import load_repository
from internflow.repos.mirrors import Mirror, update_mirror
from internflow.repos.vetting import vet_source
from internflow.retrieval import stores
from internflow.retrieval.indexing import index_repository
from internflow.retrieval.verification import verify_index
from internflow.settings import Settings
from internflow.warehouse.connections import Connection, connect
from tests.git_repositories import GitRepository

NOW = datetime(2026, 2, 1, tzinfo=UTC)
STOCK = "def count_stock(shelf):\n    return sum(shelf)\n"


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    made = GitRepository(tmp_path / "shop")
    files = {
        "stock.py": STOCK,
        "vendor/stock.py": STOCK,
        "stock.copy": STOCK,
        "b.png": b"\x89PNG\0",
    }
    made.commit("one", files)
    return made


def load(settings: Settings, connection: Connection, repository: GitRepository) -> Mirror:
    source = vet_source(str(repository.path), allow_local=True)
    mirror = update_mirror(source, settings.mirrors_dir)
    load_repository(connection, source, mirror)
    return mirror


def test_a_sound_index_tells_its_commit_and_how_far_it_is_behind(
    settings: Settings, repository: GitRepository, encoder
) -> None:
    with connect(settings, "pipeline") as connection:
        indexed = load(settings, connection, repository)
        index_repository(settings, connection, indexed, encoder, now=NOW)
        verified = verify_index(settings, connection, indexed, encoder)
        assert (verified.commit_sha, verified.behind) == (indexed.head_sha, 0)
        repository.commit("two", {"stock.py": None, "price.py": "price = 1\n"})
        mirror = load(settings, connection, repository)
        verified = verify_index(settings, connection, mirror, encoder)
        assert (verified.commit_sha, verified.behind) == (indexed.head_sha, 1)


def edit_rows(settings: Settings, mirror: Mirror, statement: str) -> None:
    """Change the rows of a store so that its checksum and the database's record agree with it."""
    home = settings.indexes_dir / mirror.repo_id
    version = home / (home / "current").read_text()
    with closing(sqlite3.connect(version / "passages.sqlite")) as database:
        database.execute(statement)
        database.commit()
    manifest = version / "manifest.json"
    told = json.loads(manifest.read_text())
    told |= {"checksum": stores._checksum(version), "size_bytes": stores._measure(version)}
    manifest.write_text(json.dumps(told))
    with connect(settings, "pipeline") as connection:
        connection.execute("update ops.index_manifests set checksum = %s", (told["checksum"],))


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("update passages set path = 'gone.py' where path = 'stock.py'", r"no chunk of it, such as gone\.py:1"),
        ("update passages set end_line = 9 where path = 'stock.py'", "1 rows that are no chunk of it"),
        ("update passages set content_hash = 'f'", "rows that are no chunk of it"),
        ("delete from passages where path = 'stock.py'", "rows where 2 were written"),
        (
            "update passages set path = 'stock.copy' where path = 'stock.py'",
            r"lacks 1 chunks of it, such as stock\.py:1",
        ),
    ],
)  # fmt: skip
def test_rows_that_are_not_the_commits_are_found_and_a_rebuild_mends_them(
    settings: Settings, repository: GitRepository, encoder, statement: str, sentence: str
) -> None:
    with connect(settings, "pipeline") as connection:
        mirror = load(settings, connection, repository)
        index_repository(settings, connection, mirror, encoder, now=NOW)
        edit_rows(settings, mirror, statement)
        with pytest.raises(StaleIndex, match=f"{sentence}.*`internflow index rebuild REPO`"):
            verify_index(settings, connection, mirror, encoder)
        encoder.encoded.clear()
        index_repository(settings, connection, mirror, encoder, now=NOW, from_scratch=True)
        assert verify_index(settings, connection, mirror, encoder).chunk_count == 2
        assert encoder.encoded == []


def test_an_index_that_the_database_does_not_record_is_built_again(
    settings: Settings, repository: GitRepository, encoder
) -> None:
    with connect(settings, "pipeline") as connection:
        mirror = load(settings, connection, repository)
        index_repository(settings, connection, mirror, encoder, now=NOW)
        connection.execute("delete from ops.index_manifests")
        with pytest.raises(StaleIndex, match="on record: run `internflow index build REPO`"):
            verify_index(settings, connection, mirror, encoder)


def test_readers_keep_their_store_while_the_same_one_is_rebuilt(
    settings: Settings, repository: GitRepository, encoder
) -> None:
    with connect(settings, "pipeline") as connection:
        mirror = load(settings, connection, repository)
        home, names = settings.indexes_dir / mirror.repo_id, []
        for _time in range(3):
            index_repository(settings, connection, mirror, encoder, now=NOW, from_scratch=True)
            names.append((home / "current").read_text())
            assert all((home / name).is_dir() for name in names[-2:])
    assert names[0] == names[2] != names[1]
