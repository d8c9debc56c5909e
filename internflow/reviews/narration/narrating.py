"""Narrates the reviewed commits of a repository, each once for the same facts; then has the newest ones reworded.

The template's text is stored first, so that a commit has its narration whatever a model does, and however slowly.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from time import monotonic

from internflow.logs import log_unit
from internflow.repos.mirrors import Mirror
from internflow.reviews.narration.narrator import CommitSource, Narrator
from internflow.reviews.narration.storage import (
    StoredNarration,
    read_brought_in,
    read_fixed,
    read_narrations,
    read_reviewed,
    store_narrations,
)
from internflow.reviews.narration.wording import Worded, reword
from internflow.reviews.repository.reviewer import borrow_reviewer
from internflow.settings import Settings
from internflow.warehouse.connections import Connection

BATCH_COMMITS = 50
# Of one call: a model takes seconds for each, and what follows a push waits for it.
MOST_REWORDED = 20
MOST_SECONDS = 60.0


@dataclass(frozen=True)
class NarrationCounts:
    """Commits `written` by templates, `unchanged` since, or `failed`; and what the model's wording came to.

    `unavailable` is 1 when the model's server did not answer: it was not asked again.
    """

    written: int = 0
    unchanged: int = 0
    failed: int = 0
    reworded: int = 0
    refused: int = 0
    unavailable: int = 0


def narrate_repository(
    connection: Connection,
    mirror: Mirror,
    commits: Sequence[str],
    *,
    settings: Settings,
    now: datetime,
) -> NarrationCounts:
    """Narrate those of the commits (newest first) that were reviewed and lack it, or whose facts are others by now.

    Commits the connection's transaction after each batch.
    """
    with (
        log_unit("repository_narrated", repo_id=mirror.repo_id) as logged,
        borrow_reviewer(mirror) as tree,
    ):
        reviewed = read_reviewed(connection, mirror.repo_id, commits)
        found = read_brought_in(connection, mirror.repo_id, reviewed)
        fixed = read_fixed(connection, mirror.repo_id, reviewed)
        sources = [CommitSource(sha, found.get(sha, ()), fixed.get(sha, ())) for sha in reviewed]
        run = _Run(connection, mirror.repo_id, Narrator(tree.open_library(mirror)), sources, now)
        counts = run.write_due()
        if settings.llm_url is not None:
            counts = run.reword_newest(settings, counts)
        logged.update(asdict(counts))
    return counts


@dataclass(frozen=True)
class _Run:
    connection: Connection
    repo_id: str
    narrator: Narrator
    sources: Sequence[CommitSource]
    now: datetime

    def write_due(self) -> NarrationCounts:
        """Write what is missing or of other facts, by templates."""
        stored = self._read_stored()
        due = [s for s in self.sources if not _is_current(stored.get(s.commit_sha), s)]
        written = 0
        for first in range(0, len(due), BATCH_COMMITS):
            batch = list(self._narrate(due[first : first + BATCH_COMMITS]))
            store_narrations(self.connection, self.repo_id, batch)
            self.connection.commit()
            written += len(batch)
        return NarrationCounts(
            written, unchanged=len(self.sources) - len(due), failed=len(due) - written
        )

    def reword_newest(self, settings: Settings, counts: NarrationCounts) -> NarrationCounts:
        """Ask the model about the newest narrations that it was not asked about."""
        stored = self._read_stored()
        self.connection.commit()  # no transaction stays open while a model writes
        waiting = [
            (source, old)
            for source in self.sources
            if (old := stored.get(source.commit_sha)) and old.model_id != settings.llm_model
        ]
        end = monotonic() + MOST_SECONDS
        for source, old in waiting[:MOST_REWORDED]:
            told = self.narrator.narrate(source) if _is_current(old, source) else None
            if told is None:
                continue
            worded = reword(settings, told)
            if worded.outcome == "unavailable":
                return replace(counts, unavailable=1)
            new = replace(old, text=told.text, written_by="template")
            self._store_worded(replace(new, model_id=settings.llm_model), worded)
            counts = _count(counts, worded)
            if monotonic() > end:
                break
        return counts

    def _narrate(self, sources: Sequence[CommitSource]) -> Iterator[StoredNarration]:
        for source in sources:
            told = self.narrator.narrate(source)
            if told is not None:
                sha, facts_hash = source.commit_sha, source.facts_hash
                yield StoredNarration(
                    sha, told.text, told.lesson_url, facts_hash, "template", None, self.now
                )

    def _store_worded(self, template: StoredNarration, worded: Worded) -> None:
        new = replace(template, created_at=self.now)
        if worded.text is not None:
            new = replace(new, text=worded.text, written_by="model")
        store_narrations(self.connection, self.repo_id, [new])
        self.connection.commit()

    def _read_stored(self) -> dict[str, StoredNarration]:
        shas = [source.commit_sha for source in self.sources]
        return read_narrations(self.connection, self.repo_id, shas)


def _count(counts: NarrationCounts, worded: Worded) -> NarrationCounts:
    if worded.text is not None:
        return replace(counts, reworded=counts.reworded + 1)
    return replace(counts, refused=counts.refused + 1)


def _is_current(stored: StoredNarration | None, source: CommitSource) -> bool:
    return stored is not None and stored.facts_hash == source.facts_hash
