"""A commit's diff with the line numbers of both sides, for pages that show findings at their lines."""

from dataclasses import dataclass
from typing import Literal, cast

import pygit2

from internflow.repos.history import KINDS, ChangeKind, decode_text, open_diff
from internflow.repos.mirrors import Mirror

MOST_LINES = 2000  # of one file: what a page can show

LineKind = Literal["+", "-", " "]


@dataclass(frozen=True)
class DiffLine:
    kind: LineKind
    old_line: int | None
    new_line: int | None
    text: str


@dataclass(frozen=True)
class Hunk:
    header: str
    lines: tuple[DiffLine, ...]


@dataclass(frozen=True)
class FileDiff:
    path: str
    old_path: str | None
    change_kind: ChangeKind
    is_binary: bool
    hunks: tuple[Hunk, ...]
    is_truncated: bool = False


def read_diff(mirror: Mirror, commit_sha: str) -> list[FileDiff]:
    """The diff of a commit against its first parent, file by file, three lines of context."""
    return [
        _read_file(patch)
        for patch in open_diff(mirror, commit_sha, context_lines=3)
        if patch is not None
    ]


def _read_file(patch: pygit2.Patch) -> FileDiff:
    delta = patch.delta
    hunks, left = [], MOST_LINES
    for hunk in patch.hunks:
        lines = tuple(_read_line(line) for line in hunk.lines[:left] if line.origin in "+- ")
        hunks.append(Hunk(decode_text(hunk.header.encode()).strip(), lines))
        left -= len(hunk.lines)
        if left <= 0:
            break
    path, old_path = decode_text(delta.new_file.raw_path), decode_text(delta.old_file.raw_path)
    return FileDiff(
        path,
        old_path if old_path != path else None,
        KINDS.get(delta.status, "modified"),
        bool(delta.is_binary),
        tuple(hunks),
        is_truncated=left <= 0,
    )


def _read_line(line: pygit2.DiffLine) -> DiffLine:
    kind = cast(LineKind, line.origin)
    return DiffLine(
        kind,
        line.old_lineno if line.old_lineno > 0 else None,
        line.new_lineno if line.new_lineno > 0 else None,
        decode_text(line.raw_content).rstrip("\r\n"),
    )
