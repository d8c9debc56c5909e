"""What the warehouse learns of commits: who wrote them, with whom, and whose files they changed."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

import pytest

from internflow.repos.history import read_changes
from internflow.repos.loading import load_repository
from internflow.repos.mirrors import Mirror, open_repository
from internflow.repos.vetting import Source, vet_source
from internflow.settings import ROOT, Settings
from internflow.warehouse.connections import Connection, connect
from internflow.warehouse.merge import MergeCounts
from tests.git_repositories import GitRepository, unpack_objects

MirrorOf = Callable[[GitRepository], Mirror]


@pytest.fixture
def connection(settings: Settings) -> Iterator[Connection]:
    with connect(settings, "pipeline") as opened:
        yield opened


def load(connection: Connection, repository: GitRepository, mirror: Mirror) -> MergeCounts:
    return load_repository(connection, vet_source(str(repository.path), allow_local=True), mirror)


def fast_import(path: Path, stream: bytes) -> None:
    """A bare repository of what the stream says."""
    subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", str(path)], check=True)
    importing = ["git", "-C", str(path), "fast-import", "--quiet"]
    subprocess.run(importing, input=stream, check=True)


def write_commit(number: int, files: dict[str, bytes]) -> bytes:
    who = f"Asha <asha@example.org> {1_700_000_000 + number * 60} +0000\n".encode()
    changed = b"".join(
        b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data)
        for path, data in files.items()
    )
    message = b"Change %d" % number
    return b"commit refs/heads/main\nauthor %scommitter %sdata %d\n%s\n%s\n" % (
        who, who, len(message), message, changed
    )  # fmt: skip


def test_people_are_loaded_by_the_mailmap_and_again_when_it_changes(
    connection: Connection, repository: GitRepository, mirror_of: MirrorOf
) -> None:
    first = repository.commit(
        "one\n\nCo-authored-by: Ravi <ravi@old.example>\nCo-authored-by: A <asha@example.org>",
        {"a.py": "a = 1\n"},
    )
    load(connection, repository, mirror_of(repository))
    people = (
        "select author_name, author_email, raw_author_name, raw_author_email, committer_email,"
        " co_author_names, co_author_emails, signature_state from raw.commits where commit_sha = %s"
    )
    assert connection.execute(people, (first,)).fetchone() == {
        "author_name": "Asha Rao",
        "author_email": "asha@example.org",
        "raw_author_name": "Asha Rao",
        "raw_author_email": "asha@example.org",
        "committer_email": "builder@example.org",
        "co_author_names": ["Ravi"],
        "co_author_emails": ["ravi@old.example"],
        "signature_state": "unsigned",
    }
    mailmap = "Asha R. Rao <rao@new.example> <asha@example.org>\n"
    repository.commit("map", {".mailmap": mailmap})
    load(connection, repository, mirror_of(repository))
    row = connection.execute(people, (first,)).fetchone()
    assert row is not None
    assert (row["author_name"], row["author_email"]) == ("Asha R. Rao", "rao@new.example")
    assert (row["raw_author_name"], row["raw_author_email"]) == ("Asha Rao", "asha@example.org")
    assert row["co_author_emails"] == ["ravi@old.example"]
    assert load(connection, repository, mirror_of(repository)) == MergeCounts()


def test_a_commit_that_carries_a_signature_is_signed_and_nothing_more(
    connection: Connection, repository: GitRepository, mirror_of: MirrorOf
) -> None:
    repository.commit("one", {"a.py": "a = 1\n"})
    plain = repository.git("cat-file", "commit", "HEAD")
    head, _, message = plain.partition("\n\n")
    signature = "gpgsig -----BEGIN SSH SIGNATURE-----\n false\n -----END SSH SIGNATURE-----"
    (repository.path / "raw").write_text(f"{head}\n{signature}\n\n{message}\n")
    signed = repository.git("hash-object", "-t", "commit", "-w", "raw")
    repository.git("update-ref", "refs/heads/main", signed)
    load(connection, repository, mirror_of(repository))
    rows = connection.execute("select commit_sha, signature_state from raw.commits").fetchall()
    assert rows == [{"commit_sha": signed, "signature_state": "signed"}]


def test_changes_tell_their_language_and_whose_work_the_file_is(
    connection: Connection, repository: GitRepository, mirror_of: MirrorOf
) -> None:
    files: dict[str, str | bytes | None] = {
        "a.py": "a", "vendor/b.js": "b", "poetry.lock": "c", "LICENSE": "d"
    }  # fmt: skip
    repository.commit("one", files)
    load(connection, repository, mirror_of(repository))
    rows = connection.execute(
        "select path, language, is_generated, is_vendored from raw.file_changes"
    ).fetchall()
    assert {tuple(r.values()) for r in rows} == {
        ("a.py", "python", False, False),
        ("vendor/b.js", "javascript", False, True),
        ("poetry.lock", None, True, False),
        ("LICENSE", None, False, False),
    }


def test_twelve_thousand_commits_load_within_a_minute_and_then_write_nothing(
    connection: Connection, tmp_path: Path
) -> None:
    path = tmp_path / "large.git"
    body = b"".join(b"line %d\n" % n for n in range(80))
    stream = b"".join(
        write_commit(n, {f"pkg{n % 40}/m{k}.py": body + b"v = %d\n" % n for k in range(1 + n % 3)})
        for n in range(12_000)
    )
    fast_import(path, stream)
    mirror = Mirror("f" * 16, path, "main", str(open_repository(path).head.target))
    source = Source(mirror.repo_id, str(path), "local", "large")
    started = perf_counter()
    counts = load_repository(connection, source, mirror)
    assert perf_counter() - started < 60
    assert counts.inserted == 1 + 12_000 + 24_000 + 40 * 3
    assert load_repository(connection, source, mirror) == MergeCounts()


def test_a_file_too_large_to_read_counts_as_binary_and_is_not_read(
    connection: Connection, tmp_path: Path
) -> None:
    """A text of 220 MB that is added, changed and moved; the process may grow by a part of it alone."""
    path = tmp_path / "huge.git"
    huge = b"0123456789abcde\n" * (220 * 1024 * 1024 // 16)
    move = b"commit refs/heads/main\ncommitter A <a@x> 1800000000 +0000\ndata 4\nmove\nR huge.txt moved.txt\n"
    fast_import(
        path,
        write_commit(1, {"huge.txt": huge, "a.py": b"a = 1\n"})
        + write_commit(2, {"huge.txt": huge + b"x\n"})
        + move,
    )
    del huge
    mirror = Mirror("e" * 16, path, "main", str(open_repository(path).head.target))
    script = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from internflow.repos.diffs import read_diff\n"
        "from internflow.repos.history import read_changes, walk_commits\n"
        "from internflow.repos.loading import list_head_files\n"
        "from internflow.repos.mirrors import Mirror\n"
        "mirror = Mirror('e' * 16, Path(sys.argv[1]), 'main', sys.argv[2])\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for commit in walk_commits(mirror):\n"
        "    read_changes(mirror, commit.sha), read_diff(mirror, commit.sha)\n"
        "assert len(list(list_head_files(mirror))) == 2\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    run = [sys.executable, "-c", script, str(path), mirror.head_sha]
    grown = subprocess.run(run, check=True, capture_output=True, text=True, cwd=ROOT)
    assert int(grown.stdout) < 60 * 1024  # KiB
    load_repository(connection, Source(mirror.repo_id, str(path), "local", "huge"), mirror)
    rows = connection.execute(
        "select change_kind, path, is_binary, additions from raw.file_changes where path <> 'a.py'"
    ).fetchall()
    assert sorted(tuple(r.values()) for r in rows) == [
        ("added", "huge.txt", True, 0),
        ("modified", "huge.txt", True, 0),
        ("renamed", "moved.txt", True, 0),
    ]
    size = connection.execute("select size_bytes from raw.head_files where path = 'moved.txt'")
    assert size.fetchone() == {"size_bytes": 220 * 1024 * 1024 + 2}


def test_a_missing_blob_breaks_neither_the_history_nor_the_listing(
    connection: Connection, repository: GitRepository, mirror_of: MirrorOf
) -> None:
    first = repository.commit("one", {"a.py": "a = 1\n", "b.py": "b = 1\n"})
    second = repository.commit("two", {"a.py": "a = 2\n"})
    mirror = mirror_of(repository)
    lost = repository.git("rev-parse", f"{second}:a.py")
    unpack_objects(mirror.path)
    (mirror.path / "objects" / lost[:2] / lost[2:]).unlink()
    load(connection, repository, mirror)
    assert {c.path for c in read_changes(mirror, first)} == {"a.py", "b.py"}
    rows = connection.execute("select path from raw.head_files").fetchall()
    assert rows == [{"path": "b.py"}]
    commits = connection.execute("select count(*) as n from raw.commits").fetchone()
    assert commits == {"n": 2}
