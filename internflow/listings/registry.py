"""Which boards are crawled: the lists that ship, plus boards that people added, minus those that are disabled.

A board that failed on five days in a row is disabled by rule, with a note; a person enables it again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Literal

import structlog

from internflow.errors import UserInputError
from internflow.listings.boards import (
    BOARDS_DIR,
    PLATFORM,
    find_fault,
    find_platforms,
    read_boards,
)
from internflow.listings.posting import Board, CrawlStatus
from internflow.warehouse.connections import Connection

logger = structlog.get_logger("internflow.listings")

AddedBy = Literal["operator", "student"]

FAILED_DAYS = 5
OUTAGE_BOARDS = (
    10  # a day on which so many boards were asked and none answered was our own network's
)
STUDENTS_BOARDS_A_DAY = 20
LONGEST_NOTE = 300
UNANSWERED = ("failed", "not_found")

ADDED = """
    select platform, token, company, countries, url from ops.boards
    where platform = %s and added_at is not null and disabled_at is null order by added_at, token
"""
DISABLED = "select token from ops.boards where platform = %s and disabled_at is not null"
MARKED = "select added_at, disabled_at, note from ops.boards where platform = %s and token = %s"
INSERT = """
    insert into ops.boards (platform, token, company, countries, url, added_at, added_by)
    values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing
"""
DISABLE = """
    insert into ops.boards (platform, token, company, countries, url, disabled_at, note)
    values (%(platform)s, %(token)s, %(company)s, %(countries)s, %(url)s, %(now)s, %(note)s)
    on conflict (platform, token) do update set disabled_at = excluded.disabled_at, note = excluded.note
    where ops.boards.disabled_at is null
"""
ENABLE = """
    update ops.boards set
        disabled_at = null, note = null, enabled_at = %(now)s,
        added_at = coalesce(added_at, %(added_at)s),
        added_by = coalesce(added_by, case when %(added_at)s::timestamptz is not null then 'operator' end)
    where platform = %(platform)s and token = %(token)s
"""
# Of boards whose newest crawl did not answer: every crawl since they were added or enabled.
CRAWLS_OF_SILENT_BOARDS = """
    with newest as (
        select distinct on (platform, board) platform, board, status from ops.crawl_results
        order by platform, board, finished_at desc
    )
    select r.platform, r.board, r.company, r.status, r.error, r.started_at
    from ops.crawl_results r
    inner join newest n using (platform, board)
    left join ops.boards b on b.platform = r.platform and b.token = r.board
    where n.status = any(%s) and b.disabled_at is null
      and r.started_at > coalesce(b.enabled_at, '-infinity')
    order by r.platform, r.board, r.started_at
"""
OUTAGES = """
    select (started_at at time zone 'UTC')::date as day from ops.crawl_results
    group by day having count(distinct (platform, board)) >= %s and bool_and(status = any(%s))
"""


@dataclass(frozen=True)
class Crawl:
    """How one crawl of a board ended."""

    started_at: datetime
    status: CrawlStatus
    error: str | None = None


@dataclass(frozen=True)
class RegisteredBoard:
    """A board and what the registry knows of it; `added_at` is None for a board of the shipped lists."""

    board: Board
    added_at: datetime | None = None
    added_by: str | None = None
    disabled_at: datetime | None = None
    note: str | None = None


def find_registry_platforms(connection: Connection, boards_dir: Path = BOARDS_DIR) -> list[str]:
    """The platforms of the lists and of the added boards. Raises ConfigError when the folder has no list."""
    added = connection.execute(
        "select distinct platform from ops.boards where added_at is not null"
    ).fetchall()
    return sorted({*find_platforms(boards_dir), *(row["platform"] for row in added)})


def read_registry(
    connection: Connection, platform: str, boards_dir: Path = BOARDS_DIR
) -> tuple[Board, ...]:
    """The boards of a platform to crawl: listed and added ones, less the disabled; a list's line wins over a row.

    Raises ConfigError for a bad list, or for a platform without a list and without an added board.
    """
    added = [_build_board(row) for row in connection.execute(ADDED, (platform,)).fetchall()]
    disabled = {row["token"] for row in connection.execute(DISABLED, (platform,)).fetchall()}
    has_list = (boards_dir / f"{platform}.csv").is_file()
    listed = read_boards(platform, boards_dir) if has_list or not (added or disabled) else ()
    known = {board.token: board for board in (*added, *listed)}
    order = dict.fromkeys(board.token for board in (*listed, *added))
    return tuple(known[token] for token in order if token not in disabled)


def list_registry(
    connection: Connection, boards_dir: Path = BOARDS_DIR
) -> tuple[RegisteredBoard, ...]:
    """Every board that is listed, added or disabled, with what is known of it, by platform and token."""
    known = {
        (platform, board.token): RegisteredBoard(board)
        for platform in find_platforms(boards_dir)
        for board in read_boards(platform, boards_dir)
    }
    for row in connection.execute("select * from ops.boards").fetchall():
        key = (row["platform"], row["token"])
        listed = known.get(key)
        if listed is None and row["added_at"] is None and row["disabled_at"] is None:
            continue
        known[key] = RegisteredBoard(
            listed.board if listed else _build_board(row),
            row["added_at"],
            row["added_by"],
            row["disabled_at"],
            row["note"],
        )
    return tuple(known[key] for key in sorted(known))


def add_board(
    connection: Connection,
    board: Board,
    now: datetime,
    *,
    added_by: AddedBy = "operator",
    boards_dir: Path = BOARDS_DIR,
) -> bool:
    """Add a board to those that are crawled; False when it is one of them already.

    The role pipeline may add for anybody, the role app for students alone. Raises UserInputError for a board
    that cannot be, that is disabled, or when students added too many within a day.
    """
    fault = "" if PLATFORM.fullmatch(board.platform) else "has a platform that none is named as"
    if fault := fault or find_fault(board) or "":
        raise UserInputError(f"The board {board.token[:40]!r} {fault}.")
    marked = connection.execute(MARKED, (board.platform, board.token)).fetchone()
    if marked and marked["disabled_at"]:
        raise UserInputError(
            f"The board {board.token!r} of {board.platform} is disabled ({marked['note']}): enable it with"
            f" `internflow boards enable {board.platform} {board.token}`."
        )
    if (marked and marked["added_at"]) or _is_listed(board.platform, board.token, boards_dir):
        return False
    if added_by == "student":
        _require_few(connection, now)
    values = (board.platform, board.token, board.company, list(board.countries), board.url, now)
    return connection.execute(INSERT, (*values, added_by)).rowcount == 1


def disable_board(
    connection: Connection,
    platform: str,
    token: str,
    now: datetime,
    *,
    note: str,
    boards_dir: Path = BOARDS_DIR,
) -> bool:
    """Crawl a board no more; False when it is disabled already. Raises UserInputError for an unknown board."""
    known = {(r.board.platform, r.board.token): r for r in list_registry(connection, boards_dir)}
    registered = known.get((platform, token))
    if registered is None:
        raise _refuse_unknown(platform, token)
    return _disable(connection, registered.board, now, note)


def enable_board(
    connection: Connection, platform: str, token: str, now: datetime, boards_dir: Path = BOARDS_DIR
) -> bool:
    """Crawl a disabled board again, counting its failed days anew; False when it was not disabled.

    Raises UserInputError for an unknown board.
    """
    is_listed = _is_listed(platform, token, boards_dir)
    marked = connection.execute(MARKED, (platform, token)).fetchone()
    if marked is None and not is_listed:
        raise _refuse_unknown(platform, token)
    if marked is None or marked["disabled_at"] is None:
        return False
    # A board that has left its list meanwhile is from now on one that the operator added.
    added_at = None if is_listed else now
    changed = {"platform": platform, "token": token, "now": now, "added_at": added_at}
    return connection.execute(ENABLE, changed).rowcount == 1


def disable_failing(connection: Connection, now: datetime) -> list[tuple[str, str]]:
    """Disable the boards that failed on their five most recent days; return their platforms and tokens."""
    rows = connection.execute(CRAWLS_OF_SILENT_BOARDS, (list(UNANSWERED),)).fetchall()
    found = (
        connection.execute(OUTAGES, (OUTAGE_BOARDS, list(UNANSWERED))).fetchall() if rows else []
    )
    outages = frozenset(row["day"] for row in found)
    disabled = []
    for (platform, token), crawls in groupby(rows, key=itemgetter("platform", "board")):
        ended = list(crawls)
        note = find_failure([_build_crawl(row) for row in ended], outages)
        board = Board(platform, token, ended[-1]["company"])
        if note and _disable(connection, board, now, note):
            logger.warning("board_disabled", platform=platform, board=token, note=note)
            disabled.append((platform, token))
    return disabled


def find_failure(crawls: Iterable[Crawl], outages: frozenset[date] = frozenset()) -> str | None:
    """Why a board is to be disabled, in words: no crawl of its five most recent days answered; None for any other.

    Days are UTC days on which it was crawled; days of our own outages are no days.
    """
    by_day: dict[date, list[Crawl]] = {}
    for crawl in sorted(crawls, key=lambda crawl: crawl.started_at):
        day = crawl.started_at.astimezone(UTC).date()
        if day not in outages:
            by_day.setdefault(day, []).append(crawl)
    recent = [crawl for day in sorted(by_day)[-FAILED_DAYS:] for crawl in by_day[day]]
    if len(by_day) < FAILED_DAYS or any(crawl.status not in UNANSWERED for crawl in recent):
        return None
    last = (recent[-1].error or recent[-1].status.replace("_", " "))[:LONGEST_NOTE]
    return f"failed on {FAILED_DAYS} days, last: {last}"


def _require_few(connection: Connection, now: datetime) -> None:
    row = connection.execute(
        "select count(*) as added from ops.boards where added_by = 'student' and added_at > %s",
        (now - timedelta(days=1),),
    ).fetchone()
    if row and row["added"] >= STUDENTS_BOARDS_A_DAY:
        raise UserInputError(
            f"Students added {row['added']} boards within a day, which is all for now: try again tomorrow."
        )


def _disable(connection: Connection, board: Board, now: datetime, note: str) -> bool:
    written = {
        "platform": board.platform,
        "token": board.token,
        "company": board.company,
        "countries": list(board.countries),
        "url": board.url,
        "now": now,
        "note": note,
    }
    return connection.execute(DISABLE, written).rowcount == 1


def _is_listed(platform: str, token: str, boards_dir: Path) -> bool:
    if platform not in find_platforms(boards_dir):
        return False
    return any(board.token == token for board in read_boards(platform, boards_dir))


def _refuse_unknown(platform: str, token: str) -> UserInputError:
    return UserInputError(
        f"No board {token[:40]!r} of {platform[:40]!r} is registered: `internflow boards list` shows them all."
    )


def _build_board(row: Mapping[str, Any]) -> Board:
    countries: Sequence[str] = row["countries"]
    return Board(row["platform"], row["token"], row["company"], tuple(countries), row["url"])


def _build_crawl(row: Mapping[str, Any]) -> Crawl:
    return Crawl(row["started_at"], row["status"], row["error"])
