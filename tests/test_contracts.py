"""Rules of the house that a program can hold."""

import ast
import csv
import re
from pathlib import Path

import pytest
import yaml

from internflow.settings import ROOT, Settings

SOURCES = [
    path
    for folder in ("internflow", "crawlers", "flows", "dashboards", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*.py"))
]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_module_is_short_named_for_what_it_does_and_says_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert path.stem not in {"utils", "helpers", "common", "misc", "manager"}
    assert text.count("\n") <= 400
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), (
            "say in one to three lines what the module is for"
        )


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_functions_are_at_most_sixty_lines(path: Path) -> None:
    functions = [
        n
        for n in ast.walk(ast.parse(path.read_text()))
        if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    long = [f.name for f in functions if (f.end_lineno or 0) - f.lineno + 1 > 60]
    assert long == []


def test_dbt_holds_no_python() -> None:
    assert list((ROOT / "dbt").rglob("*.py")) == []


def test_tests_are_no_package() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_every_mart_and_intermediate_model_says_its_grain() -> None:
    described = {
        node["name"]: node.get("description", "")
        for file in (ROOT / "dbt").rglob("*.yml")
        for kind in ("models", "snapshots")
        for node in yaml.safe_load(file.read_text()).get(kind, [])
        if isinstance(node, dict)
    }
    models = {p.stem for p in (ROOT / "dbt" / "models").rglob("*.sql")}
    assert models <= described.keys()
    assert [m for m in sorted(models) if not described[m].startswith("One row per")] == []


def test_every_flow_has_a_deployment_that_loads_and_the_reverse() -> None:
    deployments = yaml.safe_load((ROOT / "deployments" / "prefect.yaml").read_text())["deployments"]
    no_flows = {"__init__", "ordering", "progress", "serve_deployments", "watch_pushes"}
    modules = {p.stem for p in (ROOT / "flows").glob("*.py")} - no_flows
    assert {d["entrypoint"] for d in deployments} == {f"flows.{m}.{m}" for m in modules}
    assert all(
        d["name"] == d["entrypoint"].rsplit(".", 1)[1].replace("_", "-") for d in deployments
    )


def test_every_setting_is_described_in_an_example() -> None:
    written = "\n".join(p.read_text() for p in (ROOT / "deployments" / "env").glob("*.example"))
    names = {f"INTERNFLOW_{name.upper()}" for name in Settings.model_fields}
    assert {n for n in names if n not in written} == set()
    assert (
        set(re.findall(r"INTERNFLOW_[A-Z_]+", written))
        - names
        - {"INTERNFLOW_HTTP_PORT", "INTERNFLOW_HTTPS_PORT"}
        == set()
    )


@pytest.mark.parametrize(
    "path", sorted((ROOT / "crawlers" / "boards").glob("*.csv")), ids=lambda p: p.stem
)
def test_board_list_has_a_platform_a_spider_and_a_sample(path: Path) -> None:
    for place in (
        f"crawlers/platforms/{path.stem}.py",
        f"crawlers/spiders/{path.stem}.py",
        f"crawlers/samples/{path.stem}",
    ):
        assert (ROOT / place).exists(), place
    with path.open() as lines:
        tokens = [row["token"] for row in csv.DictReader(lines)]
    assert len(tokens) == len(set(tokens)) > 0


def test_commands_in_the_readme_exist() -> None:
    readme = (ROOT / "README.md").read_text()
    makefile = (ROOT / "Makefile").read_text()
    cli = (ROOT / "internflow" / "cli.py").read_text()
    for target in re.findall(r"`make (\w+)", readme):
        assert f"\n{target}:" in makefile, target
    for command in re.findall(r"`internflow (\w+)", readme):
        assert f"\ndef {command}(" in cli or f'name="{command}")' in cli, command
