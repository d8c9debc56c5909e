"""What a commit did, as typed facts: the only thing that its narration is written from. Pure.

Names are shown on one line and shortened; as many are named as a text can bear, the rest is counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from internflow.repos.history import ChangeKind, FileChange
from internflow.repos.languages import find_language, is_generated_or_vendored
from internflow.reviews.catalog import RULES, is_apart
from internflow.reviews.findings import COMPLEXITY
from internflow.reviews.narration.comparing import (
    ChangedFile,
    Definition,
    SymbolKind,
    compare_files,
)
from internflow.reviews.reports.visible import show_line
from internflow.reviews.rule import SEVERITIES

T = TypeVar("T")
K = TypeVar("K", "FileFact", "SymbolFact")

MOST_NAMED = 4
LONGEST_NAME = 80
DOCUMENTS = frozenset({"markdown", "rst"})
COMPLEXITY_RULES = frozenset({COMPLEXITY, "complex-function"})
# Less is no news: a function of few branches, or one more or less of them.
LEAST_DIFFERENCE = 3
LEAST_SIMPLIFIED = 8
LEAST_COMPLICATED = 11


@dataclass(frozen=True)
class Listed(Generic[T]):
    """The first few of many, and how many there are beside them; of which kinds, where that is told of them all."""

    named: tuple[T, ...] = ()
    more: int = 0
    kinds_of_more: frozenset[str] = frozenset()

    @property
    def count(self) -> int:
        return len(self.named) + self.more


@dataclass(frozen=True)
class FileFact:
    path: str
    old_path: str | None
    kind: ChangeKind


@dataclass(frozen=True)
class SymbolFact:
    symbol: str
    kind: SymbolKind


@dataclass(frozen=True)
class ComplexityFact:
    symbol: str
    before: int
    after: int


@dataclass(frozen=True)
class BroughtIn:
    """What the ledger has of a finding that the commit brought in."""

    rule: str
    severity: str
    path: str
    start_line: int
    rule_url: str | None


@dataclass(frozen=True)
class FindingFact:
    """A finding that the commit brought in."""

    rule: str
    severity: str
    path: str
    line: int


@dataclass(frozen=True)
class FixedFact:
    """A finding that stood before the commit and does not after it."""

    rule: str
    path: str


@dataclass(frozen=True)
class Lesson:
    """What the worst finding has to teach: words and address are those of our own rules."""

    rule: str
    why: str | None
    url: str | None


@dataclass(frozen=True)
class CommitFacts:
    """`additions` and `deletions` are lines of all files; findings come worst first.

    Functions and classes are those of `compared_files`, of `code_files` that there are.
    """

    files: Listed[FileFact] = field(default_factory=Listed)
    additions: int = 0
    deletions: int = 0
    documents: Listed[str] = field(default_factory=Listed)
    code_files: int = 0
    compared_files: int = 0
    added: Listed[SymbolFact] = field(default_factory=Listed)
    changed: Listed[SymbolFact] = field(default_factory=Listed)
    moved: Listed[SymbolFact] = field(default_factory=Listed)
    removed: Listed[SymbolFact] = field(default_factory=Listed)
    tests_added: Listed[str] = field(default_factory=Listed)
    simpler: Listed[ComplexityFact] = field(default_factory=Listed)
    harder: Listed[ComplexityFact] = field(default_factory=Listed)
    findings: Listed[FindingFact] = field(default_factory=Listed)
    fixed: Listed[FixedFact] = field(default_factory=Listed)
    lesson: Lesson | None = None


def build_facts(
    files: Sequence[ChangedFile], findings: Iterable[BroughtIn], fixed: Iterable[FixedFact] = ()
) -> CommitFacts:
    """The facts of a commit from its changed files, the findings that it brought in and those that it fixed."""
    ordered = sorted(files, key=_importance)
    paths = [file.change.path for file in ordered]
    documents = [path for path in paths if is_document(path)]
    compared = compare_files(ordered)
    measured = [_measure(before, after) for before, after in compared.changed]
    complexities = [change for change in measured if change is not None]
    worst = sorted(findings, key=_severity)
    # What got simpler may only have given its branches to the function that is complex now.
    is_only_moved = any(f.rule in COMPLEXITY_RULES for f in worst)
    return CommitFacts(
        files=list_kinds([_describe_file(file.change) for file in ordered]),
        additions=sum(file.change.additions for file in ordered),
        deletions=sum(file.change.deletions for file in ordered),
        documents=list_some([show_name(path) for path in documents]),
        code_files=sum(file.is_code for file in ordered),
        compared_files=sum(file.is_code and not file.is_unread for file in ordered),
        added=_list_symbols(compared.added),
        changed=_list_symbols([after for _before, after in compared.changed]),
        moved=_list_symbols(compared.moved),
        removed=_list_symbols(compared.removed),
        tests_added=list_some([show_name(d.symbol) for d in compared.tests]),
        simpler=list_some([c for c in complexities if is_simpler(c) and not is_only_moved]),
        harder=list_some([c for c in complexities if is_harder(c)]),
        findings=list_some(
            [FindingFact(f.rule, f.severity, show_name(f.path), f.start_line) for f in worst]
        ),
        fixed=list_some([FixedFact(f.rule, show_name(f.path)) for f in fixed]),
        lesson=_find_lesson(worst),
    )


def list_some(items: Sequence[T]) -> Listed[T]:
    """The first items by name; what would be one more is named, too."""
    most = MOST_NAMED if len(items) > MOST_NAMED + 1 else MOST_NAMED + 1
    return Listed(tuple(items[:most]), max(0, len(items) - most))


def list_kinds(items: Sequence[K]) -> Listed[K]:
    """As `list_some`, with the kinds of those that are not named: a word for all must fit them, too."""
    listed = list_some(items)
    return replace(listed, kinds_of_more=frozenset(i.kind for i in items[len(listed.named) :]))


def show_name(name: str) -> str:
    """A name of the repository as a text shows it: one line, no hidden characters, nothing that ends a code span."""
    shown = show_line(" ".join(name.split())).replace("`", "'") or "(blank)"
    return shown if len(shown) <= LONGEST_NAME else f"{shown[:LONGEST_NAME]}..."


def is_document(path: str) -> bool:
    """Whether a file is documentation."""
    return find_language(path) in DOCUMENTS


def is_simpler(change: ComplexityFact) -> bool:
    """Whether a function got so much simpler that it is worth a word."""
    return change.before >= LEAST_SIMPLIFIED and change.before - change.after >= LEAST_DIFFERENCE


def is_harder(change: ComplexityFact) -> bool:
    """Whether a function got so complex that it is worth a word."""
    return change.after >= LEAST_COMPLICATED and change.after - change.before >= LEAST_DIFFERENCE


def _list_symbols(definitions: Sequence[Definition]) -> Listed[SymbolFact]:
    return list_kinds([SymbolFact(show_name(d.symbol), d.kind) for d in definitions])


def _measure(before: Definition, after: Definition) -> ComplexityFact | None:
    if before.complexity is None or after.complexity is None:
        return None
    return ComplexityFact(show_name(after.symbol), before.complexity, after.complexity)


def _describe_file(change: FileChange) -> FileFact:
    old_path = show_name(change.old_path) if change.old_path else None
    return FileFact(show_name(change.path), old_path, change.change_kind)


def _importance(file: ChangedFile) -> tuple[bool, bool, bool, int, str]:
    """Own code first, then documents, tests and what a program wrote; of each the largest change first."""
    change = file.change
    return (
        is_generated_or_vendored(change.path),
        is_apart(change.path),
        find_language(change.path) is None or is_document(change.path),
        -(change.additions + change.deletions),
        change.path,
    )


def _severity(finding: BroughtIn) -> tuple[int, bool, str, int]:
    return (
        SEVERITIES.index(finding.severity),
        is_apart(finding.path),
        finding.path,
        finding.start_line,
    )


def _find_lesson(worst: Sequence[BroughtIn]) -> Lesson | None:
    if not worst:
        return None
    rule = RULES.get(worst[0].rule)
    return Lesson(worst[0].rule, rule.why if rule else None, worst[0].rule_url)
