"""Texts that wait for their vectors: a queue in the warehouse that any number of workers empty together.

A worker takes a batch and stores its vectors in one transaction: killed in between, it gives the batch back, and what
one has taken no other is given. Whoever waits for texts takes the long ones first and helpers the short ones, so they
seldom meet.
"""

import time
from collections.abc import Mapping, Sequence

from internflow.logs import log_unit
from internflow.retrieval.embeddings import BATCH, Progress, hash_text, store_vectors
from internflow.retrieval.encoder import Encoder
from internflow.warehouse.connections import Connection
from internflow.warehouse.merge import Target, merge_rows

AWAITED = Target("ai.awaited_texts", ("content_hash", "model_id"), keep=("content",))
PAUSE_SECONDS = 0.1  # between two looks at texts that others are encoding
STUCK = "10min"  # a worker that says nothing for so long while it holds a batch loses it

UNFINISHED = """
    select wanted.content_hash, exists (
        select from ai.awaited_texts a where a.content_hash = wanted.content_hash and a.model_id = %(model_id)s
      ) as is_awaited
    from unnest(%(hashes)s::text[]) as wanted (content_hash)
    where not exists (
      select from ai.embeddings e where e.content_hash = wanted.content_hash and e.model_id = %(model_id)s
      and octet_length(e.vector) = %(size)s
    )
"""
TAKE = """
    delete from ai.awaited_texts waiting where ctid = any(array(
      select ctid from ai.awaited_texts where model_id = %(model_id)s {choice} for update skip locked
    ))
    returning content, exists (
      select from ai.embeddings e where e.content_hash = waiting.content_hash and e.model_id = waiting.model_id
      and octet_length(e.vector) = %(size)s
    ) as is_known
"""
TAKE_SOME = TAKE.format(choice="and content_hash = any(%(hashes)s)")
TAKE_SHORTEST = TAKE.format(choice="order by length limit %(limit)s")


def await_texts(connection: Connection, texts: Sequence[str], encoder: Encoder) -> int:
    """Queue those texts that have no vector yet; returns how many wait now. Commits the connection."""
    waiting = {hash_text(text): text for text in texts}
    unfinished = _find_unfinished(connection, list(waiting), encoder)
    _queue(connection, waiting, unfinished, encoder)
    return len(unfinished)


def encode_awaited(
    connection: Connection,
    texts: Sequence[str],
    encoder: Encoder,
    on_progress: Progress | None = None,
) -> None:
    """Return when every text has its vector, whoever made it; encodes what no other worker has taken.

    Commits the connection after each batch. `on_progress(done, total)` counts the texts that have left the queue.
    """
    waiting = {hash_text(text): text for text in texts}
    left = sorted(waiting, key=lambda h: len(waiting[h]), reverse=True)
    with log_unit("awaited_texts_encoded", model=encoder.model_id) as counts:
        counts["awaited"] = counts["encoded"] = 0
        while unfinished := _find_unfinished(connection, left, encoder):
            counts["awaited"] = counts["awaited"] or len(unfinished)
            _queue(connection, waiting, unfinished, encoder)
            encoded, left = 0, list(unfinished)
            for first in range(0, len(left), BATCH):
                hashes = left[first : first + BATCH]
                encoded += _encode_batch(connection, encoder, TAKE_SOME, {"hashes": hashes})
                if on_progress:
                    on_progress(first + len(hashes), len(left))
            counts["encoded"] += encoded
            if not encoded:
                time.sleep(PAUSE_SECONDS)


def help_encode(
    connection: Connection, encoder: Encoder, on_progress: Progress | None = None
) -> int:
    """Encode whatever waits, the shortest texts first, until nothing does; returns how many it encoded.

    Texts that wait for another model are forgotten: this one is the installation's.
    """
    connection.execute("delete from ai.awaited_texts where model_id <> %s", (encoder.model_id,))
    connection.commit()
    done = 0
    with log_unit("helped_to_encode", model=encoder.model_id) as counts:
        while encoded := _encode_batch(connection, encoder, TAKE_SHORTEST, {"limit": BATCH}):
            done += encoded
            if on_progress:
                on_progress(done, done + _count_waiting(connection, encoder))
        counts["encoded"] = done
    return done


def _find_unfinished(
    connection: Connection, hashes: Sequence[str], encoder: Encoder
) -> Mapping[str, bool]:
    """The texts without a vector, in the order given, and whether each is queued or in a worker's hands."""
    asked = {"model_id": encoder.model_id, "hashes": list(hashes), "size": 4 * encoder.dimension}
    rows = connection.execute(UNFINISHED, asked).fetchall()
    connection.commit()
    found = {row["content_hash"]: row["is_awaited"] for row in rows}
    return {h: found[h] for h in hashes if h in found}


def _queue(
    connection: Connection,
    waiting: Mapping[str, str],
    unfinished: Mapping[str, bool],
    encoder: Encoder,
) -> None:
    lost = [h for h, is_awaited in unfinished.items() if not is_awaited]
    if lost:
        merge_rows(connection, AWAITED, ((h, encoder.model_id, waiting[h]) for h in lost))
        connection.commit()


def _encode_batch(
    connection: Connection, encoder: Encoder, statement: str, choice: Mapping[str, object]
) -> int:
    connection.execute(f"set local idle_in_transaction_session_timeout = '{STUCK}'")
    asked = {"model_id": encoder.model_id, "size": 4 * encoder.dimension, **choice}
    rows = connection.execute(statement, asked).fetchall()
    # one may have been queued again by who did not see in time that it was encoded
    texts = [row["content"] for row in rows if not row["is_known"]]
    if texts:
        store_vectors(connection, texts, encoder)
    connection.commit()
    return len(rows)


def _count_waiting(connection: Connection, encoder: Encoder) -> int:
    row = connection.execute(
        "select count(*) as n from ai.awaited_texts where model_id = %s", (encoder.model_id,)
    ).fetchone()
    return int(row["n"]) if row else 0
