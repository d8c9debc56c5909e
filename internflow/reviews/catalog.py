"""Every rule of a review, from all its sources; where a rule holds, and how loud a commit's findings are."""

from collections.abc import Iterable
from itertools import chain
from pathlib import PurePosixPath

from internflow.reviews.analyzers.rules import BY_SOURCE
from internflow.reviews.patterns.catalog import RULES as PATTERN_RULES
from internflow.reviews.repository.rules import RULES as TREE_RULES
from internflow.reviews.rule import Rule, Severity

MAX_HIGH_PER_COMMIT = 3

APART = frozenset({
    "test", "tests", "testing", "testdata", "fixture", "fixtures", "__tests__", "__fixtures__", "__mocks__", "mocks",
    "spec", "specs", "e2e", "cypress", "example", "examples", "sample", "samples", "demo", "demos",
})  # fmt: skip

RULES: dict[str, Rule] = {
    rule.code: rule for rule in chain(*BY_SOURCE.values(), PATTERN_RULES, TREE_RULES)
}


def is_apart(path: str) -> bool:
    """Whether a file is a test, a fixture or an example, where a password or an assert is no danger."""
    place = PurePosixPath(path)
    if any(part.lower() in APART for part in place.parts[:-1]) or place.name == "conftest.py":
        return True
    stem = place.stem
    if stem.endswith(
        (".test", ".spec", ".cy", "Test", "Tests", "Spec")
    ):  # as JavaScript and Java name them
        return True
    return stem.startswith("test_") or stem.endswith(("_test", "_tests", "_spec"))


def applies(rule: str, path: str) -> bool:
    """Whether a review applies the rule to this file."""
    return rule in RULES and (RULES[rule].is_everywhere or not is_apart(path))


def choose_severities(rules: Iterable[str]) -> list[Severity]:
    """Severity of each problem that one commit brought in; from the fourth high one on, high is medium."""
    severities: list[Severity] = []
    for rule in rules:
        severity = RULES[rule].severity
        is_spent = severity == "high" and severities.count("high") >= MAX_HIGH_PER_COMMIT
        severities.append("medium" if is_spent else severity)
    return severities
