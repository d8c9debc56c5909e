import shutil
from pathlib import Path

from internflow.repos.mirrors import Mirror
from internflow.reviews.repository.reviewer import MOST_KEPT, borrow_reviewer


def mirror_at(path: Path) -> Mirror:
    path.mkdir(exist_ok=True)
    return Mirror(path.name, path, "main", "0" * 40)


def test_whoever_reviews_a_mirror_again_has_the_reviewer_that_knows_it(tmp_path: Path) -> None:
    mirror = mirror_at(tmp_path / "a")
    with borrow_reviewer(mirror) as first, borrow_reviewer(mirror) as second:
        assert first is not second
    with borrow_reviewer(mirror) as again:
        assert again is first


def test_a_mirror_that_was_cloned_anew_is_another_one(tmp_path: Path) -> None:
    mirror = mirror_at(tmp_path / "a")
    with borrow_reviewer(mirror) as first:
        pass
    shutil.copytree(mirror.path, tmp_path / "anew")
    mirror.path.rename(tmp_path / "aside")
    (tmp_path / "anew").rename(mirror.path)
    with borrow_reviewer(mirror) as again:
        assert again is not first


def test_a_bounded_number_is_kept(tmp_path: Path) -> None:
    mirrors = [mirror_at(tmp_path / str(n)) for n in range(MOST_KEPT + 1)]
    reviewers = []
    for mirror in mirrors:
        with borrow_reviewer(mirror) as reviewer:
            reviewers.append(reviewer)
    with borrow_reviewer(mirrors[0]) as first, borrow_reviewer(mirrors[-1]) as last:
        assert first is not reviewers[0]
        assert last is reviewers[-1]
