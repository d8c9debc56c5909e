"""Reviews commits of a repository that a test builds, with nothing but the tree reviewer."""

from dataclasses import dataclass
from pathlib import Path

from internflow.repos.history import read_changes
from internflow.repos.mirrors import Mirror
from internflow.reviews.findings import Problem
from internflow.reviews.lines import split_lines
from internflow.reviews.repository.reviewer import TreeReviewer
from tests.git_repositories import GitRepository

Files = dict[str, str | bytes | None]


class Tree:
    """A repository and the reviewer that walks it."""

    def __init__(self, path: Path) -> None:
        self.repository = GitRepository(path / "work")
        self.reviewer = TreeReviewer()

    def commit(self, files: Files) -> str:
        return self.repository.commit("change", files)

    def mirror(self) -> Mirror:
        return Mirror("tree", self.repository.path / ".git", "main", self.repository.head())

    def review(self, files: Files) -> list[tuple[str, Problem]]:
        """Commit the files; the problems of that commit by path. Every quote must be the text of its lines."""
        sha = self.commit(files)
        mirror = self.mirror()
        review = self.reviewer.review(mirror, sha, read_changes(mirror, sha))
        assert review.reason is None
        found = [(path, p) for path, problems in review.problems.items() for p in problems]
        for path, problem in found:
            self._check(path, problem.start_line, problem.end_line, problem.quote)
            for place in problem.related:
                self._check(place.path, place.start_line, place.end_line, place.quote)
        return found

    def rules(self, files: Files) -> list[str]:
        return sorted(problem.rule for _path, problem in self.review(files))

    def _check(self, path: str, start: int, end: int, quote: str) -> None:
        if start == 0:
            assert (end, quote) == (0, "")
            return
        text = (self.repository.path / path).read_text(encoding="utf-8")
        assert "\n".join(split_lines(text)[start - 1 : end]) == quote


@dataclass(frozen=True)
class Finding:
    """As much of a stored finding as settling it takes."""

    rule: str
    path: str
    subject: str
