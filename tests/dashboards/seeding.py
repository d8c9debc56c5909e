"""A small world for the tests of the pages and the API: two students, their repositories, boards with listings.

Times are set relative to the moment of seeding, because the pages tell ages.
"""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from psycopg import sql
from psycopg.types.json import Jsonb

from internflow.repos.chunks import load_chunks
from internflow.repos.languages import find_language
from internflow.repos.mirrors import Mirror
from internflow.settings import Settings
from internflow.warehouse.connections import Connection

ADA = "11111111-1111-5111-8111-111111111111"
BOB = "22222222-2222-5222-8222-222222222222"
ADAS_REPOSITORY = "aaaaaaaaaaaaaaaa"
BOBS_REPOSITORY = "bbbbbbbbbbbbbbbb"

HOSTILE_TITLE = '=HYPERLINK("https://evil.example") <script>window.pwned=1</script> ![x](https://evil.example/x.png)'
HOSTILE_QUOTE = "<script>window.pwned=2</script> [pay](https://evil.example) a fee first"
HOSTILE_HTML = (
    '<p onclick="window.pwned=1">Build things.</p><script>window.pwned=1</script>'
    '<img src="https://evil.example/pixel.png" onerror="window.pwned=1">'
    '<a href="javascript:window.pwned=1">apply</a><style>body{display:none}</style>'
)

CART = '''"""Carts of a shop."""


def total(prices):
    return sum(prices)
'''
CART_WITH_EVAL = '''"""Carts of a shop."""


def load(text):
    return eval(text)


def total(prices):
    return sum(prices)
'''


@dataclass(frozen=True)
class World:
    """What tests need to know of the seeded rows."""

    shas: tuple[str, ...]  # Ada's commits, oldest first
    repository: Path


def build_repository(folder: Path) -> World:
    """A Git repository with five commits; the second one brings a call of eval in line 5."""
    _git(folder.parent, "init", "--quiet", "--initial-branch", "main", str(folder))
    (folder / "shop").mkdir()
    steps = [
        ("Add the shop", {"README.md": "# Shop\n", "shop/cart.py": CART}),
        ("Load carts from text", {"shop/cart.py": CART_WITH_EVAL}),
        ("Add the lock file", {"package-lock.json": "{}\n" * 900}),
        ("Add [a](https://evil.example) <b>page</b>", {"shop/page.py": "PAGE = '<html>'\n"}),
        ("Describe the shop", {"README.md": "# Shop\n\nSells things.\n"}),
    ]
    shas = []
    for index, (subject, files) in enumerate(steps):
        for name, content in files.items():
            (folder / name).write_text(content)
        _git(folder, "add", "--all")
        moment = f"2026-03-0{index + 1}T12:00:00+00:00"
        _git(folder, "commit", "--quiet", "--message", subject, moment=moment)
        shas.append(_git(folder, "rev-parse", "HEAD").strip())
    return World(tuple(shas), folder)


def place_mirror(world: World, settings: Settings) -> None:
    """Put the bare mirror of Ada's repository where the pages look for it."""
    settings.mirrors_dir.mkdir(parents=True, exist_ok=True)
    target = settings.mirrors_dir / f"{ADAS_REPOSITORY}.git"
    _git(world.repository, "clone", "--quiet", "--mirror", str(world.repository), str(target))


def _git(folder: Path, *args: str, moment: str = "2026-03-01T12:00:00+00:00") -> str:
    identity = {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Ada"), ("EMAIL", "ada@example.org"), ("DATE", moment))
    }
    environment = {**os.environ, **identity, "GIT_CONFIG_GLOBAL": os.devnull}
    done = subprocess.run(
        ["git", *args], cwd=folder, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout


def seed(connection: Connection, world: World, now: datetime) -> None:
    """Fill raw, ai, ops and app as the flows and the two students would have."""
    seed_listings(connection, now)
    seed_crawls(connection, now)
    seed_students(connection)
    seed_commits(connection, world)
    seed_findings(connection, world)
    seed_narrations(connection, world)
    seed_index(connection, world)
    seed_resume(connection, world)
    connection.execute(
        "insert into ai.matches select student, posting_id, score, score, covered, missing, reasons, 'test'"
        " from (values (%s::uuid, 'ashby:orbit:3', 0.91::real, array['Python', 'SQL'], array['Go'],"
        " array['Python: 12 commits in shop']), (%s::uuid, 'ashby:orbit:4', 0.4::real, array['Go'],"
        " array['Python'], array['Bob alone sees this'])) as"
        " given (student, posting_id, score, covered, missing, reasons)",
        (ADA, BOB),
    )


def seed_listings(connection: Connection, now: datetime) -> None:
    """Boards orbit (ashby) and acme (greenhouse): 28 internships, of which one is hostile, one closed, one to be

    avoided and one a ghost; two jobs. The third of orbit is on lever too.
    """
    for index in range(1, 25):
        add_posting(
            connection,
            f"ashby:orbit:{index}",
            title=f"Data Engineering Intern {index}",
            places=["Berlin, Germany"] if index % 2 else ["San Francisco, CA", "Austin, TX"],
            work_model=("remote", "hybrid", "on_site", None)[index % 4],
            skills=["Python", "SQL"] if index % 3 else ["Go"],
            posted_at=now - timedelta(days=index, hours=1),
            first_seen_at=now - timedelta(days=index),
            facts=build_facts(index, now),
        )
    add_posting(connection, "lever:orbit:3", title="Data Engineering Intern 3 (Berlin)", first_seen_at=now,
                url="https://jobs.example/orbit/3")  # fmt: skip
    connection.execute(
        "insert into ai.posting_groups select posting, 'ashby:orbit:3', 'test', 'hash', 'test'"
        " from unnest(array['ashby:orbit:3', 'lever:orbit:3']) as posting"
    )
    seen = now - timedelta(days=40)
    add_posting(connection, "greenhouse:acme:hostile", title=HOSTILE_TITLE, company="Acme", html=HOSTILE_HTML,
                url="javascript:window.pwned=1", posted_at=None, date_kind="none", first_seen_at=now,
                facts={"trust_level": "check", "trust_flags": Jsonb([{"rule": "asks_for_payment",
                       "quote": HOSTILE_QUOTE}]), "pay_quote": HOSTILE_QUOTE})  # fmt: skip
    add_posting(connection, "greenhouse:acme:gone", title="Closed Intern", company="Acme", posted_at=seen,
                first_seen_at=seen, last_seen_at=seen, date_kind="relative")  # fmt: skip
    add_posting(connection, "greenhouse:acme:fee", title="Intern with a fee", company="Acme", first_seen_at=now,
                facts={"trust_level": "avoid", "trust_flags": Jsonb([{"rule": "asks_for_payment",
                       "quote": "pay the registration fee first"}])})  # fmt: skip
    long_ago = now - timedelta(days=200)
    add_posting(connection, "greenhouse:acme:ghost", title="Eternal Intern", company="Acme", posted_at=long_ago,
                first_seen_at=long_ago)  # fmt: skip
    for index in (1, 2):
        add_posting(connection, f"greenhouse:acme:job{index}", title=f"Staff Engineer {index}", company="Acme",
                    kind="other", first_seen_at=now)  # fmt: skip


def build_facts(index: int, now: datetime) -> dict[str, object]:
    """What the rules find in orbit's postings: the first five say more than the others."""
    facts: dict[str, object] = {
        "role_family": "data" if index % 2 else "backend",
        "countries": ["DE"] if index % 2 else ["US"],
        "cities": ["Berlin"] if index % 2 else ["San Francisco", "Austin"],
    }
    paid = {
        "pay_quote": "₹ 20,000 - 30,000 /month", "pay_min": 20000, "pay_max": 30000, "pay_currency": "INR",
        "pay_period": "month", "pay_inr_month_min": 20000, "pay_inr_month_max": 30000,
        "pay_usd_month_min": 240, "pay_usd_month_max": 360,
    }  # fmt: skip
    eligible = {
        "graduation_years": [2027], "degrees": ["bachelor"], "terms": ["summer 2027"], "sponsorship": "not_offered",
        "eligibility_quotes": Jsonb({"graduation_years": "You graduate in 2027.",
                                     "sponsorship": "We do not sponsor visas."}),
    }  # fmt: skip
    if index <= 5:
        facts["apply_by"] = (now + timedelta(days=index)).date()
    if index in (2, 3):
        facts |= paid
    if index == 4:
        facts |= {"pay_quote": "This is an unpaid role", "is_unpaid": True}
    return facts | (eligible if index == 3 else {})


def add_posting(
    connection: Connection,
    posting_id: str,
    *,
    title: str,
    first_seen_at: datetime,
    company: str = "Orbit",
    url: str = "https://boards.example/apply",
    places: list[str] | None = None,
    work_model: str | None = None,
    skills: list[str] | None = None,
    kind: str = "internship",
    html: str = "<p>Work on <b>pipelines</b> with us.</p>",
    posted_at: datetime | None = None,
    date_kind: str = "exact",
    last_seen_at: datetime | None = None,
    facts: Mapping[str, object] | None = None,
) -> None:
    platform, board, external_id = posting_id.split(":")
    connection.execute(
        "insert into raw.postings (platform, board, external_id, url, title, company, places, work_model,"
        " description_html, description_text, posted_at, date_kind, payload, content_hash, first_seen_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '{}', 'hash', %s)",
        (platform, board, external_id, url, title, company, places or [], work_model, html,
         "Work on pipelines with us.", posted_at, date_kind, first_seen_at),
    )  # fmt: skip
    connection.execute(
        "insert into ops.posting_sightings values (%s, %s)",
        (posting_id, last_seen_at or datetime.now(UTC)),
    )
    values = {
        "posting_id": posting_id, "content_hash": "hash", "rules_version": "test", "kind": kind,
        "kind_words": ["Intern"] if kind == "internship" else [], "skills": skills or [], "work_model": work_model,
        "role_family": "other", "places": Jsonb([]), "countries": [], "cities": [], "is_unpaid": False,
        "graduation_years": [], "degrees": [], "terms": [], "eligibility_quotes": Jsonb({}),
        "trust_level": "no_concern", "trust_flags": Jsonb([]), "canonical_url": posting_id, "title_key": posting_id,
        "company_key": posting_id, **(facts or {}),
    }  # fmt: skip
    connection.execute(
        sql.SQL("insert into ai.posting_facts ({}) values ({})").format(
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(map(sql.Placeholder, values)),
        ),
        values,
    )


def seed_crawls(connection: Connection, now: datetime) -> None:
    for platform, board, company, status, closes, error in (
        ("ashby", "orbit", "Orbit", "ok", True, None),
        ("greenhouse", "acme", "Acme", "ok", True, None),
        ("greenhouse", "broken", "Broken Inc", "failed", False, "HTTP 503 after 3 attempts"),
    ):
        started = now - timedelta(minutes=13)
        connection.execute(
            "insert into ops.crawl_results (run_id, platform, board, company, status, feed_kind, reported_count,"
            " fetched_count, error, started_at, finished_at, closes_listings)"
            " values ('run', %s, %s, %s, %s, 'full_board', 28, 28, %s, %s, %s, %s)",
            (platform, board, company, status, error, started, started + timedelta(minutes=1), closes),
        )  # fmt: skip


def seed_students(connection: Connection) -> None:
    for student, name, repo in ((ADA, "Ada", ADAS_REPOSITORY), (BOB, "Bob", BOBS_REPOSITORY)):
        email = f"{name.lower()}@example.org"
        connection.execute(
            "insert into app.students (student_id, name, email, emails) values (%s, %s, %s, %s)",
            (student, name, email, [email]),
        )
        connection.execute(
            "insert into app.student_repositories values (%s, %s, %s, 'local', now())",
            (student, repo, f"/srv/git/{name.lower()}-shop"),
        )


def seed_commits(connection: Connection, world: World) -> None:
    coverage = [
        ("reviewed", None, 0),
        ("reviewed", None, 1),
        ("skipped", "only generated files changed", 0),
        ("failed", "the reviewer ended with code 2", 0),
    ]
    for repo, name, shas in (
        (ADAS_REPOSITORY, "ada-shop", world.shas),
        (BOBS_REPOSITORY, "bob-shop", ("b" * 40,)),
    ):
        connection.execute(
            "insert into raw.repositories values (%s, %s, 'local', %s, 'main', %s)",
            (repo, f"/srv/git/{name}", name, shas[-1]),
        )
        for index, sha in enumerate(shas):
            subject = (
                _git(world.repository, "log", "-1", "--format=%s", sha)
                if len(shas) > 1
                else "Bob's"
            )
            moment = datetime(2026, 3, index + 1, 12, tzinfo=UTC)
            connection.execute(
                "insert into raw.commits values (%s, %s, '{}', 'Ada', 'ada@example.org', %s, %s, %s, '',"
                " 'Ada', 'ada@example.org')",
                (repo, sha, moment, moment, subject.strip()),
            )
    for sha, (status, reason, count) in zip(world.shas, coverage, strict=False):
        connection.execute(
            "insert into ops.review_coverage values (%s, %s, %s, %s, 'ruff-test', %s, now())",
            (ADAS_REPOSITORY, sha, status, reason, count),
        )


def seed_findings(connection: Connection, world: World) -> None:
    rows = [
        (ADAS_REPOSITORY, "f" * 16, world.shas[1], "eval() runs whatever the text says", "open", 5),
        (BOBS_REPOSITORY, "e" * 16, "b" * 40, "Bob's secret finding", "open", 5),
    ]
    for repo, fingerprint, sha, message, state, head_line in rows:
        connection.execute(
            "insert into ai.findings values (%s, %s, %s, 'shop/cart.py', 5, 5, '    return eval(text)', 'S307',"
            " 'security', 'high', %s, 'https://docs.example/S307', 'ruff-test', %s, %s)",
            (repo, fingerprint, sha, message, state, head_line),
        )


def seed_narrations(connection: Connection, world: World) -> None:
    hostile = "It adds `<script>window.pwned=3</script>`, and changes `load`."
    rows = [
        (
            ADAS_REPOSITORY,
            world.shas[1],
            hostile,
            "https://docs.example/S307",
            "h",
            "model",
            "tiny",
        ),
        (BOBS_REPOSITORY, "b" * 40, "Bob's secret narration", None, "h", "template", None),
    ]
    for row in rows:
        connection.execute(
            "insert into ai.narrations values (%s, %s, %s, %s, %s, %s, %s, now())", row
        )


def seed_index(connection: Connection, world: World) -> None:
    """Ada's files at HEAD, their passages, and that they are indexed; Bob's are not."""
    for line in _git(world.repository, "ls-tree", "-r", "--long", "HEAD").splitlines():
        facts, path = line.split("\t")
        _mode, _kind, blob_sha, size = facts.split()
        connection.execute(
            "insert into raw.head_files values (%s, %s, %s, %s, %s)",
            (ADAS_REPOSITORY, path, blob_sha, size, find_language(path)),
        )
    mirror = Mirror(ADAS_REPOSITORY, world.repository / ".git", "main", world.shas[-1])
    load_chunks(connection, mirror)
    connection.execute(
        "insert into ops.indexed_files select repo_id, path, blob_sha from raw.head_files"
        " join (select distinct blob_sha from raw.chunks) chunks using (blob_sha)"
    )
    connection.execute(
        "insert into ops.index_manifests (repo_id, commit_sha, chunker, model_id, dimension, chunk_count, checksum,"
        " built_at) values (%s, %s, 'test', 'test', 2, 4, 'test', now())",
        (ADAS_REPOSITORY, world.shas[-1]),
    )


def seed_resume(connection: Connection, world: World) -> None:
    measure_sql = "select count(*) from raw.commits where repo_id = %(repo_id)s"
    quoted = f"{ADAS_REPOSITORY}/quote/cart"
    measured = f"{ADAS_REPOSITORY}/measure/commits"
    connection.execute(
        "insert into ai.evidence values (%s, %s, %s, 'code', %s, 'shop/cart.py', 9, 9, 'def total(prices):',"
        " null, null, null),"
        " (%s, %s, %s, 'commits', %s, null, null, null, null, %s, %s, 5)",
        (ADA, quoted, ADAS_REPOSITORY, world.shas[1],
         ADA, measured, ADAS_REPOSITORY, world.shas[-1], measure_sql, json.dumps({"repo_id": ADAS_REPOSITORY})),
    )  # fmt: skip
    connection.execute(
        "insert into ai.bullets values (%s, 'bullet', %s, 1, 'project', 'Wrote the cart of a shop in 5 commits', %s)",
        (ADA, ADAS_REPOSITORY, [quoted, measured]),
    )
    connection.execute(
        "insert into ai.resumes values (%s, %s, 'hash')", (ADA, json.dumps(build_document(world)))
    )


def build_document(world: World) -> dict[str, object]:
    """A resume document as the writer of resumes stores it."""
    return {
        "basics": {"name": "Ada", "email": "ada@example.org"},
        "projects": [
            {
                "name": "ada-shop",
                "highlights": ["Wrote the cart of a shop in 5 commits"],
            }
        ],
        "skills": [{"name": "Languages", "keywords": ["Python"]}],
        "meta": {"commit": world.shas[-1]},
    }
