"""Who wrote which line: `git blame` and files of past commits, read from a mirror. Runs nothing of the repository."""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pygit2
import structlog

from internflow.repos.history import decode_text

logger = structlog.get_logger("internflow.resumes")

TIMEOUT_SECONDS = 30

_header = re.compile(rb"([0-9a-f]{40}) (\d+) (\d+)")


@dataclass(frozen=True)
class Origin:
    """Where a line was written: the commit, and the path and line number that it had there."""

    commit_sha: str
    path: str
    line: int


def blame_file(mirror: Path, commit_sha: str, path: str) -> dict[int, Origin]:
    """Origins of a file's lines, by line number from 1; empty when Git cannot tell."""
    command = [
        "git", "-C", str(mirror), "-c", "safe.directory=*", "-c", "core.quotePath=false",
        "blame", "--line-porcelain", commit_sha, "--", path,
    ]  # fmt: skip
    environment = {
        "PATH": os.environ.get("PATH", ""), "HOME": "/nonexistent", "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
    }  # fmt: skip
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, stdin=subprocess.DEVNULL,
            timeout=TIMEOUT_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        logger.warning("blame_timed_out", mirror=mirror.name, seconds=TIMEOUT_SECONDS)
        return {}
    if done.returncode:
        logger.warning("blame_failed", mirror=mirror.name, status=done.returncode)
        return {}
    return dict(_parse_blame(done.stdout))


def read_lines(mirror: Path, commit_sha: str, path: str) -> list[str]:
    """The lines of a file as it stood at a commit; none when there is no such text."""
    try:
        commit = pygit2.Repository(str(mirror))[commit_sha].peel(pygit2.Commit)
        entry = commit.tree[path]
    except (KeyError, ValueError, pygit2.GitError):
        return []
    return split_lines(entry.data) if isinstance(entry, pygit2.Blob) else []


def split_lines(data: bytes) -> list[str]:
    """Lines as Git counts them, without their ends."""
    return [line.removesuffix("\r") for line in decode_text(data).split("\n")]


def _parse_blame(output: bytes) -> Iterator[tuple[int, Origin]]:
    commit_sha, origin_line, line = "", 0, 0
    for text in output.split(b"\n"):
        header = _header.match(text)
        if text.startswith(b"\t"):  # the line itself ends its entry
            continue
        if header:
            commit_sha, origin_line, line = header[1].decode(), int(header[2]), int(header[3])
        elif text.startswith(b"filename ") and not text.startswith(b'filename "'):
            # A quoted path holds control characters; such a file is no evidence.
            yield (
                line,
                Origin(commit_sha, decode_text(text.removeprefix(b"filename ")), origin_line),
            )
