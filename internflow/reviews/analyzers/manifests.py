"""Lists of dependencies: names without a version where there should be one, and names known to be bad."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from internflow.reviews.analyzers.dependencies import Dependency, read_dependencies
from internflow.reviews.findings import Problem
from internflow.reviews.quoting import quote_problem
from internflow.reviews.reading import MANIFESTS


@dataclass(frozen=True)
class BadPackage:
    """A package that is known to do harm, or that nobody maintains; `versions` empty: in every version."""

    kind: str
    versions: frozenset[str]
    what: str
    source: str


ECOSYSTEMS = {
    "requirements.txt": "pypi", "pyproject.toml": "pypi", "package.json": "npm", "go.mod": "go",
    "pom.xml": "maven", "build.gradle": "maven",
}  # fmt: skip
ANY_VERSION = frozenset({"*", "latest", "x", ""})


class ManifestAnalyzer:
    """Dependencies that are unpinned, harmful or abandoned."""

    name = "manifests"
    version = "1"

    def wants(self, read_as: str) -> bool:
        return read_as == "requirements.txt" or read_as in MANIFESTS.values()

    def analyze(self, text: str, read_as: str) -> Iterator[Problem]:
        lines = text.split("\n")
        for dependency in read_dependencies(text, read_as):
            bad = find_bad(ECOSYSTEMS[read_as], dependency)
            if bad:
                rule, message, url = (
                    f"manifest-{bad.kind}",
                    f"`{dependency.name}`: {bad.what}",
                    bad.source,
                )
            elif is_unpinned(dependency, read_as):
                rule, url = "manifest-unpinned", None
                message = f"`{dependency.name}` is asked for in any version"
            else:
                continue
            line = dependency.line
            problem = quote_problem(
                rule, lines, line, line, message, rule_url=url, subject=dependency.name
            )
            if problem:
                yield problem


def is_unpinned(dependency: Dependency, read_as: str) -> bool:
    """Whether any version will do, in a file that is meant to say which."""
    if read_as == "requirements.txt":
        return not dependency.version
    return read_as == "package.json" and dependency.version.strip().lower() in ANY_VERSION


def find_bad(ecosystem: str, dependency: Dependency) -> BadPackage | None:
    """What is known against a dependency."""
    name = dependency.name if ecosystem in ("maven", "go") else dependency.name.lower()
    if ecosystem == "pypi":
        # Names that differ in letters that look alike are what some of them live on.
        name = re.sub(r"[-_.]+", "-", dependency.name if dependency.name == "jeIlyfish" else name)
    for bad in _read_bad().get((ecosystem, name), ()):
        asked = dependency.version.strip().lstrip("^~=v ")
        if not bad.versions or asked in bad.versions:
            return bad
    return None


@cache
def _read_bad() -> dict[tuple[str, str], tuple[BadPackage, ...]]:
    text = (files("internflow.reviews.analyzers") / "bad_packages.csv").read_text(encoding="utf-8")
    known: dict[tuple[str, str], tuple[BadPackage, ...]] = {}
    for row in csv.DictReader(text.splitlines()):
        bad = BadPackage(
            row["kind"], frozenset(row["versions"].split()), row["what"], row["source"]
        )
        key = (row["ecosystem"], row["name"])
        known[key] = (*known.get(key, ()), bad)
    return known
