"""Reads the rules in this folder: ast-grep's own format, with what a review says of them under `metadata`.

`severity` is ast-grep's (error, warning, info stand for high, medium, low), `note` is our advice. A rule is tried in
each grammar of its folder's languages, unless `metadata.grammars` names fewer, and in a text in which `metadata.needs`
(a regular expression) is found: searching it is a hundred times faster than walking the tree.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

import yaml
from ast_grep_py import Config

from internflow.errors import ContractViolation
from internflow.reviews.rule import Category, Rule, Severity

FOLDER = Path(__file__).parent
# The languages of a folder, by the names that files have here and ast-grep's grammars have, too.
GRAMMARS = {
    "python": ("python",),
    "javascript": ("javascript", "typescript", "tsx"),
    "java": ("java",),
    "c": ("c", "cpp"),
    "go": ("go",),
}
SEVERITIES: dict[str, Severity] = {"error": "high", "warning": "medium", "info": "low"}
CONFIGURED = ("rule", "constraints", "utils")


@dataclass(frozen=True)
class Pattern:
    """A rule, what it says where it fires, and what ast-grep looks for, in which grammars."""

    rule: Rule
    message: str
    config: Config
    grammars: tuple[str, ...]
    needs: re.Pattern[str]


@cache
def load_patterns(grammar: str) -> tuple[Pattern, ...]:
    """The rules of a grammar, by code; none for a grammar that has none."""
    for folder, grammars in GRAMMARS.items():
        if grammar in grammars:
            return tuple(p for p in load_folder(folder) if grammar in p.grammars)
    return ()


@cache
def load_folder(folder: str) -> tuple[Pattern, ...]:
    """Every rule in a folder of this package, by code."""
    return tuple(read_pattern(path) for path in sorted((FOLDER / folder).glob("*.yml")))


def read_pattern(path: Path) -> Pattern:
    """One rule of a file. Raises ContractViolation for a file that is none."""
    try:
        read = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        about = read["metadata"]
        rule = Rule(
            code=read["id"],
            category=cast(Category, about["category"]),
            severity=SEVERITIES[read["severity"]],
            is_everywhere=about["everywhere"],
            why=about["why"],
            advice=read["note"],
            url=read["url"],
        )
        config = cast(Config, {name: read[name] for name in CONFIGURED if name in read})
        grammars = tuple(about.get("grammars", GRAMMARS[path.parent.name]))
        needs = re.compile(about.get("needs", ""))
        return Pattern(rule, read["message"], config, grammars, needs)
    except (KeyError, TypeError, re.error, yaml.YAMLError) as error:
        raise ContractViolation(
            "a rule", path, f"write it as the others are ({error!r})"
        ) from error


RULES = tuple(pattern.rule for folder in GRAMMARS for pattern in load_folder(folder))
