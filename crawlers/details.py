"""Pages of single jobs, asked for once: kept on disk from day to day, by how the list row that led to them reads."""

import hashlib
import time
from pathlib import Path

from crawlers.platform import Ask, Page

KEPT_DAYS = 60  # a page that no crawl wanted for so long goes


class DetailCache:
    """Answers of job pages in a folder, one file each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def read(self, ask: Ask, content_hash: str) -> Page | None:
        """The page of a job whose list row reads as it did then."""
        path = self._find(ask, content_hash)
        if not path.is_file():
            return None
        path.touch()
        return Page(ask, path.read_bytes())

    def write(self, page: Page, content_hash: str) -> None:
        path = self._find(page.ask, content_hash)
        aside = path.with_suffix(".new")
        aside.write_bytes(page.body)
        aside.replace(path)

    def prune(self) -> None:
        """Remove what was not wanted for long."""
        oldest = time.time() - KEPT_DAYS * 86400
        for path in self._folder.iterdir():
            if path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)

    def _find(self, ask: Ask, content_hash: str) -> Path:
        key = f"{ask.url}\n{ask.body or ''}\n{content_hash}"
        return self._folder / hashlib.sha256(key.encode()).hexdigest()
