"""Computes the facts of postings that are new or changed, or whose facts are of older rules; several at once."""

from collections.abc import Iterator, Sequence
from typing import Any

from internflow.listings.facts import COLUMNS, RULES_VERSION, build_facts
from internflow.listings.workers import Workers, open_workers
from internflow.logs import log_unit
from internflow.warehouse.connections import Connection
from internflow.warehouse.merge import MergeCounts, Target, merge_rows

FACTS = Target("ai.posting_facts", key=("posting_id",), update=COLUMNS)
STALE = """
    select p.posting_id, p.content_hash, p.title, p.company, p.url, p.places, p.work_model, p.employment_type,
      p.description_text, p.pay_text, p.apply_by, p.posted_at, p.terms, p.sponsorship
    from raw.postings p
    left join ai.posting_facts f on f.posting_id = p.posting_id
    where p.posting_id > %(after)s
      and (p.content_hash, %(rules)s) is distinct from (f.content_hash, f.rules_version)
    order by p.posting_id
    limit %(most)s
"""
POSTINGS_AT_ONCE = 4000  # read, computed and stored together; a killed run keeps what was stored
LEAST_SHARED = 1000  # fewer are done before another process has started
CHUNK = 100

Row = dict[str, Any]


def enrich_postings(connection: Connection) -> MergeCounts:
    """Bring ai.posting_facts up to date; nothing is written for what is."""
    total, after = MergeCounts(), ""
    with log_unit("postings_enriched", rules=RULES_VERSION) as counts, open_workers() as workers:
        while True:
            with connection.transaction():
                stale = connection.execute(
                    STALE, {"rules": RULES_VERSION, "most": POSTINGS_AT_ONCE, "after": after}
                ).fetchall()
                total += merge_rows(connection, FACTS, _compute(workers, stale))
            if len(stale) < POSTINGS_AT_ONCE:
                break
            after = stale[-1]["posting_id"]
        counts.update(inserted=total.inserted, updated=total.updated)
    return total


def _compute(workers: Workers, postings: list[Row]) -> Iterator[tuple[object, ...]]:
    if len(postings) < LEAST_SHARED:
        yield from map(build_facts, postings)
        return
    chunks = (postings[start : start + CHUNK] for start in range(0, len(postings), CHUNK))
    for facts in workers.map(build_chunk, chunks):
        yield from facts


def build_chunk(postings: Sequence[Row]) -> list[tuple[object, ...]]:
    """The facts of some postings, in a worker process."""
    return [build_facts(posting) for posting in postings]
