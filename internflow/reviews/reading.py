"""How a file is read in a review, by its path: as code, as a list of dependencies, or as other text. Pure.

The answer is a file name such as `module.py`, `requirements.txt` or `text.yml`: it says all that analyzers may know
of where a version stands, so that one version needs one analysis.
"""

import re
from pathlib import PurePosixPath

from internflow.repos.languages import PROSE, find_language

# Languages with rules of their own; of others the text is searched for secrets alone.
ANALYZED = frozenset({
    "python", "javascript", "typescript", "tsx", "java", "c", "cpp", "go", "rust", "csharp", "kotlin", "swift",
    "ruby", "php", "scala", "lua", "perl", "r", "vue", "erlang",
})  # fmt: skip
DATA = frozenset({"toml", "yaml", "ini", "notebook"})
PACKAGE = (
    "__init__.py"  # its name says that `__path__` is defined and that imports are meant for others
)
MANIFESTS = {
    "pyproject.toml": "pyproject.toml", "package.json": "package.json", "go.mod": "go.mod", "pom.xml": "pom.xml",
    "build.gradle": "build.gradle", "build.gradle.kts": "build.gradle",
}  # fmt: skip
REQUIREMENTS = re.compile(
    r"(^|[-_./])requirements[-_.\w]*\.(txt|in)$|(^|/)requirements/[^/]+\.(txt|in)$"
)
# Text by its bytes, but data by its use: long, made by programs, and full of what looks like keys.
NO_PROSE_NOR_CODE = frozenset({
    ".svg", ".csv", ".tsv", ".lock", ".sum", ".map", ".po", ".pot", ".snap", ".geojson", ".patch", ".diff", ".log",
    ".ipynb", ".css", ".scss", ".less", ".jsonl", ".ndjson", ".xsd", ".obj", ".stl", ".pdf", ".ps", ".eps", ".pem.pub",
    ".pub", ".crt", ".cer", ".asc", ".sig",
})  # fmt: skip


def find_reading(path: str) -> str | None:
    """How a file is read; None when a review does not look into it."""
    name = PurePosixPath(path).name.lower()
    if name in MANIFESTS:
        return MANIFESTS[name]
    if REQUIREMENTS.search(path.lower()):
        return "requirements.txt"
    suffix = ".env" if _sets_environment(name) else PurePosixPath(name).suffix
    if name == PACKAGE:
        return PACKAGE
    if find_language(path) in ANALYZED:
        return f"module{suffix or '.' + str(find_language(path))}"
    return None if suffix in NO_PROSE_NOR_CODE else _name_text(find_language(path), suffix)


def _name_text(language: str | None, suffix: str) -> str:
    if language in PROSE:
        return "prose.txt"
    if language is not None and language not in DATA:
        return f"script{suffix}"
    return f"text{suffix}" if suffix.isascii() and len(suffix) < 12 else "text"


def _sets_environment(name: str) -> bool:
    """Whether a file holds environment variables, and is no sample of them."""
    return name.startswith(".env") and not name.endswith(("example", "sample", "template", "dist"))


def is_code(read_as: str) -> bool:
    """Whether the file is code in a language that the review has rules for, or a list of dependencies."""
    return (
        read_as.startswith(("module", PACKAGE))
        or read_as in MANIFESTS.values()
        or is_requirements(read_as)
    )


def is_script(read_as: str) -> bool:
    """Whether the file is code in a language without rules."""
    return read_as.startswith("script")


def is_prose(read_as: str) -> bool:
    """Whether the file is documentation."""
    return read_as == "prose.txt"


def is_requirements(read_as: str) -> bool:
    """Whether pip reads the file."""
    return read_as == "requirements.txt"
