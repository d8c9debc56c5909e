from datetime import UTC, datetime
from pathlib import Path

import pytest

from internflow.errors import StaleIndex
from internflow.repos.loading import load_repository
from internflow.repos.mirrors import Mirror, update_mirror
from internflow.repos.vetting import vet_source
from internflow.retrieval.indexing import IndexCounts, index_repository
from internflow.retrieval.search import ask
from internflow.retrieval.stores import load_store
from internflow.settings import Settings
from internflow.warehouse.connections import Connection, connect
from tests.git_repositories import GitRepository

NOW = datetime(2026, 2, 1, tzinfo=UTC)
STOCK = "def count_stock(shelf):\n    return sum(shelf)\n"
PRICE = "def price_of(item):\n    return item.cents / 100\n"


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    made = GitRepository(tmp_path / "shop")
    made.commit("one", {"stock.py": STOCK, "price.py": PRICE})
    return made


def bring_up(
    settings: Settings, connection: Connection, repository: GitRepository, encoder: object
) -> tuple[Mirror, IndexCounts]:
    source = vet_source(str(repository.path), allow_local=True)
    mirror = update_mirror(source, settings.mirrors_dir)
    load_repository(connection, source, mirror)
    return mirror, index_repository(settings, connection, mirror, encoder, now=NOW)  # type: ignore[arg-type]


def places(
    settings: Settings, connection: Connection, mirror: Mirror, question: str, encoder: object
) -> list[str]:
    answer = ask(settings, connection, mirror.repo_id, question, encoder=encoder)  # type: ignore[arg-type]
    return [f"{p.path}:{p.start_line}-{p.end_line}" for p in answer.passages]


def test_indexing_again_encodes_nothing(
    settings: Settings, repository: GitRepository, encoder
) -> None:
    with connect(settings, "pipeline") as connection:
        _mirror, first = bring_up(settings, connection, repository, encoder)
        assert (first.chunks, first.is_rebuilt, len(encoder.encoded)) == (2, True, 2)
        _mirror, second = bring_up(settings, connection, repository, encoder)
        assert (second.chunks, second.is_rebuilt, len(encoder.encoded)) == (2, False, 2)


def test_only_changed_files_are_encoded_and_deleted_code_is_never_returned(
    settings: Settings,
    repository: GitRepository,
    encoder,
) -> None:
    with connect(settings, "pipeline") as connection:
        mirror, _counts = bring_up(settings, connection, repository, encoder)
        assert places(settings, connection, mirror, "count_stock", encoder) == ["stock.py:1-2"]
        repository.commit(
            "two", {"stock.py": None, "tax.py": "def tax(amount):\n    return amount\n"}
        )
        encoder.encoded.clear()
        mirror, _counts = bring_up(settings, connection, repository, encoder)
        assert len(encoder.encoded) == 1
        assert "stock.py:1-2" not in places(
            settings, connection, mirror, "count stock of the shelf", encoder
        )


def test_an_answer_tells_how_far_the_index_is_behind(
    settings: Settings, repository: GitRepository, encoder
) -> None:
    with connect(settings, "pipeline") as connection:
        mirror, _counts = bring_up(settings, connection, repository, encoder)
        repository.commit("two", {"a.py": "x = 1\n"})
        repository.commit("three", {"b.py": "x = 1\n"})
        update_mirror(vet_source(str(repository.path), allow_local=True), settings.mirrors_dir)
        answer = ask(settings, connection, mirror.repo_id, "price of an item", encoder=encoder)
        assert (answer.commit_sha, answer.behind) == (mirror.head_sha, 2)
        assert answer.passages[0].text == PRICE.rstrip()


def test_nothing_fits_a_question_about_something_else(
    settings: Settings, repository: GitRepository, encoder
) -> None:
    with connect(settings, "pipeline") as connection:
        mirror, _counts = bring_up(settings, connection, repository, encoder)
        assert places(settings, connection, mirror, "zebra", encoder) == []


@pytest.mark.parametrize("harm", ["model", "bytes", "absent"])
def test_a_store_that_does_not_fit_is_refused_with_the_fix(
    settings: Settings,
    repository: GitRepository,
    encoder,
    harm: str,
) -> None:
    with connect(settings, "pipeline") as connection:
        mirror, _counts = bring_up(settings, connection, repository, encoder)
        home = settings.indexes_dir / mirror.repo_id
        if harm == "model":
            encoder.model_id = "other"
        elif harm == "bytes":
            file = next(home.glob("*/passages.jsonl"))
            file.write_text(file.read_text().replace("stock", "stack"))
        else:
            (home / "current").unlink()
        with pytest.raises(StaleIndex, match="`internflow index REPO`"):
            load_store(settings.indexes_dir, mirror.repo_id, encoder)
        _mirror, counts = bring_up(settings, connection, repository, encoder)
        assert counts.is_rebuilt
        assert (
            load_store(settings.indexes_dir, mirror.repo_id, encoder).manifest.commit_sha
            == mirror.head_sha
        )


def test_a_run_killed_between_store_and_row_is_completed(
    settings: Settings, repository: GitRepository, encoder
) -> None:
    with connect(settings, "pipeline") as connection:
        mirror, _counts = bring_up(settings, connection, repository, encoder)
        connection.execute("delete from ops.index_manifests")
        bring_up(settings, connection, repository, encoder)
        row = connection.execute("select checksum from ops.index_manifests").fetchone()
        manifest = load_store(settings.indexes_dir, mirror.repo_id, encoder).manifest
        assert row == {"checksum": manifest.checksum}
