"""The defects that the benchmark of reviews puts into code: each changes what it says, and no more."""

import random
from pathlib import Path

import pytest
from ast_grep_py import SgRoot

from benchmarks.reviews.cases import find_cases
from benchmarks.reviews.edits import Edit, change_text
from benchmarks.reviews.injections import find_spots, parses, read_ways
from benchmarks.reviews.judged import Judged, judge_cases
from benchmarks.reviews.report import write_tables
from benchmarks.reviews.scoring import read_claims, score
from benchmarks.reviews.sources import FAMILIES, SourceFile
from internflow.reviews.catalog import RULES

AROUND = {
    "python": "def f(x):\n    {}\n",
    "javascript": "function f(x) {{\n  {}\n}}\n",
    "java": "class A {{\n  void f() {{\n    {}\n  }}\n}}\n",
    "c": "void f(void) {{\n  {}\n}}\n",
    "go": "package a\n\nfunc f() error {{\n\t{}\n}}\n",
}


def break_code(family: str, kind: str, code: str) -> list[str]:
    text = AROUND[family].format(code)
    root = SgRoot(text, family).root()
    ways = [way for way in read_ways(family) if way.kind == kind]
    start, end = AROUND[family].format("\0").split("\0")
    return [
        change_text(text, spot.edits).text.removeprefix(start).removesuffix(end)
        for way in ways
        for spot in find_spots(way, text, root, random.Random(1))
    ]


@pytest.mark.parametrize(
    ("family", "kind", "before", "after"),
    [
        ("python", "loop-past-end", "while x < len(a): g(a[x])", "while x <= len(a): g(a[x])"),
        ("python", "identity-of-text", 'return x == "a"', 'return x is "a"'),
        ("python", "error-not-raised", 'raise ValueError("a")', 'ValueError("a")'),
        (
            "python",
            "not-closed",
            "with open(x) as f:\n        a = f.read()\n        g(a)",
            "f = open(x)\n    a = f.read()\n    g(a)",
        ),
        (
            "python",
            "error-swallowed",
            "try:\n        g()\n    except Exception:\n        log()\n        raise",
            "try:\n        g()\n    except Exception:\n        pass",
        ),
        ("javascript", "assigned-in-condition", "if (x === 1) { g(); }", "if (x = 1) { g(); }"),
        ("javascript", "not-awaited-of-elsewhere", "await g(x);", "g(x);"),
        ("javascript", "eval", "return JSON.parse(x);", 'return eval("(" + x + ")");'),
        ("java", "identity-of-text", 'g("a".equals(x));', 'g(x == "a");'),
        ("java", "if-ends-early", "if (x > 1) { g(); }", "if (x > 1); { g(); }"),
        (
            "java",
            "not-closed",
            "try (Reader r = open(x)) {\n      g(r);\n    } finally { h(); }",
            "Reader r = open(x);\n    try {\n      g(r);\n    } finally { h(); }",
        ),
        ("c", "copy-without-limit", "strncpy(a, b, n);", "strcpy(a, b);"),
        ("c", "use-after-free", "p->n = 1;\n  free(p);", "free(p);\n  p->n = 1;"),
        ("c", "double-free", "free(p);\n  g();", "free(p);\n  g();\n  free(p);"),
        ("c", "double-free", "free(p);\n  return;", "free(p);\n  free(p);\n  return;"),
        (
            "go",
            "error-check-inverted",
            "if err != nil { return err }",
            "if err == nil { return err }",
        ),
        (
            "go",
            "error-dropped",
            "a, err := g()\n\tif err != nil {\n\t\treturn err\n\t}\n\treturn h(a)",
            "a, _ := g()\n\treturn h(a)",
        ),
        (
            "go",
            "sql-built",
            'return db.Query("SELECT a FROM b WHERE c = ?", x)',
            'return db.Query("SELECT a FROM b WHERE c = \'" + x + "\'")',
        ),
    ],
)
def test_a_defect_changes_exactly_what_it_says(
    family: str, kind: str, before: str, after: str
) -> None:
    assert after in break_code(family, kind, before)


def test_code_that_does_not_fit_is_left_as_it_is() -> None:
    assert break_code("python", "identity-of-text", "return x == y") == []


def test_lines_of_a_change_are_those_of_the_new_text() -> None:
    change = change_text("a\nb\nc\nd\n", [Edit(2, 4, ""), Edit(4, 5, "x\ny")], places=[6])
    assert change.text == "a\nx\ny\nd\n"
    assert change.lines == {2, 3, 4}


TEXT = """import os


def read(path, limit=None):
    total = 0
    names = os.listdir(path)
    for i in range(len(names)):
        if names[i] == "a":
            total += i
    if limit is not None:
        total = min(total, limit.size)
    return total
"""


def test_a_case_has_a_defect_and_a_control_that_both_parse() -> None:
    file = SourceFile("python", "python", "read.py", TEXT)
    cases = list(find_cases(file, read_ways("python"), seed=7))
    assert {"loop-past-end", "identity-of-text", "mutable-default"} <= {c.kind for c in cases}
    assert cases == list(find_cases(file, read_ways("python"), seed=7))
    for case in cases:
        assert len({case.before, case.broken.text, case.control.text}) == 3
        assert parses("python", case.broken.text)
        assert parses("python", case.control.text)


def test_the_product_judges_defects_and_controls(tmp_path: Path) -> None:
    file = SourceFile("python", "python", "read.py", TEXT)
    cases = [
        c for c in find_cases(file, read_ways("python"), seed=7) if c.kind == "identity-of-text"
    ]
    (judged,) = judge_cases(cases, tmp_path)
    assert [finding.rule for finding in judged.broken] == ["F632"]
    assert judged.control == ()
    scores = score([judged], {"identity-of-text": ["F632"]})
    assert (scores.total().recall, scores.total().precision) == (1.0, 1.0)


def test_what_no_rule_claims_counts_as_a_false_alarm(tmp_path: Path) -> None:
    file = SourceFile("python", "python", "read.py", TEXT)
    cases = [
        c for c in find_cases(file, read_ways("python"), seed=7) if c.kind == "identity-of-text"
    ]
    (judged,) = judge_cases(cases, tmp_path)
    scores = score(
        [Judged(judged.case, judged.broken, judged.broken)], {"identity-of-text": ["F821"]}
    )
    assert scores.by_kind["identity-of-text", "python"].found == 0
    assert scores.by_kind["identity-of-text", "python"].false_alarms == 2


def test_claims_name_rules_and_kinds_that_exist() -> None:
    kinds = {way.kind for family in set(FAMILIES.values()) for way in read_ways(family)}
    assert kinds >= read_claims().keys()
    assert {rule for rules in read_claims().values() for rule in rules} <= RULES.keys()


def test_tables_replace_those_of_the_run_before(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Page\n\ntext\n", encoding="utf-8")
    write_tables(page, ["one"])
    write_tables(page, ["two"])
    told = page.read_text(encoding="utf-8")
    assert told.startswith("# Page\n\ntext\n\n")
    assert "two" in told
    assert "one" not in told
