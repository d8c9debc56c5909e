"""Brings a repository's store to its HEAD: chunks, embeddings, store, manifest row. Nothing new, nothing written."""

from dataclasses import asdict, dataclass
from datetime import datetime

from internflow.errors import StaleIndex, UserInputError
from internflow.logs import log_unit
from internflow.repos.chunks import CHUNKER, build_embedded_text, load_chunks
from internflow.repos.languages import is_generated_or_vendored
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
    """Bring the store of one repository to the commit that is loaded; encodes only texts never seen before.

    Commits the connection as it goes. Raises UserInputError when the repository's history was never loaded.
    """
    commit_sha = _read_loaded_head(connection, mirror.repo_id)
    with log_unit("repository_indexed", repo_id=mirror.repo_id, commit=commit_sha) as counts:
        counts["chunks_changed"] = load_chunks(connection, mirror).changed
        connection.commit()
        manifest = _find_fitting(settings, mirror.repo_id, commit_sha, encoder)
        is_rebuilt = manifest is None
        if manifest is None:
            passages, texts = _read_passages(connection, mirror.repo_id)
            vectors = embed_texts(connection, texts, encoder, on_progress)
            wanted = Manifest(
                mirror.repo_id, commit_sha, CHUNKER, encoder.model_id, encoder.dimension, 0, ""
            )
            manifest = write_store(settings.indexes_dir, wanted, passages, vectors)
        if not _has_row(connection, manifest):  # a run may have been killed between the two
            merge_rows(connection, MANIFESTS, [(*asdict(manifest).values(), now)])
            connection.commit()
        counts["chunks"], counts["is_rebuilt"] = manifest.chunk_count, is_rebuilt
    return IndexCounts(manifest.chunk_count, is_rebuilt)


def _read_loaded_head(connection: Connection, repo_id: str) -> str:
    """The commit at which raw.head_files stands; the mirror itself may be further."""
    row = connection.execute(
        "select head_sha from raw.repositories where repo_id = %s", (repo_id,)
    ).fetchone()
    if row is None:
        raise UserInputError(f"Repository {repo_id} is not loaded yet: run the daily flow first.")
    return str(row["head_sha"])


def _find_fitting(
    settings: Settings, repo_id: str, commit_sha: str, encoder: Encoder
) -> Manifest | None:
    try:
        manifest = load_store(settings.indexes_dir, repo_id, encoder).manifest
    except StaleIndex:
        return None
    return manifest if manifest.commit_sha == commit_sha else None


def _has_row(connection: Connection, manifest: Manifest) -> bool:
    row = connection.execute(
        "select commit_sha, checksum from ops.index_manifests where repo_id = %s",
        (manifest.repo_id,),
    ).fetchone()
    return row == {"commit_sha": manifest.commit_sha, "checksum": manifest.checksum}


def _read_passages(connection: Connection, repo_id: str) -> tuple[list[StoredPassage], list[str]]:
    """Where the chunks of HEAD stand, and the texts to encode. A vendored copy of a known blob is left out."""
    found = connection.execute(
        "select f.path, c.start_line, c.end_line, c.symbol, c.blob_sha, c.ordinal, c.language, c.header,"
        " c.content"
        " from raw.head_files f join raw.chunks c using (blob_sha)"
        " where f.repo_id = %s and c.chunker = %s order by f.path, c.ordinal",
        (repo_id, CHUNKER),
    ).fetchall()
    rows = [r for r in found if not is_generated_or_vendored(r["path"])]
    passages = [
        StoredPassage(
            r["path"], r["start_line"], r["end_line"], r["symbol"], r["blob_sha"], r["ordinal"]
        )
        for r in rows
    ]
    return passages, [
        build_embedded_text(r["language"], r["symbol"], r["header"], r["content"]) for r in rows
    ]
