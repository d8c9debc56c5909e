import socket
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.errors import InternflowError, SourceUnavailable, UserInputError
from internflow.repos.vetting import vet_again, vet_source
from tests.git_repositories import GitRepository


def resolving_to(*addresses: str):
    return lambda *_args, **_kwargs: [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 443)) for a in addresses
    ]


def failing(*_args: object, **_kwargs: object) -> list[object]:
    raise socket.gaierror(-2, "Name or service not known")


PUBLIC = resolving_to("140.82.112.4")


@pytest.mark.parametrize(
    "text",
    [
        "http://github.com/a/b", "git://github.com/a/b", "ssh://git@github.com/a/b", "git@github.com:a/b.git",
        "file:///etc", "ext::sh -c id", "ftp://host/a", "https://user:token@github.com/a/b", "https://github.com",
        "https://github.com/a/b?x=1", "https://github.com:8443/a/b", "https:///a/b", "https://[bad/a",
        "--upload-pack=x",
        "http://user:token@github.com/a/b", "https://github.com/../b", "https://github.com/a/b c", "https://git_hub/a",
        "https://[::1]/a/b", "https://github.com/.git", "https://github.com//a", "https://münchen.de/a/b",
        "-u", "", "   ", "a\nb", "/etc", "/does/not/exist", "https://gith ub.com/a/b",
    ],
)  # fmt: skip
def test_what_must_not_be_mirrored_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(UserInputError) as caught:
        vet_source(text, allow_local=True, resolve=PUBLIC)
    assert "\n" not in str(caught.value)
    assert ":" in str(caught.value)
    assert "token" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "172.16.0.1", "0.0.0.0", "::1", "fe80::1%eth0",
     "fd00::1", "::ffff:10.0.0.1", "100.64.0.1", "224.0.0.1",
     "64:ff9b::7f00:1", "2002:7f00:1::1", "::127.0.0.1", "::", "ff02::1"],
)  # fmt: skip
def test_a_host_with_any_inner_address_is_refused(address: str) -> None:
    with pytest.raises(UserInputError, match="inside this network"):
        vet_source(
            "https://host.example/a/b",
            allow_local=True,
            resolve=resolving_to("140.82.112.4", address),
        )


def test_a_literal_inner_address_is_refused_by_the_real_resolver() -> None:
    with pytest.raises(UserInputError, match="inside this network"):
        vet_source("https://127.0.0.1/a/b", allow_local=True)


def test_a_host_that_does_not_exist_is_named() -> None:
    with pytest.raises(SourceUnavailable, match=r"'no-such\.example' cannot be found"):
        vet_source("https://no-such.example/a/b", allow_local=True, resolve=failing)


@pytest.mark.parametrize(
    "text", ["https://GitHub.com/Pallets/click.git", " https://github.com/Pallets/click/ "]
)
def test_spellings_of_one_address_are_one_source(text: str) -> None:
    source = vet_source(text, allow_local=False, resolve=PUBLIC)
    assert source.location == "https://github.com/Pallets/click"
    assert (source.name, source.kind) == ("click", "https")
    assert source.pinned_addresses == ("140.82.112.4",)


@pytest.mark.parametrize("host", ["a" * 70 + ".example", "a..example"])
def test_a_host_that_no_resolver_can_take_is_named(host: str) -> None:
    with pytest.raises(SourceUnavailable, match="cannot be found: check the URL"):
        vet_source(f"https://{host}/a/b", allow_local=True)


def test_a_stored_source_is_vetted_again_with_the_addresses_of_now() -> None:
    stored = vet_source("https://github.com/a/b", allow_local=False, resolve=PUBLIC)
    moved = vet_again(stored, allow_local=False, resolve=resolving_to("140.82.112.5", "2606::1"))
    assert moved == replace(stored, pinned_addresses=("140.82.112.5", "2606::1"))
    with pytest.raises(UserInputError, match="inside this network"):
        vet_again(stored, allow_local=False, resolve=resolving_to("10.0.0.1"))


def test_a_stored_path_that_became_another_must_be_registered_again(
    repository: GitRepository, tmp_path: Path
) -> None:
    stored = vet_source(str(repository.path), allow_local=True)
    other = GitRepository(tmp_path / "other")
    repository.path.rename(tmp_path / "moved")
    repository.path.symlink_to(other.path)
    with pytest.raises(UserInputError, match="register the repository again"):
        vet_again(stored, allow_local=True)


def test_the_git_folder_of_a_working_tree_is_the_same_source(repository: GitRepository) -> None:
    inner = vet_source(str(repository.path / ".git"), allow_local=True)
    assert inner == vet_source(f"{repository.path}/", allow_local=True)


def test_paths_are_refused_where_they_are_not_allowed(repository: GitRepository) -> None:
    with pytest.raises(UserInputError, match="paths are not allowed"):
        vet_source(str(repository.path), allow_local=False)


def test_a_plain_folder_is_no_repository(tmp_path: Path) -> None:
    with pytest.raises(UserInputError, match="no Git repository"):
        vet_source(str(tmp_path), allow_local=True)


@given(st.text(max_size=60))
def test_any_text_is_vetted_or_refused(text: str) -> None:
    try:
        source = vet_source(text, allow_local=False, resolve=PUBLIC)
    except InternflowError:
        return
    assert source.location.startswith("https://")
