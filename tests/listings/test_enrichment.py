"""The facts kept of postings, and which of them are one listing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from internflow.listings.enrichment import LEAST_SHARED, enrich_postings
from internflow.listings.grouping import group_postings
from internflow.listings.landing import LandingWriter, write_lines
from internflow.listings.loading import load_landing
from internflow.listings.posting import BoardResult, Posting
from internflow.settings import Settings
from internflow.warehouse.connections import connect
from internflow.warehouse.merge import MergeCounts

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


def test_facts_are_computed_once_and_again_when_the_posting_changes(
    settings: Settings, land: Callable[..., Path]
) -> None:
    landing_dir = land("run", NOW, ["1", "2"])
    with connect(settings, "pipeline") as connection:
        load_landing(connection, landing_dir, "run", closing_share=0.5)
        assert enrich_postings(connection) == MergeCounts(inserted=2)
        assert enrich_postings(connection) == MergeCounts()
        connection.execute(
            "update raw.postings set title = 'Rust Engineer', content_hash = 'new' where external_id = '2'"
        )
        assert enrich_postings(connection) == MergeCounts(updated=1)
        connection.execute("update ai.posting_facts set rules_version = 'old'")
        assert enrich_postings(connection) == MergeCounts(updated=2)
        facts = connection.execute(
            "select kind, kind_words, skills from ai.posting_facts order by posting_id"
        ).fetchall()
    assert facts == [
        {"kind": "internship", "kind_words": ["Intern"], "skills": ["Python", "SQL"]},
        {"kind": "other", "kind_words": [], "skills": ["Rust", "Python", "SQL"]},
    ]


def test_many_postings_are_computed_in_processes_as_few_are_here(
    settings: Settings, tmp_path: Path, build_posting: Callable[..., Posting],
    build_result: Callable[..., BoardResult],
) -> None:  # fmt: skip
    titles = ["Data Intern", "Rust Engineer"]
    postings = [build_posting(str(n), title=titles[n % 2]) for n in range(LEAST_SHARED)]
    writer = LandingWriter(tmp_path, "run", "greenhouse", 1)
    writer.add_board(write_lines(build_result(), postings))
    writer.finish()
    with connect(settings, "pipeline") as connection:
        load_landing(connection, tmp_path, "run", closing_share=0.5)
        assert enrich_postings(connection) == MergeCounts(inserted=LEAST_SHARED)
        kinds = connection.execute(
            "select kind, count(*) as n from ai.posting_facts group by kind order by kind"
        ).fetchall()
    half = LEAST_SHARED // 2
    assert kinds == [{"kind": "internship", "n": half}, {"kind": "other", "n": half}]


def test_the_same_job_on_two_platforms_is_one_listing_whoever_comes_first(
    settings: Settings, tmp_path: Path, build_posting: Callable[..., Posting],
    build_result: Callable[..., BoardResult],
) -> None:  # fmt: skip
    url = "https://job-boards.greenhouse.io/acme/jobs/4100041"
    own = build_posting("4100041", url=url)
    copied = build_posting("c", platform="simplify", board="list", url=url + "?utm_source=list")
    other = build_posting("4100042", url="https://job-boards.greenhouse.io/acme/jobs/4100042")
    with connect(settings, "pipeline") as connection:
        for day, posting in enumerate((own, copied, other)):
            now = NOW + timedelta(days=day)
            writer = LandingWriter(tmp_path, f"day-{day}", posting.platform, 1)
            result = build_result(now, platform=posting.platform, board=posting.board)
            writer.add_board(write_lines(result, [posting]))
            writer.finish()
            load_landing(connection, tmp_path, f"day-{day}", closing_share=0.5)
            enrich_postings(connection)
            assert group_postings(connection).inserted == 1
        assert group_postings(connection) == MergeCounts()
        groups = connection.execute(
            "select posting_id, listing_id, reason from ai.posting_groups order by posting_id"
        ).fetchall()
    assert [(g["posting_id"], g["listing_id"]) for g in groups] == [
        (own.posting_id, own.posting_id),
        (other.posting_id, other.posting_id),
        (copied.posting_id, own.posting_id),
    ]
    assert groups[2]["reason"] == "same_url"
