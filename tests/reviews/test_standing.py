from dataclasses import replace
from pathlib import Path

import pytest

from internflow.repos.mirrors import Mirror, update_mirror
from internflow.repos.vetting import vet_source
from internflow.reviews.rule import RelatedPlace
from internflow.reviews.standing import Place, find_place, find_related
from tests.git_repositories import GitRepository
from tests.reviews.reported import FINDING

CODE = "import os\n\n\ndef add(item, bag=[]):\n    return bag\n"
ONE_LINE = replace(FINDING, quote="def add(item, bag=[]):", start_line=1, end_line=1)


@pytest.fixture
def mirror(repository: GitRepository, tmp_path: Path) -> Mirror:
    split = "def add(\n    item,\n    bag=[],\n):\n    return bag\n"
    files = {"app.py": CODE, "split.py": split, "other.py": "def add(item, bag=None):\n    ...\n"}
    repository.commit("start", files)
    return update_mirror(vet_source(str(repository.path), allow_local=True), tmp_path / "mirrors")


def test_a_finding_stands_where_its_text_is_however_it_is_laid_out(mirror: Mirror) -> None:
    quote = "def add(item, bag=[]):"
    assert find_place(mirror, ONE_LINE, ["gone.py", "app.py"], 4) == Place("app.py", 4, 4, quote)
    split = find_place(mirror, ONE_LINE, ["split.py"], 1)
    assert split == Place("split.py", 1, 4, "def add(\n    item,\n    bag=[],\n):")


def test_of_a_text_that_is_gone_the_line_is_left(mirror: Mirror) -> None:
    line = "def add(item, bag=None):"
    assert find_place(mirror, ONE_LINE, ["other.py"], 1) == Place("other.py", 1, 1, line)


def test_without_a_file_or_a_line_there_is_no_place(mirror: Mirror) -> None:
    for paths, line in ((["gone.py"], 1), (["app.py"], 99), (["app.py"], None), ([], 1)):
        assert find_place(mirror, ONE_LINE, paths, line) is None


def test_related_code_is_told_where_it_is_now_or_not_at_all(mirror: Mirror) -> None:
    moved = RelatedPlace("app.py", 1, 2, "def add(item, bag=[]):\n    return bag", "a copy")
    assert find_related(mirror, moved) == replace(moved, start_line=4, end_line=5)
    assert find_related(mirror, replace(moved, start_line=4)) == replace(
        moved, start_line=4, end_line=5
    )
    assert find_related(mirror, replace(moved, quote="def gone():")) is None
    assert find_related(mirror, replace(moved, path="gone.py")) is None
