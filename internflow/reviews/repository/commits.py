"""A commit as the rules of the tree see it: the tree before, the tree after, what changed. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from internflow.repos.history import FileChange
from internflow.reviews.findings import Problem
from internflow.reviews.repository.facts import CodeSymbol, FileFacts
from internflow.reviews.repository.snapshot import Snapshot

Placed = tuple[str, Problem]  # the path that the problem stands in


@dataclass(frozen=True)
class Commit:
    before: Snapshot
    after: Snapshot
    changes: Sequence[FileChange]

    def walk_versions(self) -> Iterator[tuple[str, str, FileFacts, FileFacts]]:
        """The code files that are there before and after: old path, new path, the facts of both."""
        for change in self.changes:
            old_path = change.old_path or change.path
            if change.change_kind == "copied":
                continue
            old, new = self.before.find_facts(old_path), self.after.find_facts(change.path)
            if old is not None and new is not None:
                yield old_path, change.path, old, new

    def walk_changed_functions(self) -> Iterator[tuple[str, CodeSymbol, str, CodeSymbol]]:
        """Functions that stand before and after under one qualified name and differ: old path, old, path, new."""
        for old_path, path, old, new in self.walk_versions():
            for symbol in new.symbols:
                earlier = old.find_symbol(symbol.symbol) if symbol.is_function else None
                if earlier is None or earlier.digest == symbol.digest or not earlier.is_function:
                    continue
                if new.find_symbol(symbol.symbol) is not None:
                    yield old_path, earlier, path, symbol
