"""Ruff: one process for many versions of Python files, with no configuration but ours."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ruff import find_ruff_bin  # type: ignore[import-untyped]  # it has no stubs

from internflow.reviews.analyzers.folder import Told, locate, read_lines, relative_path
from internflow.reviews.analyzers.process import run_confined
from internflow.reviews.analyzers.protocol import BlobKey
from internflow.reviews.analyzers.rules import BY_SOURCE
from internflow.reviews.findings import SYNTAX, Problem
from internflow.reviews.lines import find_closing
from internflow.reviews.quoting import LONGEST_QUOTE_LINES, quote_problem, tidy

NAME = "ruff"
VERSION = version("ruff")
MOST_PROBLEMS = 1000  # of one file
MAX_COMPLEXITY = 15
CODES = tuple(rule.code for rule in BY_SOURCE[NAME])

# Frameworks want these calls in argument defaults; the others make nothing that can change.
IMMUTABLE_CALLS = (
    *(f"fastapi.{name}" for name in ("Body", "Cookie", "Depends", "File", "Form", "Header")),
    *("fastapi.Path", "fastapi.Query", "fastapi.Security", "typer.Argument", "typer.Option"),
    *("pathlib.Path", "pathlib.PurePath"),
)
# A rule that says of the same line what the other one says already.
OVERSHADOWED = {"S110": "E722", "S112": "E722"}


def wants(read_as: str) -> bool:
    """Whether ruff reads the file."""
    return read_as.endswith((".py", ".pyi", ".pyw"))


def run_ruff(folder: Path, keys: Sequence[BlobKey]) -> dict[BlobKey, Told]:
    """One run for all; when it fails, each half by itself, until those remain that it fails on."""
    ended = run_confined(NAME, _build_command(keys), folder, 30 + len(keys) // 10)
    if ended.trouble:
        if len(keys) == 1:
            return {keys[0]: Told(trouble=ended.trouble)}
        middle = len(keys) // 2
        return run_ruff(folder, keys[:middle]) | run_ruff(folder, keys[middle:])
    said: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for diagnostic in _read_output(ended.output):
        about = said[diagnostic["filename"]]
        if len(about) <= MOST_PROBLEMS:
            about.append(diagnostic)
    return {key: _tell(folder, key, said[str(locate(folder, key))]) for key in keys}


def parse_diagnostic(diagnostic: dict[str, Any], lines: Sequence[str]) -> Problem | None:
    """One line of ruff's output as a problem of a file with these lines; None when there is nothing to quote.

    A call that is wrapped is quoted as a whole, so that wrapping it makes no other problem of it. An error at the end
    of a file is quoted at its last line with text.
    """
    start = min(diagnostic["location"]["row"], len(lines))
    end = diagnostic["end_location"]["row"]
    if diagnostic["end_location"]["column"] == 1:
        end -= 1  # up to the end of the line before
    while start > 1 and not lines[start - 1].strip():
        start -= 1
    last = min(start + LONGEST_QUOTE_LINES - 1, len(lines))
    end = max(end, find_closing(lines[:last], start) or 0)
    message = diagnostic["message"]
    return quote_problem(diagnostic["code"], lines, start, end, message, rule_url=diagnostic["url"])


def keep_telling(problems: Iterable[Problem]) -> list[Problem]:
    """Drop repetitions of one line's problem, and all but the first error of a file that does not parse."""
    ordered = sorted(problems, key=lambda p: (p.start_line, p.rule))
    broken = [p for p in ordered if p.rule == SYNTAX]
    if broken:
        return broken[:1]
    places = {(p.rule, p.start_line) for p in ordered}
    kept: dict[tuple[str, int], Problem] = {}
    for problem in ordered:
        is_shadow = (OVERSHADOWED.get(problem.rule), problem.start_line) in places
        # Of a shell command without variable parts the analyzer itself says that it is safe.
        if not is_shadow and "seems safe" not in problem.message:
            kept.setdefault((problem.rule, problem.start_line), problem)
    return list(kept.values())


def _build_command(keys: Iterable[BlobKey]) -> list[str]:
    configured = {
        "exclude": "[]",
        "lint.unfixable": '["ALL"]',  # fixes would swell the output
        "lint.mccabe.max-complexity": str(MAX_COMPLEXITY),
        "lint.flake8-bugbear.extend-immutable-calls": json.dumps(list(IMMUTABLE_CALLS)),
    }
    return [
        find_ruff_bin(), "check", "--isolated", "--no-cache", "--no-respect-gitignore", "--exit-zero", "--quiet",
        "--output-format", "json-lines",
        "--target-version", "py314",  # syntax that is too new for nobody
        "--select", ",".join(code for code in CODES if code != SYNTAX),
        *(part for name, value in configured.items() for part in ("--config", f"{name}={value}")),
        "--", *(relative_path(key) for key in keys),
    ]  # fmt: skip


def _read_output(output: Path) -> Iterator[dict[str, Any]]:
    with output.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _tell(folder: Path, key: BlobKey, said: list[dict[str, Any]]) -> Told:
    if not said:
        return Told()
    if len(said) > MOST_PROBLEMS:
        return Told(left_out=f"more than {MOST_PROBLEMS} problems")
    unknown = [d["message"] for d in said if d["code"] not in CODES]
    if unknown:
        return Told(trouble=tidy(unknown[0]))  # ruff's own trouble: reading the file, a panic
    lines = read_lines(folder, key)
    problems = [p for d in said if (p := parse_diagnostic(d, lines))]
    return Told(tuple(keep_telling(problems)))
