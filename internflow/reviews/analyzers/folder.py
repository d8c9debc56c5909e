"""The folder that an analysis reads: each version alone in a folder of its own, under a name that we chose.

So the repository's configuration and its file names have no say.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from internflow.reviews.analyzers.protocol import BlobKey
from internflow.reviews.findings import Problem
from internflow.reviews.lines import split_lines


@dataclass(frozen=True)
class Told:
    """What one analyzer made of one version; with `trouble` it failed on it."""

    problems: tuple[Problem, ...] = ()
    left_out: str | None = None
    trouble: str | None = None


def relative_path(key: BlobKey) -> str:
    """Where a version lies in the folder."""
    return f"{key.sha}/{key.read_as}"


def locate(folder: Path, key: BlobKey) -> Path:
    """The file of a version."""
    return folder / relative_path(key)


def write_versions(folder: Path, texts: Iterable[tuple[BlobKey, str]]) -> list[BlobKey]:
    """Write each version and return their keys."""
    keys = []
    for key, text in texts:
        path = locate(folder, key)
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        keys.append(key)
    return keys


def read_lines(folder: Path, key: BlobKey) -> list[str]:
    """The lines of a version, as a review counts them."""
    with locate(folder, key).open(encoding="utf-8", newline="") as file:
        return split_lines(file.read())
