"""Cuts files into chunks for search: functions and classes by tree-sitter, documents by heading, the rest by lines.

Every line that is not blank lies in exactly one chunk, except in files that are left out as a whole.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import structlog
from tree_sitter import Node
from tree_sitter_language_pack import get_parser

from internflow.logs import log_unit
from internflow.repos.history import decode_text, read_blob
from internflow.repos.languages import find_language, is_generated_or_vendored
from internflow.repos.mirrors import Mirror
from internflow.warehouse.connections import Connection
from internflow.warehouse.merge import MergeCounts, Target, merge_rows

logger = structlog.get_logger("internflow.repos")

CHUNKER = "treesitter-1"
MOST_BYTES = 512 * 1024
MOST_LINES = 80
LONGEST_LINE = 2000  # longer ones are minified or data
TEXT_BLOCK_LINES = 60

# Nodes that become a chunk of their own; a class is opened, so that its methods are chunks.
FUNCTIONS = frozenset({
    "function_definition", "function_declaration", "generator_function_declaration", "method_definition",
    "method_declaration", "constructor_declaration", "function_item", "decorated_definition",
})  # fmt: skip
CONTAINERS = frozenset({
    "class_definition", "class_declaration", "abstract_class_declaration", "interface_declaration", "class_specifier",
    "struct_specifier", "impl_item", "trait_item", "mod_item", "namespace_definition", "enum_declaration",
    "record_declaration", "export_statement",
})  # fmt: skip
TRANSPARENT = frozenset({"block", "class_body", "interface_body", "declaration_list", "field_declaration_list",
                         "enum_body", "enum_body_declarations", "export_statement"})  # fmt: skip
PARSED = frozenset({"python", "javascript", "typescript", "tsx", "java", "c", "cpp", "go", "rust"})

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
        return hashlib.sha256(
            f"{self.language} {self.symbol or ''}\n{self.content}".encode()
        ).hexdigest()


@dataclass(frozen=True)
class Span:
    """Lines that belong together, before long ones are split; lines count from 1."""

    kind: str
    symbol: str | None
    start: int
    end: int


def chunk_file(path: str, data: bytes) -> list[Chunk]:
    """The chunks of a file; none for binary, huge, minified, vendored or unknown files."""
    language = find_language(path)
    if (
        language is None
        or len(data) > MOST_BYTES
        or b"\0" in data[:8000]
        or is_generated_or_vendored(path)
    ):
        return []
    text = decode_text(data).replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if any(len(line) > LONGEST_LINE for line in lines):
        return []
    if language in PARSED:
        spans = find_code_spans(language, text, len(lines))
    elif language == "markdown":
        spans = find_sections(lines)
    else:
        spans = [Span("text", None, 1, len(lines))]
    return [chunk for span in fill_gaps(spans, len(lines)) for chunk in _cut(language, span, lines)]


def find_code_spans(language: str, text: str, line_count: int) -> list[Span]:
    """Functions, methods and the heads of classes, in order, not overlapping. Broken code gives what can be parsed."""
    tree = get_parser(cast(Any, language)).parse(text.encode())
    spans: list[Span] = []
    last = 0
    for span in _walk(tree.root_node, ""):
        start = max(
            span.start, last + 1
        )  # two definitions may share a line; a line goes to the first
        if start <= min(span.end, line_count):
            spans.append(Span(span.kind, span.symbol, start, min(span.end, line_count)))
            last = spans[-1].end
    return spans


def find_sections(lines: list[str]) -> list[Span]:
    """The sections of a Markdown text, each with its heading as symbol; headings in code fences are none."""
    spans: list[Span] = []
    start, symbol, is_fenced = 1, None, False
    for number, line in enumerate(lines, start=1):
        is_fenced ^= line.lstrip().startswith("```")
        heading = None if is_fenced else re.match(r"#{1,6}\s+(.+)", line)
        if heading:
            if number > start:
                spans.append(Span("section", symbol, start, number - 1))
            start, symbol = number, heading.group(1).strip().strip("#").strip()
    return [*spans, Span("section", symbol, start, len(lines))]


def fill_gaps(spans: list[Span], line_count: int) -> list[Span]:
    """The spans with what lies between them as spans of kind `module`, so that no line is lost."""
    filled, next_line = [], 1
    for span in spans:
        if span.start > next_line:
            filled.append(Span("module", None, next_line, span.start - 1))
        filled.append(span)
        next_line = span.end + 1
    if next_line <= line_count:
        filled.append(Span("module", None, next_line, line_count))
    return filled


def load_chunks(connection: Connection, mirror: Mirror) -> MergeCounts:
    """Chunk the blobs at HEAD that no repository has chunked yet."""
    rows = connection.execute(
        "select distinct on (blob_sha) blob_sha, path from raw.head_files f where repo_id = %s and language is not null"
        " and size_bytes <= %s"
        " and not exists (select from raw.chunks c where c.blob_sha = f.blob_sha and c.chunker = %s)"
        " order by blob_sha, path",
        (mirror.repo_id, MOST_BYTES, CHUNKER),
    ).fetchall()
    with log_unit("blobs_chunked", repo_id=mirror.repo_id) as counts:
        merged = merge_rows(
            connection, CHUNKS, _chunk_rows(mirror, [(r["blob_sha"], r["path"]) for r in rows])
        )
        counts["blobs"], counts["chunks"] = len(rows), merged.inserted
    return merged


def _chunk_rows(mirror: Mirror, blobs: list[tuple[str, str]]) -> Iterator[tuple[object, ...]]:
    for blob_sha, path in blobs:
        for ordinal, c in enumerate(chunk_file(path, read_blob(mirror, blob_sha))):
            yield (
                blob_sha, CHUNKER, ordinal, c.language, c.kind, c.symbol, c.start_line, c.end_line, c.content,
                c.content_hash,
            )  # fmt: skip


def _walk(node: Node, prefix: str) -> Iterator[Span]:
    for child in node.children:
        inner = _undecorated(child)
        if inner.type in CONTAINERS:
            symbol = _join(prefix, _name(inner))
            body = next((c for c in inner.children if c.type in TRANSPARENT), None)
            nested = list(_walk(body, symbol)) if body is not None else []
            head_end = nested[0].start - 1 if nested else child.end_point[0] + 1
            if head_end >= child.start_point[0] + 1:
                yield Span("class", symbol or None, child.start_point[0] + 1, head_end)
            yield from nested
        elif inner.type in FUNCTIONS:
            kind = "method" if prefix else "function"
            yield Span(
                kind,
                _join(prefix, _name(inner)) or None,
                child.start_point[0] + 1,
                child.end_point[0] + 1,
            )
        elif inner.type in TRANSPARENT:
            yield from _walk(inner, prefix)


def _undecorated(node: Node) -> Node:
    """The definition under decorators or an `export`, whose own lines belong to it."""
    if node.type in ("decorated_definition", "export_statement"):
        inner = next((c for c in node.children if c.type in FUNCTIONS | CONTAINERS), None)
        return inner if inner is not None else node
    return node


def _name(node: Node) -> str:
    """The name that a definition declares; in C the name hides in nested declarators."""
    named, declarator = node.child_by_field_name("name"), node.child_by_field_name("declarator")
    if declarator is None and named is None:  # Rust's impl blocks are named by their type
        named = node.child_by_field_name("type")
    while named is None and declarator is not None:
        if declarator.type in (
            "identifier",
            "field_identifier",
            "qualified_identifier",
            "destructor_name",
        ):
            named = declarator
        declarator = declarator.child_by_field_name("declarator")
    return named.text.decode("utf-8", "replace") if named is not None and named.text else ""


def _join(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix and name else prefix or name


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
