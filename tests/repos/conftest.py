from collections.abc import Callable
from pathlib import Path

import pytest

from internflow.repos.mirrors import Mirror, update_mirror
from internflow.repos.vetting import vet_source
from tests.git_repositories import GitRepository


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    return GitRepository(tmp_path / "work")


@pytest.fixture
def mirror_of(tmp_path: Path) -> Callable[[GitRepository], Mirror]:
    return lambda r: update_mirror(vet_source(str(r.path), allow_local=True), tmp_path / "mirrors")
