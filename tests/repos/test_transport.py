from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from internflow.errors import ContractViolation, SourceUnavailable, UserInputError
from internflow.repos.mirrors import update_mirror
from internflow.repos.vetting import Source
from tests.git_https import GitHost, serving_git
from tests.git_repositories import GitRepository


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHost]:
    monkeypatch.setenv("GIT_SSL_CAINFO", str(tmp_path / "certificate.pem"))
    (tmp_path / "host").mkdir()
    with serving_git(tmp_path / "host") as serving:
        yield serving


@pytest.fixture
def head(host: GitHost) -> str:
    """HEAD of the host's only repository, /asha/shop.git."""
    repository = GitRepository(host.folder / "work")
    sha = repository.commit("one", {"a.py": "a = 1\n"})
    repository.git("clone", "--quiet", "--bare", ".", str(host.folder / "asha" / "shop.git"))
    return sha


def source_at(host: GitHost, path: str) -> Source:
    return Source("0" * 16, host.url(path), "https", "shop", ("127.0.0.1",))


def test_git_goes_to_the_pinned_address_and_asks_no_resolver(
    host: GitHost, head: str, tmp_path: Path
) -> None:
    assert update_mirror(source_at(host, "/asha/shop"), tmp_path / "mirrors").head_sha == head
    assert update_mirror(source_at(host, "/asha/shop"), tmp_path / "mirrors").head_sha == head


def test_a_host_that_redirects_to_the_name_with_git_is_asked_for_that(
    host: GitHost, head: str, tmp_path: Path
) -> None:
    host.answers["/asha/shop"] = host.url("/asha/shop.git")
    assert update_mirror(source_at(host, "/asha/shop"), tmp_path / "mirrors").head_sha == head


def test_a_redirect_is_refused_and_not_followed(host: GitHost, head: str, tmp_path: Path) -> None:
    host.answers |= {f"/old{end}": host.url("/asha/shop.git") for end in ("", ".git")}
    with pytest.raises(UserInputError, match="leads to another address: register that one"):
        update_mirror(source_at(host, "/old"), tmp_path / "mirrors")
    assert {path.split("/")[1] for path in host.requested} == {"old", "old.git"}


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_private_or_missing_repository_is_the_persons_to_mend(
    host: GitHost, tmp_path: Path, status: int
) -> None:
    host.answers |= {"/asha/shop": status, "/asha/shop.git": status}
    with pytest.raises(UserInputError, match=r"no public repository at .*/asha/shop: check"):
        update_mirror(source_at(host, "/asha/shop"), tmp_path / "mirrors")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_host_in_trouble_may_be_tried_again(host: GitHost, tmp_path: Path, status: int) -> None:
    host.answers["/asha"] = status
    with pytest.raises(SourceUnavailable, match=f"returned error: {status}"):
        update_mirror(source_at(host, "/asha/shop"), tmp_path / "mirrors")


def test_a_host_that_refuses_connections_may_be_tried_again(tmp_path: Path, host: GitHost) -> None:
    nobody = replace(source_at(host, ""), location="https://git.internflow.test:1/asha/shop")
    with pytest.raises(SourceUnavailable, match="cannot be read now"):
        update_mirror(nobody, tmp_path / "mirrors")


def test_a_source_without_pinned_addresses_is_never_contacted(
    host: GitHost, tmp_path: Path
) -> None:
    with pytest.raises(ContractViolation, match="vet it again"):
        update_mirror(replace(source_at(host, "/asha/shop"), pinned_addresses=()), tmp_path / "m")
    assert host.requested == []


def test_a_source_that_was_vetted_as_https_is_read_over_nothing_else(
    repository: GitRepository, tmp_path: Path
) -> None:
    repository.commit("one", {"a.py": ""})
    disguised = Source("0" * 16, str(repository.path), "https", "work", ("127.0.0.1",))
    with pytest.raises(SourceUnavailable, match="transport 'file' not allowed"):
        update_mirror(disguised, tmp_path / "mirrors")
