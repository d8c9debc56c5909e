"""`internflow boards`: which companies are crawled. The crawlers recognise their platforms, in another process."""

import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from internflow.errors import ConfigError, UserInputError
from internflow.listings.boards import (
    BOARDS_DIR,
    ReadList,
    find_platforms,
    find_shared_urls,
    read_list,
)
from internflow.listings.posting import Board
from internflow.listings.registry import RegisteredBoard, list_registry
from internflow.settings import ROOT
from internflow.warehouse.connections import Connection

RECOGNISE_SECONDS = 60
# Words of a careers page's host that are not the company's name.
WORDS_OF_PAGES = frozenset(
    {
        "www",
        "careers",
        "career",
        "jobs",
        "job",
        "work",
        "apply",
        "join",
        "uscareers",
        "external",
        "eu",
    }
)


def check_lists(console: Console, boards_dir: Path = BOARDS_DIR) -> tuple[Board, ...]:
    """Print every fault of the board lists. Raises ConfigError when there is one; returns the boards."""
    lists = {name: read_list(boards_dir / f"{name}.csv") for name in find_platforms(boards_dir)}
    faults = [fault for listed in lists.values() for fault in listed.faults]
    boards = tuple(board for listed in lists.values() for board in listed.boards)
    faults += [f"{url} is the url of several boards: keep one." for url in find_shared_urls(boards)]
    for fault in faults:
        console.print(f"[red]{escape(fault)}[/red]")
    if faults:
        raise ConfigError(f"{len(faults)} faults in {boards_dir}: mend the lines named above.")
    _print_counts(console, lists)
    return boards


def report_registry(
    connection: Connection, console: Console, boards_dir: Path = BOARDS_DIR
) -> None:
    """Print the boards that are disabled, and the companies that have boards on several platforms."""
    registered = list_registry(connection, boards_dir)
    for r in registered:
        if r.disabled_at is not None:
            console.print(
                f"disabled: {r.board.platform} {escape(r.board.token)} since {r.disabled_at:%Y-%m-%d},"
                f" {escape(r.note or 'without a note')}"
            )
    for company, places in sorted(find_companies_on_several([r.board for r in registered]).items()):
        console.print(f"on several platforms: {escape(company)} ({escape(', '.join(places))})")


def find_companies_on_several(boards: Sequence[Board]) -> dict[str, tuple[str, ...]]:
    """Companies with boards on more than one platform -> "platform token" of each."""
    by_company: dict[str, list[Board]] = defaultdict(list)
    for board in boards:
        by_company[board.company.casefold()].append(board)
    return {
        same[0].company: tuple(f"{board.platform} {board.token}" for board in same)
        for same in by_company.values()
        if len({board.platform for board in same}) > 1
    }


def build_board(
    address: str, *, company: str | None = None, countries: Sequence[str] = ()
) -> Board:
    """The board of a careers page's address, with the company's name or one made of its token.

    Raises UserInputError for an address that is no board's.
    """
    found = recognise_address(address)
    name = " ".join((company or name_company(found.token)).split())
    codes = tuple(dict.fromkeys(code.upper() for code in countries))
    return Board(found.platform, found.token, name, codes, found.url)


def recognise_address(address: str) -> Board:
    """The board that a careers page's address means, named by its token. Raises UserInputError."""
    command = [sys.executable, "-m", "crawlers.recognise", address]
    kept = {k: v for k, v in os.environ.items() if not k.startswith("INTERNFLOW_DATABASE")}
    try:
        ended = subprocess.run(
            command, cwd=ROOT, env=kept, capture_output=True, timeout=RECOGNISE_SECONDS, check=False
        )
        described = json.loads(ended.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise ConfigError(
            "The job platforms could not be read: `python -m crawlers.recognise ADDRESS` says why."
        ) from None
    if "error" in described:
        raise UserInputError(described["error"])
    return Board(
        described["platform"], described["token"], described["token"], url=described["url"]
    )


def name_company(token: str) -> str:
    """A company's name made of its token: "acme-robotics" -> "Acme Robotics", "careers.acme.com" -> "Acme"."""
    parts = [part for part in token.split(".") if part.casefold() not in WORDS_OF_PAGES]
    words = (parts[0] if parts else token).replace("_", "-").split("-")
    named = [word for word in words if word and word.casefold() not in WORDS_OF_PAGES] or [token]
    return " ".join(word.capitalize() if word.islower() else word for word in named)


def print_registry(console: Console, registered: Sequence[RegisteredBoard]) -> None:
    """Print boards as a table, one line each."""
    table = Table(box=None, header_style="bold")
    for title in ("platform", "token", "company", "countries", "from", "state"):
        table.add_column(title, overflow="fold")
    for r in registered:
        origin = f"{r.added_by} {r.added_at:%Y-%m-%d}" if r.added_at else "list"
        state = f"disabled: {r.note or 'without a note'}" if r.disabled_at else "crawled"
        cells = (r.board.platform, r.board.token, r.board.company, " ".join(r.board.countries))
        table.add_row(*(escape(cell) for cell in (*cells, origin, state)))
    console.print(table)


def _print_counts(console: Console, lists: dict[str, ReadList]) -> None:
    table = Table(box=None, header_style="bold")
    table.add_column("platform")
    table.add_column("boards", justify="right")
    table.add_column("countries")
    for platform, listed in lists.items():
        named = Counter(country for board in listed.boards for country in board.countries)
        most = ", ".join(f"{country} {count}" for country, count in named.most_common(5))
        table.add_row(platform, str(len(listed.boards)), most)
    total = sum(len(listed.boards) for listed in lists.values())
    table.add_row("[bold]all[/bold]", f"[bold]{total}[/bold]", "")
    console.print(table)
