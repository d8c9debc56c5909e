"""Syntax trees by tree-sitter, in bounded time: a hostile file holds up no other. Pure but for the clock."""

import time
from typing import cast

from tree_sitter import Node, Point
from tree_sitter_language_pack import SupportedLanguage, get_parser

GRAMMARS = {
    "python": "python", "javascript": "javascript", "typescript": "typescript", "tsx": "tsx", "java": "java",
    "c": "c", "cpp": "cpp", "csharp": "csharp", "go": "go", "rust": "rust", "kotlin": "kotlin", "swift": "swift",
    "ruby": "ruby", "php": "php", "scala": "scala", "sql": "sql", "shell": "bash", "html": "html", "css": "css",
    "json": "json",
}  # fmt: skip
MOST_SECONDS = 2.0  # of this thread's processor; honest files of the largest size take a tenth
READ_BYTES = 65_536


def parse_code(language: str, source: bytes) -> Node | None:
    """Root of a text's syntax tree; None when there is no grammar or parsing takes too long."""
    grammar = GRAMMARS.get(language)
    if grammar is None:
        return None

    def read(offset: int, _point: Point) -> bytes:
        return source[offset : offset + READ_BYTES]

    end = time.thread_time() + MOST_SECONDS
    parser = get_parser(cast(SupportedLanguage, grammar))
    try:
        # Only a reading callback may be stopped; with bytes the parser runs to its end.
        tree = parser.parse(read, progress_callback=lambda _at, _failed: time.thread_time() > end)
    except ValueError:
        return None
    return tree.root_node
