"""What a rule is, and where code that a finding is about stands beside the quoted lines. Pure."""

from dataclasses import dataclass
from typing import Literal, get_args

Category = Literal["bug", "security", "performance", "complexity", "upkeep"]
Severity = Literal["high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)  # the worst first


@dataclass(frozen=True)
class Rule:
    """A rule of any analyzer. `why` and `advice` are one sentence each; tests and examples are left out unless
    it holds everywhere."""

    code: str
    category: Category
    severity: Severity
    is_everywhere: bool
    why: str
    advice: str
    url: str | None = None


@dataclass(frozen=True)
class RelatedPlace:
    """Code that a finding speaks of, at the same commit; lines are 1-based and inclusive, `quote` is their text."""

    path: str
    start_line: int
    end_line: int
    quote: str
    note: str
