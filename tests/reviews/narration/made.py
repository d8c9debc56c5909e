"""Facts of commits for tests of what is written from them."""

from dataclasses import replace

from internflow.repos.history import ChangeKind, FileChange
from internflow.reviews.narration.comparing import ChangedFile, Definition
from internflow.reviews.narration.facts import BroughtIn


def change(path: str, additions: int = 5, deletions: int = 2, **more: str) -> FileChange:
    kind: ChangeKind = more.get("kind", "modified")  # type: ignore[assignment]
    return FileChange(
        path, more.get("old_path"), kind, False, additions, deletions, "a" * 40, "b" * 40
    )


def function(symbol: str, text: str = "", complexity: int | None = None) -> Definition:
    is_test = symbol.rpartition(".")[2].startswith("test_")
    return Definition(symbol, "function", text.encode(), is_test, complexity)


def klass(symbol: str, text: str = "") -> Definition:
    return replace(function(symbol, text), kind="class", is_test=symbol.startswith("Test"))


def code(path: str, before: list[Definition], after: list[Definition]) -> ChangedFile:
    return ChangedFile(change(path), tuple(before), tuple(after), is_code=True)


def finding(rule: str, path: str, line: int, severity: str = "medium") -> BroughtIn:
    return BroughtIn(rule, severity, path, line, f"https://rules.example/{rule}")
