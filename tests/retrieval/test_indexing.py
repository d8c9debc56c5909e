import random
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from internflow.errors import StaleIndex, UserInputError
from internflow.repos.chunks import CHUNKER
from internflow.repos.loading import load_repository
from internflow.repos.mirrors import Mirror, update_mirror
from internflow.repos.vetting import vet_source
from internflow.retrieval import awaited, indexing
from internflow.retrieval.indexing import IndexCounts, index_first_tier, index_repository
from internflow.retrieval.ranking import rank_passages
from internflow.retrieval.search import ask
from internflow.retrieval.stores import Store, load_store, verify_store
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


def spoil(home: Path, encoder, harm: str) -> None:
    version = home / (home / "current").read_text()
    manifest = version / "manifest.json"
    if harm == "model":
        encoder.model_id = "other"
    elif harm == "dimension":
        encoder.dimension = 32
    elif harm == "chunker":
        manifest.write_text(manifest.read_text().replace(CHUNKER, "older-1"))
    elif harm == "bytes":
        with (version / "passages.sqlite").open("r+b") as file:
            file.truncate(4096)
    elif harm == "manifest":
        manifest.write_text(manifest.read_text()[:40])
    elif harm == "version":
        shutil.rmtree(version)
    else:
        (home / "current").unlink()


def test_indexing_again_encodes_nothing(
    settings: Settings, repository: GitRepository, encoder
) -> None:
    with connect(settings, "pipeline") as connection:
        _mirror, first = bring_up(settings, connection, repository, encoder)
        assert (first.chunks, first.is_rebuilt, len(encoder.encoded)) == (2, True, 4)
        _mirror, second = bring_up(settings, connection, repository, encoder)
        assert (second.chunks, second.is_rebuilt, len(encoder.encoded)) == (2, False, 4)


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
        assert len(encoder.encoded) == 2, "the function and, as it has no docstring, its name"
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


@pytest.mark.parametrize(
    "harm", ["model", "dimension", "chunker", "bytes", "manifest", "version", "absent"]
)
def test_a_store_that_does_not_fit_is_refused_with_the_fix(
    settings: Settings,
    repository: GitRepository,
    encoder,
    harm: str,
) -> None:
    with connect(settings, "pipeline") as connection:
        mirror, _counts = bring_up(settings, connection, repository, encoder)
        home = settings.indexes_dir / mirror.repo_id
        spoil(home, encoder, harm)
        with pytest.raises(StaleIndex, match=r"`internflow index (re)?build REPO`"):
            load_store(settings.indexes_dir, mirror.repo_id, encoder)
        _mirror, counts = bring_up(settings, connection, repository, encoder)
        assert counts.is_rebuilt
        assert (
            load_store(settings.indexes_dir, mirror.repo_id, encoder).manifest.commit_sha
            == mirror.head_sha
        )


def test_a_changed_byte_is_found_and_mended_by_the_next_run(
    settings: Settings, repository: GitRepository, encoder
) -> None:
    with connect(settings, "pipeline") as connection:
        mirror, _counts = bring_up(settings, connection, repository, encoder)
        home = settings.indexes_dir / mirror.repo_id
        with (home / (home / "current").read_text() / "index.faiss").open("r+b") as file:
            file.seek(-4, 2)
            file.write(b"\xff\xff\xff\xff")
        with pytest.raises(StaleIndex, match="damaged"):
            verify_store(settings.indexes_dir, mirror.repo_id, encoder)
        _mirror, counts = bring_up(settings, connection, repository, encoder)
        assert (counts.is_rebuilt, counts.encoded) == (True, 0)
        assert verify_store(settings.indexes_dir, mirror.repo_id, encoder).manifest.tier == "dense"


def test_words_answer_while_vectors_are_made(
    settings: Settings, repository: GitRepository, encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "MOST_AWAITED", 1)
    answers = []

    def look(done: int, total: int) -> None:
        with connect(settings, "pipeline") as other:
            answers.append(ask(settings, other, mirror.repo_id, "count stock", encoder=encoder))

    source = vet_source(str(repository.path), allow_local=True)
    mirror = update_mirror(source, settings.mirrors_dir)
    with connect(settings, "pipeline") as connection:
        load_repository(connection, source, mirror)
        index_repository(settings, connection, mirror, encoder, now=NOW, on_progress=look)
        after = ask(settings, connection, mirror.repo_id, "count stock", encoder=encoder)
    assert [(a.tier, a.passages[0].path) for a in answers] == [("lexical", "stock.py")]
    assert (after.tier, after.passages[0].path) == ("dense", "stock.py")


def test_a_push_while_vectors_are_made_is_searchable_at_once_and_completed(
    settings: Settings, repository: GitRepository, encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "MOST_AWAITED", 1)
    source = vet_source(str(repository.path), allow_local=True)
    tiers = []

    def push_once(_done: int, _total: int) -> None:
        if tiers:
            return
        repository.commit("two", {"stock.py": None, "tax.py": "def tax_of(amount):\n    pass\n"})
        with connect(settings, "pipeline") as other:
            mirror = update_mirror(source, settings.mirrors_dir)
            load_repository(other, source, mirror)
            index_first_tier(settings, other, mirror, encoder, now=NOW)
            answer = ask(settings, other, mirror.repo_id, "tax_of", encoder=encoder)
        tiers.append((answer.tier, answer.commit_sha, answer.passages[0].path))

    with connect(settings, "pipeline") as connection:
        mirror = update_mirror(source, settings.mirrors_dir)
        load_repository(connection, source, mirror)
        index_repository(settings, connection, mirror, encoder, now=NOW, on_progress=push_once)
        after = ask(settings, connection, mirror.repo_id, "tax_of", encoder=encoder)
        assert places(settings, connection, mirror, "count_stock", encoder) == []
    assert tiers[0][1:] == (repository.head(), "tax.py")
    assert (after.tier, after.commit_sha) == ("dense", repository.head())


def test_fifty_commits_one_by_one_give_the_store_that_a_rebuild_gives(
    settings: Settings, tmp_path: Path, encoder
) -> None:
    made = GitRepository(tmp_path / "grown")
    chosen = random.Random(7)
    words = ["price", "stock", "shelf", "item", "order", "total", "count", "load", "save", "parse"]
    files: set[str] = set()
    with connect(settings, "pipeline") as connection:
        for number in range(50):
            path = f"{chosen.choice(words)}_{chosen.randrange(12)}.py"
            gone = chosen.choice(sorted(files)) if len(files) > 5 and number % 4 == 0 else None
            names = chosen.sample(words, 3)
            code = (
                f"def {'_'.join(names)}({number % 3 * 'x'}):\n    return {chosen.choice(words)}\n"
            )
            changes: dict[str, str | None] = {path: code + f"# {number}\n"}
            if gone and gone != path:
                changes[gone] = None
            made.commit(f"commit {number}", changes)
            files = (files | {path}) - ({gone} if gone else set())
            mirror, _counts = bring_up(settings, connection, made, encoder)
        grown = load_store(settings.indexes_dir, mirror.repo_id, encoder)
        expected = [ranked(grown, question, encoder) for question in words]
        shutil.rmtree(settings.indexes_dir)
        bring_up(settings, connection, made, encoder)
        rebuilt = load_store(settings.indexes_dir, mirror.repo_id, encoder)
    assert rebuilt.manifest.chunk_count == grown.manifest.chunk_count > 10
    assert [ranked(rebuilt, question, encoder) for question in words] == expected


def ranked(store: Store, question: str, encoder) -> list[tuple[str, float]]:
    best = rank_passages(store, question, encoder)[:10]
    places = store.passages.read([r.row for r in best])
    return [
        (f"{p.path}:{p.start_line}", round(r.score, 5)) for p, r in zip(places, best, strict=True)
    ]


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


def test_an_index_stands_at_the_commit_that_is_loaded_not_at_the_mirrors(
    settings: Settings, repository: GitRepository, encoder
) -> None:
    source = vet_source(str(repository.path), allow_local=True)
    with connect(settings, "pipeline") as connection:
        loaded, _counts = bring_up(settings, connection, repository, encoder)
        repository.commit("two", {"later.py": "def later():\n    pass\n"})
        mirror = update_mirror(source, settings.mirrors_dir)
        index_repository(settings, connection, mirror, encoder, now=NOW)
        answer = ask(settings, connection, mirror.repo_id, "count_stock", encoder=encoder)
        assert (answer.commit_sha, answer.behind) == (loaded.head_sha, 1)


def test_a_repository_that_was_never_loaded_is_not_indexed(
    settings: Settings, repository: GitRepository, encoder
) -> None:
    source = vet_source(str(repository.path), allow_local=True)
    mirror = update_mirror(source, settings.mirrors_dir)
    with (
        connect(settings, "pipeline") as connection,
        pytest.raises(UserInputError, match="is not loaded yet: run the daily flow"),
    ):
        index_repository(settings, connection, mirror, encoder, now=NOW)


def test_code_that_the_database_lost_is_asked_to_be_rebuilt_and_can_be(
    settings: Settings, repository: GitRepository, encoder
) -> None:
    with connect(settings, "pipeline") as connection:
        mirror, _counts = bring_up(settings, connection, repository, encoder)
        connection.execute("delete from raw.chunks")
        with pytest.raises(StaleIndex, match=r"no longer holds the code of stock\.py"):
            ask(settings, connection, mirror.repo_id, "count_stock", encoder=encoder)
        bring_up(settings, connection, repository, encoder)
        assert places(settings, connection, mirror, "count_stock", encoder) == ["stock.py:1-2"]


def test_a_moved_file_keeps_its_vectors(
    settings: Settings, repository: GitRepository, encoder
) -> None:
    with connect(settings, "pipeline") as connection:
        bring_up(settings, connection, repository, encoder)
        encoder.encoded.clear()
        repository.commit("two", {"stock.py": None, "shop/shelf.py": STOCK})
        mirror, counts = bring_up(settings, connection, repository, encoder)
        assert (counts.is_rebuilt, encoder.encoded) == (True, [])
        found = places(settings, connection, mirror, "count_stock", encoder)
        assert found == ["shop/shelf.py:1-2"]


def test_only_the_current_version_and_the_one_before_are_kept(
    settings: Settings, repository: GitRepository, encoder
) -> None:
    with connect(settings, "pipeline") as connection:
        for n in range(4):
            repository.commit(f"change {n}", {"stock.py": f"{STOCK}# {n}\n"})
            mirror, _counts = bring_up(settings, connection, repository, encoder)
    home = settings.indexes_dir / mirror.repo_id
    assert len([folder for folder in home.iterdir() if folder.is_dir()]) == 2


def test_a_repository_without_text_has_an_empty_store(
    settings: Settings, tmp_path: Path, encoder
) -> None:
    made = GitRepository(tmp_path / "pictures")
    made.commit("one", {"a.png": b"\x89PNG\0"})
    with connect(settings, "pipeline") as connection:
        mirror, counts = bring_up(settings, connection, made, encoder)
        assert (counts.chunks, encoder.encoded) == (0, [])
        assert places(settings, connection, mirror, "what is it", encoder) == []


def test_a_run_killed_while_encoding_keeps_what_it_had(
    settings: Settings, repository: GitRepository, encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(awaited, "BATCH", 1)
    progress: list[tuple[int, int]] = []

    def kill(done: int, total: int) -> None:
        progress.append((done, total))
        raise KeyboardInterrupt

    source = vet_source(str(repository.path), allow_local=True)
    mirror = update_mirror(source, settings.mirrors_dir)
    with connect(settings, "pipeline") as connection:
        load_repository(connection, source, mirror)
    with pytest.raises(KeyboardInterrupt), connect(settings, "pipeline") as connection:
        index_repository(settings, connection, mirror, encoder, now=NOW, on_progress=kill)
    encoder.encoded.clear()
    with connect(settings, "pipeline") as connection:
        index_repository(settings, connection, mirror, encoder, now=NOW)
    assert (progress, len(encoder.encoded)) == ([(1, 4)], 3)
