"""Loads a mirror's history into raw: only commits not known yet are read; what vanished from history is removed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pygit2

from internflow.logs import log_unit
from internflow.repos.history import CommitRecord, decode_text, read_changes, walk_commits
from internflow.repos.languages import find_language, find_script_language, may_be_script
from internflow.repos.mirrors import Mirror, open_repository
from internflow.repos.vetting import Source
from internflow.warehouse.connections import Connection
from internflow.warehouse.merge import MergeCounts, Target, merge_rows

REPOSITORIES = Target(
    "raw.repositories",
    ("repo_id",),
    update=("source", "source_kind", "name", "default_branch", "head_sha"),
)
COMMITS = Target(
    "raw.commits",
    ("repo_id", "commit_sha"),
    update=(
        "parent_shas",
        "author_name",
        "author_email",
        "authored_at",
        "committed_at",
        "subject",
        "body",
    ),
)
FILE_CHANGES = Target(
    "raw.file_changes",
    ("repo_id", "commit_sha", "path"),
    update=(
        "old_path",
        "change_kind",
        "is_binary",
        "additions",
        "deletions",
        "blob_sha",
        "old_blob_sha",
    ),
)
MIRROR_RESULTS = Target(
    "ops.mirror_results", ("repo_id",), update=("source", "status", "error", "checked_at")
)
HEAD_FILES = Target(
    "raw.head_files", ("repo_id", "path"), update=("blob_sha", "size_bytes", "language")
)


@dataclass(frozen=True)
class HeadFile:
    path: str
    blob_sha: str
    size_bytes: int
    language: str | None


def load_repository(connection: Connection, source: Source, mirror: Mirror) -> MergeCounts:
    """Bring raw to the mirror's state, in the caller's transaction; a second call writes nothing."""
    with log_unit("repository_loaded", repo_id=mirror.repo_id) as counts:
        row = (
            mirror.repo_id,
            source.location,
            source.kind,
            source.name,
            mirror.default_branch,
            mirror.head_sha,
        )
        merged = merge_rows(connection, REPOSITORIES, [row])
        removed = _remove_vanished(connection, mirror)
        known = _read_known(connection, mirror.repo_id)
        new = list(walk_commits(mirror, known))
        merged += merge_rows(connection, COMMITS, (_commit_row(mirror, c) for c in new))
        merged += merge_rows(connection, FILE_CHANGES, _change_rows(mirror, new))
        merged += _load_head_files(connection, mirror)
        counts["commits_new"], counts["commits_removed"] = len(new), removed
    return merged


def list_head_files(mirror: Mirror) -> Iterator[HeadFile]:
    """Every file of the HEAD commit; submodules and links are left out."""
    repository = open_repository(mirror.path)
    yield from _list_tree(repository, repository[mirror.head_sha].peel(pygit2.Tree), "")


def _list_tree(repository: pygit2.Repository, tree: pygit2.Tree, prefix: str) -> Iterator[HeadFile]:
    for entry in tree:
        path = prefix + decode_text(entry.raw_name or b"")
        if entry.filemode == pygit2.enums.FileMode.TREE:
            yield from _list_tree(repository, entry.peel(pygit2.Tree), path + "/")
        elif entry.filemode in (pygit2.enums.FileMode.BLOB, pygit2.enums.FileMode.BLOB_EXECUTABLE):
            yield _read_head_file(path, entry.peel(pygit2.Blob))


def _read_head_file(path: str, blob: pygit2.Blob) -> HeadFile:
    language = find_script_language(blob.data) if may_be_script(path) else find_language(path)
    return HeadFile(path, str(blob.id), blob.size, language)


def _load_head_files(connection: Connection, mirror: Mirror) -> MergeCounts:
    files = list(list_head_files(mirror))
    connection.execute(
        "delete from raw.head_files where repo_id = %s and path <> all(%s)",
        (mirror.repo_id, [f.path for f in files]),
    )
    rows = ((mirror.repo_id, f.path, f.blob_sha, f.size_bytes, f.language) for f in files)
    return merge_rows(connection, HEAD_FILES, rows)


def _read_known(connection: Connection, repo_id: str) -> set[str]:
    rows = connection.execute(
        "select commit_sha from raw.commits where repo_id = %s", (repo_id,)
    ).fetchall()
    return {row["commit_sha"] for row in rows}


def _remove_vanished(connection: Connection, mirror: Mirror) -> int:
    """Delete commits that a force-push took out of history, with what was loaded and computed for them."""
    reachable = {str(c.id) for c in open_repository(mirror.path).walk(mirror.head_sha)}
    gone = list(_read_known(connection, mirror.repo_id) - reachable)
    if gone:
        for table in ("raw.file_changes", "ops.review_coverage", "ai.findings", "raw.commits"):
            connection.execute(
                f"delete from {table} where repo_id = %s and commit_sha = any(%s)".encode(),  # noqa: S608  fixed names
                (mirror.repo_id, gone),
            )
    return len(gone)


def _commit_row(mirror: Mirror, c: CommitRecord) -> tuple[object, ...]:
    return (
        mirror.repo_id, c.sha, list(c.parent_shas), c.author_name, c.author_email, c.authored_at, c.committed_at,
        c.subject, c.body,
    )  # fmt: skip


def _change_rows(mirror: Mirror, commits: list[CommitRecord]) -> Iterator[tuple[object, ...]]:
    for commit in commits:
        if len(commit.parent_shas) > 1:
            continue  # a merge brings in nothing that its parents did not
        for f in read_changes(mirror, commit.sha):
            yield (
                mirror.repo_id, commit.sha, f.path, f.old_path, f.change_kind, f.is_binary, f.additions, f.deletions,
                f.blob_sha, f.old_blob_sha,
            )  # fmt: skip


def record_mirror(
    connection: Connection, source: Source, status: str, error: str | None, now: datetime
) -> None:
    """Store how the latest attempt to mirror a repository went."""
    merge_rows(connection, MIRROR_RESULTS, [(source.repo_id, source.location, status, error, now)])
