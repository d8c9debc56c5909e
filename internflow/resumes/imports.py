"""Finds the lines that bring a library into a project: imports in code, entries in dependency lists. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

LONGEST_LINE = 200  # a longer line is data or minified, and no quote for a resume

_quoted = r"['\"]([^'\"\s]+)['\"]"
_script = re.compile(rf"(?:\bfrom\s+|^\s*import\s+|\brequire\(\s*|\bimport\(\s*){_quoted}")
_dotted = re.compile(r"^\s*import\s+(?:static\s+)?([\w.]+)")
_include = re.compile(r"^\s*#\s*include\s*[<\"]([^>\"]+)[>\"]")

IMPORTS = {
    "python": re.compile(r"^\s*(?:from\s+(\w[\w.]*)\s+import\b|import\s+(\w[\w.]*))"),
    "javascript": _script,
    "typescript": _script,
    "tsx": _script,
    "java": _dotted,
    "kotlin": _dotted,
    "scala": _dotted,
    "swift": _dotted,
    "go": re.compile(r"^\s*(?:import\s+)?(?:[\w.]+\s+)?\"([\w./~-]+)\"\s*$"),
    "rust": re.compile(r"^\s*(?:pub\s+)?(?:use|extern\s+crate)\s+(?:::)?(\w+)"),
    "ruby": re.compile(rf"^\s*(?:require|gem)\s*\(?\s*{_quoted}"),
    "php": re.compile(r"^\s*use\s+\\?(\w[\w\\]*)"),
    "csharp": re.compile(r"^\s*using\s+(?:static\s+)?(\w[\w.]*)\s*;"),
    "c": _include,
    "cpp": _include,
}

# Dependency lists, by file name: the language whose package names they hold, and how an entry looks.
_requirement = re.compile(r"^\s*(\w[\w.-]*)\s*(?:\[[^\]]*\])?\s*(?:[=<>!~;@#].*)?$")
MANIFESTS = (
    (re.compile(r"requirements[\w.-]*\.(txt|in)"), "python", _requirement),
    (
        re.compile(r"pyproject\.toml"),
        "python",
        re.compile(r"^[\w\s=\[-]*[\"'](\w[\w.-]*)(?:\[[^\]]*\])?\s*[=<>!~][^\"']*[\"'],?"),
    ),
    (
        re.compile(r"package\.json"),
        "javascript",
        re.compile(r"^\s*\"(@?[\w./-]+)\"\s*:\s*\"(?:[\^~>=<*\d]|workspace:|npm:)[^\"]*\",?\s*$"),
    ),
    (re.compile(r"go\.mod"), "go", re.compile(r"^\s*(?:require\s+)?([\w.-]+\.[\w./~-]+)\s+v\d")),
    (
        re.compile(r"Cargo\.toml"),
        "rust",
        re.compile(r"^\s*([\w-]+)\s*=\s*(?:\"[\^~=]?\d|\{[^}]*version)"),
    ),
)


@dataclass(frozen=True)
class Import:
    """A line that brings in a module; `language` tells whose names the module is one of."""

    line: int
    language: str
    module: str


def find_imports(path: str, language: str | None, lines: Sequence[str]) -> Iterator[Import]:
    """The imports of a source file or the entries of a dependency list, in order."""
    names_of, pattern = _find_pattern(path, language)
    if names_of is None or pattern is None:
        return
    for number, line in enumerate(lines, start=1):
        found = pattern.search(line) if len(line) <= LONGEST_LINE else None
        if found:
            yield Import(number, names_of, next(group for group in found.groups() if group))


def is_manifest(path: str) -> bool:
    """Whether a path is a dependency list that `find_imports` reads."""
    return any(name.fullmatch(PurePosixPath(path).name) for name, _language, _entry in MANIFESTS)


def _find_pattern(path: str, language: str | None) -> tuple[str | None, re.Pattern[str] | None]:
    file_name = PurePosixPath(path).name
    for name, names_of, entry in MANIFESTS:
        if name.fullmatch(file_name):
            return names_of, entry
    return language, IMPORTS.get(language or "")
