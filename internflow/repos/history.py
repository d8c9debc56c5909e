"""Commits, the files they change and blobs, read from a mirror with pygit2. Reads only; runs nothing."""

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import pygit2
from pygit2.enums import DeltaStatus, DiffFind, DiffFlag, FileMode, SortMode

from internflow.repos.identities import Identity, Mailmap, parse_co_authors, parse_mailmap
from internflow.repos.mirrors import Mirror, open_repository

SignatureState = Literal["unsigned", "signed"]
ChangeKind = Literal["added", "modified", "deleted", "renamed", "copied", "type_changed"]

KINDS: dict[DeltaStatus, ChangeKind] = {
    DeltaStatus.ADDED: "added",
    DeltaStatus.MODIFIED: "modified",
    DeltaStatus.DELETED: "deleted",
    DeltaStatus.RENAMED: "renamed",
    DeltaStatus.COPIED: "copied",
    DeltaStatus.TYPECHANGE: "type_changed",
}
# A larger version of a file is never read into memory: it counts as binary.
LARGEST_DIFFED = 16 * 1024 * 1024
MAILMAP = ".mailmap"
LARGEST_MAILMAP = 1024 * 1024


@dataclass(frozen=True)
class CommitRecord:
    """A commit. `author` and `committer` are by the mailmap, `raw_author` and `co_authors` as the commit says."""

    sha: str
    parent_shas: tuple[str, ...]
    author: Identity
    raw_author: Identity
    committer: Identity
    co_authors: tuple[Identity, ...]
    signature_state: SignatureState  # signed: it carries a signature; nobody verified it
    authored_at: datetime
    committed_at: datetime
    subject: str
    body: str

    @property
    def author_name(self) -> str:
        return self.author.name

    @property
    def author_email(self) -> str:
        return self.author.email


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


def walk_commits(
    mirror: Mirror, known: Set[str] = frozenset(), *, since_sha: str | None = None
) -> Iterator[CommitRecord]:
    """Commits reachable from HEAD, newest first in topological order, without the `known` ones and all that can be
    reached from `since_sha`."""
    repository = open_repository(mirror.path)
    mailmap = read_mailmap(repository, mirror.head_sha)
    walker = repository.walk(mirror.head_sha, SortMode.TOPOLOGICAL | SortMode.TIME)
    if since_sha is not None:
        walker.hide(since_sha)
    for commit in walker:
        if str(commit.id) not in known:
            yield _read_commit(commit, mailmap)


def read_changes(mirror: Mirror, commit_sha: str) -> list[FileChange]:
    """The files that a commit changes against its first parent, or the empty tree, each once; renames are found."""
    return find_changes(open_repository(mirror.path), commit_sha)


def find_changes(repository: pygit2.Repository, commit_sha: str) -> list[FileChange]:
    """As `read_changes`, in a repository that is open: opening it costs more than a small commit."""
    changes: dict[str, FileChange] = {}
    diff = diff_commit(repository, commit_sha)
    for position, delta in enumerate(diff.deltas):
        if is_unreadable(repository, delta):
            change = _describe(delta, is_binary=True, additions=0, deletions=0)
        elif (patch := diff[position]) is None:  # a side is not in the repository
            continue
        else:
            change = _read_change(patch)
        before = changes.get(change.path)
        changes[change.path] = _join_type_change(before, change) if before else change
    return list(changes.values())


def open_diff(mirror: Mirror, commit_sha: str) -> Iterator[pygit2.Patch | None]:
    """The patches of a commit against its first parent, renames found; None for what cannot or must not be read."""
    repository = open_repository(mirror.path)
    diff = diff_commit(repository, commit_sha)
    for position, delta in enumerate(diff.deltas):
        yield None if is_unreadable(repository, delta) else diff[position]


def diff_commit(
    repository: pygit2.Repository, commit_sha: str, context_lines: int = 0
) -> pygit2.Diff:
    """pygit2's diff of a commit against its first parent, renames found. Ask `is_unreadable` before taking a patch."""
    commit = repository[commit_sha].peel(pygit2.Commit)
    parents = [
        p for p in commit.parent_ids if p in repository
    ]  # absent where a shallow source ends
    if parents:
        before = repository[parents[0]].peel(pygit2.Tree)
        diff = before.diff_to_tree(commit.tree, context_lines=context_lines)
    else:
        diff = commit.tree.diff_to_tree(swap=True, context_lines=context_lines)
    flags = DiffFind.FIND_RENAMES
    if any(is_unreadable(repository, delta) for delta in diff.deltas):
        flags |= DiffFind.FIND_EXACT_MATCH_ONLY  # else every content is read to be compared
    diff.find_similar(flags=flags)
    return diff


def is_unreadable(repository: pygit2.Repository, delta: pygit2.DiffDelta) -> bool:
    """Whether a version of the file is too large, or not in the repository: its lines are not compared."""
    sizes = [
        measure_blob(repository, file.id)
        for file in (delta.old_file, delta.new_file)
        if file.mode not in (FileMode.UNREADABLE, FileMode.COMMIT)
    ]
    return any(size is None or size > LARGEST_DIFFED for size in sizes)


def measure_blob(repository: pygit2.Repository, blob_id: pygit2.Oid) -> int | None:
    """The size of a blob, without reading it; None when the repository does not have it."""
    try:
        _kind, size = repository.odb.read_header(blob_id)
    except KeyError:
        return None
    return int(size)


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


def read_mailmap(repository: pygit2.Repository, commit_sha: str) -> Mailmap:
    """The mailmap of a commit's tree; a link, a folder, a missing or a huge one counts as none."""
    tree = repository[commit_sha].peel(pygit2.Tree)
    if MAILMAP not in tree:
        return Mailmap()
    entry = tree[MAILMAP]
    size = measure_blob(repository, entry.id)
    is_file = entry.filemode in (FileMode.BLOB, FileMode.BLOB_EXECUTABLE)
    if not is_file or size is None or size > LARGEST_MAILMAP:
        return Mailmap()
    data = bytes(repository[entry.id].peel(pygit2.Blob).data)
    return parse_mailmap(decode_text(data), str(entry.id))


def _read_commit(commit: pygit2.Commit, mailmap: Mailmap) -> CommitRecord:
    message = decode_text(commit.raw_message).strip()
    subject, _, body = message.partition("\n")
    raw_author = _read_identity(commit.author)
    others = (c for c in parse_co_authors(message) if c.email != raw_author.email)
    return CommitRecord(
        sha=str(commit.id),
        parent_shas=tuple(str(p) for p in commit.parent_ids),
        author=mailmap.resolve(raw_author),
        raw_author=raw_author,
        committer=mailmap.resolve(_read_identity(commit.committer)),
        co_authors=tuple(others),
        signature_state="unsigned" if commit.gpg_signature[0] is None else "signed",
        authored_at=_read_time(commit.author),
        committed_at=_read_time(commit.committer),
        subject=subject.strip(),
        body=body.strip(),
    )


def _read_identity(signature: pygit2.Signature) -> Identity:
    name, email = decode_text(signature.raw_name), decode_text(signature.raw_email)
    return Identity(name or "unknown", email.lower())


def _read_time(signature: pygit2.Signature) -> datetime:
    """UTC time of a signature; hostile clocks are kept within what Postgres and Python can hold."""
    seconds = min(max(signature.time, 0), 253_370_764_800)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def _read_change(patch: pygit2.Patch) -> FileChange:
    _context, additions, deletions = patch.line_stats
    is_binary = bool(patch.delta.flags & DiffFlag.BINARY)
    return _describe(patch.delta, is_binary=is_binary, additions=additions, deletions=deletions)


def _describe(
    delta: pygit2.DiffDelta, *, is_binary: bool, additions: int, deletions: int
) -> FileChange:
    path, old_path = decode_text(delta.new_file.raw_path), decode_text(delta.old_file.raw_path)
    return FileChange(
        path=path,
        old_path=old_path if old_path != path else None,
        change_kind=KINDS.get(delta.status, "modified"),
        is_binary=is_binary,
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
