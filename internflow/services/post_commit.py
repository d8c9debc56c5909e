"""What Git's post-commit hook starts: reviews the working tree it is started in, alone, and again while commits came.

Started as `python -P -m internflow.services.post_commit DATA_DIR`. Imports little, since a rebase starts it in bursts:
all but one of those processes end at once, and what they asked for is one incremental review.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

LOG_BYTES = 1_000_000  # a larger log is begun anew
NICENESS = 10


def main(data_dir: Path, worktree: Path) -> None:
    """Review the working tree in this process's own session, so that no Ctrl-C in a terminal reaches it."""
    with suppress(PermissionError):  # it leads a session already
        os.setsid()
    os.nice(NICENESS)
    folder = find_folder(data_dir, worktree)
    folder.mkdir(parents=True, exist_ok=True)
    answer_requests(folder, lambda: _review(folder, worktree))


def find_folder(data_dir: Path, worktree: Path) -> Path:
    """Where the hook of a working tree keeps its lock, its request and its log."""
    name = hashlib.sha256(str(worktree.resolve()).encode()).hexdigest()[:16]
    return data_dir / "hooks" / name


def answer_requests(folder: Path, review: Callable[[], None]) -> None:
    """Leave a request and answer it, unless another process is at it: that one will see the request.

    Whoever ends looks for a request once more after it has given up the lock, so none is lost.
    """
    request = folder / "request"
    request.touch()
    while request.exists():
        try:
            with FileLock(folder / "lock", timeout=0):
                request.unlink(missing_ok=True)
                review()
        except Timeout:
            return


def _review(folder: Path, worktree: Path) -> None:
    """The same command as in a terminal. Its report quotes code, which no log may have."""
    log = folder / "log"
    is_large = log.exists() and log.stat().st_size > LOG_BYTES
    with log.open("w" if is_large else "a") as lines:
        subprocess.run(
            [sys.executable, "-P", "-m", "internflow.cli", "review", str(worktree)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=lines,
            check=False,
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path.cwd())
