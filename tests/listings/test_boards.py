"""Lists of boards."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.errors import ConfigError, UserInputError
from internflow.listings.boards import (
    PLATFORMS_OF_URLS,
    choose_boards,
    find_platforms,
    find_shared_urls,
    is_public_address,
    read_boards,
    read_list,
)
from internflow.listings.posting import Board
from internflow.settings import ROOT

HEADER = "token,company,countries,url\n"
LISTS = ROOT / "crawlers" / "boards"


@pytest.mark.parametrize("folder", ["boards", "samples/boards"])
def test_the_lists_of_this_project_are_good(folder: str) -> None:
    boards_dir = ROOT / "crawlers" / folder
    boards = [
        board for name in find_platforms(boards_dir) for board in read_boards(name, boards_dir)
    ]
    assert {"ashby", "greenhouse"} <= {board.platform for board in boards}
    assert find_shared_urls(boards) == []


def test_the_shipped_lists_name_hundreds_of_companies_in_india_and_elsewhere() -> None:
    boards = [board for name in find_platforms(LISTS) for board in read_boards(name, LISTS)]
    assert len(boards) >= 320
    assert len({board.platform for board in boards}) >= 16
    assert sum("IN" in board.countries for board in boards) >= 100
    assert len({country for board in boards for country in board.countries}) >= 20


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("token,company\nacme,Acme\n", "begin it with token,company,countries,url"),
        ("", "begin it with token,company,countries,url"),
        (HEADER, "lists no board"),
        (HEADER + "acme,Acme,,\nacme,Acme Two,,\n", "the token 'acme' more than once"),
        (HEADER + "acme,Acme,,\nacme2,ACME,,\n", "the company 'acme' more than once"),
        (HEADER + "../etc,Acme,,\n", "line 2 has the token"),
        (HEADER + "acme,  ,,\n", "line 2 has the company"),
        (HEADER + "acme,A\u202ecme,,\n", "line 2 has the company"),
        (HEADER + "acme\n", "line 2 has another number of columns"),
        (HEADER + "acme,Acme,,,x\n", "line 2 has another number of columns"),
        (HEADER + "good,Good,IN,\nacme,Acme,IN UK,\n", "line 3 has the country 'UK'"),
        (HEADER + "acme,Acme,IN IN,\n", "line 2 names a country twice"),
        (HEADER + "acme,Acme,IN,http://acme.org/jobs\n", "line 2 has the url"),
        (HEADER + "acme,Acme,IN,https://127.0.0.1/jobs\n", "line 2 has the url"),
    ],
)
def test_a_bad_list_is_refused_with_the_line(tmp_path: Path, content: str, complaint: str) -> None:
    (tmp_path / "ashby.csv").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=complaint):
        read_boards("ashby", tmp_path)


def test_every_fault_of_a_list_is_told_and_its_good_lines_stay(tmp_path: Path) -> None:
    path = tmp_path / "ashby.csv"
    path.write_text(HEADER + "a b,A,,\ngood,Good,IN US,\nacme,Acme,XX,\n")
    listed = read_list(path)
    assert listed.boards == (Board("ashby", "good", "Good", ("IN", "US")),)
    assert [fault.split(" has ")[0] for fault in listed.faults] == [
        f"{path} line 2",
        f"{path} line 4",
    ]


def test_a_list_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ashby.csv").write_bytes(b"token\xff\xfe")
    with pytest.raises(ConfigError, match=r"no UTF-8 text"):
        read_boards("ashby", tmp_path)


@pytest.mark.parametrize("platform", sorted(PLATFORMS_OF_URLS))
def test_a_board_that_its_token_cannot_find_needs_its_url(tmp_path: Path, platform: str) -> None:
    path = tmp_path / f"{platform}.csv"
    path.write_text(HEADER + "acme,Acme,,\n")
    with pytest.raises(ConfigError, match="line 2 has no url"):
        read_boards(platform, tmp_path)
    path.write_text(HEADER + "acme,Acme,,https://acme.org/feed\n")
    assert read_boards(platform, tmp_path)[0].url == "https://acme.org/feed"


@pytest.mark.parametrize("platform", ["lever", "../ashby", ""])
def test_an_unknown_platform_is_refused(tmp_path: Path, platform: str) -> None:
    with pytest.raises(ConfigError, match="No board list"):
        read_boards(platform, tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No board list"):
        find_platforms(tmp_path)


def test_tokens_choose_boards_and_may_be_new_ones(tmp_path: Path) -> None:
    (tmp_path / "ashby.csv").write_text(HEADER + "DeepL,DeepL SE,DE,\nacme,Acme,,\n")
    chosen = choose_boards("ashby", ["new.co", "DeepL", "new.co"], tmp_path)
    assert chosen == (
        Board("ashby", "new.co", "new.co"),
        Board("ashby", "DeepL", "DeepL SE", ("DE",)),
    )


@pytest.mark.parametrize("token", ["a/b", "", "..", "a b", "x" * 101])
def test_a_token_that_no_board_has_is_refused(token: str) -> None:
    with pytest.raises(UserInputError, match="board token"):
        choose_boards("ashby", [token])


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.org", "https://careers.acme.co.in/jobs?page=1", "https://acme.org:443/",
        "https://xn--bcher-kva.example.com/jobs",
    ],
)  # fmt: skip
def test_a_public_address(url: str) -> None:
    assert is_public_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://acme.org", "ftp://acme.org", "javascript:alert(1)", "https://", "https://localhost/x",
        "https://10.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest", "https://127.1/", "https://2130706433/",
        "https://user:word@acme.org/", "https://acme.org:8443/", "https://db.internal/", "https://nas.local/",
        "https://a b.org/", "https://acme.org/\x00", "https://acme.org:port/", "https://[bad/",
        "https://acme.org/" + "x" * 2000,
    ],
)  # fmt: skip
def test_an_address_that_is_not_public(url: str) -> None:
    assert not is_public_address(url)


@given(st.text(max_size=200))
def test_any_text_is_judged(url: str) -> None:
    assert is_public_address(url) in (True, False)
