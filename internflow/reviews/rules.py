"""The rules of a review, each with its category and severity. Chosen to be quiet: none is about style."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal, cast

from internflow.reviews.findings import SYNTAX, Problem

Category = Literal["bug", "security", "performance", "complexity"]
Severity = Literal["high", "medium", "low"]

RULES_VERSION = 1  # count up when a change here changes reviews: covered commits are then redone
MAX_COMPLEXITY = 15
MAX_HIGH_PER_COMMIT = 3

# high: fails or is exploitable as it stands; medium: for some inputs, or almost never meant; low: worth knowing.
# everywhere: in tests, fixtures and examples too; code: not there.
TABLE = f"""
bug high code {SYNTAX} F404 F407 F621 F622 F701 F702 F704 F706 F707
bug high code PLE0115 PLE0117 PLE0118 PLE1142 PLE1700
bug high everywhere F501 F502 F503 F505 F506 F507 F508 F509 F521 F524 F525 F631 F633 F634 F821 F823
bug high everywhere ASYNC105 B016 B030 PLE0100 PLE0241 PLE1132 PLE1300 PLW0133 PLW0245 PLW1501 RUF016
bug medium everywhere E722 F402 F523 F601 F602 F632 F822 F901
bug medium everywhere B002 B003 B006 B012 B022 B025 B029 B031 B032 B034 B035 B039
bug medium everywhere PLE0237 PLE0302 PLE0303 PLE0304 PLE0305 PLE0307 PLE0308 PLE0309 PLE0643
bug medium everywhere PLE0704 PLE1205 PLE1206 PLE1307 PLE1310 PLE1507 PLE1519 PLE1520
bug medium everywhere G101 PGH005 PLW0129 PLW0177 PLW0711 PLW2101
bug medium code ASYNC100 B015 B023 RUF006 RUF008 RUF024 RUF026 RUF032
bug low everywhere F504 F522 F811 B004 B020 B021 B033 PLE0101 PLE0604 RUF030
bug low code B008 B011 B018 PLR0124 PLW1508 PLW1509 S110 S112
security high everywhere PLE2502
security high code S201 S323 S501 S506 S602 S605
security medium code S102 S103 S105 S106 S113 S202 S301 S303 S304 S305 S306 S307 S308 S312
security medium code S321 S324 S502 S503 S504 S505 S507 S508 S509 S604 S608 S609 S610 S611 S612
security medium code S701 S702 S704
security low code S104 S107 S108 S302 S313 S314 S315 S316 S317 S318 S319 S601 PLE2515
performance medium code ASYNC210 ASYNC212 ASYNC220 ASYNC221 ASYNC222 ASYNC250 ASYNC251
performance low code ASYNC110 ASYNC230 B019 PERF101 PERF102 PERF401 PERF402 PERF403 RUF017
complexity low code C901
"""

# Frameworks want these calls in argument defaults; the others make nothing that can change.
IMMUTABLE_CALLS = (
    *(f"fastapi.{name}" for name in ("Body", "Cookie", "Depends", "File", "Form", "Header")),
    *("fastapi.Path", "fastapi.Query", "fastapi.Security", "typer.Argument", "typer.Option"),
    *("pathlib.Path", "pathlib.PurePath"),
)
# A rule that says of the same line what the other one says already.
OVERSHADOWED = {"S110": "E722", "S112": "E722"}

APART = frozenset({
    "test", "tests", "testing", "testdata", "fixture", "fixtures",
    "example", "examples", "sample", "samples",
})  # fmt: skip


@dataclass(frozen=True)
class Rule:
    category: Category
    severity: Severity
    is_everywhere: bool


def _read_table() -> dict[str, Rule]:
    rules = {}
    for line in TABLE.strip().splitlines():
        category, severity, scope, *codes = line.split()
        rule = Rule(cast(Category, category), cast(Severity, severity), scope == "everywhere")
        rules.update(dict.fromkeys(codes, rule))
    return rules


RULES = _read_table()


def is_apart(path: str) -> bool:
    """Whether a file is a test, a fixture or an example, where a password or an assert is no danger."""
    place = PurePosixPath(path)
    if any(part.lower() in APART for part in place.parts[:-1]) or place.name == "conftest.py":
        return True
    return place.stem.startswith("test_") or place.stem.endswith(("_test", "_tests"))


def applies(rule: str, path: str) -> bool:
    """Whether a review applies the rule to this file."""
    return rule in RULES and (RULES[rule].is_everywhere or not is_apart(path))


def keep_telling(problems: Iterable[Problem]) -> list[Problem]:
    """Drop repetitions of one line's problem, and all but the first error of a file that does not parse."""
    ordered = sorted(problems, key=lambda p: (p.start_line, p.rule))
    broken = [p for p in ordered if p.rule == SYNTAX]
    if broken:
        return broken[:1]
    places = {(p.rule, p.start_line) for p in ordered}
    kept: dict[tuple[str, int], Problem] = {}
    for problem in ordered:
        is_shadow = (OVERSHADOWED.get(problem.rule), problem.start_line) in places
        # Of a shell command without variable parts the analyzer itself says that it is safe.
        if not is_shadow and "seems safe" not in problem.message:
            kept.setdefault((problem.rule, problem.start_line), problem)
    return list(kept.values())


def choose_severities(rules: Iterable[str]) -> list[Severity]:
    """Severity of each problem that one commit brought in; from the fourth high one on, high is medium."""
    severities: list[Severity] = []
    for rule in rules:
        severity = RULES[rule].severity
        is_spent = severity == "high" and severities.count("high") >= MAX_HIGH_PER_COMMIT
        severities.append("medium" if is_spent else severity)
    return severities
