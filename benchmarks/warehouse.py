"""How much a day's changes cost dbt, against building everything: the same project on a warehouse of given size."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from internflow.settings import ROOT, Settings
from internflow.warehouse.connections import connect, reach_postgres
from internflow.warehouse.dbt_profile import build_dbt_environment
from internflow.warehouse.migrate import apply_migrations

LISTINGS = 1_000_000
CHANGED_SHARE = 0.01
BOARDS = 2_000
MODELS_ONLY = ("--select", "+marts.listings", "+listing_history")

POSTINGS = """
    insert into raw.postings (
      platform, board, external_id, url, title, company, places, description_html, description_text, date_kind,
      posted_at, payload, content_hash, first_seen_at
    )
    select 'greenhouse', 'board' || n %% %(boards)s, n::text, 'https://example.com/jobs/' || n,
      'Engineering Intern ' || n, 'Company ' || n %% %(boards)s, array['Pune, India'], '<p>' || t.words || '</p>',
      t.words, 'exact',
      '2026-01-01Z'::timestamptz + n %% 300 * interval '1 day', '{}', md5(n::text),
      '2026-01-01Z'::timestamptz + n %% 300 * interval '1 day'
    from generate_series(1, %(listings)s) as n
    cross join lateral (select repeat(md5(n::text) || ' ', 30) as words) as t
"""
FACTS = """
    insert into ai.posting_facts (
      posting_id, content_hash, rules_version, kind, kind_words, skills, role_family, places, countries, cities,
      is_unpaid, graduation_years, degrees, terms, eligibility_quotes, trust_level, trust_flags, canonical_url,
      title_key, company_key
    )
    select posting_id, content_hash, 'v1', 'internship', '{Intern}', '{Python,SQL}', 'software', '[]', '{IN}', '{Pune}',
      false, '{}', '{}', '{}', '{}', 'no_concern', '[]', url, lower(title), lower(company)
    from raw.postings
"""
SEEN = """
    insert into ops.posting_sightings select posting_id, '2026-11-01Z' from raw.postings
    on conflict (posting_id) do update set last_seen_at = excluded.last_seen_at
"""
CRAWLED = """
    insert into ops.crawl_results (
      run_id, platform, board, company, status, feed_kind, fetched_count, started_at, finished_at, closes_listings
    )
    select %(day)s::text, 'greenhouse', 'board' || n, 'Company ' || n, 'ok', 'full_board', 500, %(day)s::timestamptz,
      %(day)s::timestamptz, true
    from generate_series(0, %(boards)s - 1) as n
"""
# Half of what changes is new text; the other half was not seen again, which the next crawl closes.
CHANGED = """
    update raw.postings set content_hash = md5(content_hash), title = title || ' (updated)'
    where external_id::int %% %(every)s = 0
"""
UNSEEN = """
    update ops.posting_sightings s set last_seen_at = '2026-11-02Z'
    from raw.postings p where p.posting_id = s.posting_id and p.external_id::int %% %(every)s <> 1
"""


def measure_warehouse(folder: Path, listings: int = LISTINGS) -> Iterator[tuple[str, str]]:
    """Seconds of a full build and of one after 1% of the listings changed, both with the history's snapshot."""
    settings = Settings(data_dir=folder / "data")
    with reach_postgres(settings):
        apply_migrations(settings)
        with connect(settings, "owner") as connection:
            values = {"listings": listings, "boards": BOARDS, "day": "2026-11-01Z"}
            for statement in (POSTINGS, FACTS, SEEN, CRAWLED):
                connection.execute(statement, values)
            connection.commit()
            connection.autocommit = True
            connection.execute("vacuum analyze")
        full = build(settings, folder, *MODELS_ONLY, "--full-refresh")
        full_again = build(settings, folder, *MODELS_ONLY, "--full-refresh")
        full_inside = _read_inside(folder)
        unchanged = build(settings, folder, *MODELS_ONLY)
        with connect(settings, "owner") as connection:
            every = {"every": round(2 / CHANGED_SHARE), "boards": BOARDS, "day": "2026-11-02Z"}
            for statement in (CHANGED, UNSEEN, CRAWLED):
                connection.execute(statement, every)
            connection.commit()
            connection.autocommit = True
            connection.execute("vacuum analyze ops.posting_sightings")
        changed = build(settings, folder, *MODELS_ONLY)
        changed_inside = _read_inside(folder)
    yield f"dbt, {listings:,} listings, first build", f"{full:.1f} s"
    yield "dbt, full refresh", f"{full_again:.1f} s"
    yield "dbt, nothing changed", f"{unchanged:.1f} s"
    yield f"dbt, {CHANGED_SHARE:.0%} changed", f"{changed:.1f} s"
    yield "dbt, full refresh / 1% changed (bar: at least 8)", f"{full_again / changed:.1f}"
    yield (
        "dbt, the same without its start, which flows pay once",
        f"{full_inside / changed_inside:.1f} ({changed_inside:.1f} s)",
    )


def _read_inside(folder: Path) -> float:
    """Seconds that the last build took once dbt had started and read the project."""
    return float(json.loads((folder / "target" / "run_results.json").read_text())["elapsed_time"])


def build(settings: Settings, folder: Path, *options: str) -> float:
    """Seconds of `dbt build`. Raises RuntimeError with its last lines when it fails."""
    environment = os.environ | build_dbt_environment(settings)
    environment |= {"DBT_LOG_PATH": str(folder / "logs"), "DBT_TARGET_PATH": str(folder / "target")}
    project = ["--project-dir", str(ROOT / "dbt"), "--profiles-dir", str(ROOT / "dbt")]
    command = [str(Path(sys.executable).parent / "dbt"), "build", *project]
    started = time.perf_counter()
    done = subprocess.run(
        [*command, *options],
        env=environment,
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stdout[-3000:])
    return time.perf_counter() - started
