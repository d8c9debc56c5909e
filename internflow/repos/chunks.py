"""Cuts files into chunks for search: functions and classes by tree-sitter, documents by heading, the rest by lines.

Every line that is not blank lies in a chunk, and in a second one only where that declares an overlap; except in
files that are left out as a whole and in what a notebook holds besides the sources of its cells.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from internflow.logs import log_unit
from internflow.repos.cutting import Piece, cut_span
from internflow.repos.encodings import decode_file, is_binary, split_lines
from internflow.repos.generated import is_generated
from internflow.repos.history import read_blob
from internflow.repos.languages import (
    find_language,
    find_script_language,
    is_generated_or_vendored,
    may_be_script,
)
from internflow.repos.mirrors import Mirror
from internflow.repos.notebooks import Part, read_cells
from internflow.repos.outlines import Outline, build_outline
from internflow.repos.spans import Span
from internflow.repos.uses import Reference
from internflow.warehouse.connections import Connection
from internflow.warehouse.merge import MergeCounts, Target, merge_rows

CHUNKER = "treesitter-3"
MOST_BYTES = 512 * 1024
BATCH_BLOBS = 200

CHUNKS = Target(
    "raw.chunks",
    ("blob_sha", "chunker", "ordinal"),
    update=(
        "language", "kind", "symbol", "start_line", "end_line", "content", "content_hash", "header", "imports",
        "overlap_lines",
    ),
)  # fmt: skip
SYMBOLS = Target(
    "raw.symbols",
    ("blob_sha", "chunker", "ordinal"),
    update=("name", "symbol", "kind", "signature", "start_line", "end_line"),
)
REFERENCES = Target("raw.symbol_references", ("blob_sha", "chunker", "name", "line"))

_word = re.compile(r"\w+")


@dataclass(frozen=True)
class Chunk:
    """A run of whole lines of one file; lines count from 1, both ends included.

    `header` is the signature lines of what encloses it; `imports` the imported names that it mentions; the first
    `overlap_lines` of its lines repeat the end of the chunk before.
    """

    language: str
    kind: str
    symbol: str | None
    start_line: int
    end_line: int
    content: str
    header: str | None = None
    imports: tuple[str, ...] = ()
    overlap_lines: int = 0

    @property
    def content_hash(self) -> str:
        """Key of its vector in ai.embeddings."""
        text = build_embedded_text(self.language, self.symbol, self.header, self.content)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Symbol:
    """A definition; `symbol` is its name with those of what encloses it. Its lines include its comment."""

    name: str
    symbol: str
    kind: str
    signature: str
    start_line: int
    end_line: int


@dataclass(frozen=True)
class CutFile:
    """All that is stored of a file's version."""

    chunks: tuple[Chunk, ...] = ()
    symbols: tuple[Symbol, ...] = ()
    references: tuple[Reference, ...] = ()


def build_embedded_text(language: str, symbol: str | None, header: str | None, content: str) -> str:
    """What the encoder sees of a chunk. Without the path: a file that moves keeps its vectors."""
    first = content.split("\n", 1)[0].strip()
    shown = f"{header}\n" if header and header.strip() != first else ""
    return f"{language} {symbol or ''}\n{shown}{content}"


def cut_file(path: str, data: bytes) -> CutFile:
    """Chunks, symbols and references of a file; none for binary, huge, generated, vendored or unknown files."""
    language = find_script_language(data) if may_be_script(path) else find_language(path)
    if language is None or is_generated_or_vendored(path):
        return CutFile()
    if len(data) > MOST_BYTES or is_binary(data):
        return CutFile()
    text = decode_file(language, data)
    lines = split_lines(text)
    if is_generated(language, lines):
        return CutFile()
    cells = read_cells(text) if language == "notebook" else None
    parts = [Part(language, tuple(lines), range(1, len(lines) + 1))] if cells is None else cells
    outlined = [(part, build_outline(part.language, part.lines)) for part in parts]
    imports = frozenset[str]().union(*(outline.uses.imports for _, outline in outlined))
    return CutFile(
        tuple(c for part, outline in outlined for c in _cut_part(part, outline, imports)),
        tuple(s for part, outline in outlined for s in _read_symbols(part, outline)),
        tuple(
            Reference(r.name, part.numbers[r.line - 1])
            for part, outline in outlined
            for r in outline.uses.references
        ),
    )


def _cut_part(part: Part, outline: Outline, imports: frozenset[str]) -> Iterator[Chunk]:
    for span in outline.spans:
        for piece in cut_span(span, part.lines, outline.borders):
            content = "\n".join(part.lines[piece.start - 1 : piece.end])
            used = imports.intersection(_word.findall(content)) if imports else ()
            yield Chunk(
                part.language,
                span.kind,
                span.symbol,
                part.numbers[piece.start - 1],
                part.numbers[piece.end - 1],
                content,
                _build_header(span, piece),
                tuple(sorted(used)),
                piece.overlap_lines,
            )


def _build_header(span: Span, piece: Piece) -> str | None:
    own = (span.signature,) if piece.is_continued and span.signature else ()
    return "\n".join((*span.header, *own)) or None


def _read_symbols(part: Part, outline: Outline) -> Iterator[Symbol]:
    for place in outline.places:
        if place.name:
            yield Symbol(
                place.name,
                place.symbol or place.name,
                place.kind,
                place.signature,
                part.numbers[place.start - 1],
                part.numbers[place.end - 1],
            )


def load_chunks(connection: Connection, mirror: Mirror) -> MergeCounts:
    """Chunk the blobs at HEAD that no repository has chunked yet, with their symbols and references; counts chunks.

    Commits the connection after each batch: two repositories with the same files, loaded at once, would else wait for
    each other for ever.
    """
    rows = connection.execute(
        "select blob_sha, path from raw.head_files f where repo_id = %s and language is not null"
        " and size_bytes <= %s"
        " and not exists (select from raw.chunks c where c.blob_sha = f.blob_sha and c.chunker = %s)"
        " order by path desc",
        (mirror.repo_id, MOST_BYTES, CHUNKER),
    ).fetchall()
    # The same blob may lie at several paths, in a vendored folder too: the first own path counts.
    paths = {r["blob_sha"]: r["path"] for r in rows if not is_generated_or_vendored(r["path"])}
    blobs = list(paths.items())
    merged = MergeCounts()
    with log_unit("blobs_chunked", repo_id=mirror.repo_id) as counts:
        for first in range(0, len(blobs), BATCH_BLOBS):
            merged += _load_batch(connection, mirror, blobs[first : first + BATCH_BLOBS])
            connection.commit()
        counts["blobs"], counts["chunks"] = len(paths), merged.inserted
    return merged


def _load_batch(
    connection: Connection, mirror: Mirror, blobs: Iterable[tuple[str, str]]
) -> MergeCounts:
    cut = [(sha, cut_file(path, read_blob(mirror, sha))) for sha, path in blobs]
    merge_rows(
        connection,
        SYMBOLS,
        (
            (sha, CHUNKER, ordinal, s.name, s.symbol, s.kind, s.signature, s.start_line, s.end_line)
            for sha, file in cut
            for ordinal, s in enumerate(file.symbols)
        ),
    )
    merge_rows(
        connection,
        REFERENCES,
        ((sha, CHUNKER, r.name, r.line) for sha, file in cut for r in file.references),
    )
    return merge_rows(
        connection, CHUNKS, (row for sha, file in cut for row in _chunk_rows(sha, file))
    )


def _chunk_rows(blob_sha: str, file: CutFile) -> Iterator[tuple[object, ...]]:
    for ordinal, c in enumerate(file.chunks):
        yield (
            blob_sha, CHUNKER, ordinal, c.language, c.kind, c.symbol, c.start_line, c.end_line, c.content,
            c.content_hash, c.header, list(c.imports), c.overlap_lines,
        )  # fmt: skip
