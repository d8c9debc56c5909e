"""A large file that a commit adds: it stays in the history, whatever happens to it later. Reads sizes alone."""

from collections.abc import Iterator

import pygit2
from pygit2.enums import FileMode

from internflow.repos.history import measure_blob
from internflow.reviews.findings import Problem
from internflow.reviews.repository.commits import Commit, Placed
from internflow.reviews.repository.rules import LARGE
from internflow.reviews.repository.snapshot import Library, Snapshot

LARGEST = 5_000_000
MEGABYTE = 1_000_000


def find_large_files(commit: Commit) -> Iterator[Placed]:
    """The files that a commit makes larger than 5 MB. They have no line to quote: lines 0 to 0, an empty quote.

    What the finding says is checked by `weighs` instead. A pointer of Git LFS is small, so none is told.
    """
    repository = commit.after.library.repository
    for change in commit.changes:
        if change.blob_sha is None or change.blob_sha == change.old_blob_sha:
            continue
        size = measure_blob(repository, pygit2.Oid(hex=change.blob_sha)) or 0
        old_sha = change.old_blob_sha
        old_size = measure_blob(repository, pygit2.Oid(hex=old_sha)) if old_sha else 0
        if size > LARGEST and (old_size or 0) <= LARGEST:
            message = f"{change.path} has {size / MEGABYTE:.1f} MB (blob {change.blob_sha[:12]})"
            subject = f"{change.blob_sha}:{size}"
            yield change.path, Problem(LARGE, 0, 0, message, "", subject=subject)


def weighs(library: Library, commit_sha: str, path: str, subject: str) -> bool:
    """Whether at a commit the file is the blob of the size that a finding states."""
    blob_sha, _, size = subject.partition(":")
    entry = _find_entry(library, commit_sha, path)
    if entry is None or str(entry) != blob_sha:
        return False
    return str(measure_blob(library.repository, entry)) == size


def large_file_stands(snapshot: Snapshot, path: str, _subject: str) -> bool:
    """Whether there is still a large file; once it is gone it weighs on the history all the same."""
    entry = _find_entry(snapshot.library, str(snapshot.commit_sha), path)
    size = measure_blob(snapshot.library.repository, entry) if entry is not None else 0
    return (size or 0) > LARGEST


def _find_entry(library: Library, commit_sha: str, path: str) -> pygit2.Oid | None:
    tree = library.repository[commit_sha].peel(pygit2.Tree)
    name = (
        path
        if path in tree
        else path.encode("latin-1", "replace").decode("utf-8", "surrogateescape")
    )
    if name not in tree or tree[name].filemode not in (FileMode.BLOB, FileMode.BLOB_EXECUTABLE):
        return None
    return tree[name].id
