"""A commit's diff with the line numbers of both sides, for pages that show findings at their lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

import pygit2

from internflow.repos.history import KINDS, ChangeKind, decode_text, diff_commit, is_unreadable
from internflow.repos.mirrors import Mirror, open_repository

# What a page can show: files of a commit, lines and bytes of a file.
MOST_FILES = 300
MOST_LINES = 2_000
MOST_CHARACTERS = 500_000
MOST_LINES_TO_READ = 50_000  # of a file; libgit2 hands out all lines of a hunk at once

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
    """The diff of a commit against its first parent, file by file, three lines of context.

    What goes beyond MOST_FILES, MOST_LINES or MOST_CHARACTERS is left out, and the file says so.
    """
    repository = open_repository(mirror.path)
    diff = diff_commit(repository, commit_sha, context_lines=3)
    files: list[FileDiff] = []
    for position, delta in enumerate(diff.deltas):
        if is_unreadable(repository, delta):
            files.append(_describe(delta, (), is_binary=True, is_truncated=True))
        else:
            files.append(_read_file(delta, diff[position] if position < MOST_FILES else None))
    return files


def _read_file(delta: pygit2.DiffDelta, patch: pygit2.Patch | None) -> FileDiff:
    hunks: list[Hunk] = []
    is_truncated = patch is None or sum(patch.line_stats) > MOST_LINES_TO_READ
    if patch is not None and not is_truncated:
        hunks, is_truncated = _read_hunks(patch)
        delta = patch.delta  # only now knows whether the content is binary
    return _describe(delta, hunks, is_binary=bool(delta.is_binary), is_truncated=is_truncated)


def _describe(
    delta: pygit2.DiffDelta, hunks: Sequence[Hunk], *, is_binary: bool, is_truncated: bool
) -> FileDiff:
    path, old_path = decode_text(delta.new_file.raw_path), decode_text(delta.old_file.raw_path)
    return FileDiff(
        path,
        old_path if old_path != path else None,
        KINDS.get(delta.status, "modified"),
        is_binary,
        tuple(hunks),
        is_truncated,
    )


def _read_hunks(patch: pygit2.Patch) -> tuple[list[Hunk], bool]:
    """The hunks, and whether the file's share of a page ended before they did."""
    hunks: list[Hunk] = []
    lines_left, characters_left = MOST_LINES, MOST_CHARACTERS
    for hunk in patch.hunks:
        lines: list[DiffLine] = []
        for line in hunk.lines:
            if line.origin not in "+- ":  # remarks such as "no newline at the end"
                continue
            lines_left -= 1
            characters_left -= len(line.raw_content)
            if lines_left < 0 or characters_left < 0:
                return [*hunks, _build_hunk(hunk, lines)], True
            lines.append(_read_line(line))
        hunks.append(_build_hunk(hunk, lines))
    return hunks, False


def _build_hunk(hunk: pygit2.DiffHunk, lines: list[DiffLine]) -> Hunk:
    return Hunk(hunk.header.replace("\x00", "\ufffd").strip(), tuple(lines))


def _read_line(line: pygit2.DiffLine) -> DiffLine:
    return DiffLine(
        cast(LineKind, line.origin),
        line.old_lineno if line.old_lineno > 0 else None,
        line.new_lineno if line.new_lineno > 0 else None,
        decode_text(line.raw_content).rstrip("\r\n"),
    )
