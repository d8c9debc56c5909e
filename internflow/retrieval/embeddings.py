"""Embeddings by content: every distinct text is encoded once, for all repositories, listings and students."""

import hashlib
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from internflow.logs import log_unit
from internflow.retrieval.encoder import Encoder, Vectors
from internflow.warehouse.connections import Connection

# In the order of the keys, so that two workers never wait for each other. A batch is small and there are many: a
# temporary table for each, as larger loads have, took longer than all else.
KEEP = """
    insert into ai.embeddings as stored (content_hash, model_id, vector)
    select content_hash, %s, vector from unnest(%b::text[], %b::bytea[]) as made (content_hash, vector)
    order by content_hash
    on conflict (content_hash, model_id) do update set vector = excluded.vector
    where stored.vector is distinct from excluded.vector
"""
BATCH = 128  # texts between two commits: what a killed run has to encode again at most

Progress = Callable[[int, int], None]


def embed_texts(connection: Connection, texts: Sequence[str], encoder: Encoder) -> Vectors:
    """Unit vectors of shape (len(texts), dimension), from the warehouse where they are known.

    Commits the connection after each batch of new vectors.
    """
    hashes = [hash_text(text) for text in texts]
    known = _read_vectors(connection, sorted(set(hashes)), encoder)
    missing = {h: t for h, t in zip(hashes, texts, strict=True) if h not in known}
    if missing:
        with log_unit("texts_embedded", model=encoder.model_id) as counts:
            counts["encoded"], counts["known"] = len(missing), len(known)
            for batch in _batches(missing):
                vectors = store_vectors(connection, [text for _hash, text in batch], encoder)
                connection.commit()
                known.update((h, v) for (h, _text), v in zip(batch, vectors, strict=True))
    if not texts:
        return np.zeros((0, encoder.dimension), dtype=np.float32)
    return np.stack([known[h] for h in hashes]).astype(np.float32)


def store_vectors(connection: Connection, texts: Sequence[str], encoder: Encoder) -> Vectors:
    """Encode texts and keep their vectors, in the caller's transaction."""
    vectors = encoder.encode(texts)
    hashes = [hash_text(text) for text in texts]
    connection.execute(
        KEEP, (encoder.model_id, hashes, [vector.astype("<f4").tobytes() for vector in vectors])
    )
    return vectors


def count_missing(connection: Connection, texts: Sequence[str], encoder: Encoder) -> int:
    """How many distinct texts no cached vector stands for."""
    hashes = sorted({hash_text(text) for text in texts})
    row = connection.execute(
        "select count(*) as n from unnest(%s::text[]) as wanted (content_hash)"
        " where not exists (select from ai.embeddings e where e.content_hash = wanted.content_hash"
        " and e.model_id = %s and octet_length(e.vector) = %s)",
        (hashes, encoder.model_id, 4 * encoder.dimension),
    ).fetchone()
    return int(row["n"]) if row else 0


def hash_text(text: str) -> str:
    """Key of a text in ai.embeddings."""
    return hashlib.sha256(text.encode()).hexdigest()


def _read_vectors(
    connection: Connection, hashes: Sequence[str], encoder: Encoder
) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float32]]]:
    rows = connection.execute(
        "select content_hash, vector from ai.embeddings"
        " where model_id = %s and content_hash = any(%s) and octet_length(vector) = %s",
        (encoder.model_id, list(hashes), 4 * encoder.dimension),
    ).fetchall()
    return {row["content_hash"]: np.frombuffer(row["vector"], dtype="<f4") for row in rows}


def _batches(missing: dict[str, str]) -> Iterator[list[tuple[str, str]]]:
    """Batches of texts of like length, so that little is padded."""
    ordered = sorted(missing.items(), key=lambda item: len(item[1]), reverse=True)
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]
