from pathlib import Path

import pytest
import yaml

from internflow.reviews.patterns.catalog import GRAMMARS, load_folder
from internflow.reviews.patterns.finding import find_patterns

Case = tuple[str, str, str]

FOLDER = Path(__file__).parent
# A text of one line stands in a function, where the language wants one.
AROUND = {
    "java": "class A {\n  void f() throws Exception {\n%s\n  }\n}\n",
    "c": "void f(void) {\n%s\n}\n",
    "go": "package a\n\nfunc f() {\n%s\n}\n",
}


def read_tables() -> dict[str, dict[str, dict[str, list[str]]]]:
    return {
        folder: yaml.safe_load((FOLDER / f"{folder}.yml").read_text(encoding="utf-8"))
        for folder in GRAMMARS
    }


TABLES = read_tables()


def list_cases(kind: str) -> list[Case]:
    return [
        (rule, grammar, text if "\n" in text else AROUND.get(folder, "%s\n").replace("%s", text))
        for folder, table in TABLES.items()
        for rule, about in table.items()
        for text in about[kind]
        for grammar in about.get("grammars", GRAMMARS[folder])
    ]


@pytest.mark.parametrize("folder", GRAMMARS)
def test_every_rule_has_texts_where_it_fires_and_where_it_must_not(folder: str) -> None:
    table = TABLES[folder]
    assert table.keys() == {p.rule.code for p in load_folder(folder)}
    assert all(about["bad"] and len(about["good"]) > 1 for about in table.values())


@pytest.mark.parametrize(("rule", "grammar", "text"), list_cases("bad"))
def test_a_rule_fires_on_what_it_is_about(rule: str, grammar: str, text: str) -> None:
    assert rule in {p.rule for p in find_patterns(grammar, text)}


@pytest.mark.parametrize(("rule", "grammar", "text"), list_cases("good"))
def test_a_rule_is_silent_on_what_only_looks_alike(rule: str, grammar: str, text: str) -> None:
    assert rule not in {p.rule for p in find_patterns(grammar, text)}
