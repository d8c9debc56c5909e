import json
import subprocess

import pytest
from ruff import find_ruff_bin

from internflow.reviews.analyzers.ruff import CODES, keep_telling
from internflow.reviews.catalog import RULES, applies, choose_severities, is_apart
from internflow.reviews.findings import SYNTAX, Problem


def test_every_chosen_rule_is_a_stable_one_of_the_pinned_ruff() -> None:
    listed = subprocess.run(
        [find_ruff_bin(), "rule", "--all", "--output-format", "json"],
        capture_output=True,
        check=True,
    )
    stable = {rule["code"] for rule in json.loads(listed.stdout) if "Stable" in rule["status"]}
    assert set(CODES) - {SYNTAX} - stable == set()


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_rule_says_why_and_what_to_do_in_a_short_sentence(code: str) -> None:
    rule = RULES[code]
    for sentence in (rule.why, rule.advice):
        assert sentence[0].isupper() or sentence[0] == "`"
        assert sentence.endswith(".")
        assert 12 < len(sentence) <= 160
    assert rule.url is None or rule.url.startswith("https://")
    assert rule.url or code.startswith("manifest-")  # of these each package has its own


@pytest.mark.parametrize(
    "style", ["F401", "E501", "E711", "I001", "D100", "S101", "S311", "PERF203"]
)
def test_rules_of_style_and_noise_are_not_chosen(style: str) -> None:
    assert style not in RULES


@pytest.mark.parametrize(
    "path",
    [
        "tests/unit/data.py",
        "pkg/test_login.py",
        "pkg/login_test.py",
        "conftest.py",
        "Examples/run.py",
        "src/fixtures/users.py",
        "src/__tests__/login.ts",
        "src/login.test.ts",
        "src/test/java/LoginTest.java",
        "pkg/login_test.go",
        "spec/login_spec.rb",
    ],
)
def test_tests_fixtures_and_examples_are_apart(path: str) -> None:
    assert is_apart(path)
    assert not applies("S106", path)
    assert not applies("S602", path)
    assert applies("F821", path)


@pytest.mark.parametrize("path", ["src/latest.py", "contest/testimony.py", "attest.py", "app.py"])
def test_names_that_only_sound_like_tests_are_not_apart(path: str) -> None:
    assert not is_apart(path)
    assert applies("S106", path)


def test_at_most_three_findings_of_a_commit_are_high() -> None:
    severities = choose_severities(["F821", "S113", "S602", "S506", "F821", "C901", "S501"])
    assert severities == ["high", "medium", "high", "high", "medium", "low", "medium"]


def problem(rule: str, line: int, message: str = "a message") -> Problem:
    return Problem(rule, line, line, message, f"line {line}")


def test_one_line_is_told_of_once() -> None:
    said = [
        problem("S110", 3),
        problem("E722", 3),
        problem("S110", 9),
        problem("B006", 1),
        problem("B006", 1),
    ]
    assert [(p.rule, p.start_line) for p in keep_telling(said)] == [
        ("B006", 1),
        ("E722", 3),
        ("S110", 9),
    ]


def test_constant_shell_commands_are_not_told_of() -> None:
    assert (
        keep_telling([problem("S605", 2, "Starting a process with a shell: seems safe, but ...")])
        == []
    )


def test_a_file_that_does_not_parse_has_one_problem() -> None:
    said = [problem(SYNTAX, 7), problem(SYNTAX, 4), problem("E722", 1)]
    assert keep_telling(said) == [problem(SYNTAX, 4)]
