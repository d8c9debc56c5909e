"""Real Git repositories for tests, with fixed authors and times."""

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def unpack_objects(bare: Path) -> None:
    """Turn the packs of a bare repository into a file for each object, for tests that lose one of them."""
    for pack in list(bare.glob("objects/pack/*.pack")):
        content = pack.read_bytes()
        for part in list(bare.glob(f"objects/pack/{pack.stem}.*")):
            part.unlink()
        command = ["git", "-C", str(bare), "unpack-objects", "-q"]
        subprocess.run(command, input=content, check=True)


class GitRepository:
    """A working tree whose commits are one hour apart."""

    def __init__(self, path: Path, branch: str = "main") -> None:
        self.path = path
        self._count = 0
        path.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch", branch)

    def git(self, *args: str) -> str:
        moment = (START + timedelta(hours=self._count)).isoformat()
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.path),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_DATE": moment,
            "GIT_COMMITTER_DATE": moment,
            "GIT_COMMITTER_NAME": "Builder",
            "GIT_COMMITTER_EMAIL": "builder@example.org",
        }
        done = subprocess.run(
            ["git", *args],
            cwd=self.path,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def commit(
        self,
        message: str,
        files: dict[str, str | bytes | None],
        author: str = "Asha Rao <asha@example.org>",
    ) -> str:
        """Write the files (None deletes one), commit them and return the commit's sha."""
        for name, content in files.items():
            target = self.path / name
            if content is None:
                target.unlink()
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
        self._count += 1
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--author", author, "-m", message)
        return self.head()

    def head(self) -> str:
        return self.git("rev-parse", "HEAD")
