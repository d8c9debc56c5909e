from datetime import UTC, datetime
from pathlib import Path

from internflow.repos.loading import load_repository
from internflow.repos.mirrors import Mirror, update_mirror
from internflow.repos.vetting import vet_source
from internflow.retrieval.encoder import SentenceEncoder
from internflow.retrieval.indexing import index_repository
from internflow.reviews.review import review_repository
from internflow.services.doctor import Check, examine
from internflow.settings import Settings
from internflow.warehouse.connections import connect
from tests.git_repositories import GitRepository

NOW = datetime(2026, 2, 1, tzinfo=UTC)


def load(settings: Settings, repository: GitRepository) -> Mirror:
    source = vet_source(str(repository.path), allow_local=True)
    mirror = update_mirror(source, settings.mirrors_dir)
    with connect(settings, "pipeline") as connection:
        load_repository(connection, source, mirror)
    return mirror


def check_index(settings: Settings) -> Check:
    return next(check for check in examine(settings) if check.part == "index shop")


def test_the_index_of_each_repository_is_verified(settings: Settings, tmp_path: Path) -> None:
    repository = GitRepository(tmp_path / "shop")
    repository.commit("one", {"a.png": b"\x89PNG\0"})  # no text, so that no model is loaded
    mirror = load(settings, repository)
    assert check_index(settings) == Check(
        "index shop", True, "not built yet; the daily run builds it"
    )
    with connect(settings, "pipeline") as connection:
        index_repository(settings, connection, mirror, SentenceEncoder(), now=NOW)
    at = f"at commit {mirror.head_sha[:8]}"
    assert check_index(settings) == Check("index shop", True, f"{at}, 0 chunks")

    repository.commit("two", {"b.png": b"\x89PNG\0"})
    load(settings, repository)
    assert check_index(settings) == Check("index shop", True, f"{at}, 1 commit behind, 0 chunks")

    home = settings.indexes_dir / mirror.repo_id
    with (home / (home / "current").read_text() / "index.faiss").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\xff")
    found = check_index(settings)
    assert (found.is_ok, "`internflow index rebuild REPO`" in found.outcome) == (False, True)


def check_findings(settings: Settings) -> list[tuple[bool, str]]:
    return [(c.is_ok, c.outcome) for c in examine(settings) if c.part.startswith("findings ")]


def test_every_stored_finding_is_checked_whatever_its_state_and_its_repository(
    settings: Settings, tmp_path: Path
) -> None:
    repository = GitRepository(tmp_path / "shop")
    bag = "def add(item, bag=[]):\n    return bag\n"
    repository.commit("one", {"a.py": bag, "b.py": bag})
    repository.commit("two", {"a.py": bag.replace("[]", "()")})
    mirror = load(settings, repository)
    with connect(settings, "pipeline") as connection:
        review_repository(connection, mirror, limit=None, now=NOW)
    assert check_findings(settings) == [(True, "2 quotes stand at their commit, file and line")]
    with connect(settings, "pipeline") as connection:
        connection.execute("update ai.findings set quote = 'else' where state = 'fixed'")
    ((is_ok, outcome),) = check_findings(settings)
    assert (is_ok, outcome.split(":")[0]) == (
        False,
        "1 findings quote text that does not stand there",
    )
    with connect(settings, "pipeline") as connection:
        connection.execute("update ai.findings set repo_id = 'dddddddddddddddd'")
    assert [is_ok for is_ok, _outcome in check_findings(settings)] == [False, True]
