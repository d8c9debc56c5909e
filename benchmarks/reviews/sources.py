"""Real code to break: Python from this environment, other languages from bare repositories in a folder.

The folder is INTERNFLOW_BENCH_REPOSITORIES. Nothing of it is run or kept.
"""

import os
import random
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pygit2

from internflow.repos.languages import find_language, is_generated_or_vendored
from internflow.reviews.catalog import is_apart
from internflow.reviews.reading import find_reading
from internflow.reviews.sources import LeftOut, decode_source

FOLDER = "INTERNFLOW_BENCH_REPOSITORIES"
FAMILIES = {
    "python": "python",
    "javascript": "javascript",
    "typescript": "javascript",
    "tsx": "javascript",
    "java": "java",
    "c": "c",
    "cpp": "c",
    "go": "go",
}
SMALLEST, LARGEST = 400, 40_000  # bytes


@dataclass(frozen=True)
class SourceFile:
    """A file with code. `family` is its language; TypeScript counts as JavaScript and C++ as C."""

    family: str
    grammar: str
    path: str
    text: str


def read_files(seed: int) -> Iterator[SourceFile]:
    """Every file that can be used, in an order that the seed decides."""
    for path, data in [*_read_environment(seed), *_read_repositories(seed)]:
        grammar = find_language(path)
        text = decode_source(data, str(find_reading(path)))
        if grammar in FAMILIES and not isinstance(text, LeftOut) and "\r" not in text:
            yield SourceFile(FAMILIES[grammar], grammar, path, text)


def find_repositories() -> list[Path]:
    """The bare repositories in the folder, by path."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return []
    heads = [*Path(folder).glob("*/HEAD"), *Path(folder).glob("*/*/HEAD")]
    return sorted({head.parent for head in heads if (head.parent / "objects").is_dir()})


def name_repository(path: Path) -> str:
    """How a repository in the folder is called."""
    return path.parent.name if path.name == "repo" else path.stem


def _read_environment(seed: int) -> Iterator[tuple[str, bytes]]:
    """Python's own library and what is installed beside it; of each package alike many files."""
    places = [Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib")]
    found: list[tuple[Path, Path]] = []
    for place in places:
        found += [(place, path) for path in place.rglob("*.py") if _is_wanted(place, path)]
    found.sort()
    random.Random(seed).shuffle(found)
    for place, path in found:
        yield path.relative_to(place).as_posix(), path.read_bytes()


def _is_wanted(place: Path, path: Path) -> bool:
    inside = path.relative_to(place).as_posix()
    is_other = inside.startswith("site-packages/")
    return not is_other and _fits(inside, path.stat().st_size)


def _fits(path: str, size: int) -> bool:
    is_own = not is_apart(path) and not is_generated_or_vendored(path)
    is_header = path.endswith((".h", ".hpp", ".pyi", ".d.ts"))
    return is_own and not is_header and SMALLEST <= size <= LARGEST


def _read_repositories(seed: int) -> Iterator[tuple[str, bytes]]:
    blobs: list[tuple[str, str, pygit2.Repository]] = []
    for place in find_repositories():
        repository = pygit2.Repository(str(place))
        name = name_repository(place)
        head = find_head(repository)
        if head is not None:
            blobs += [
                (f"{name}/{path}", sha, repository) for path, sha in _list_tree(head.tree, "")
            ]
    random.Random(seed).shuffle(blobs)
    for path, sha, repository in blobs:
        _kind, size = repository.odb.read_header(sha)
        if _fits(path, size):
            yield path, repository[sha].data


def find_head(repository: pygit2.Repository) -> pygit2.Commit | None:
    """The commit of HEAD, or else the newest of any branch."""
    if not repository.head_is_unborn:
        return repository.head.peel(pygit2.Commit)
    tips = [repository.references[name].peel(pygit2.Commit) for name in repository.references]
    return max(tips, key=lambda tip: tip.commit_time, default=None)


def _list_tree(tree: pygit2.Tree, folder: str) -> Iterator[tuple[str, str]]:
    for entry in tree:
        path = f"{folder}{entry.name}"
        if isinstance(entry, pygit2.Tree):
            yield from _list_tree(entry, f"{path}/")
        elif isinstance(entry, pygit2.Blob) and find_language(path) in FAMILIES:
            yield path, str(entry.id)
