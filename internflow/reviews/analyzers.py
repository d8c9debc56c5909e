"""The analyzer: one ruff process for many versions of files, within limits. The code is read, never run.

Each version lies alone in a folder of its own: the repository's configuration and file names have no say.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pygit2
import structlog
from ruff import find_ruff_bin  # type: ignore[import-untyped]  # it has no stubs

from internflow.repos.mirrors import Mirror
from internflow.reviews import confined
from internflow.reviews.findings import SYNTAX, Problem
from internflow.reviews.rules import (
    IMMUTABLE_CALLS,
    MAX_COMPLEXITY,
    RULES,
    RULES_VERSION,
    keep_telling,
)
from internflow.reviews.sources import LeftOut, find_closing, read_source, split_lines

logger = structlog.get_logger("internflow.reviews")

ANALYZER = f"ruff-{version('ruff')}/rules-{RULES_VERSION}"

MEMORY_BYTES = 2 * 1024**3
OUTPUT_BYTES = 256 * 1024**2
MOST_PROBLEMS = 1000  # of one file
LONGEST_QUOTE_LINES = 12
LONGEST_QUOTE_CHARACTERS = 2000
LONGEST_MESSAGE = 300


@dataclass(frozen=True)
class BlobKey:
    """A version of a file; the suffix (.py or .pyi) changes how it is read."""

    sha: str
    suffix: str


@dataclass(frozen=True)
class Analysis:
    """The problems of a version, or why there are none: left out of the review, or the analyzer failed on it."""

    problems: tuple[Problem, ...] = ()
    left_out: str | None = None
    failure: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether the problems are all there are; a file that does not parse hides the others."""
        parses = all(p.rule != SYNTAX for p in self.problems)
        return parses and self.left_out is None and self.failure is None


class _RuffFailed(Exception):
    """Ruff did not get through; the message says how it ended."""


def analyze_texts(texts: Iterable[tuple[BlobKey, str]]) -> dict[BlobKey, Analysis]:
    """Analyze each version. A failure is of single versions: the others are analyzed without them."""
    with tempfile.TemporaryDirectory(prefix="internflow-review-") as name:
        folder = Path(name).resolve()  # ruff names files by their real path
        keys = []
        for key, text in texts:
            path = folder / _relative_path(key)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
            keys.append(key)
        return _analyze(folder, keys) if keys else {}


def analyze_blobs(mirror: Mirror, keys: Iterable[BlobKey]) -> dict[BlobKey, Analysis]:
    """Analyze versions of files out of a mirror; one that cannot be read has an analysis that says so."""
    unreadable: dict[BlobKey, Analysis] = {}

    def read_all() -> Iterator[tuple[BlobKey, str]]:
        for key in sorted(set(keys), key=lambda k: (k.sha, k.suffix)):
            try:
                text = read_source(mirror, key.sha)
            except (KeyError, pygit2.GitError):
                unreadable[key] = Analysis(failure=f"the mirror lacks blob {key.sha}")
                continue
            if isinstance(text, LeftOut):
                unreadable[key] = Analysis(left_out=text.reason)
            else:
                yield key, text

    analyses = analyze_texts(read_all())
    return analyses | unreadable


def _relative_path(key: BlobKey) -> str:
    return f"{key.sha}/module{key.suffix}"


def _analyze(folder: Path, keys: Sequence[BlobKey]) -> dict[BlobKey, Analysis]:
    """One run for all; when it fails, each half by itself, until those remain that it fails on."""
    try:
        output = _run_ruff(folder, keys)
    except _RuffFailed as error:
        logger.warning("analyzer_failed", files=len(keys), reason=str(error))
        if len(keys) == 1:
            return {keys[0]: Analysis(failure=str(error))}
        middle = len(keys) // 2
        return _analyze(folder, keys[:middle]) | _analyze(folder, keys[middle:])
    said: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for diagnostic in _read_output(output):
        about = said[diagnostic["filename"]]
        if len(about) <= MOST_PROBLEMS:
            about.append(diagnostic)
    names = {key: str(folder / _relative_path(key)) for key in keys}
    return {key: _read_analysis(Path(name), said[name]) for key, name in names.items()}


def _run_ruff(folder: Path, keys: Sequence[BlobKey]) -> Path:
    """Run ruff and return the file of its output, JSON by line. Raises _RuffFailed."""
    seconds = 30 + len(keys) // 10
    output, errors = folder / "output.jsonl", folder / "errors.txt"
    limits = (str(4 * seconds), str(MEMORY_BYTES), str(OUTPUT_BYTES))
    command = [sys.executable, "-I", "-S", confined.__file__, *limits, find_ruff_bin()]
    environment = {"HOME": str(folder), "PATH": os.defpath, "RAYON_NUM_THREADS": "4"}
    with output.open("wb") as out, errors.open("wb") as err:
        try:
            done = subprocess.run(
                [*command, *_options(), "--", *map(_relative_path, keys)],
                cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                timeout=seconds, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise _RuffFailed(f"ruff took longer than {seconds} s") from None
    if done.returncode:
        lines = errors.read_text(encoding="utf-8", errors="replace")[-2000:].strip().splitlines()
        raise _RuffFailed(
            f"ruff ended with code {done.returncode} ({_tidy(lines[-1]) if lines else 'silently'})"
        )
    return output


def _options() -> list[str]:
    codes = ",".join(code for code in RULES if code != SYNTAX)
    calls = json.dumps(list(IMMUTABLE_CALLS))
    configured = {
        "exclude": "[]",
        "lint.unfixable": '["ALL"]',  # fixes would swell the output
        "lint.mccabe.max-complexity": str(MAX_COMPLEXITY),
        "lint.flake8-bugbear.extend-immutable-calls": calls,
    }
    return [
        "check", "--isolated", "--no-cache", "--no-respect-gitignore", "--exit-zero", "--quiet",
        "--output-format", "json-lines",
        "--target-version", "py314",  # syntax that is too new for nobody
        "--select", codes,
        *(part for name, value in configured.items() for part in ("--config", f"{name}={value}")),
    ]  # fmt: skip


def _read_output(output: Path) -> Iterator[dict[str, Any]]:
    with output.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _read_analysis(path: Path, said: list[dict[str, Any]]) -> Analysis:
    if not said:
        return Analysis()
    if len(said) > MOST_PROBLEMS:
        return Analysis(left_out=f"more than {MOST_PROBLEMS} problems")
    if any(d["code"] not in RULES for d in said):
        return Analysis(
            failure=_tidy(said[0]["message"])
        )  # ruff's own trouble: reading the file, a panic
    with path.open(encoding="utf-8", newline="") as file:
        lines = split_lines(file.read())
    problems = [p for d in said if (p := parse_diagnostic(d, lines))]
    return Analysis(problems=tuple(keep_telling(problems)))


def parse_diagnostic(diagnostic: dict[str, Any], lines: Sequence[str]) -> Problem | None:
    """One line of ruff's output as a problem of a file with these lines; None when there is nothing to quote.

    A call that is wrapped is quoted as a whole, so that wrapping it makes no other problem of it. Long quotes are
    cut to their first lines; an error at the end of a file is quoted at its last line with text.
    """
    start = min(diagnostic["location"]["row"], len(lines))
    end = diagnostic["end_location"]["row"]
    if diagnostic["end_location"]["column"] == 1:
        end -= 1  # up to the end of the line before
    while start > 1 and not lines[start - 1].strip():
        start -= 1
    last = min(start + LONGEST_QUOTE_LINES - 1, len(lines))
    end = min(max(start, end, find_closing(lines[:last], start) or 0), last)
    while end > start and not lines[end - 1].strip():
        end -= 1
    quote = "\n".join(lines[start - 1 : end])
    if not quote.strip() or len(quote) > LONGEST_QUOTE_CHARACTERS:
        return None
    message, url = _tidy(diagnostic["message"]), diagnostic["url"]
    return Problem(diagnostic["code"], start, end, message, quote, url)


def _tidy(message: str) -> str:
    """One line of printable characters: messages repeat parts of the code."""
    return "".join(c if c.isprintable() else " " for c in message)[:LONGEST_MESSAGE].strip()
