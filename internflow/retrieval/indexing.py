"""Brings a repository's store to its HEAD: chunks, embeddings, store, manifest row. Nothing new, nothing written."""

from dataclasses import asdict, dataclass
from datetime import datetime

from internflow.errors import StaleIndex
from internflow.logs import log_unit
from internflow.repos.chunks import CHUNKER, load_chunks
from internflow.repos.mirrors import Mirror
from internflow.retrieval.embeddings import Progress, embed_texts
from internflow.retrieval.encoder import Encoder
from internflow.retrieval.stores import Manifest, StoredPassage, load_store, write_store
from internflow.settings import Settings
from internflow.warehouse.connections import Connection
from internflow.warehouse.merge import Target, merge_rows

MANIFESTS = Target(
    "ops.index_manifests",
    key=("repo_id",),
    update=(
        "commit_sha",
        "chunker",
        "model_id",
        "dimension",
        "chunk_count",
        "checksum",
        "built_at",
    ),
)


@dataclass(frozen=True)
class IndexCounts:
    chunks: int
    is_rebuilt: bool


def index_repository(
    settings: Settings,
    connection: Connection,
    mirror: Mirror,
    encoder: Encoder,
    *,
    now: datetime,
    on_progress: Progress | None = None,
) -> IndexCounts:
    """Bring the store of one repository to the mirror's HEAD; encodes only texts never seen before."""
    with log_unit("repository_indexed", repo_id=mirror.repo_id, commit=mirror.head_sha) as counts:
        counts["chunks_changed"] = load_chunks(connection, mirror).changed
        connection.commit()
        current = _find_current(settings, mirror, encoder)
        if current is not None:
            counts["chunks"] = current.chunk_count
            if not _has_row(connection, current):  # killed between the store and its row
                merge_rows(connection, MANIFESTS, [(*asdict(current).values(), now)])
            return IndexCounts(current.chunk_count, is_rebuilt=False)
        passages, texts = _read_passages(connection, mirror.repo_id)
        vectors = embed_texts(connection, texts, encoder, on_progress)
        wanted = Manifest(
            mirror.repo_id, mirror.head_sha, CHUNKER, encoder.model_id, encoder.dimension, 0, ""
        )
        manifest = write_store(settings.indexes_dir, wanted, passages, vectors)
        merge_rows(connection, MANIFESTS, [(*asdict(manifest).values(), now)])
        connection.commit()
        counts["chunks"] = len(passages)
        return IndexCounts(len(passages), is_rebuilt=True)


def build_embedded_text(language: str, path: str, symbol: str | None, content: str) -> str:
    """What the encoder sees of a chunk: the file's name and the symbol carry meaning that the body may lack."""
    name = path.rsplit("/", 1)[-1]
    return f"{language} {name} {symbol or ''}\n{content}"


def _find_current(settings: Settings, mirror: Mirror, encoder: Encoder) -> Manifest | None:
    try:
        manifest = load_store(settings.indexes_dir, mirror.repo_id, encoder).manifest
    except StaleIndex:
        return None
    return (
        manifest if (manifest.commit_sha, manifest.chunker) == (mirror.head_sha, CHUNKER) else None
    )


def _has_row(connection: Connection, manifest: Manifest) -> bool:
    row = connection.execute(
        "select checksum from ops.index_manifests where repo_id = %s", (manifest.repo_id,)
    ).fetchone()
    return row is not None and row["checksum"] == manifest.checksum


def _read_passages(connection: Connection, repo_id: str) -> tuple[list[StoredPassage], list[str]]:
    rows = connection.execute(
        "select f.path, c.start_line, c.end_line, c.symbol, c.blob_sha, c.ordinal, c.language, c.content"
        " from raw.head_files f join raw.chunks c using (blob_sha)"
        " where f.repo_id = %s and c.chunker = %s order by f.path, c.ordinal",
        (repo_id, CHUNKER),
    ).fetchall()
    passages = [
        StoredPassage(
            r["path"], r["start_line"], r["end_line"], r["symbol"], r["blob_sha"], r["ordinal"]
        )
        for r in rows
    ]
    return passages, [
        build_embedded_text(r["language"], r["path"], r["symbol"], r["content"]) for r in rows
    ]
