"""What a repository has at HEAD, beside what its store has already: passages, and the texts of the new ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from internflow.repos.chunks import CHUNKER, build_embedded_text
from internflow.repos.languages import is_generated_or_vendored
from internflow.retrieval.passages import StoredPassage
from internflow.retrieval.stores import Store
from internflow.retrieval.texts import is_documented, list_terms
from internflow.warehouse.connections import Connection

AT_HEAD = """
    select f.path, c.start_line, c.end_line, c.symbol, c.language, c.kind, c.blob_sha, c.ordinal, c.content_hash
    from raw.head_files f join raw.chunks c using (blob_sha)
    where f.repo_id = %s and c.chunker = %s order by f.path, c.ordinal
"""
CONTENTS = """
    select c.blob_sha, c.ordinal, c.header, c.content from raw.chunks c
    where c.chunker = %s and c.blob_sha = any(%s)
"""

Key = tuple[str, str, int]


@dataclass(frozen=True)
class NewText:
    """A passage that the store does not have: what is encoded of it, and the terms that it is found by."""

    passage: StoredPassage
    encoded: str
    terms: list[str]


@dataclass(frozen=True)
class HeadContent:
    """HEAD's passages in order, where each stands in the store before (None: nowhere), and the new ones' texts."""

    passages: list[StoredPassage]
    known_rows: list[int | None]
    new_texts: list[NewText]


def read_head_content(connection: Connection, repo_id: str, before: Store | None) -> HeadContent:
    """A vendored copy of a known blob is left out; rows of the store before are known by path, blob and place."""
    found = connection.execute(AT_HEAD, (repo_id, CHUNKER)).fetchall()
    rows = [r for r in found if not is_generated_or_vendored(r["path"])]
    kept = before.passages.read_all() if before else []
    known = {(p.path, p.blob_sha, p.ordinal): row for row, p in enumerate(kept)}
    known_rows = [known.get((r["path"], r["blob_sha"], r["ordinal"])) for r in rows]
    fresh = [r for r, row in zip(rows, known_rows, strict=True) if row is None]
    new = iter(texts := _build_new_texts(connection, fresh))
    passages = [next(new).passage if row is None else kept[row] for row in known_rows]
    return HeadContent(passages, known_rows, texts)


def _build_new_texts(connection: Connection, rows: Sequence[dict[str, Any]]) -> list[NewText]:
    blobs = sorted({row["blob_sha"] for row in rows})
    found = connection.execute(CONTENTS, (CHUNKER, blobs)).fetchall()
    contents = {(r["blob_sha"], r["ordinal"]): (r["header"], r["content"]) for r in found}
    texts = []
    for r in rows:
        header, content = contents[r["blob_sha"], r["ordinal"]]
        passage = StoredPassage(**r, is_documented=is_documented(r["kind"], content))
        encoded = build_embedded_text(r["language"], r["symbol"], header, content)
        texts.append(NewText(passage, encoded, list_terms(r["path"], r["symbol"], content)))
    return texts
