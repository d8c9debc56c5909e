"""The files of a new platform: they pass the linter, the formatter and their own test; bad names are refused."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crawlers.new_platform import FILES, ROOT, write_platform
from internflow.errors import UserInputError
from internflow.listings.boards import read_boards

NAMES = ["acme", "a_rather_long_name_of_a_vendor"]


def run(*command: str, cwd: Path) -> None:
    env = os.environ | {"PYTHONPATH": str(cwd)}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout's crawlers, without its boards and samples."""
    for path in sorted((ROOT / "crawlers").rglob("*.py")):
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    (tmp_path / "internflow").symlink_to(ROOT / "internflow")
    return tmp_path


def test_what_is_written_passes_linter_formatter_and_its_own_test(checkout: Path) -> None:
    paths = [path for name in NAMES for path in write_platform(name, checkout)]
    assert len(paths) == len(FILES) * len(NAMES)
    python = [str(path) for path in paths if path.suffix == ".py"]
    ruff = (sys.executable, "-m", "ruff")
    options = ("--no-cache", "--config", str(ROOT / "pyproject.toml"))
    run(*ruff, "check", *options, *python, cwd=checkout)
    run(*ruff, "format", "--check", *options, *python, cwd=checkout)
    tests = [path for path in python if Path(path).name.startswith("test_")]
    run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests, cwd=checkout)
    found = "from crawlers.platforms import PLATFORMS as p; from crawlers.spiders.acme import AcmeSpider as s"
    run(sys.executable, "-c", f"{found}; assert s.platform is p['acme']", cwd=checkout)


@pytest.mark.parametrize("name", NAMES)
def test_the_list_of_boards_that_is_written_can_be_read(name: str, tmp_path: Path) -> None:
    write_platform(name, tmp_path)
    (board,) = read_boards(name, tmp_path / "crawlers/boards")
    assert (board.platform, board.token, board.url) == (name, "examplecompany", None)


@pytest.mark.parametrize(
    "name",
    ["", "Acme", "ac-me", "ac me", "9acme", "_acme", "acme_", "a__b", "class", "../acme", "x" * 31, "ac\nme"],
)  # fmt: skip
def test_a_name_that_no_module_has_is_refused_and_nothing_is_written(
    name: str, tmp_path: Path
) -> None:
    with pytest.raises(UserInputError, match="is no name of a platform"):
        write_platform(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["greenhouse", "board"])
def test_a_name_that_is_taken_is_refused(name: str) -> None:
    with pytest.raises(UserInputError, match=f"{name}' exists"):
        write_platform(name)


def test_the_command_says_in_a_sentence_why_it_refuses() -> None:
    command = [sys.executable, "-m", "crawlers.new_platform", "greenhouse"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
