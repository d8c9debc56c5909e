"""Commits, the files they change and blobs, read from a mirror with pygit2. Reads only; runs nothing."""

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import pygit2
from pygit2.enums import DeltaStatus, DiffFlag, FileMode, SortMode

from internflow.repos.mirrors import Mirror, open_repository

ChangeKind = Literal["added", "modified", "deleted", "renamed", "copied", "type_changed"]

KINDS: dict[DeltaStatus, ChangeKind] = {
    DeltaStatus.ADDED: "added",
    DeltaStatus.MODIFIED: "modified",
    DeltaStatus.DELETED: "deleted",
    DeltaStatus.RENAMED: "renamed",
    DeltaStatus.COPIED: "copied",
    DeltaStatus.TYPECHANGE: "type_changed",
}


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
    repository = open_repository(mirror.path)
    for commit in repository.walk(mirror.head_sha, SortMode.TOPOLOGICAL | SortMode.TIME):
        if str(commit.id) not in known:
            yield _read_commit(commit)


def read_changes(mirror: Mirror, commit_sha: str) -> list[FileChange]:
    """The files that a commit changes against its first parent, or the empty tree, each once; renames are found."""
    changes: dict[str, FileChange] = {}
    for patch in open_diff(mirror, commit_sha):
        if patch is None:  # libgit2 has none for a side that is not in the repository
            continue
        change = _read_change(patch)
        before = changes.get(change.path)
        changes[change.path] = _join_type_change(before, change) if before else change
    return list(changes.values())


def open_diff(mirror: Mirror, commit_sha: str, context_lines: int = 0) -> pygit2.Diff:
    """pygit2's diff of a commit against its first parent, renames found."""
    repository = open_repository(mirror.path)
    commit = repository[commit_sha].peel(pygit2.Commit)
    parents = [
        p for p in commit.parent_ids if p in repository
    ]  # absent where a shallow source ends
    if parents:
        before = repository[parents[0]].peel(pygit2.Tree)
        diff = before.diff_to_tree(commit.tree, context_lines=context_lines)
    else:
        diff = commit.tree.diff_to_tree(swap=True, context_lines=context_lines)
    diff.find_similar()
    return diff


def read_blob(mirror: Mirror, blob_sha: str) -> bytes:
    """The bytes of a file's version. Raises KeyError when the mirror does not have it."""
    return bytes(open_repository(mirror.path)[blob_sha].peel(pygit2.Blob).data)


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
    _context, additions, deletions = patch.line_stats
    path, old_path = decode_text(delta.new_file.raw_path), decode_text(delta.old_file.raw_path)
    return FileChange(
        path=path,
        old_path=old_path if old_path != path else None,
        change_kind=KINDS.get(delta.status, "modified"),
        is_binary=bool(delta.flags & DiffFlag.BINARY),
        additions=additions,
        deletions=deletions,
        blob_sha=_find_blob(delta.new_file),
        old_blob_sha=_find_blob(delta.old_file),
    )


def _join_type_change(gone: FileChange, new: FileChange) -> FileChange:
    """Git shows a file that became a link (or the reverse) as deleted and added under one path."""
    return replace(
        new,
        change_kind="type_changed",
        deletions=gone.deletions + new.deletions,
        additions=gone.additions + new.additions,
        blob_sha=new.blob_sha or gone.blob_sha,
        old_blob_sha=gone.old_blob_sha or new.old_blob_sha,
    )


def _find_blob(file: pygit2.DiffFile) -> str | None:
    """None where there is no file on this side, and for a submodule, whose id is a commit's elsewhere."""
    is_there = file.mode not in (FileMode.UNREADABLE, FileMode.COMMIT)
    return str(file.id) if is_there else None
