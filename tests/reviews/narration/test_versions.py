from collections.abc import Callable

import pytest

from internflow.reviews.narration import versions
from internflow.reviews.narration.facts import CommitFacts, build_facts
from internflow.reviews.narration.versions import VersionReader
from internflow.reviews.repository.snapshot import Library
from tests.git_repositories import GitRepository
from tests.reviews.conftest import Reviewer

LOAD = "def load(path):\n    return open(path)\n"
BRANCHY = "def load(path):\n" + "    if path:\n        path = 1\n" * 9
CART = "class Cart {\n  add(item) { return item; }\n}\n"

MakeReviewer = Callable[[], Reviewer]


def read_facts(made: Reviewer, sha: str) -> CommitFacts:
    return build_facts(VersionReader(Library(made.mirror())).read_files(sha), [])


def test_what_a_commit_defines_is_read_before_and_after_it(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    first = repository.commit(
        "start", {"app.py": BRANCHY, "cart.js": CART, "README.md": "# Shop\n"}
    )
    second = repository.commit(
        "simplify",
        {"app.py": LOAD, "cart.js": None, "shop/cart.js": CART + "const total = () => 0;\n",
         "tests/test_app.py": "def test_load():\n    pass\n\n\ndef make():\n    pass\n"},
    )  # fmt: skip
    made = reviewer()
    start = read_facts(made, first)
    assert [s.symbol for s in start.added.named] == ["load", "Cart"]
    assert (start.additions, start.code_files, start.documents.named) == (23, 2, ("README.md",))
    after = read_facts(made, second)
    assert [s.symbol for s in after.added.named] == ["total", "make"]
    assert [s.symbol for s in after.changed.named] == ["load"]
    assert [(c.before, c.after) for c in after.simpler.named] == [(10, 1)]
    assert after.tests_added.named == ("test_load",)
    assert not after.removed.count


def test_generated_vendored_and_broken_files_define_nothing(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    sha = repository.commit(
        "add",
        {"vendor/lib.py": LOAD, "api_pb2.py": LOAD, "made.py": f"# @generated\n# Do not edit\n{LOAD}",
         "blob.py": b"\x00\x01\x02" * 100, "app.py": LOAD},
    )  # fmt: skip
    facts = read_facts(reviewer(), sha)
    assert [s.symbol for s in facts.added.named] == ["load"]
    assert facts.files.count == 5
    assert (facts.compared_files, facts.code_files) == (1, 2)


def test_a_huge_commit_is_read_within_its_bounds(
    repository: GitRepository, reviewer: MakeReviewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "MOST_FILES", 3)
    sha = repository.commit("import", {f"m{n}.py": LOAD for n in range(5)})
    facts = read_facts(reviewer(), sha)
    assert (facts.compared_files, facts.code_files, facts.files.count) == (3, 5, 5)
    monkeypatch.setattr(versions, "MOST_BYTES", 100)
    assert read_facts(reviewer(), sha).compared_files == 2
