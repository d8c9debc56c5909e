import pytest

from internflow.reviews.repository.rules import OPTION
from tests.reviews.repository.trees import Files, Finding, Tree

CODE = """import os
parser.add_argument("--dry-run", action="store_true")
parser.add_argument("--depth", type=int)
LEVEL = os.environ.get("SHOP_LEVEL")
"""
DOCS = "# Shop\n\nRun it with `--dry-run` first.\n\n`SHOP_LEVEL` sets how much is told.\n"


@pytest.fixture
def shop(tree: Tree) -> Tree:
    tree.commit({"shop.py": CODE, "docs/usage.md": DOCS})
    return tree


def without(word: str) -> Files:
    return {"shop.py": "".join(line for line in CODE.splitlines(True) if word not in line)}


@pytest.mark.parametrize(("name", "line"), [("--dry-run", 3), ("SHOP_LEVEL", 5)])
def test_documentation_of_what_the_code_no_longer_reads(shop: Tree, name: str, line: int) -> None:
    ((path, problem),) = shop.review(without(name))
    assert (path, problem.rule, problem.start_line) == ("docs/usage.md", OPTION, line)
    assert f"`{name}`" in problem.message
    finding = Finding(OPTION, path, str(problem.subject))
    assert shop.reviewer.still_stands(shop.mirror(), finding) is True
    shop.commit({"docs/usage.md": "# Shop\n"})
    assert shop.reviewer.still_stands(shop.mirror(), finding) is False


@pytest.mark.parametrize(
    "files",
    [
        without("--depth"),
        {**without("--dry-run"), "docs/usage.md": "# Shop\n"},
        {**without("--dry-run"), "cli.py": 'parser.add_argument("--dry-run")\n'},
        {**without("--dry-run"), "docs/usage.md": DOCS.replace("Run it with", "Removed:")},
        {**without("--dry-run"), "ci.yml": "run: shop --dry-run\n"},
    ],
)
def test_what_is_nobody_s_mistake_is_not_told(shop: Tree, files: Files) -> None:
    assert OPTION not in shop.rules(files)
