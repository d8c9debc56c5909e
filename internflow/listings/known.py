"""The boards to crawl with what the warehouse knows of each, so that an unchanged one costs one answer."""

from collections.abc import Iterable
from pathlib import Path

from internflow.listings.boards import find_platforms, read_boards
from internflow.listings.plans import Known, PlannedBoard
from internflow.listings.posting import Board
from internflow.listings.registry import find_registry_platforms, read_registry
from internflow.warehouse.connections import Connection

KNOWN = """
    select distinct on (platform, board)
      platform, board, status, answer_hash, parser_version, etag, last_modified, reported_count, fetched_count,
      dropped_count
    from ops.crawl_results
    where status in ('ok', 'ok_empty') and answer_hash is not null
    order by platform, board, started_at desc
"""


def plan_boards(connection: Connection, boards_dir: Path | None) -> list[PlannedBoard]:
    """Every board of the registry, or of the lists in a folder alone. Raises ConfigError for a bad list."""
    if boards_dir is None:
        names = find_registry_platforms(connection)
        boards = [board for name in names for board in read_registry(connection, name)]
    else:
        names = find_platforms(boards_dir)
        boards = [board for name in names for board in read_boards(name, boards_dir)]
    return add_known(connection, boards)


def add_known(connection: Connection, boards: Iterable[Board]) -> list[PlannedBoard]:
    """Boards with their last complete crawls."""
    known = {
        (row.pop("platform"), row.pop("board")): Known(**row)
        for row in connection.execute(KNOWN).fetchall()
    }
    return [PlannedBoard(board, known.get((board.platform, board.token))) for board in boards]
