"""Sources that stall, break off, lie or hold what would do harm: a clear result, and no other repository suffers."""

import os
import socket
import struct
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event
from time import perf_counter

import pytest

from internflow.errors import SourceUnavailable, UserInputError
from internflow.repos import transport
from internflow.repos.history import read_changes, walk_commits
from internflow.repos.loading import list_head_files, load_repository
from internflow.repos.mirrors import Mirror, open_mirror, open_repository, update_mirror
from internflow.repos.vetting import Source, vet_source
from internflow.settings import Settings, read_settings
from internflow.warehouse.connections import connect
from tests.git_https import GitHost, serving_git
from tests.git_repositories import GitRepository

MirrorOf = Callable[[GitRepository], Mirror]
Spoil = Callable[[BaseHTTPRequestHandler, bytes], None]


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHost]:
    monkeypatch.setenv("GIT_SSL_CAINFO", str(tmp_path / "certificate.pem"))
    (tmp_path / "host").mkdir()
    with serving_git(tmp_path / "host") as serving:
        yield serving


def send_head(handler: BaseHTTPRequestHandler, length: int) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/x-git-upload-pack-result")
    handler.send_header("Content-Length", str(length))
    handler.end_headers()


def break_off(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    """Less than the Content-Length promised."""
    send_head(handler, len(content))
    handler.wfile.write(content[: len(content) // 2])


def reset(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    break_off(handler, content)
    at_once = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
    handler.connection.close()


def claim_four_billion_objects(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    at = content.index(b"PACK") + 8
    send_head(handler, len(content))
    handler.wfile.write(content[:at] + b"\xff\xff\xff\xff" + content[at + 4 :])


def scramble(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    at = content.index(b"PACK") + 12
    send_head(handler, len(content))
    handler.wfile.write(
        content[:at] + bytes(b ^ 0x55 for b in content[at : at + 40]) + content[at + 40 :]
    )


def stall(released: Event) -> Spoil:
    def send_a_little(handler: BaseHTTPRequestHandler, content: bytes) -> None:
        send_head(handler, len(content))
        handler.wfile.write(content[:50])
        released.wait(60)

    return send_a_little


@pytest.mark.parametrize("how", ["stalls", break_off, reset, claim_four_billion_objects, scramble])
def test_a_transfer_that_goes_wrong_leaves_every_mirror_as_it_was(
    host: GitHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: Spoil | str
) -> None:
    monkeypatch.setattr(transport, "STALLED_SECONDS", 1)
    repository = GitRepository(host.folder / "work")
    first = repository.commit("one", {"a.py": "a = 1\n"})
    bare = host.folder / "asha" / "shop.git"
    repository.git("clone", "--quiet", "--bare", ".", str(bare))
    source = Source("0" * 16, host.url("/asha/shop"), "https", "shop", ("127.0.0.1",))
    other = Source("1" * 16, host.url("/asha/shop"), "https", "shop", ("127.0.0.1",))
    mirrors = tmp_path / "mirrors"
    update_mirror(source, mirrors)
    second = repository.commit("two", {f"f{n}.py": os.urandom(200).hex() for n in range(50)})
    repository.git("push", "--quiet", str(bare), "main")
    released = Event()
    host.spoil = stall(released) if isinstance(how, str) else how
    try:
        for spoiled in (source, other):
            with pytest.raises(
                SourceUnavailable, match=r"shop cannot be read now \(.+\): try again later"
            ):
                update_mirror(spoiled, mirrors)
    finally:
        released.set()
    assert open_mirror(mirrors, source.repo_id).head_sha == first
    assert [p.name for p in mirrors.glob("1*.git")] == []
    host.spoil = None
    assert update_mirror(source, mirrors).head_sha == second
    assert update_mirror(other, mirrors).head_sha == second


def test_a_source_that_takes_too_long_is_ended(
    repository: GitRepository, mirror_of: MirrorOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit("one", {"a.py": ""})
    monkeypatch.setattr(transport, "TIMEOUT_SECONDS", 0)
    with pytest.raises(SourceUnavailable, match="did not finish in 0 s"):
        mirror_of(repository)


def test_a_source_that_lacks_objects_is_not_taken_over_in_part(
    repository: GitRepository, mirror_of: MirrorOf, tmp_path: Path
) -> None:
    repository.commit("one", {"a.py": "a = 1\n", "b.py": "b = 1\n"})
    lost = repository.git("rev-parse", "HEAD:a.py")
    (repository.path / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    with pytest.raises(SourceUnavailable, match="cannot be read now"):
        mirror_of(repository)
    assert list((tmp_path / "mirrors").glob("*.git")) == []
    whole = GitRepository(tmp_path / "whole")
    head = whole.commit("one", {"a.py": ""})
    assert mirror_of(whole).head_sha == head


def test_a_repository_larger_than_allowed_is_refused_and_leaves_nothing(
    repository: GitRepository, mirror_of: MirrorOf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    repository.commit("one", {"a.py": ""})
    mirror_of(repository)
    repository.commit("two", {"noise.bin": os.urandom(3 * 1024 * 1024)})
    monkeypatch.setenv("INTERNFLOW_REPOSITORY_MEGABYTES", "1")
    read_settings.cache_clear()
    with pytest.raises(
        UserInputError, match=r"larger than 1 MB: .*INTERNFLOW_REPOSITORY_MEGABYTES"
    ):
        mirror_of(repository)
    source = vet_source(str(repository.path), allow_local=True)
    with pytest.raises(UserInputError, match="larger than 1 MB"):
        update_mirror(source, tmp_path / "others")
    assert [p.suffix for p in (tmp_path / "others").iterdir()] == [".lock"]


def test_a_transfer_is_ended_while_it_grows_too_large(
    host: GitHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The host sends four megabytes and then nothing: only a look at the growing folder can end this."""
    monkeypatch.setenv("INTERNFLOW_REPOSITORY_MEGABYTES", "1")
    read_settings.cache_clear()
    repository = GitRepository(host.folder / "work")
    repository.commit("one", {"noise.bin": os.urandom(8 * 1024 * 1024)})
    repository.git("clone", "--quiet", "--bare", ".", str(host.folder / "asha" / "shop.git"))
    released = Event()

    def send_half(handler: BaseHTTPRequestHandler, content: bytes) -> None:
        send_head(handler, len(content))
        handler.wfile.write(content[: len(content) // 2])
        released.wait(60)

    host.spoil = send_half
    source = Source("0" * 16, host.url("/asha/shop"), "https", "shop", ("127.0.0.1",))
    try:
        with pytest.raises(UserInputError, match="larger than 1 MB"):
            update_mirror(source, tmp_path / "mirrors")
    finally:
        released.set()


def test_a_repository_with_too_many_files_is_refused(
    repository: GitRepository, mirror_of: MirrorOf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    repository.commit("one", {f"d{n}/a.py": "" for n in range(3)})
    mirror_of(repository)
    monkeypatch.setenv("INTERNFLOW_REPOSITORY_FILES", "3")
    read_settings.cache_clear()
    mirror_of(repository)
    repository.commit("two", {"b.py": ""})
    with pytest.raises(UserInputError, match=r"more than 3 files: .*INTERNFLOW_REPOSITORY_FILES"):
        mirror_of(repository)
    with pytest.raises(UserInputError, match="more than 3 files"):
        source = vet_source(str(repository.path), allow_local=True)
        update_mirror(source, tmp_path / "others")


def test_many_fetches_are_packed_together(
    repository: GitRepository, mirror_of: MirrorOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "MOST_PACKS", 1)
    for step in range(3):  # enough objects for a pack each time
        repository.commit("more", {f"s{step}/f{n}.py": f"{step} {n}\n" for n in range(120)})
        mirror = mirror_of(repository)
    assert len(list(mirror.path.glob("objects/pack/*.pack"))) == 1
    assert len(list(walk_commits(mirror))) == 3


def test_fifty_thousand_branches_are_mirrored(
    repository: GitRepository, mirror_of: MirrorOf
) -> None:
    head = repository.commit("one", {"a.py": ""})
    refs = "".join(f"{head} refs/heads/b{n:06}\n" for n in range(50_000))
    (repository.path / ".git" / "packed-refs").write_text(
        "# pack-refs with: peeled fully-peeled sorted \n" + refs
    )
    started = perf_counter()
    assert mirror_of(repository).head_sha == head
    assert mirror_of(repository).default_branch == "main"
    assert perf_counter() - started < 60


def write_tree(repository: GitRepository, *entries: tuple[str, bytes, str]) -> str:
    """A commit of a tree that git itself would not write, on main."""
    raw = b"".join(
        mode.encode() + b" " + name + b"\0" + bytes.fromhex(sha)
        for mode, name, sha in sorted(entries, key=lambda e: e[1])
    )
    (repository.path / "raw").write_bytes(raw)
    tree = repository.git("hash-object", "-t", "tree", "-w", "--literally", "raw")
    commit = repository.git(
        "-c", "user.name=A", "-c", "user.email=a@x", "commit-tree", tree, "-m", "odd"
    )
    repository.git("update-ref", "refs/heads/main", commit)
    return commit


def test_paths_that_would_leave_the_folder_or_collide_are_only_data(
    settings: Settings, repository: GitRepository, mirror_of: MirrorOf, tmp_path: Path
) -> None:
    repository.commit("one", {"a.py": "a = 1\n"})
    blob = repository.git("rev-parse", "HEAD:a.py")
    inner = repository.git("rev-parse", "HEAD^{tree}")
    head = write_tree(
        repository,
        ("100644", b"A.py", blob),
        ("100644", b"a.py", blob),
        ("40000", b"..", inner),
        ("40000", b".git", inner),
        ("100644", b"caf\xe9\n\x1b.py", blob),
        ("100644", b"../../etc/passwd", blob),
    )
    before = {p for p in tmp_path.rglob("*") if ".git" not in str(p)}
    mirror = mirror_of(repository)
    assert mirror.head_sha == head
    paths = {f.path for f in list_head_files(mirror)}
    assert paths == {"A.py", "a.py", "../a.py", ".git/a.py", "caf\xe9\n\x1b.py", "../../etc/passwd"}
    assert {c.path for c in read_changes(mirror, head)} == paths
    with connect(settings, "pipeline") as connection:
        source = vet_source(str(repository.path), allow_local=True)
        load_repository(connection, source, mirror)
        rows = connection.execute("select path from raw.head_files").fetchall()
    assert {r["path"] for r in rows} == paths
    after = {p for p in tmp_path.rglob("*") if ".git" not in str(p)}
    assert {p.relative_to(tmp_path).parts[0] for p in after - before} <= {"mirrors"}


def test_what_a_repository_brings_to_run_does_not_run(
    repository: GitRepository, mirror_of: MirrorOf, tmp_path: Path
) -> None:
    trap = tmp_path / "ran"
    inside = GitRepository(tmp_path / "inside")
    sub = inside.commit("secret", {"secret.py": ""})
    repository.commit(
        "one",
        {
            ".gitmodules": f'[submodule "s"]\n\tpath = s\n\turl = file://{inside.path}\n',
            ".gitattributes": "* filter=run diff=run merge=run\n",
            ".gitconfig": f'[filter "run"]\n\tsmudge = touch {trap}\n',
            "hooks/post-checkout": f"#!/bin/sh\ntouch {trap}\n",
        },
    )
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{sub},s")
    repository.git("commit", "--quiet", "--author", "A <a@x>", "-m", "sub")
    config = repository.path / ".git" / "config"
    config.write_text(
        config.read_text()
        + f'[diff "run"]\n\tcommand = touch {trap}\n\ttextconv = touch {trap}\n'
        + f'[filter "run"]\n\tprocess = touch {trap}\n[core]\n\tsshCommand = touch {trap}\n'
        + f"\tpager = touch {trap}\n\talternateRefsCommand = touch {trap}\n[gc]\n\trecentObjectsHook = touch {trap}\n"
    )
    for hook in ("pre-auto-gc", "reference-transaction", "post-update", "pre-receive"):
        path = repository.path / ".git" / "hooks" / hook
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch {trap}\n")
        path.chmod(0o755)
    mirror = mirror_of(repository)
    for commit in walk_commits(mirror):
        read_changes(mirror, commit.sha)
    assert "s" not in {f.path for f in list_head_files(mirror)}
    assert not trap.exists()
    found = subprocess.run(
        ["git", "-C", str(mirror.path), "cat-file", "-e", sub], check=False, capture_output=True
    )
    assert found.returncode != 0, "the submodule was not fetched"


def test_two_workers_at_one_repository_wait_for_each_other(
    repository: GitRepository, tmp_path: Path
) -> None:
    head = repository.commit("one", {"a.py": ""})
    source = vet_source(str(repository.path), allow_local=True)
    with ThreadPoolExecutor(4) as workers:
        mirrors = list(workers.map(lambda _n: update_mirror(source, tmp_path / "m"), range(4)))
    assert {m.head_sha for m in mirrors} == {head}
    assert sorted(p.suffix for p in (tmp_path / "m").iterdir()) == [".git", ".lock"]


def test_a_branch_that_was_deleted_goes_from_the_mirror(
    repository: GitRepository, mirror_of: MirrorOf
) -> None:
    repository.commit("one", {"a.py": ""})
    repository.git("branch", "gone")
    assert "gone" in open_repository(mirror_of(repository).path).branches.local
    repository.git("branch", "-D", "gone")
    assert list(open_repository(mirror_of(repository).path).branches.local) == ["main"]
