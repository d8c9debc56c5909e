"""Keeps ai.posting_groups: which postings are one listing. Looks again only at what new or changed postings touch."""

from typing import Any

from internflow.listings.duplicates import RULES_VERSION, Candidate, Grouping, group_duplicates
from internflow.logs import log_unit
from internflow.warehouse.connections import Connection
from internflow.warehouse.merge import MergeCounts, Target, merge_rows

GROUPS = Target(
    "ai.posting_groups",
    key=("posting_id",),
    update=("listing_id", "reason", "content_hash", "rules_version"),
)
# What changed, what shares a company or an address with it, and the groups that it was in.
STALE = """
    create temp table touched on commit drop as
    select f.posting_id, f.company_key, f.canonical_url, g.listing_id
    from ai.posting_facts f
    left join ai.posting_groups g on g.posting_id = f.posting_id
    where (f.content_hash, %(rules)s) is distinct from (g.content_hash, g.rules_version)
"""
# Repeated until nothing comes along: a group is always looked at whole.
ALONG = """
    insert into touched
    select f.posting_id, f.company_key, f.canonical_url, g.listing_id
    from ai.posting_facts f
    left join ai.posting_groups g on g.posting_id = f.posting_id
    where (
        f.company_key in (select company_key from touched)
        or f.canonical_url in (select canonical_url from touched)
        or g.listing_id in (select listing_id from touched)
      )
      and not exists (select from touched t where t.posting_id = f.posting_id)
"""
CANDIDATES = """
    with feeds as (
        select distinct on (platform, board) platform, board, feed_kind from ops.crawl_results
        order by platform, board, started_at desc
    )
    select f.posting_id, p.platform, p.board, f.canonical_url, p.requisition_id, f.title_key, f.company_key, f.cities,
      f.countries, p.first_seen_at, f.content_hash, coalesce(feeds.feed_kind = 'window', false) as is_window
    from touched
    inner join ai.posting_facts f on f.posting_id = touched.posting_id
    inner join raw.postings p on p.posting_id = f.posting_id
    left join feeds on feeds.platform = p.platform and feeds.board = p.board
"""


def group_postings(connection: Connection) -> MergeCounts:
    """Bring ai.posting_groups up to date with ai.posting_facts; nothing is written for what is."""
    with log_unit("postings_grouped", rules=RULES_VERSION) as counts, connection.transaction():
        found = connection.execute(STALE, {"rules": RULES_VERSION}).rowcount
        while found:
            connection.execute("analyze touched")
            found = connection.execute(ALONG).rowcount
        rows = connection.execute(CANDIDATES).fetchall()
        hashes = {row["posting_id"]: row.pop("content_hash") for row in rows}
        groupings = group_duplicates(map(_build_candidate, rows))
        merged = merge_rows(
            connection, GROUPS, [_build_row(g, hashes[g.posting_id]) for g in groupings]
        )
        counts.update(touched=len(rows), inserted=merged.inserted, updated=merged.updated)
    return merged


def _build_candidate(row: dict[str, Any]) -> Candidate:
    return Candidate(**row | {"cities": tuple(row["cities"]), "countries": tuple(row["countries"])})


def _build_row(grouping: Grouping, content_hash: str) -> tuple[object, ...]:
    return (
        grouping.posting_id, grouping.listing_id, grouping.reason, content_hash, RULES_VERSION,
    )  # fmt: skip
