"""What of the injected defects was found, and what was said beside them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from benchmarks.reviews.edits import Change
from benchmarks.reviews.judged import Judged
from internflow.reviews.catalog import RULES
from internflow.reviews.findings import Finding

CLAIMS = Path(__file__).parent / "claims.yml"
NEAR = 2  # lines
PREFIXES = {"javascript": "js-", "java": "java-", "c": "c-", "go": "go-"}


@dataclass
class Score:
    """`found` of `cases` were found; `false_alarms` are findings on a control, or elsewhere in a case."""

    cases: int = 0
    found: int = 0
    true_alarms: int = 0
    false_alarms: int = 0

    @property
    def recall(self) -> float:
        return self.found / self.cases if self.cases else 0.0

    @property
    def precision(self) -> float:
        alarms = self.true_alarms + self.false_alarms
        return self.true_alarms / alarms if alarms else 1.0


@dataclass
class Scores:
    """By kind and family of languages, and by rule. A kind that no rule claims has an empty set of rules."""

    by_kind: dict[tuple[str, str], Score] = field(default_factory=lambda: defaultdict(Score))
    by_rule: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    claimed: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    control_count: int = 0
    alarmed_controls: int = 0

    def total(self, family: str | None = None, *, is_claimed: bool = True) -> Score:
        """The sum over kinds, of a family or all; without what no rule claims, unless asked for."""
        total = Score()
        for (kind, each), score in self.by_kind.items():
            if family in (None, each) and (self.claimed[kind, each] or not is_claimed):
                total.cases += score.cases
                total.found += score.found
                total.true_alarms += score.true_alarms
                total.false_alarms += score.false_alarms
        return total


def read_claims() -> dict[str, list[str]]:
    """The rules that claim each kind."""
    claims: dict[str, list[str]] = yaml.safe_load(CLAIMS.read_text(encoding="utf-8"))
    return claims


def score(judged: Iterable[Judged], claims: Mapping[str, Sequence[str]]) -> Scores:
    """Count what was found. A finding counts for its case when a rule that claims the kind has it near the defect."""
    scores = Scores()
    for each in judged:
        place = (each.case.kind, each.case.family)
        rules = _rules_for(each.case.family, claims.get(each.case.kind, ()))
        scores.claimed[place] = rules
        of_kind = scores.by_kind[place]
        of_kind.cases += 1
        scores.control_count += 1
        scores.alarmed_controls += bool(each.control)
        right = [f for f in each.broken if f.rule in rules and is_near(f, each.case.broken)]
        wrong = [f for f in (*each.broken, *each.control) if f not in right]
        of_kind.found += bool(right)
        of_kind.true_alarms += len(right)
        of_kind.false_alarms += len(wrong)
        for rule, count in Counter(f.rule for f in right).items():
            scores.by_rule[rule].true_alarms += count
        for rule, count in Counter(f.rule for f in wrong).items():
            scores.by_rule[rule].false_alarms += count
        for rule in rules:
            scores.by_rule[rule].cases += 1
        for rule in {f.rule for f in right}:
            scores.by_rule[rule].found += 1
    return scores


def is_near(finding: Finding, change: Change) -> bool:
    """Whether a finding is about the lines of a change, or at most two lines away."""
    return any(
        finding.start_line - NEAR <= line <= finding.end_line + NEAR for line in change.lines
    )


def _rules_for(family: str, rules: Sequence[str]) -> frozenset[str]:
    """Those of the product's rules that read this family's code."""
    prefix = PREFIXES.get(family)
    others = tuple(PREFIXES.values())
    return frozenset(
        rule
        for rule in rules
        if rule in RULES and (rule.startswith(prefix) if prefix else not rule.startswith(others))
    )
