"""Loads a mirror's history into raw: only commits not known yet are read; what vanished from history is removed."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import datetime

import pygit2

from internflow.logs import log_unit
from internflow.repos.history import (
    CommitRecord,
    decode_text,
    find_changes,
    measure_blob,
    read_mailmap,
    walk_commits,
)
from internflow.repos.languages import (
    find_language,
    find_script_language,
    is_generated,
    is_vendored,
    may_be_script,
)
from internflow.repos.mirrors import Mirror, open_repository
from internflow.repos.vetting import Source
from internflow.warehouse.connections import Connection
from internflow.warehouse.merge import MergeCounts, Target, merge_rows

READER = "2"  # raised when what is read of a commit or told of a path changes
TABLES_BY_COMMIT = (
    "raw.file_changes", "ops.review_coverage", "ai.findings", "ai.narrations", "raw.commits",
)  # fmt: skip

REPOSITORIES = Target(
    "raw.repositories",
    ("repo_id",),
    update=("source", "source_kind", "name", "default_branch", "head_sha", "history_reader"),
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
        "raw_author_name",
        "raw_author_email",
        "committer_name",
        "committer_email",
        "co_author_names",
        "co_author_emails",
        "signature_state",
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
        "language",
        "is_generated",
        "is_vendored",
    ),
)
MIRROR_RESULTS = Target(
    "ops.mirror_results", ("repo_id",), update=("source", "status", "error", "checked_at")
)
HEAD_FILES = Target(
    "raw.head_files", ("repo_id", "path"), update=("blob_sha", "size_bytes", "language")
)


LARGEST_SCRIPT = (
    512 * 1024
)  # bytes; a larger file without an ending is not opened to see what it is


@dataclass(frozen=True)
class HeadFile:
    path: str
    blob_sha: str
    size_bytes: int
    language: str | None


def load_repository(connection: Connection, source: Source, mirror: Mirror) -> MergeCounts:
    """Bring raw to the mirror's state, in the caller's transaction; a second call writes nothing."""
    with log_unit("repository_loaded", repo_id=mirror.repo_id) as counts:
        reader = _name_reader(mirror)
        removed = _remove_vanished(connection, mirror)
        known = _read_known(connection, mirror.repo_id, reader)
        row = (
            mirror.repo_id,
            source.location,
            source.kind,
            source.name,
            mirror.default_branch,
            mirror.head_sha,
            reader,
        )
        merged = merge_rows(connection, REPOSITORIES, [row])
        # The history is walked twice, so that no list of it is held.
        commits = merge_rows(
            connection, COMMITS, (_commit_row(mirror, c) for c in walk_commits(mirror, known))
        )
        merged += commits
        merged += merge_rows(connection, FILE_CHANGES, _change_rows(mirror, known))
        merged += _load_head_files(connection, mirror)
        counts["commits_new"], counts["commits_removed"] = commits.inserted, removed
    return merged


def _name_reader(mirror: Mirror) -> str:
    """By what the history is read: our rules and the mailmap. When either changes, all of it is read again."""
    mailmap = read_mailmap(open_repository(mirror.path), mirror.head_sha)
    return f"{READER}:{mailmap.blob_sha}"


def list_head_files(mirror: Mirror) -> Iterator[HeadFile]:
    """Every file of the HEAD commit; submodules, links and what the mirror lacks are left out."""
    repository = open_repository(mirror.path)
    yield from _list_tree(repository, repository[mirror.head_sha].peel(pygit2.Tree), "")


def _list_tree(repository: pygit2.Repository, tree: pygit2.Tree, prefix: str) -> Iterator[HeadFile]:
    for entry in tree:
        path = prefix + decode_text(entry.raw_name or b"")
        if entry.filemode == pygit2.enums.FileMode.TREE:
            yield from _list_tree(repository, entry.peel(pygit2.Tree), path + "/")
        elif entry.filemode in (pygit2.enums.FileMode.BLOB, pygit2.enums.FileMode.BLOB_EXECUTABLE):
            size = measure_blob(repository, entry.id)
            if size is not None:
                is_script = may_be_script(path) and size <= LARGEST_SCRIPT
                language = (
                    find_script_language(entry.peel(pygit2.Blob).data)
                    if is_script
                    else find_language(path)
                )
                yield HeadFile(path, str(entry.id), size, language)


def _load_head_files(connection: Connection, mirror: Mirror) -> MergeCounts:
    files = list(list_head_files(mirror))
    connection.execute(
        "delete from raw.head_files where repo_id = %s and path <> all(%s)",
        (mirror.repo_id, [f.path for f in files]),
    )
    rows = ((mirror.repo_id, f.path, f.blob_sha, f.size_bytes, f.language) for f in files)
    return merge_rows(connection, HEAD_FILES, rows)


def _read_known(connection: Connection, repo_id: str, reader: str) -> set[str]:
    """The commits that were read by this reader; none of them when another read the repository."""
    rows = connection.execute(
        "select c.commit_sha from raw.commits c join raw.repositories r using (repo_id)"
        " where repo_id = %s and r.history_reader = %s",
        (repo_id, reader),
    ).fetchall()
    return {row["commit_sha"] for row in rows}


def _remove_vanished(connection: Connection, mirror: Mirror) -> int:
    """Delete commits that a force-push took out of history, with what was loaded and computed for them."""
    stored = connection.execute(
        "select commit_sha from raw.commits where repo_id = %s", (mirror.repo_id,)
    ).fetchall()
    reachable = {str(c.id) for c in open_repository(mirror.path).walk(mirror.head_sha)}
    gone = [row["commit_sha"] for row in stored if row["commit_sha"] not in reachable]
    if gone:
        for table in TABLES_BY_COMMIT:
            connection.execute(
                f"delete from {table} where repo_id = %s and commit_sha = any(%s)".encode(),  # noqa: S608  fixed names
                (mirror.repo_id, gone),
            )
    return len(gone)


def _commit_row(mirror: Mirror, c: CommitRecord) -> tuple[object, ...]:
    return (
        mirror.repo_id, c.sha, list(c.parent_shas), c.author.name, c.author.email, c.authored_at, c.committed_at,
        c.subject, c.body, c.raw_author.name, c.raw_author.email, c.committer.name, c.committer.email,
        [a.name for a in c.co_authors], [a.email for a in c.co_authors], c.signature_state,
    )  # fmt: skip


def _change_rows(mirror: Mirror, known: Set[str]) -> Iterator[tuple[object, ...]]:
    repository = open_repository(mirror.path)
    for commit in walk_commits(mirror, known):
        if len(commit.parent_shas) > 1:
            continue  # a merge brings in nothing that its parents did not
        for f in find_changes(repository, commit.sha):
            yield (
                mirror.repo_id, commit.sha, f.path, f.old_path, f.change_kind, f.is_binary, f.additions, f.deletions,
                f.blob_sha, f.old_blob_sha, find_language(f.path), is_generated(f.path), is_vendored(f.path),
            )  # fmt: skip


def record_mirror(
    connection: Connection, source: Source, status: str, error: str | None, now: datetime
) -> None:
    """Store how the latest attempt to mirror a repository went."""
    merge_rows(connection, MIRROR_RESULTS, [(source.repo_id, source.location, status, error, now)])
