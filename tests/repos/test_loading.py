import os
from collections.abc import Callable
from datetime import timedelta

from internflow.repos.chunks import load_chunks
from internflow.repos.loading import load_repository, record_mirror
from internflow.repos.mirrors import Mirror
from internflow.repos.vetting import vet_source
from internflow.settings import Settings
from internflow.warehouse.connections import Connection, connect
from internflow.warehouse.merge import MergeCounts
from tests.git_repositories import START, GitRepository

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


def test_a_changed_default_branch_replaces_the_history_that_only_the_other_had(
    settings: Settings, repository: GitRepository, mirror_of: MirrorOf
) -> None:
    first = repository.commit("one", {"a.py": ""})
    repository.git("checkout", "--quiet", "-b", "work")
    repository.commit("two", {"b.py": ""})
    with connect(settings, "pipeline") as connection:
        load(connection, repository, mirror_of(repository))
        repository.git("checkout", "--quiet", "main")
        load(connection, repository, mirror_of(repository))
        assert shas(connection, "raw.commits") == {first}
        assert shas(connection, "raw.file_changes") == {first}
        row = connection.execute("select default_branch, head_sha from raw.repositories").fetchone()
        assert row == {"default_branch": "main", "head_sha": first}


def test_text_that_postgres_cannot_hold_is_loaded(
    settings: Settings, repository: GitRepository, mirror_of: MirrorOf
) -> None:
    name = os.fsdecode(b"caf\xe9.py")
    repository.commit("one", {name: "a\0b", "b.py": "caf\xe9".encode("latin-1")})
    with connect(settings, "pipeline") as connection:
        load(connection, repository, mirror_of(repository))
        paths = connection.execute("select path from raw.head_files order by path").fetchall()
        assert [row["path"] for row in paths] == ["b.py", "café.py"]


def test_code_that_also_lies_in_a_vendored_folder_is_chunked_once(
    settings: Settings, repository: GitRepository, mirror_of: MirrorOf
) -> None:
    own = "def own():\n    pass\n"
    repository.commit("one", {"node_modules/a.py": own, "z.py": own, "vendor/b.py": "x = 1\n"})
    with connect(settings, "pipeline") as connection:
        mirror = mirror_of(repository)
        load(connection, repository, mirror)
        assert load_chunks(connection, mirror).inserted == 1
        assert load_chunks(connection, mirror) == MergeCounts()
        row = connection.execute("select language, symbol, content from raw.chunks").fetchone()
        assert row == {"language": "python", "symbol": "own", "content": own.rstrip()}


def test_how_the_latest_attempt_went_is_kept(settings: Settings, repository: GitRepository) -> None:
    source = vet_source(str(repository.path), allow_local=True)
    with connect(settings, "pipeline") as connection:
        record_mirror(connection, source, "failed", "It is empty.", START)
        record_mirror(connection, source, "ok", None, START + timedelta(days=1))
        (row,) = connection.execute("select * from ops.mirror_results").fetchall()
        assert (row["status"], row["error"]) == ("ok", None)
        assert row["checked_at"] == START + timedelta(days=1)
