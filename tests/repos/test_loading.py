from collections.abc import Callable

from internflow.repos.loading import load_repository
from internflow.repos.mirrors import Mirror
from internflow.repos.vetting import vet_source
from internflow.settings import Settings
from internflow.warehouse.connections import Connection, connect
from internflow.warehouse.merge import MergeCounts
from tests.git_repositories import GitRepository

MirrorOf = Callable[[GitRepository], Mirror]


def load(connection: Connection, repository: GitRepository, mirror: Mirror) -> MergeCounts:
    return load_repository(connection, vet_source(str(repository.path), allow_local=True), mirror)


def shas(connection: Connection, table: str) -> set[str]:
    return {
        row["commit_sha"]
        for row in connection.execute(f"select commit_sha from {table}".encode()).fetchall()
    }


def test_loading_twice_writes_nothing_and_new_commits_are_added(
    settings: Settings, repository: GitRepository, mirror_of: MirrorOf
) -> None:
    first = repository.commit("one", {"a.py": "a = 1\n", "vendor/x.js": "x\n"})
    with connect(settings, "pipeline") as connection:
        assert load(connection, repository, mirror_of(repository)).inserted == 1 + 1 + 2 + 2
        assert load(connection, repository, mirror_of(repository)) == MergeCounts()
        second = repository.commit("two", {"a.py": None})
        load(connection, repository, mirror_of(repository))
        assert shas(connection, "raw.commits") == {first, second}
        paths = connection.execute("select path, language from raw.head_files").fetchall()
        assert paths == [{"path": "vendor/x.js", "language": "javascript"}]


def test_commits_that_a_force_push_removed_are_removed(
    settings: Settings, repository: GitRepository, mirror_of: MirrorOf
) -> None:
    first = repository.commit("one", {"a.py": ""})
    repository.commit("two", {"b.py": ""})
    with connect(settings, "pipeline") as connection:
        load(connection, repository, mirror_of(repository))
        repository.git("reset", "--quiet", "--hard", first)
        other = repository.commit("another", {"c.py": ""})
        load(connection, repository, mirror_of(repository))
        assert (
            shas(connection, "raw.commits")
            == shas(connection, "raw.file_changes")
            == {first, other}
        )


def test_a_merge_is_a_commit_without_changes_of_its_own(
    settings: Settings, repository: GitRepository, mirror_of: MirrorOf
) -> None:
    repository.commit("one", {"a.py": ""})
    repository.git("checkout", "--quiet", "-b", "side")
    side = repository.commit("side", {"b.py": ""})
    repository.git("checkout", "--quiet", "main")
    repository.commit("two", {"c.py": ""})
    repository.git(
        "-c",
        "user.name=B",
        "-c",
        "user.email=b@x",
        "merge",
        "--quiet",
        "--no-ff",
        "-m",
        "merge",
        "side",
    )
    with connect(settings, "pipeline") as connection:
        load(connection, repository, mirror_of(repository))
        assert side in shas(connection, "raw.commits")
        assert repository.head() not in shas(connection, "raw.file_changes")
