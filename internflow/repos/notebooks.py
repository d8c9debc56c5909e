"""Cells of a Jupyter notebook, each line with the line of the .ipynb file that holds it. Pure; runs nothing."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from internflow.repos.syntax import parse_code

KERNELS = {"ir": "r", "r": "r", "bash": "shell", "c++": "cpp", "c#": "csharp", "sql": "sql"}


@dataclass(frozen=True)
class Part:
    """A stretch of a file in one language; `numbers` holds the file's line of each of its lines."""

    language: str
    lines: tuple[str, ...]
    numbers: Sequence[int]


def read_cells(text: str) -> list[Part] | None:
    """The cells that hold anything; None when the text is no notebook."""
    root = parse_code("json", text.encode())
    top = next((c for c in root.children if c.type == "object"), None) if root is not None else None
    members = _read_members(top)
    if "cells" not in members:
        return None
    language = _find_kernel_language(members.get("metadata"))
    return [
        part
        for cell in members["cells"].named_children
        if (part := _read_cell(_read_members(cell), language)) is not None
    ]


def _find_kernel_language(metadata: Node | None) -> str:
    known = _read_members(metadata)
    names = (
        _read_string(_read_members(known.get("kernelspec")).get("language")),
        _read_string(_read_members(known.get("language_info")).get("name")),
    )
    name = next((n.lower() for n in names if n), "python")
    return KERNELS.get(name, name)


def _read_cell(cell: dict[str, Node], language: str) -> Part | None:
    source = cell.get("source")
    if source is None:
        return None
    kind = _read_string(cell.get("cell_type"))
    written = list(_read_lines(source))
    if not any(line.strip() for line, _number in written):
        return None
    lines, numbers = zip(*written, strict=True)
    languages = {"code": language, "markdown": "markdown"}
    return Part(languages.get(kind, "text"), lines, numbers)


def _read_lines(source: Node) -> Iterator[tuple[str, int]]:
    """Lines of a source, one string or several; a line stands where the string begins that begins it."""
    strings = [source] if source.type == "string" else source.named_children
    line, begun_at = "", 0
    for node in strings:
        number = node.start_point[0] + 1
        begun, *others = _read_string(node).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        begun_at = begun_at or number
        line += begun
        for other in others:
            yield line, begun_at
            line, begun_at = other, number if other else 0
    if line:
        yield line, begun_at


def _read_members(node: Node | None) -> dict[str, Node]:
    if node is None or node.type != "object":
        return {}
    pairs = [c for c in node.named_children if c.type == "pair"]
    named = ((p.child_by_field_name("key"), p.child_by_field_name("value")) for p in pairs)
    return {_read_string(k): v for k, v in named if k is not None and v is not None}


def _read_string(node: Node | None) -> str:
    if node is None or node.type != "string" or not node.text:
        return ""
    try:
        return str(json.loads(node.text, strict=False)).encode("utf-8", "replace").decode()
    except ValueError:
        return ""
