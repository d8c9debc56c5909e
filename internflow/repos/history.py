"""Commits, the files they change and blobs, read from a mirror with pygit2. Reads only; runs nothing."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import pygit2
from pygit2.enums import DeltaStatus, DiffFlag, SortMode

from internflow.repos.mirrors import Mirror

ChangeKind = Literal["added", "modified", "deleted", "renamed", "copied", "type_changed"]

KINDS: dict[DeltaStatus, ChangeKind] = {
    DeltaStatus.ADDED: "added",
    DeltaStatus.MODIFIED: "modified",
    DeltaStatus.DELETED: "deleted",
    DeltaStatus.RENAMED: "renamed",
    DeltaStatus.COPIED: "copied",
    DeltaStatus.TYPECHANGE: "type_changed",
}
NO_BLOB = "0" * 40


@dataclass(frozen=True)
class CommitRecord:
    sha: str
    parent_shas: tuple[str, ...]
    author_name: str
    author_email: str
    authored_at: datetime
    committed_at: datetime
    subject: str
    body: str


@dataclass(frozen=True)
class FileChange:
    """What a commit did to one file, against its first parent. Blobs are None where there is no file on that side."""

    path: str
    old_path: str | None
    change_kind: ChangeKind
    is_binary: bool
    additions: int
    deletions: int
    blob_sha: str | None
    old_blob_sha: str | None


def walk_commits(mirror: Mirror, known: Set[str] = frozenset()) -> Iterator[CommitRecord]:
    """Commits reachable from HEAD, newest first in topological order, without the `known` ones."""
    repository = pygit2.Repository(str(mirror.path))
    for commit in repository.walk(mirror.head_sha, SortMode.TOPOLOGICAL | SortMode.TIME):
        if str(commit.id) not in known:
            yield _read_commit(commit)


def read_changes(mirror: Mirror, commit_sha: str) -> list[FileChange]:
    """The files that a commit changes against its first parent, or the empty tree; renames are found."""
    return [_read_change(patch) for patch in open_diff(mirror, commit_sha) if patch is not None]


def open_diff(mirror: Mirror, commit_sha: str, context_lines: int = 0) -> pygit2.Diff:
    """pygit2's diff of a commit against its first parent, renames found."""
    repository = pygit2.Repository(str(mirror.path))
    commit = repository[commit_sha].peel(pygit2.Commit)
    parents = [
        p for p in commit.parent_ids if p in repository
    ]  # a shallow source ends before its first commit
    if parents:
        diff = (
            repository[parents[0]]
            .peel(pygit2.Tree)
            .diff_to_tree(commit.tree, context_lines=context_lines)
        )
    else:
        diff = commit.tree.diff_to_tree(swap=True, context_lines=context_lines)
    diff.find_similar()
    return diff


def read_blob(mirror: Mirror, blob_sha: str) -> bytes:
    """The bytes of a file's version. Raises KeyError when the mirror does not have it."""
    return bytes(pygit2.Repository(str(mirror.path))[blob_sha].peel(pygit2.Blob).data)


def decode_text(data: bytes) -> str:
    """Text of any bytes: UTF-8, else Latin-1; without what Postgres cannot hold."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text.replace("\x00", "\ufffd")


def _read_commit(commit: pygit2.Commit) -> CommitRecord:
    subject, _, body = decode_text(commit.raw_message).strip().partition("\n")
    return CommitRecord(
        str(commit.id),
        tuple(str(p) for p in commit.parent_ids),
        decode_text(commit.author.raw_name) or "unknown",
        decode_text(commit.author.raw_email).lower(),
        _read_time(commit.author),
        _read_time(commit.committer),
        subject.strip(),
        body.strip(),
    )


def _read_time(signature: pygit2.Signature) -> datetime:
    """UTC time of a signature; hostile clocks are kept within what Postgres and Python can hold."""
    seconds = min(max(signature.time, 0), 253_370_764_800)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def _read_change(patch: pygit2.Patch) -> FileChange:
    delta = patch.delta
    kind = KINDS.get(delta.status, "modified")
    _context, additions, deletions = patch.line_stats
    new, old = str(delta.new_file.id), str(delta.old_file.id)
    path, old_path = _path(delta.new_file), _path(delta.old_file)
    return FileChange(
        path=path,
        old_path=old_path if old_path != path else None,
        change_kind=kind,
        is_binary=bool(delta.flags & DiffFlag.BINARY),
        additions=additions,
        deletions=deletions,
        blob_sha=None if kind == "deleted" or new == NO_BLOB else new,
        old_blob_sha=None if kind == "added" or old == NO_BLOB else old,
    )


def _path(file: pygit2.DiffFile) -> str:
    return decode_text(file.raw_path)
