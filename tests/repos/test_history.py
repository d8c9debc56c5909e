from collections.abc import Callable

from internflow.repos.diffs import read_diff
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
