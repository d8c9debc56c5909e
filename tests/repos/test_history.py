from collections.abc import Callable

from internflow.repos.diffs import MOST_FILES, MOST_LINES, read_diff
from internflow.repos.history import read_blob, read_changes, walk_commits
from internflow.repos.mirrors import Mirror
from tests.git_repositories import START, GitRepository

MirrorOf = Callable[[GitRepository], Mirror]


def test_commits_come_newest_first_without_the_known_ones(
    repository: GitRepository, mirror_of: MirrorOf
) -> None:
    first = repository.commit("one\n\nwhy it was done", {"a.py": ""})
    second = repository.commit("two", {"b.py": ""}, author="Ünï Cödé <UNI@Example.org>")
    mirror = mirror_of(repository)
    newest, oldest = walk_commits(mirror)
    assert (newest.sha, newest.parent_shas) == (second, (first,))
    assert (newest.author_name, newest.author_email) == ("Ünï Cödé", "uni@example.org")
    assert (oldest.subject, oldest.body) == ("one", "why it was done")
    assert (oldest.authored_at - START).total_seconds() == 3600
    assert [c.sha for c in walk_commits(mirror, {first})] == [second]


def test_changes_of_a_commit_are_told_apart(repository: GitRepository, mirror_of: MirrorOf) -> None:
    text = "".join(f"line {n}\n" for n in range(20))
    first = repository.commit(
        "one", {"keep.py": text, "gone.py": "x\n", "moved.py": text.upper(), "raw.bin": b"\0\1"}
    )
    second = repository.commit(
        "two",
        {
            "keep.py": text + "more\n",
            "gone.py": None,
            "moved.py": None,
            "new/moved.py": text.upper(),
            "raw.bin": b"\0\2",
        },
    )
    mirror = mirror_of(repository)
    assert {(c.path, c.change_kind) for c in read_changes(mirror, first)} == {
        ("keep.py", "added"), ("gone.py", "added"), ("moved.py", "added"), ("raw.bin", "added")
    }  # fmt: skip
    changes = {c.path: c for c in read_changes(mirror, second)}
    assert {p: c.change_kind for p, c in changes.items()} == {
        "keep.py": "modified", "gone.py": "deleted", "new/moved.py": "renamed", "raw.bin": "modified"
    }  # fmt: skip
    assert (changes["keep.py"].additions, changes["keep.py"].deletions) == (1, 0)
    assert changes["new/moved.py"].old_path == "moved.py"
    assert changes["raw.bin"].is_binary
    assert changes["gone.py"].blob_sha is None
    assert read_blob(mirror, changes["keep.py"].blob_sha or "") == (text + "more\n").encode()


def test_diff_lines_carry_the_numbers_of_both_sides(
    repository: GitRepository, mirror_of: MirrorOf
) -> None:
    repository.commit("one", {"a.py": "a\nb\nc\n"})
    head = repository.commit("two", {"a.py": "a\nB\nc\n"})
    (file,) = read_diff(mirror_of(repository), head)
    (hunk,) = file.hunks
    assert [(line.kind, line.old_line, line.new_line, line.text) for line in hunk.lines] == [
        (" ", 1, 1, "a"), ("-", 2, None, "b"), ("+", None, 2, "B"), (" ", 3, 3, "c")
    ]  # fmt: skip


def test_text_that_is_not_utf8_is_read_and_holds_no_nul(
    repository: GitRepository, mirror_of: MirrorOf
) -> None:
    head = repository.commit("latin", {"a.txt": "caf\xe9\n".encode("latin-1")})
    (file,) = read_diff(mirror_of(repository), head)
    assert file.hunks[0].lines[0].text == "café"


def test_a_shallow_source_can_be_read_to_its_border(
    repository: GitRepository, mirror_of: MirrorOf, tmp_path: object
) -> None:
    repository.commit("one", {"a.py": ""})
    repository.commit("two", {"b.py": ""})
    shallow = repository.path.parent / "shallow"
    repository.git("clone", "--quiet", "--depth", "1", f"file://{repository.path}", str(shallow))
    repository.path = shallow
    mirror = mirror_of(repository)
    (only,) = walk_commits(mirror)
    assert {c.change_kind for c in read_changes(mirror, only.sha)} == {"added"}


def test_a_file_that_becomes_a_link_is_one_change(
    repository: GitRepository, mirror_of: MirrorOf
) -> None:
    repository.commit("one", {"a.py": "a\nb\n", "b.py": ""})
    (repository.path / "a.py").unlink()
    (repository.path / "a.py").symlink_to("b.py")
    head = repository.commit("two", {})
    (change,) = read_changes(mirror_of(repository), head)
    assert (change.path, change.change_kind) == ("a.py", "type_changed")
    assert (change.additions, change.deletions) == (1, 2)
    assert change.blob_sha != change.old_blob_sha


def test_a_submodule_has_no_blob(repository: GitRepository, mirror_of: MirrorOf) -> None:
    first = repository.commit("one", {"a.py": ""})
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{first},sub")
    repository.git("commit", "--quiet", "--author", "A <a@x>", "-m", "two")
    (change,) = read_changes(mirror_of(repository), repository.head())
    assert (change.path, change.blob_sha) == ("sub", None)


def test_a_merge_is_read_against_its_first_parent(
    repository: GitRepository, mirror_of: MirrorOf
) -> None:
    repository.commit("one", {"a.py": ""})
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit("side", {"b.py": "b\n"})
    repository.git("checkout", "--quiet", "main")
    repository.commit("two", {"c.py": "c\n"})
    repository.git(
        "-c", "user.name=B", "-c", "user.email=b@x", "merge", "--quiet", "-m", "m", "side"
    )
    assert [c.path for c in read_changes(mirror_of(repository), repository.head())] == ["b.py"]


def test_huge_diffs_are_cut_and_say_so(repository: GitRepository, mirror_of: MirrorOf) -> None:
    files: dict[str, str | bytes | None] = {f"many/{n:04}.txt": "x\n" for n in range(MOST_FILES)}
    head = repository.commit(
        "one",
        {
            "exact.txt": "x\n" * MOST_LINES,
            "long.txt": "x\n" * (MOST_LINES + 1),
            "huge.txt": "x\n" * 60_000,
            "broad.txt": "x" * 600_000,
            **files,
        },
    )
    diffs = {file.path: file for file in read_diff(mirror_of(repository), head)}
    lines = {path: sum(len(h.lines) for h in file.hunks) for path, file in diffs.items()}
    assert len(diffs) == MOST_FILES + 4
    assert (lines["exact.txt"], diffs["exact.txt"].is_truncated) == (MOST_LINES, False)
    assert (lines["long.txt"], diffs["long.txt"].is_truncated) == (MOST_LINES, True)
    assert (lines["huge.txt"], diffs["huge.txt"].is_truncated) == (0, True)
    assert (lines["broad.txt"], diffs["broad.txt"].is_truncated) == (0, True)
    assert sum(file.is_truncated for file in diffs.values()) == 3 + 4


def test_hostile_commits_are_read(repository: GitRepository, mirror_of: MirrorOf) -> None:
    tree = repository.git("mktree")
    raw = (
        f"tree {tree}\nauthor \xe9\xff <\xe9@X> -5000000000 +0000\n"
        "committer  <> 99999999999999 +9999\n\nsubject \x1b[31m\n\nbody \xff\n"
    ).encode("latin-1")
    (repository.path / "raw").write_bytes(raw)
    sha = repository.git("hash-object", "-t", "commit", "-w", "--literally", "raw")
    repository.git("update-ref", "refs/heads/main", sha)
    (commit,) = walk_commits(mirror_of(repository))
    assert (commit.author_name, commit.author_email) == ("éÿ", "é@x")
    assert commit.body == "body ÿ"
    assert commit.committed_at.year < 10_000
    assert read_changes(mirror_of(repository), sha) == []
