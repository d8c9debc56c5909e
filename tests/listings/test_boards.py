"""Lists of boards."""

from pathlib import Path

import pytest

from internflow.errors import ConfigError, UserInputError
from internflow.listings.boards import choose_boards, find_platforms, read_boards
from internflow.listings.posting import Board
from internflow.settings import ROOT


@pytest.mark.parametrize("folder", ["boards", "samples/boards"])
def test_the_lists_of_this_project_are_good(folder: str) -> None:
    boards_dir = ROOT / "crawlers" / folder
    assert find_platforms(boards_dir) == ["ashby", "greenhouse"]
    assert all(len(read_boards(platform, boards_dir)) >= 3 for platform in ("ashby", "greenhouse"))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("token\nacme\n", "begin it with token,company"),
        ("token,company\n", "lists no board"),
        ("token,company\nacme,Acme\nacme,Acme\n", "more than once"),
        ("token,company\n../etc,Acme\n", "line 2"),
        ("token,company\nacme,  \n", "line 2"),
        ("token,company\nacme\n", "line 2"),
    ],
)
def test_a_bad_list_is_refused_with_the_line(tmp_path: Path, content: str, complaint: str) -> None:
    (tmp_path / "ashby.csv").write_text(content)
    with pytest.raises(ConfigError, match=complaint):
        read_boards("ashby", tmp_path)


@pytest.mark.parametrize("platform", ["lever", "../ashby", ""])
def test_an_unknown_platform_is_refused(tmp_path: Path, platform: str) -> None:
    with pytest.raises(ConfigError, match="No board list"):
        read_boards(platform, tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No board list"):
        find_platforms(tmp_path)


def test_tokens_choose_boards_and_may_be_new_ones(tmp_path: Path) -> None:
    (tmp_path / "ashby.csv").write_text("token,company\nDeepL,DeepL SE\nacme,Acme\n")
    chosen = choose_boards("ashby", ["new.co", "DeepL", "new.co"], tmp_path)
    assert chosen == (Board("ashby", "new.co", "new.co"), Board("ashby", "DeepL", "DeepL SE"))


@pytest.mark.parametrize("token", ["a/b", "", "..", "a b", "x" * 101])
def test_a_token_that_no_board_has_is_refused(token: str) -> None:
    with pytest.raises(UserInputError, match="board token"):
        choose_boards("ashby", [token])
