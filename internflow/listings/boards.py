"""Lists of boards: one CSV file for each platform, one line for each company. Read here, checked on reading."""

import csv
import re
from collections.abc import Sequence
from pathlib import Path

from internflow.errors import ConfigError, UserInputError
from internflow.listings.posting import Board
from internflow.settings import ROOT

BOARDS_DIR = ROOT / "crawlers" / "boards"
COLUMNS = ["token", "company"]
TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def find_platforms(boards_dir: Path = BOARDS_DIR) -> list[str]:
    """The platforms that have a list in the folder. Raises ConfigError when there is none."""
    platforms = sorted(path.stem for path in boards_dir.glob("*.csv"))
    if not platforms:
        raise ConfigError(f"No board list in {boards_dir}: put <platform>.csv there.")
    return platforms


def read_boards(platform: str, boards_dir: Path = BOARDS_DIR) -> tuple[Board, ...]:
    """The boards of a platform. Raises ConfigError when the list is missing, empty or has a bad or doubled line."""
    path = boards_dir / f"{platform}.csv"
    if not re.fullmatch(r"[a-z][a-z0-9_]*", platform) or not path.is_file():
        raise ConfigError(f"No board list {path.name} in {boards_dir}: choose another platform.")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        if rows.fieldnames != COLUMNS:
            raise ConfigError(f"{path} begins with {rows.fieldnames}: begin it with token,company.")
        boards = [_check_row(path, rows.line_num, row, platform) for row in rows]
    if not boards:
        raise ConfigError(f"{path} lists no board: add a line token,company.")
    doubled = sorted({b.token for b in boards if [x.token for x in boards].count(b.token) > 1})
    if doubled:
        raise ConfigError(f"{path} lists {doubled} more than once: keep one line of each.")
    return tuple(boards)


def choose_boards(
    platform: str, tokens: Sequence[str] = (), boards_dir: Path = BOARDS_DIR
) -> tuple[Board, ...]:
    """All boards of a platform, or those with the tokens; a token without a line stands for its own company.

    Raises UserInputError for a token that no board can have.
    """
    listed = read_boards(platform, boards_dir)
    if not tokens:
        return listed
    known = {board.token: board for board in listed}
    for token in tokens:
        if not TOKEN.fullmatch(token):
            raise UserInputError(
                f"The board token {token[:40]!r} has a character that no token has:"
                " copy it from the address of the company's job board."
            )
    return tuple(known.get(token, Board(platform, token, token)) for token in dict.fromkeys(tokens))


def _check_row(path: Path, line: int, row: dict[str, str], platform: str) -> Board:
    token, company = row["token"] or "", (row["company"] or "").strip()
    if not TOKEN.fullmatch(token) or not company:
        raise ConfigError(
            f"{path} line {line} is {token!r}, {company!r}: a token is made of letters, digits,"
            " dots, hyphens and underscores, and the company is not empty."
        )
    return Board(platform, token, company)
