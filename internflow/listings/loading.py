"""Loads landing files: what boards show, when it was seen, how each crawl went, and whether it may close listings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson
from psycopg.types.json import Jsonb

from internflow.listings.landing import (
    BoardCrawl,
    find_landings,
    read_final_crawls,
    require_landings,
)
from internflow.listings.posting import BoardResult, Posting
from internflow.logs import log_unit
from internflow.warehouse.connections import Connection
from internflow.warehouse.merge import MergeCounts, Target, merge_rows

POSTINGS_AT_ONCE = 2000  # in one transaction, and in memory
LEAST_GUARDED = 3  # a board with fewer open postings may lose all of them at once

POSTINGS = Target(
    "raw.postings",
    key=("platform", "board", "external_id"),
    update=(
        "url", "title", "company", "places", "work_model", "employment_type", "description_html", "description_text",
        "posted_at", "date_kind", "apply_by", "pay_text", "payload", "content_hash", "requisition_id", "department",
        "terms", "sponsorship", "is_withdrawn", "is_hidden",
    ),
    keep=("first_seen_at",),
)  # fmt: skip
SIGHTINGS = Target("ops.posting_sightings", key=("posting_id",), update=("last_seen_at",))
RESULTS = Target(
    "ops.crawl_results",
    key=("run_id", "platform", "board"),
    update=(
        "company", "status", "feed_kind", "reported_count", "fetched_count", "dropped_count", "http_status", "error",
        "started_at", "finished_at", "closes_listings", "note", "is_unchanged", "answer_hash", "parser_version", "etag",
        "last_modified",
    ),
)  # fmt: skip

STORED = """
    select p.posting_id, p.content_hash, s.last_seen_at from raw.postings p
    left join ops.posting_sightings s on s.posting_id = p.posting_id
    where p.posting_id = any(%s)
"""
# What the board itself calls closed; it stays closed at the moment when that was first seen.
WITHDRAWN = """
    update raw.postings set withdrawn_at = case when is_withdrawn then %(at)s::timestamptz end
    where posting_id = any(%(ids)s) and is_withdrawn <> (withdrawn_at is not null)
"""
# An unchanged board shows what it showed in its last complete crawl.
SEEN_AGAIN = """
    with last_complete as (
        select board, max(started_at) as started_at from ops.crawl_results
        where platform = %(platform)s and board = any(%(boards)s) and status in ('ok', 'ok_empty')
          and started_at < %(at)s
        group by board
    ), seen as (
        update ops.posting_sightings s set last_seen_at = %(at)s
        from raw.postings p inner join last_complete c on c.board = p.board
        where p.platform = %(platform)s and p.posting_id = s.posting_id and not p.is_withdrawn
          and s.last_seen_at >= c.started_at and s.last_seen_at < %(at)s
        returning 1
    )
    select count(*) as n from seen
"""
DECIDED = """
    select board, status, fetched_count, dropped_count, closes_listings, note from ops.crawl_results
    where run_id = %s and platform = %s
"""
# Open is what the last crawl that could close listings saw, and what came since.
OPEN = """
    with last_closing as (
        select max(started_at) as started_at from ops.crawl_results
        where platform = %(platform)s and board = %(board)s and closes_listings and started_at < %(started_at)s
    )
    select
        count(*) as open,
        count(*) filter (where s.last_seen_at < %(started_at)s and p.external_id <> all(%(seen)s)) as missing
    from raw.postings p
    inner join ops.posting_sightings s on s.posting_id = p.posting_id
    cross join last_closing
    where p.platform = %(platform)s and p.board = %(board)s and p.first_seen_at < %(started_at)s
      and s.last_seen_at >= coalesce(last_closing.started_at, '-infinity')
"""
CRAWL = """
    select platform, board, company, status, reported_count, fetched_count, dropped_count, is_unchanged, http_status,
      error, note
    from ops.crawl_results where run_id = %s order by platform, board
"""


NOTHING = MergeCounts()


@dataclass(frozen=True)
class LoadCounts:
    """What a load wrote; nothing when it was loaded before."""

    postings: MergeCounts = NOTHING
    sightings: MergeCounts = NOTHING
    results: MergeCounts = NOTHING

    def __add__(self, other: "LoadCounts") -> "LoadCounts":
        return LoadCounts(
            self.postings + other.postings,
            self.sightings + other.sightings,
            self.results + other.results,
        )


@dataclass(frozen=True)
class Closing:
    """Whether a crawl closes what it did not see, and why not."""

    closes_listings: bool
    note: str | None = None


def load_landing(
    connection: Connection, landing_dir: Path, run_id: str, *, closing_share: float
) -> LoadCounts:
    """Load a run's landings, some boards in each transaction; a second load changes nothing.

    A crawl that would close more than `closing_share` of a board's open postings closes none and says so.
    Raises ConfigError when nothing landed, ContractViolation when a file is damaged.
    """
    landings = find_landings(landing_dir, run_id)
    require_landings(landings, landing_dir, run_id)
    total = LoadCounts()
    for platform, attempts in groupby(landings, key=lambda landing: landing.platform):
        with log_unit("landing_loaded", run_id=run_id, platform=platform) as counts:
            loaded, boards = LoadCounts(), 0
            for crawls in _read_ahead(_batch(read_final_crawls(list(attempts)))):
                with connection.transaction():
                    loaded += _load_boards(connection, run_id, crawls, closing_share)
                boards += len(crawls)
            counts.update(
                boards=boards, new=loaded.postings.inserted, changed=loaded.postings.updated
            )
        total += loaded
    return total


def read_crawl_results(connection: Connection, run_id: str) -> list[dict[str, Any]]:
    """How each board of a run went, as loaded."""
    return connection.execute(CRAWL, (run_id,)).fetchall()


def _batch(crawls: Iterable[BoardCrawl]) -> Iterator[list[BoardCrawl]]:
    batch: list[BoardCrawl] = []
    count = 0
    for crawl in crawls:
        batch.append(crawl)
        count += len(crawl.postings)
        if count >= POSTINGS_AT_ONCE:
            yield batch
            batch, count = [], 0
    if batch:
        yield batch


def _read_ahead(batches: Iterator[list[BoardCrawl]]) -> Iterator[list[BoardCrawl]]:
    """The batches, each read from disk while Postgres works on the one before."""
    with ThreadPoolExecutor(1) as reader:
        upcoming = reader.submit(next, batches, None)
        while (batch := upcoming.result()) is not None:
            upcoming = reader.submit(next, batches, None)
            yield batch


def _load_boards(
    connection: Connection, run_id: str, crawls: Sequence[BoardCrawl], closing_share: float
) -> LoadCounts:
    closings = _decide_closings(connection, run_id, crawls, closing_share)
    at = crawls[0].result.started_at
    seen = {posting.posting_id: posting for c in crawls for posting in c.postings}
    stored: Mapping[str, dict[str, Any]] = {
        row["posting_id"]: row for row in connection.execute(STORED, (list(seen),)).fetchall()
    }
    # A run loaded late does not undo what a newer one saw.
    current = [p for p in seen.values() if _is_newest(stored.get(p.posting_id), at)]
    changed = [
        p for p in current
        if p.posting_id not in stored or stored[p.posting_id]["content_hash"] != p.content_hash
    ]  # fmt: skip
    postings = merge_rows(connection, POSTINGS, [_build_posting_row(p, at) for p in changed])
    connection.execute(WITHDRAWN, {"at": at, "ids": [p.posting_id for p in changed]})
    sightings = [(p.posting_id, at) for p in current if not p.is_withdrawn]
    return LoadCounts(
        postings,
        merge_rows(connection, SIGHTINGS, sightings) + _see_again(connection, crawls, at),
        merge_rows(
            connection, RESULTS,
            [_build_result_row(run_id, c.result, closings[c.result.board]) for c in crawls],
        ),
    )  # fmt: skip


def _is_newest(stored: Mapping[str, Any] | None, at: datetime) -> bool:
    return stored is None or stored["last_seen_at"] is None or stored["last_seen_at"] <= at


def _see_again(connection: Connection, crawls: Sequence[BoardCrawl], at: datetime) -> MergeCounts:
    """Postings of boards that answered as before; the results of this run are not loaded yet."""
    boards = [c.result.board for c in crawls if c.result.is_unchanged]
    if not boards:
        return NOTHING
    row = connection.execute(
        SEEN_AGAIN, {"platform": crawls[0].result.platform, "boards": boards, "at": at}
    ).fetchone()
    return MergeCounts(updated=row["n"] if row else 0)


def _decide_closings(
    connection: Connection, run_id: str, crawls: Sequence[BoardCrawl], closing_share: float
) -> dict[str, Closing]:
    """Decide once for what a board showed: a later load of the same finds sightings that the first one made."""
    platform = crawls[0].result.platform
    decided = {
        (row["board"], row["status"], row["fetched_count"], row["dropped_count"]): Closing(
            row["closes_listings"], row["note"]
        )
        for row in connection.execute(DECIDED, (run_id, platform)).fetchall()
    }
    return {
        c.result.board: decided.get(
            (c.result.board, c.result.status, c.result.fetched_count, c.result.dropped_count)
        )
        or decide_closing(c.result, *_count_open(connection, c), closing_share=closing_share)
        for c in crawls
    }


def _count_open(connection: Connection, crawl: BoardCrawl) -> tuple[int, int]:
    if crawl.result.is_unchanged:
        return 0, 0
    row = connection.execute(
        OPEN,
        {
            "platform": crawl.result.platform,
            "board": crawl.result.board,
            "started_at": crawl.result.started_at,
            "seen": [posting.external_id for posting in crawl.postings],
        },
    ).fetchone()
    return (row["open"], row["missing"]) if row else (0, 0)


def decide_closing(
    result: BoardResult, open_count: int, missing_count: int, *, closing_share: float
) -> Closing:
    """Whether a crawl closes what it missed of a board's open postings. Only a complete, plausible one does."""
    if result.status == "ok_empty" and open_count and result.feed_kind == "full_board":
        return Closing(
            False,
            f"The board showed nothing while {open_count} listings were open: none is closed.",
        )
    if result.status != "ok" or result.feed_kind != "full_board":
        return Closing(False)
    if result.dropped_count:
        return Closing(False, f"{result.dropped_count} postings could not be read: none is closed.")
    if open_count >= LEAST_GUARDED and missing_count > closing_share * open_count:
        return Closing(
            False,
            f"It would have closed {missing_count} of {open_count} open listings, more than the share"
            f" {closing_share:g} that INTERNFLOW_CLOSING_SHARE allows: none is closed.",
        )
    return Closing(True)


def _build_posting_row(p: Posting, seen_at: datetime) -> tuple[object, ...]:
    return (
        p.platform, p.board, p.external_id, p.url, p.title, p.company, list(p.places), p.work_model, p.employment_type,
        p.description_html, p.description_text, p.posted_at, p.date_kind, p.apply_by, p.pay_text,
        Jsonb(p.payload, dumps=orjson.dumps), p.content_hash, p.requisition_id, p.department, list(p.terms),
        p.sponsorship, p.is_withdrawn, p.is_hidden, seen_at,
    )  # fmt: skip


def _build_result_row(run_id: str, r: BoardResult, closing: Closing) -> tuple[object, ...]:
    return (
        run_id, r.platform, r.board, r.company, r.status, r.feed_kind, r.reported_count, r.fetched_count,
        r.dropped_count, r.http_status, r.error, r.started_at, r.finished_at, closing.closes_listings, closing.note,
        r.is_unchanged, r.answer_hash, r.parser_version, r.etag, r.last_modified,
    )  # fmt: skip
