"""Where a finding stands, and texts that no rule should have to read."""

from contextlib import suppress
from pathlib import Path

import pytest

from internflow.errors import ContractViolation, TextRefused
from internflow.reviews.patterns.catalog import GRAMMARS, RULES, load_patterns, read_pattern
from internflow.reviews.patterns.finding import (
    DEEPEST,
    LONGEST_LINE,
    MOST_BRANCHES,
    MOST_PROBLEMS,
    find_patterns,
)

EVERY_GRAMMAR = [grammar for grammars in GRAMMARS.values() for grammar in grammars]
SLIP = "if (a = b) f();\n"


def test_a_finding_quotes_its_lines_whatever_stands_before_them() -> None:
    text = "// naïve 🎉\r\n\x0cconst é = 1;\r  if (a = 1)\r\n    f();\n"
    (problem,) = find_patterns("javascript", text)
    assert (problem.start_line, problem.end_line) == (3, 3)
    assert problem.quote == "  if (a = 1)"
    assert problem.rule == "js-assignment-as-condition"


def test_findings_are_in_the_order_of_their_lines_and_one_a_rule_on_a_line() -> None:
    text = "if (a = 1) { if (b = 1) f(); }\nconst x = typeof y === 'strnig';\nif (c = 1) f();\n"
    assert [(p.start_line, p.rule) for p in find_patterns("javascript", text)] == [
        (1, "js-assignment-as-condition"),
        (2, "js-typeof-unknown"),
        (3, "js-assignment-as-condition"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "if (a = b) f(); // eslint-disable-line\n",
        "// eslint-disable-next-line no-cond-assign\nif (a = b) f();\n",
    ],
)
def test_the_authors_own_word_silences_a_rule(text: str) -> None:
    assert find_patterns("javascript", text) == []


def test_a_header_is_read_as_the_language_that_it_is_written_in() -> None:
    text = "inline void f() {\n  int *p = new int[10];\n  delete p;\n}\n"
    assert find_patterns("c", text) == []
    found = find_patterns("c", f"namespace a {{\n{text}}}\n")
    assert [p.rule for p in found] == ["c-delete-of-array"]


def test_what_did_not_parse_is_not_judged() -> None:
    assert find_patterns("javascript", "if (a = ) { f(; } }\n") == []


def test_a_language_without_rules_has_no_findings() -> None:
    assert find_patterns("cobol", SLIP) == []
    assert load_patterns("cobol") == ()


@pytest.mark.parametrize("grammar", EVERY_GRAMMAR)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("\n" * 20_000, id="only line ends"),
        pytest.param("\x00\ufffd\x1b\u202e" * 100, id="no text"),
        pytest.param("x = '\ud800'\n", id="half a character"),
        pytest.param("x = '" + "a = b; " * 1_500_000 + "'", id="a line of 10 MB"),
        pytest.param("x = " + "[" * 100_000 + "]" * 100_000, id="deep brackets"),
        pytest.param("{" * 100_000, id="brackets that never close"),
        pytest.param(")]}" * 100_000, id="brackets that never open"),
        pytest.param("if (a == 1) { f(); } else " * 20_000 + "{}", id="many branches"),
        pytest.param("x = " + "!" * 20_000 + "a;", id="deep signs"),
        pytest.param("class " + "a" * 100_000 + ";", id="a long name"),
    ],
)
def test_a_text_that_is_made_to_hurt_does_not(grammar: str, text: str) -> None:
    with suppress(TextRefused):
        assert find_patterns(grammar, text) == []


def test_a_text_at_the_limits_is_still_read() -> None:
    deep = "(" * (DEEPEST - 1) + "a" + ")" * (DEEPEST - 1) + ";\n"
    assert find_patterns("javascript", deep + SLIP)
    with pytest.raises(TextRefused, match="nested too deeply"):
        find_patterns("javascript", f"(({deep[:-2]}));\n" + SLIP)
    branches = "if (a === 0) f();\n" + "".join(
        f"else if (a === {n}) f();\n" for n in range(1, MOST_BRANCHES + 1)
    )
    with pytest.raises(TextRefused, match="nested too deeply"):
        find_patterns("javascript", branches + "else if (b) g();\n" + SLIP)


def test_what_a_program_wrote_on_one_line_is_not_quoted() -> None:
    assert find_patterns("javascript", "f();" * 100 + SLIP)
    assert not find_patterns("javascript", "f();" * LONGEST_LINE + SLIP)


def test_a_file_has_no_more_than_so_many_findings() -> None:
    assert len(find_patterns("javascript", SLIP * (2 * MOST_PROBLEMS))) == MOST_PROBLEMS


def test_every_rule_says_why_what_to_do_and_where_to_read_on() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.why.endswith(".") and rule.why.count(". ") == 0, rule.code
        assert rule.advice.endswith(".") and rule.url and rule.url.startswith("https://"), rule.code


def test_a_file_that_is_no_rule_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "python"
    folder.mkdir()
    path = folder / "py-broken.yml"
    path.write_text("id: py-broken\nseverity: warning\n", encoding="utf-8")
    with pytest.raises(ContractViolation, match=r"py-broken\.yml"):
        read_pattern(path)
