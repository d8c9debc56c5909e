"""Brings a repository's store to its HEAD: chunks, words, vectors, store, manifest row; writes only what is new."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from filelock import FileLock

from internflow.errors import StaleIndex, UserInputError
from internflow.logs import log_unit
from internflow.repos.chunks import load_chunks
from internflow.repos.mirrors import Mirror
from internflow.retrieval.awaited import await_texts, encode_awaited
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
    """`encoded` are the texts that no cache had; `awaited` those that wait for their vectors still."""

    chunks: int
    encoded: int
    is_rebuilt: bool
    awaited: int = 0


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

    Commits the connection as it goes. Only one process at a time writes a repository's store; several share what is
    to be encoded. Raises UserInputError when the repository's history was never loaded.
    """
    run = _Run(settings, connection, mirror.repo_id, encoder, now, on_progress)
    return run.index(mirror, from_scratch=from_scratch)


def index_first_tier(
    settings: Settings, connection: Connection, mirror: Mirror, encoder: Encoder, *, now: datetime
) -> IndexCounts:
    """As `index_repository`, but where vectors take long it returns when words answer.

    The texts are queued by then for whoever encodes: `index_repository` completes the store.
    """
    return _Run(settings, connection, mirror.repo_id, encoder, now).index(mirror, first_tier=True)


@dataclass(frozen=True)
class _Begun:
    """A store that answers by words, and what it takes to write it with vectors."""

    planned: Manifest
    content: HeadContent
    lexical: LexicalIndex
    before: Store | None
    counts: IndexCounts

    @property
    def texts(self) -> list[str]:
        """All that is encoded for it: code, and names."""
        new = self.content.new_texts
        return [*(text.encoded for text in new), *filter(None, _write_names(new))]


@dataclass(frozen=True)
class _Run:
    settings: Settings
    connection: Connection
    repo_id: str
    encoder: Encoder
    now: datetime
    on_progress: Progress | None = None

    def index(
        self, mirror: Mirror, *, from_scratch: bool = False, first_tier: bool = False
    ) -> IndexCounts:
        with log_unit("repository_indexed", repo_id=self.repo_id) as log:
            counts = self._bring_up(mirror, log, from_scratch=from_scratch, first_tier=first_tier)
            log.update(asdict(counts))
        return counts

    def _bring_up(
        self, mirror: Mirror, log: dict[str, Any], *, from_scratch: bool, first_tier: bool
    ) -> IndexCounts:
        """Hold the repository while something is written, but not while texts are encoded, which may take hours."""
        while True:
            with self._holding():
                log["commit"] = _read_loaded_head(self.connection, self.repo_id)
                log["chunks_changed"] = load_chunks(self.connection, mirror).changed
                self.connection.commit()
                begun = self._begin(log["commit"], None if from_scratch else self._load_current())
            if isinstance(begun, IndexCounts):
                return begun
            if first_tier:
                waiting = await_texts(self.connection, begun.texts, self.encoder)
                return replace(begun.counts, awaited=waiting)
            encode_awaited(self.connection, begun.texts, self.encoder, self.on_progress)
            with self._holding():
                if self._complete(begun):
                    return begun.counts

    @contextmanager
    def _holding(self) -> Iterator[None]:
        home = self.settings.indexes_dir / self.repo_id
        home.mkdir(parents=True, exist_ok=True)
        with FileLock(home / "lock"):
            yield

    def _load_current(self) -> Store | None:
        """The store that there is, every byte of it checked; None when none fits."""
        try:
            return verify_store(self.settings.indexes_dir, self.repo_id, self.encoder)
        except StaleIndex:
            return None

    def _keep(self, current: Store) -> IndexCounts:
        files = current.passages.list_files()
        add_indexed_files(self.connection, self.repo_id, files)
        drop_other_files(self.connection, self.repo_id, files)
        self._record(current.manifest)
        return IndexCounts(current.manifest.chunk_count, 0, is_rebuilt=False)

    def _begin(self, commit_sha: str, current: Store | None) -> "IndexCounts | _Begun":
        """Make the store searchable: whole when few vectors are missing, else by words alone and begun."""
        if current and current.dense and current.manifest.commit_sha == commit_sha:
            return self._keep(current)
        planned = plan_manifest(self.repo_id, commit_sha, self.encoder)
        before = current if current and current.dense else None
        content = read_head_content(self.connection, self.repo_id, before)
        lexical = build_lexical(
            before.lexical if before else None,
            content.known_rows,
            [text.terms for text in content.new_texts],
        )
        texts = [text.encoded for text in content.new_texts]
        missing = count_missing(self.connection, texts, self.encoder)
        counts = IndexCounts(len(content.passages), missing, is_rebuilt=True)
        begun = _Begun(planned, content, lexical, before, counts)
        if count_missing(self.connection, begun.texts, self.encoder) <= MOST_AWAITED:
            # through the queue as well: another repository's run may have the same texts in hand
            encode_awaited(self.connection, begun.texts, self.encoder, self.on_progress)
            self._write(planned, content, lexical, self._make_vectors(content, before))
            return counts
        if current and current.manifest.commit_sha == commit_sha:
            self._record(current.manifest)
        else:
            self._write(planned, content, lexical, None)
        return begun

    def _complete(self, begun: "_Begun") -> bool:
        """Write what was begun, or see that another process has; False when newer commits were loaded meanwhile."""
        commit_sha = begun.planned.commit_sha
        if _read_loaded_head(self.connection, self.repo_id) != commit_sha:
            return False
        current = self._load_current()
        if current and current.dense and current.manifest.commit_sha == commit_sha:
            self._keep(current)
        else:
            vectors = self._make_vectors(begun.content, begun.before)
            self._write(begun.planned, begun.content, begun.lexical, vectors)
        return True

    def _write(
        self,
        planned: Manifest,
        content: HeadContent,
        lexical: LexicalIndex,
        vectors: Vectors | None,
    ) -> None:
        files = {(p.path, p.blob_sha) for p in content.passages}
        add_indexed_files(self.connection, self.repo_id, files)
        self.connection.commit()
        indexes_dir = self.settings.indexes_dir
        manifest = write_store(indexes_dir, planned, content.passages, lexical, vectors)
        drop_other_files(self.connection, self.repo_id, files)
        self._record(manifest)

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
        plain = embed_texts(self.connection, encoded, self.encoder)
        names = _write_names(texts)
        has_name = np.array([name is not None for name in names], dtype=bool)
        of_names = np.zeros_like(plain)
        of_names[has_name] = embed_texts(self.connection, [n for n in names if n], self.encoder)
        return add_names(plain, of_names, has_name)

    def _record(self, manifest: Manifest) -> None:
        """Keep the warehouse's row as the store is; a run may have been killed between the two."""
        values = asdict(manifest)
        row = self.connection.execute(
            "select checksum, tier, commit_sha from ops.index_manifests where repo_id = %s",
            (self.repo_id,),
        ).fetchone()
        if row != {name: values[name] for name in ("checksum", "tier", "commit_sha")}:
            columns = ("repo_id", *MANIFESTS.update[:-1])
            merge_rows(
                self.connection, MANIFESTS, [(*(values[name] for name in columns), self.now)]
            )
        self.connection.commit()


def _read_loaded_head(connection: Connection, repo_id: str) -> str:
    """The commit at which raw.head_files stands; the mirror itself may be further."""
    row = connection.execute(
        "select head_sha from raw.repositories where repo_id = %s", (repo_id,)
    ).fetchone()
    if row is None:
        raise UserInputError(f"Repository {repo_id} is not loaded yet: run the daily flow first.")
    return str(row["head_sha"])


def _write_names(texts: Sequence[NewText]) -> list[str | None]:
    """What is encoded of a chunk's name; None where its own words say more."""
    return [
        None if text.passage.is_documented else write_name(text.passage.symbol) for text in texts
    ]
