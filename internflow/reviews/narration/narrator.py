"""Narrates one commit after the other, from its files and from what the ledger has of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import structlog

from internflow.repos.chunks import CHUNKER
from internflow.reviews.catalog import RULES
from internflow.reviews.narration.facts import BroughtIn, FixedFact, build_facts
from internflow.reviews.narration.templates import Narration, narrate
from internflow.reviews.narration.versions import VersionReader
from internflow.reviews.repository.snapshot import Library

logger = structlog.get_logger("internflow.reviews")

VERSION = f"narration-2/{CHUNKER}"  # count up when the same commit is told in other words


@dataclass(frozen=True)
class CommitSource:
    """What a commit is narrated from besides its files, which never change."""

    commit_sha: str
    found: Sequence[BroughtIn]
    fixed: Sequence[FixedFact]

    @cached_property
    def facts_hash(self) -> str:
        """Stands for the facts of the commit without reading its files."""
        whys = [rule.why for f in self.found if (rule := RULES.get(f.rule))]
        parts = (VERSION, self.commit_sha, tuple(self.found), tuple(self.fixed), whys)
        return sha256(repr(parts).encode("utf-8", "replace")).hexdigest()


class Narrator:
    """For commits of the library's mirror; one that fails stops no other."""

    def __init__(self, library: Library) -> None:
        self._reader = VersionReader(library)

    def narrate(self, source: CommitSource) -> Narration | None:
        """None when it failed."""
        try:
            files = self._reader.read_files(source.commit_sha)
            return narrate(build_facts(files, source.found, source.fixed))
        except Exception:  # the border of one commit
            logger.exception("narration_failed", commit_sha=source.commit_sha)
            return None
