"""The rules of our analyzers, read from rules.csv. Chosen to be quiet: none is about style.

high: fails or is exploitable as it stands; medium: for some inputs, or almost never meant; low: worth knowing.
everywhere: in tests, fixtures and examples too; code: not there. The sentences on ruff's and bandit's rules are
condensed from their documentation (MIT and Apache-2.0).
"""

import csv
from importlib.resources import files
from typing import cast

from internflow.reviews.rule import Category, Rule, Severity


def read_rules() -> dict[str, tuple[Rule, ...]]:
    """The rules of each analyzer, by its name."""
    text = (files("internflow.reviews.analyzers") / "rules.csv").read_text(encoding="utf-8")
    by_source: dict[str, list[Rule]] = {}
    for row in csv.DictReader(text.splitlines()):
        rule = Rule(
            code=row["code"],
            category=cast(Category, row["category"]),
            severity=cast(Severity, row["severity"]),
            is_everywhere=row["where"] == "everywhere",
            why=row["why"],
            advice=row["advice"],
            url=row["url"] or None,
        )
        by_source.setdefault(row["source"], []).append(rule)
    return {source: tuple(rules) for source, rules in by_source.items()}


BY_SOURCE = read_rules()
