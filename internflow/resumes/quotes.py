"""Quotes: lines that the student wrote and that still stand at HEAD, as evidence of skills and of symbols. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from internflow.listings.skills import find_skill_for_import, find_skill_for_language
from internflow.resumes.blame import Origin
from internflow.resumes.evidence import DESCRIPTION_KIND, Evidence
from internflow.resumes.imports import LONGEST_LINE, find_imports
from internflow.resumes.ownership import find_area, is_beside
from internflow.resumes.readme import find_first_paragraph

Found = TypeVar("Found")

FEWEST_LANGUAGE_LINES = 5
MOST_SYMBOLS = 3  # of one area
NAMED_KINDS = frozenset({"function", "class"})
# Languages one writes in; the rest that has a skill (Dockerfile, say) is a tool.
TOOL_LANGUAGES = frozenset(
    {"dockerfile", "make", "toml", "yaml", "ini", "markdown", "rst", "text", "notebook"}
)

# What stands before the name that a line defines: a keyword, or in C and Java a type.
_keyword = (
    r"[\w\s()]*\b(?:def|class|func|function|fn|struct|enum|trait|interface|impl|record|object|type|mod)\b"
    r"[^\"'=]*?\b"
)
_typed = r"\s*[\w<>\[\],.*&:]+[\s*&][\w\s<>\[\],.*&:]*?\b(?=\w+\s*\()"
_code = re.compile(r"(?!\s*(//|/\*|\*|<!--|--|;|[\"']{3}|#(?!include\b))).*\w")  # no comment


@dataclass(frozen=True)
class OwnFile:
    """A file at HEAD with the origins of those of its lines that the student wrote, by line number from 1."""

    path: str
    language: str | None
    lines: tuple[str, ...]
    origins: Mapping[int, Origin]


@dataclass(frozen=True)
class Symbol:
    """A named piece of code at HEAD; lines count from 1, both ends included."""

    path: str
    kind: str
    name: str
    start_line: int
    end_line: int


def quote_skills(repo_id: str, files: Sequence[OwnFile]) -> list[Evidence]:
    """One own line for each technology, those used in most files first."""
    found: defaultdict[str, list[Evidence]] = defaultdict(list)
    for file in files:
        for skill, line in _find_skill_lines(file).items():
            found[skill].append(_quote(repo_id, "skill", skill, file, line))
    return [quotes[0] for _skill, quotes in _by_length(found)]


def quote_languages(repo_id: str, files: Sequence[OwnFile]) -> list[Evidence]:
    """One own line for each language with enough own lines, those with most first."""
    written: defaultdict[str, list[tuple[OwnFile, int]]] = defaultdict(list)
    for file in files:
        skill = find_skill_for_language(file.language or "")
        if skill:
            written[skill] += [(file, line) for line in _code_lines(file)]
    return [
        _quote(repo_id, _language_kind(lines[0][0]), skill, *lines[0])
        for skill, lines in _by_length(written)
        if len(lines) >= FEWEST_LANGUAGE_LINES
    ]


def quote_symbols(
    repo_id: str, files: Sequence[OwnFile], symbols: Sequence[Symbol]
) -> list[Evidence]:
    """The longest functions and classes of each area that are mostly the student's, as their defining lines."""
    by_path = {file.path: file for file in files}
    notable = [s for s in _join_methods(symbols) if s.path in by_path and _is_notable(s)]
    taken: defaultdict[str | None, dict[str, Evidence]] = defaultdict(dict)
    for symbol in sorted(notable, key=lambda s: (s.start_line - s.end_line, s.path, s.start_line)):
        file = by_path[symbol.path]
        chosen = taken[find_area(symbol.path)]
        line = _find_definition(file, symbol)
        if line and len(chosen) < MOST_SYMBOLS and _is_mostly_own(file, symbol):
            name = f"{symbol.path}:{symbol.name}"
            chosen.setdefault(symbol.name, _quote(repo_id, "symbol", name, file, line))
    return [evidence for chosen in taken.values() for evidence in chosen.values()]


def quote_description(
    repo_id: str, head_sha: str, path: str, lines: Sequence[str]
) -> list[Evidence]:
    """The README's first paragraph at HEAD, if it has one."""
    found = find_first_paragraph(lines)
    if found is None:
        return []
    start, end = found
    quote = "\n".join(lines[start - 1 : end])
    return [Evidence(repo_id, DESCRIPTION_KIND, path, head_sha, path, start, end, quote)]


def _find_skill_lines(file: OwnFile) -> dict[str, int]:
    """The first own line of each technology in a file."""
    lines: dict[str, int] = {}
    for found in find_imports(file.path, file.language, file.lines):
        skill = find_skill_for_import(found.language, found.module)
        if skill and found.line in file.origins:
            lines.setdefault(skill, found.line)
    return lines


def _code_lines(file: OwnFile) -> Iterator[int]:
    for number in sorted(file.origins):
        line = file.lines[number - 1] if number <= len(file.lines) else ""
        if _code.match(line) and len(line) <= LONGEST_LINE:
            yield number


def _language_kind(file: OwnFile) -> str:
    return "skill" if file.language in TOOL_LANGUAGES else "language"


def _join_methods(symbols: Sequence[Symbol]) -> list[Symbol]:
    """The symbols with each class as long as its methods reach."""
    ends: dict[tuple[str, str], int] = {}
    for symbol in symbols:
        owner = (symbol.path, symbol.name.partition(".")[0])
        ends[owner] = max(ends.get(owner, 0), symbol.end_line)
    return [
        replace(s, end_line=ends[s.path, s.name]) if (s.path, s.name) in ends else s
        for s in symbols
    ]


def _is_notable(symbol: Symbol) -> bool:
    return (
        symbol.kind in NAMED_KINDS
        and re.fullmatch(r"[A-Za-z]\w{2,40}", symbol.name) is not None
        and symbol.name != "main"
        and not is_beside(symbol.path)
    )


def _find_definition(file: OwnFile, symbol: Symbol) -> int | None:
    """The own line that defines the symbol; the first lines may be decorators, which name others."""
    definition = re.compile(rf"(?:{_keyword}|{_typed}){symbol.name}\b")
    for number in range(symbol.start_line, min(symbol.end_line, len(file.lines)) + 1):
        line = file.lines[number - 1]
        if symbol.name in line and len(line) <= LONGEST_LINE and definition.match(line):
            return number if number in file.origins else None
    return None


def _is_mostly_own(file: OwnFile, symbol: Symbol) -> bool:
    numbers = range(symbol.start_line, symbol.end_line + 1)
    return 2 * sum(number in file.origins for number in numbers) > len(numbers)


def _quote(repo_id: str, kind: str, name: str, file: OwnFile, line: int) -> Evidence:
    origin = file.origins[line]
    text = file.lines[line - 1]
    return Evidence(
        repo_id, kind, name, origin.commit_sha, origin.path, origin.line, origin.line, text
    )


def _by_length(groups: dict[str, list[Found]]) -> list[tuple[str, list[Found]]]:
    return sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
