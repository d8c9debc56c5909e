"""What a list of dependencies asks for, with the line of each. Pure."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Dependency:
    """A name that a file asks for; `version` is as written, empty where there is none."""

    name: str
    version: str
    line: int


_requirement = re.compile(r"^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*([^;#]*)")
_go = re.compile(r"^\s*(?:require\s+)?([\w.-]+\.[\w-]+/[\w./~-]+)\s+(v[\w.+-]+)")
_gradle = re.compile(r"[\"']([\w.-]+):([\w.-]+):([\w.+\[\](),-]+)[\"']")
_pom = re.compile(
    r"<dependency>(?:(?!</dependency>).){0,2000}?<groupId>\s*([\w.-]+)\s*</groupId>\s*"
    r"<artifactId>\s*([\w.-]+)\s*</artifactId>(?:\s*<version>\s*([^<]{1,80}?)\s*</version>)?",
    re.DOTALL,
)
_npm_key = re.compile(r'^\s*"([^"]+)"\s*:\s*"([^"]*)"')
LARGEST_POM = 200_000  # characters; more of it is not read


def read_dependencies(text: str, read_as: str) -> Iterator[Dependency]:
    """The dependencies of a file; one that cannot be parsed asks for nothing."""
    return READERS[read_as](text)


def _read_requirements(text: str) -> Iterator[Dependency]:
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip()
        found = _requirement.match(stripped)
        if found is None or "://" in stripped or stripped.endswith((".whl", ".tar.gz", ".zip")):
            continue
        version = found[2].strip()
        if not version or version[0] in "=<>!~@\\(":
            yield Dependency(found[1], version, number)


def _read_pyproject(text: str) -> Iterator[Dependency]:
    try:
        project = tomllib.loads(text).get("project", {})
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    asked = project.get("dependencies", []) if isinstance(project, dict) else []
    lines = text.split("\n")
    for entry in asked if isinstance(asked, list) else []:
        found = _requirement.match(entry.strip()) if isinstance(entry, str) else None
        if found is None:
            continue
        line = next((n for n, text_line in enumerate(lines, start=1) if entry in text_line), None)
        if line:
            yield Dependency(found[1], found[2].strip(), line)


def _read_package(text: str) -> Iterator[Dependency]:
    try:
        package = json.loads(text)
    except (ValueError, RecursionError):
        return
    wanted: dict[tuple[str, str], None] = {}
    for part in ("dependencies", "devDependencies", "optionalDependencies"):
        entries = package.get(part) if isinstance(package, dict) else None
        if isinstance(entries, dict):
            wanted |= {(k, v): None for k, v in entries.items() if isinstance(v, str)}
    for number, line in enumerate(text.split("\n"), start=1):
        found = _npm_key.match(line[:500])
        if found and (found[1], found[2]) in wanted:
            yield Dependency(found[1], found[2], number)


def _read_go(text: str) -> Iterator[Dependency]:
    for number, line in enumerate(text.split("\n"), start=1):
        if found := _go.match(line[:500]):
            yield Dependency(found[1], found[2], number)


def _read_pom(text: str) -> Iterator[Dependency]:
    for found in _pom.finditer(text[:LARGEST_POM]):
        line = text.count("\n", 0, found.start(2)) + 1
        yield Dependency(f"{found[1]}:{found[2]}", found[3] or "", line)


def _read_gradle(text: str) -> Iterator[Dependency]:
    for number, line in enumerate(text.split("\n"), start=1):
        for found in _gradle.finditer(line[:500]):
            yield Dependency(f"{found[1]}:{found[2]}", found[3], number)


READERS: dict[str, Callable[[str], Iterator[Dependency]]] = {
    "requirements.txt": _read_requirements,
    "pyproject.toml": _read_pyproject,
    "package.json": _read_package,
    "go.mod": _read_go,
    "pom.xml": _read_pom,
    "build.gradle": _read_gradle,
}
