"""Whether a repository's index is what it says: every byte as it was written, every row a chunk of its commit."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from internflow.errors import StaleIndex
from internflow.repos.chunks import CHUNKER, MOST_BYTES
from internflow.repos.languages import is_generated_or_vendored
from internflow.repos.loading import HeadFile, list_head_files
from internflow.repos.mirrors import Mirror, count_commits_between, open_repository
from internflow.retrieval.encoder import Encoder
from internflow.retrieval.passages import StoredPassage
from internflow.retrieval.stores import Manifest, Tier, verify_store
from internflow.settings import Settings
from internflow.warehouse.connections import Connection

OF_BLOBS = """
    select blob_sha, ordinal, start_line, end_line, symbol, language, kind, content_hash
    from raw.chunks where chunker = %s and blob_sha = any(%s)
"""

Row = tuple[object, ...]


@dataclass(frozen=True)
class Verified:
    """A sound index: the commit that it stands at, how far the mirror is ahead of it, and what it holds."""

    commit_sha: str
    behind: int
    tier: Tier
    chunk_count: int


def verify_index(
    settings: Settings, connection: Connection, mirror: Mirror, encoder: Encoder
) -> Verified:
    """Check manifest, checksums, the warehouse's record of it and every row; being behind is told, not raised.

    Raises StaleIndex, which names the fix, when the index is absent or one of these does not hold.
    """
    store = verify_store(settings.indexes_dir, mirror.repo_id, encoder)
    manifest = store.manifest
    _check_record(connection, manifest)
    if manifest.commit_sha not in open_repository(mirror.path):
        raise _unsound(manifest, "stands at a commit that the mirror no longer has")
    passages = store.passages.read_all()
    if len(passages) != manifest.chunk_count:
        raise _unsound(
            manifest, f"has {len(passages)} rows where {manifest.chunk_count} were written"
        )
    _check_rows(connection, replace(mirror, head_sha=manifest.commit_sha), manifest, passages)
    behind = count_commits_between(mirror, manifest.commit_sha, mirror.head_sha)
    return Verified(manifest.commit_sha, behind, manifest.tier, manifest.chunk_count)


def _check_record(connection: Connection, manifest: Manifest) -> None:
    row = connection.execute(
        "select commit_sha, tier, checksum from ops.index_manifests where repo_id = %s",
        (manifest.repo_id,),
    ).fetchone()
    told = asdict(manifest)
    if row != {name: told[name] for name in ("commit_sha", "tier", "checksum")}:
        raise StaleIndex(
            f"The index of {manifest.repo_id} is not the one that the database has on record:"
            " run `internflow index build REPO`."
        )


def _check_rows(
    connection: Connection, at_commit: Mirror, manifest: Manifest, passages: list[StoredPassage]
) -> None:
    files = [f for f in list_head_files(at_commit) if not is_generated_or_vendored(f.path)]
    chunks = _read_chunks(connection, sorted({f.blob_sha for f in files}))
    stored = {_describe(p.path, asdict(p)) for p in passages}
    # A file that is not searched may have the content of one elsewhere that is: it may have rows, it need not.
    possible = set(_list_rows(files, chunks))
    needed = set(_list_rows([f for f in files if _is_searched(f)], chunks))
    if strange := stored - possible:
        place = sorted(f"{row[0]}:{row[3]}" for row in strange)[0]
        raise _unsound(
            manifest, f"has {len(strange)} rows that are no chunk of it, such as {place}"
        )
    if lacking := needed - stored:
        place = sorted(f"{row[0]}:{row[3]}" for row in lacking)[0]
        raise _unsound(manifest, f"lacks {len(lacking)} chunks of it, such as {place}")


def _read_chunks(connection: Connection, blobs: list[str]) -> dict[str, list[dict[str, Any]]]:
    chunks: dict[str, list[dict[str, Any]]] = {}
    for row in connection.execute(OF_BLOBS, (CHUNKER, blobs)):
        chunks.setdefault(row["blob_sha"], []).append(row)
    return chunks


def _list_rows(files: list[HeadFile], chunks: dict[str, list[dict[str, Any]]]) -> Iterator[Row]:
    for file in files:
        for chunk in chunks.get(file.blob_sha, ()):
            yield _describe(file.path, chunk)


def _describe(path: str, told: dict[str, Any]) -> Row:
    names = ("blob_sha", "ordinal", "start_line", "end_line", "symbol", "language", "kind")
    return (path, *(told[name] for name in (*names, "content_hash")))


def _is_searched(file: HeadFile) -> bool:
    return file.language is not None and file.size_bytes <= MOST_BYTES


def _unsound(manifest: Manifest, what: str) -> StaleIndex:
    return StaleIndex(
        f"The index of {manifest.repo_id} at commit {manifest.commit_sha[:8]} {what}:"
        " rebuild it with `internflow index rebuild REPO`."
    )
