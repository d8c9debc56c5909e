"""What an analyzer is, which version of a file it gets, and what became of that version."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from internflow.reviews.findings import SYNTAX, Problem


@dataclass(frozen=True, order=True)
class BlobKey:
    """A version of a file, and how it is read: a file name such as `module.py` (see internflow.reviews.reading)."""

    sha: str
    read_as: str


@dataclass(frozen=True)
class Analysis:
    """The problems of a version, or why there are none: left out of the review, or it could not be read.

    `gaps` name the analyzers that failed on it, and how; the others' problems are there.
    """

    problems: tuple[Problem, ...] = ()
    left_out: str | None = None
    failure: str | None = None
    gaps: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether the problems are all there are; a file that does not parse hides the others."""
        parses = all(p.rule != SYNTAX for p in self.problems)
        return parses and self.left_out is None and self.failure is None and not self.gaps


class Analyzer(Protocol):
    """Says what is wrong with a text. It runs in the confined process, and knows nothing but the text."""

    name: str
    version: str

    def wants(self, read_as: str) -> bool:
        """Whether it has anything to say of files that are read this way."""

    def analyze(self, text: str, read_as: str) -> Iterable[Problem]:
        """The problems of one version; lines end in line feeds alone."""
