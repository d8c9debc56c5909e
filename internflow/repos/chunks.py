"""Cuts files into chunks for search: functions and classes by tree-sitter, documents by heading, the rest by lines.

Every line that is not blank lies in exactly one chunk, except in files that are left out as a whole.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from internflow.logs import log_unit
from internflow.repos.history import decode_text, read_blob
from internflow.repos.languages import find_language, is_generated_or_vendored
from internflow.repos.mirrors import Mirror
from internflow.repos.spans import Span, find_spans
from internflow.warehouse.connections import Connection
from internflow.warehouse.merge import MergeCounts, Target, merge_rows

CHUNKER = "treesitter-2"
MOST_BYTES = 512 * 1024
MOST_LINES = 80
TEXT_BLOCK_LINES = 60
MOST_SPANS = 2_000  # a file of more definitions is data; every chunk costs an encoding
PROSE = frozenset({"markdown", "text"})
LONGEST_MEAN_LINE = 250  # code with longer lines is minified or data

CHUNKS = Target(
    "raw.chunks",
    ("blob_sha", "chunker", "ordinal"),
    update=("language", "kind", "symbol", "start_line", "end_line", "content", "content_hash"),
)


@dataclass(frozen=True)
class Chunk:
    """A run of whole lines of one file; lines count from 1, both ends included."""

    language: str
    kind: str
    symbol: str | None
    start_line: int
    end_line: int
    content: str

    @property
    def content_hash(self) -> str:
        """Key of its vector in ai.embeddings."""
        text = build_embedded_text(self.language, self.symbol, self.content)
        return hashlib.sha256(text.encode()).hexdigest()


def build_embedded_text(language: str, symbol: str | None, content: str) -> str:
    """What the encoder sees of a chunk. Without the path: a file that moves keeps its vectors."""
    return f"{language} {symbol or ''}\n{content}"


def chunk_file(path: str, data: bytes) -> list[Chunk]:
    """The chunks of a file; none for binary, huge, minified, vendored or unknown files."""
    language = find_language(path)
    if language is None or is_generated_or_vendored(path):
        return []
    if len(data) > MOST_BYTES or b"\0" in data[:8000]:
        return []
    lines = decode_text(data).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if language not in PROSE and _is_minified(lines):
        return []
    spans = find_spans(language, lines)
    if len(spans) > MOST_SPANS:
        spans = [Span("text", None, 1, len(lines))]
    return [chunk for span in spans for chunk in _cut(language, span, lines)]


def load_chunks(connection: Connection, mirror: Mirror) -> MergeCounts:
    """Chunk the blobs at HEAD that no repository has chunked yet."""
    rows = connection.execute(
        "select blob_sha, path from raw.head_files f where repo_id = %s and language is not null"
        " and size_bytes <= %s"
        " and not exists (select from raw.chunks c where c.blob_sha = f.blob_sha and c.chunker = %s)"
        " order by path desc",
        (mirror.repo_id, MOST_BYTES, CHUNKER),
    ).fetchall()
    # The same blob may lie at several paths, in a vendored folder too: the first own path counts.
    paths = {r["blob_sha"]: r["path"] for r in rows if not is_generated_or_vendored(r["path"])}
    with log_unit("blobs_chunked", repo_id=mirror.repo_id) as counts:
        merged = merge_rows(connection, CHUNKS, _chunk_rows(mirror, paths))
        counts["blobs"], counts["chunks"] = len(paths), merged.inserted
    return merged


def _chunk_rows(mirror: Mirror, paths: dict[str, str]) -> Iterator[tuple[object, ...]]:
    for blob_sha, path in paths.items():
        for ordinal, c in enumerate(chunk_file(path, read_blob(mirror, blob_sha))):
            yield (
                blob_sha, CHUNKER, ordinal, c.language, c.kind, c.symbol, c.start_line, c.end_line, c.content,
                c.content_hash,
            )  # fmt: skip


def _is_minified(lines: Sequence[str]) -> bool:
    written = [len(line) for line in lines if line.strip()]
    return bool(written) and sum(written) / len(written) > LONGEST_MEAN_LINE


def _cut(language: str, span: Span, lines: list[str]) -> Iterator[Chunk]:
    """Chunks of a span: at most MOST_LINES each, cut at a blank line where one is near; blank ends are left off."""
    most = MOST_LINES if span.kind != "text" else TEXT_BLOCK_LINES
    start = span.start
    while start <= span.end:
        end = min(span.end, start + most - 1)
        if end < span.end:
            end = _last_blank(lines, start + most // 2, end) or end
        first, last = _trim(lines, start, end)
        if first <= last:
            yield Chunk(
                language, span.kind, span.symbol, first, last, "\n".join(lines[first - 1 : last])
            )
        start = end + 1


def _last_blank(lines: list[str], low: int, high: int) -> int | None:
    return next((n for n in range(high, low - 1, -1) if not lines[n - 1].strip()), None)


def _trim(lines: list[str], start: int, end: int) -> tuple[int, int]:
    while start <= end and not lines[start - 1].strip():
        start += 1
    while end >= start and not lines[end - 1].strip():
        end -= 1
    return start, end
