"""Brings a repository's store to its HEAD: chunks, words, vectors, store, manifest row; writes only what is new."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import numpy as np
from filelock import FileLock

from internflow.errors import StaleIndex, UserInputError
from internflow.logs import log_unit
from internflow.repos.chunks import load_chunks
from internflow.repos.mirrors import Mirror
from internflow.retrieval.embeddings import Progress, count_missing, embed_texts
from internflow.retrieval.encoder import Encoder, Vectors
from internflow.retrieval.head_content import HeadContent, NewText, read_head_content
from internflow.retrieval.indexed_files import add_indexed_files, drop_other_files
from internflow.retrieval.lexical import LexicalIndex, build_lexical
from internflow.retrieval.stores import (
    Manifest,
    Store,
    plan_manifest,
    verify_store,
    write_store,
)
from internflow.retrieval.texts import add_names, write_name
from internflow.settings import Settings
from internflow.warehouse.connections import Connection
from internflow.warehouse.merge import Target, merge_rows

MOST_AWAITED = (
    256  # texts that are encoded before anything is shown; more, and words answer meanwhile
)
MANIFESTS = Target(
    "ops.index_manifests",
    key=("repo_id",),
    update=(
        "commit_sha", "chunker", "terms", "model_id", "dimension", "tier", "chunk_count", "size_bytes", "checksum",
        "built_at",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class IndexCounts:
    """`encoded` are the texts that no cache had."""

    chunks: int
    encoded: int
    is_rebuilt: bool


def index_repository(
    settings: Settings,
    connection: Connection,
    mirror: Mirror,
    encoder: Encoder,
    *,
    now: datetime,
    on_progress: Progress | None = None,
    from_scratch: bool = False,
) -> IndexCounts:
    """Bring the store of one repository to the commit that is loaded; encodes only texts never seen before.

    `from_scratch` takes nothing over from the store before, whatever it is.

    Commits the connection as it goes. Only one process at a time works on a repository; another one waits and finds
    the work done. Raises UserInputError when the repository's history was never loaded.
    """
    home = settings.indexes_dir / mirror.repo_id
    home.mkdir(parents=True, exist_ok=True)
    with FileLock(home / "lock"):
        commit_sha = _read_loaded_head(connection, mirror.repo_id)
        with log_unit("repository_indexed", repo_id=mirror.repo_id, commit=commit_sha) as log:
            log["chunks_changed"] = load_chunks(connection, mirror).changed
            connection.commit()
            before = None if from_scratch else _load_before(settings, mirror.repo_id, encoder)
            if before is not None and before.manifest.commit_sha == commit_sha:
                counts = IndexCounts(before.manifest.chunk_count, 0, is_rebuilt=False)
                files = before.passages.list_files()
                add_indexed_files(connection, mirror.repo_id, files)
                drop_other_files(connection, mirror.repo_id, files)
                _record(connection, before.manifest, now)
            else:
                planned = plan_manifest(mirror.repo_id, commit_sha, encoder)
                builder = _Builder(settings, connection, encoder, planned, now, on_progress)
                counts = builder.build(before)
            log.update(asdict(counts))
    return counts


@dataclass(frozen=True)
class _Builder:
    settings: Settings
    connection: Connection
    encoder: Encoder
    planned: Manifest
    now: datetime
    on_progress: Progress | None

    def build(self, before: Store | None) -> IndexCounts:
        """Write the store: at once by words alone when vectors take long, and with them when they are made."""
        content = read_head_content(self.connection, self.planned.repo_id, before)
        lexical = build_lexical(
            before.lexical if before else None,
            content.known_rows,
            [text.terms for text in content.new_texts],
        )
        texts = [text.encoded for text in content.new_texts]
        missing = count_missing(self.connection, texts, self.encoder)
        if missing > MOST_AWAITED:
            self._write(content, lexical, None)
        self._write(content, lexical, self._make_vectors(content, before))
        return IndexCounts(len(content.passages), missing, is_rebuilt=True)

    def _write(self, content: HeadContent, lexical: LexicalIndex, vectors: Vectors | None) -> None:
        repo_id = self.planned.repo_id
        files = {(p.path, p.blob_sha) for p in content.passages}
        add_indexed_files(self.connection, repo_id, files)
        self.connection.commit()
        indexes_dir = self.settings.indexes_dir
        manifest = write_store(indexes_dir, self.planned, content.passages, lexical, vectors)
        drop_other_files(self.connection, repo_id, files)
        _record(self.connection, manifest, self.now)

    def _make_vectors(self, content: HeadContent, before: Store | None) -> Vectors:
        """Vectors in the order of the passages: those of the store before, and new ones with their names' share."""
        vectors = np.zeros((len(content.passages), self.encoder.dimension), dtype=np.float32)
        is_new = np.array([row is None for row in content.known_rows], dtype=bool)
        kept = np.array([row for row in content.known_rows if row is not None], dtype=np.int64)
        if before is not None and before.dense is not None and len(kept):
            vectors[~is_new] = before.dense.read(kept)
        if content.new_texts:
            vectors[is_new] = self._encode(content.new_texts)
        return vectors

    def _encode(self, texts: Sequence[NewText]) -> Vectors:
        encoded = [text.encoded for text in texts]
        plain = embed_texts(self.connection, encoded, self.encoder, self.on_progress)
        names = [
            None if text.passage.is_documented else write_name(text.passage.symbol)
            for text in texts
        ]
        has_name = np.array([name is not None for name in names], dtype=bool)
        of_names = np.zeros_like(plain)
        of_names[has_name] = embed_texts(self.connection, [n for n in names if n], self.encoder)
        return add_names(plain, of_names, has_name)


def _read_loaded_head(connection: Connection, repo_id: str) -> str:
    """The commit at which raw.head_files stands; the mirror itself may be further."""
    row = connection.execute(
        "select head_sha from raw.repositories where repo_id = %s", (repo_id,)
    ).fetchone()
    if row is None:
        raise UserInputError(f"Repository {repo_id} is not loaded yet: run the daily flow first.")
    return str(row["head_sha"])


def _load_before(settings: Settings, repo_id: str, encoder: Encoder) -> Store | None:
    """The store to build on, every byte of it checked; None when none fits, or its vectors were never finished."""
    try:
        store = verify_store(settings.indexes_dir, repo_id, encoder)
    except StaleIndex:
        return None
    return store if store.dense is not None else None


def _record(connection: Connection, manifest: Manifest, now: datetime) -> None:
    """Keep the warehouse's row as the store is; a run may have been killed between the two."""
    values = asdict(manifest)
    row = connection.execute(
        "select checksum, tier, commit_sha from ops.index_manifests where repo_id = %s",
        (manifest.repo_id,),
    ).fetchone()
    if row != {name: values[name] for name in ("checksum", "tier", "commit_sha")}:
        columns = ("repo_id", *MANIFESTS.update[:-1])
        merge_rows(connection, MANIFESTS, [(*(values[name] for name in columns), now)])
    connection.commit()
