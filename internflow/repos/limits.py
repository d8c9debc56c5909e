"""How large a repository may be: a folder on disk, and the files of a commit."""

import os
from dataclasses import dataclass
from pathlib import Path

import pygit2

from internflow.errors import UserInputError


@dataclass(frozen=True)
class FolderLimit:
    """The size that a folder may grow to while git fills it."""

    folder: Path
    megabytes: int

    def check(self, location: str) -> None:
        """Raises UserInputError when the folder is larger."""
        if measure_folder(self.folder) > self.megabytes * 1024 * 1024:
            raise UserInputError(
                f"{location} is larger than {self.megabytes} MB: register a smaller repository,"
                " or raise INTERNFLOW_REPOSITORY_MEGABYTES."
            )


def measure_folder(folder: Path) -> int:
    """Bytes of the files below a folder; those that vanish meanwhile count nothing."""
    size = 0
    for parent, _folders, names in os.walk(folder):
        for name in names:
            try:
                size += os.lstat(os.path.join(parent, name)).st_size  # noqa: PTH118  called often
            except FileNotFoundError:
                continue
    return size


def check_file_count(tree: pygit2.Tree, most: int, location: str) -> None:
    """Raises UserInputError when a tree holds more files; counts no further than that."""
    count, folders = 0, [tree]
    while folders and count <= most:
        for entry in folders.pop():
            if isinstance(entry, pygit2.Tree):
                folders.append(entry)
            else:
                count += 1
    if count > most:
        raise UserInputError(
            f"{location} has more than {most} files: register a smaller repository,"
            " or raise INTERNFLOW_REPOSITORY_FILES."
        )
