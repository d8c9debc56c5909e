import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from internflow.repos.mirrors import update_mirror
from internflow.repos.vetting import vet_source
from internflow.reviews import review
from internflow.reviews.analyzers.running import ANALYZER
from internflow.reviews.judging import CommitReview
from internflow.reviews.ledger import read_findings, store_reviews
from internflow.reviews.review import ReviewCounts, review_repository, verify_quotes
from internflow.reviews.rule import RelatedPlace
from internflow.reviews.scope import Outcome
from internflow.settings import Settings
from internflow.warehouse.connections import Connection, connect
from internflow.warehouse.fingerprints import compare_tables, read_table_states
from tests.git_repositories import GitRepository, unpack_objects
from tests.reviews.conftest import NOW, Reviewer

MUTABLE = "def add(item, bag=[]):\n    bag.append(item)\n    return bag\n"
SHELL = 'import subprocess\n\n\ndef run(name):\n    subprocess.run("ls " + name, shell=True)\n'
SWALLOW = "try:\n    import fast\nexcept:\n    fast = None\n"

MakeReviewer = Callable[[], Reviewer]


def test_a_commit_is_told_what_it_brought_in(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    sha = repository.commit("start", {"app.py": MUTABLE, "tool.py": SHELL, "io.py": SWALLOW})
    made = reviewer()
    assert made.run() == ReviewCounts(reviewed=1, findings_new=3, open=3)
    assert made.findings() == [
        (sha, "B006", "app.py", 1, "new", 1),
        (sha, "E722", "io.py", 3, "new", 3),
        (sha, "S602", "tool.py", 5, "new", 5),
    ]
    assert made.rows(
        "select category, severity, quote, analyzer, rule_url from ai.findings where rule = 'S602'"
    ) == [
        (
            "security",
            "high",
            '    subprocess.run("ls " + name, shell=True)',
            ANALYZER,
            "https://docs.astral.sh/ruff/rules/subprocess-popen-with-shell-equals-true",
        )
    ]
    assert made.coverage() == {sha: ("reviewed", None, 3)}


def test_moved_indented_and_untouched_lines_are_nobodys_findings(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    first = repository.commit("start", {"app.py": MUTABLE, "io.py": SWALLOW})
    indented = "".join(f"    {line}\n" for line in SWALLOW.splitlines())
    repository.commit(
        "move", {"app.py": f"import os\n\n\n{MUTABLE}", "io.py": f"if True:\n{indented}"}
    )
    repository.commit("touch", {"app.py": f"import os\n\n\n{MUTABLE}\n\nprint(os.name)\n"})
    made = reviewer()
    made.run()
    assert made.findings() == [
        (first, "B006", "app.py", 1, "open", 4),
        (first, "E722", "io.py", 3, "open", 4),
    ]


def test_of_two_alike_the_added_one_is_found(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    old = repository.commit("start", {"io.py": f"x = 1\n{SWALLOW}"})
    new = repository.commit("again", {"io.py": f"{SWALLOW}x = 1\n{SWALLOW}"})
    made = reviewer()
    made.run()
    assert sorted(row[:4] for row in made.findings()) == sorted([
        (old, "E722", "io.py", 4), (new, "E722", "io.py", 3),
    ])  # fmt: skip


def test_every_commit_is_covered_with_its_reason(
    repository: GitRepository, reviewer: MakeReviewer, tmp_path: Path
) -> None:
    start = repository.commit("start", {"app.py": "x = 1\n", "old.py": "x = 1\n"})
    docs = repository.commit("docs", {"README.md": "# Hello"})
    empty = repository.commit("empty", {})
    vendored = repository.commit("vendor", {"vendor/lib.py": MUTABLE, "api_pb2.py": MUTABLE})
    generated = repository.commit("generate", {"made.py": f"# @generated\n{MUTABLE}"})
    deleted = repository.commit("delete", {"old.py": None})
    large = repository.commit("import", {f"lib/m{n}.py": f"x = {n}\n" for n in range(401)})
    latin = repository.commit(
        "latin", {"latin.py": b"name = '\xe9'\n", "long.py": "x=1\n" * 300_000}
    )
    mixed = repository.commit("mixed", {"latin2.py": b"name = '\xe9'\n", "app.py": MUTABLE})
    link = repository.path / "link.py"
    link.symlink_to("app.py")
    linked = repository.commit("link", {})
    repository.git("checkout", "--quiet", "-b", "side", start)
    side = repository.commit("side", {"side.py": "x = 1\n"})
    repository.git("checkout", "--quiet", "main")
    author = ("-c", "user.name=Asha Rao", "-c", "user.email=asha@example.org")
    repository.git(*author, "merge", "--quiet", "--no-ff", "-m", "merge", "side")
    made = reviewer()
    counts = made.run()
    skipped = {
        docs: "no code file changed",
        empty: "no code file changed",
        vendored: "generated and vendored files only",
        generated: "generated files only",
        deleted: "code files only deleted",
        large: "too large: 401 files",
        latin: "no file to review: 1 larger than 1 MB, 1 not text in a known encoding",
        linked: "no code file changed",
        repository.head(): "merge commit",
    }
    assert made.coverage() == {
        **{sha: ("skipped", reason, 0) for sha, reason in skipped.items()},
        start: ("reviewed", None, 0),
        mixed: ("reviewed", "left out: 1 not text in a known encoding", 1),
        side: ("reviewed", None, 0),
    }
    assert counts == ReviewCounts(reviewed=3, skipped=9, findings_new=1, open=1)


def test_a_second_run_changes_nothing(
    repository: GitRepository, reviewer: MakeReviewer, settings: Settings
) -> None:
    repository.commit("start", {"app.py": MUTABLE, "tool.py": SHELL})
    repository.commit("fix", {"app.py": "x = 1\n"})
    made = reviewer()
    assert made.run() == ReviewCounts(reviewed=2, findings_new=2, findings_fixed=1, open=1)
    coverage = "select * from ops.review_coverage order by commit_sha"
    before, covered = read_table_states(settings, ("ai",)), made.rows(coverage)
    assert made.run(now=NOW + timedelta(days=1)) == ReviewCounts(open=1)
    assert compare_tables(before, read_table_states(settings, ("ai",))) == []
    assert made.rows(coverage) == covered


def history(repository: GitRepository) -> None:
    repository.commit("one", {"app.py": MUTABLE})
    repository.commit("two", {"app.py": MUTABLE + SWALLOW})
    repository.commit("three", {"app.py": SWALLOW, "tool.py": SHELL})
    repository.commit("four", {"app.py": SWALLOW + MUTABLE})
    repository.commit("five", {"app.py": SWALLOW + MUTABLE + SWALLOW, "notes.md": "x"})


def test_a_limit_reviews_the_newest_and_is_extended_without_a_trace(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    history(repository)
    made = reviewer()
    made.run()
    whole = (made.findings(), made.coverage())
    made.connection.execute("delete from ai.findings")
    made.connection.execute("delete from ops.review_coverage")
    assert made.run(limit=2).reviewed == 2
    newest = repository.git("log", "--format=%H", "-2").split()
    assert made.coverage().keys() == set(newest)
    assert made.run(limit=4).reviewed == 2
    assert made.run().reviewed == 1
    assert (made.findings(), made.coverage()) == whole


def test_batches_make_no_difference_and_a_killed_run_goes_on(
    repository: GitRepository, reviewer: MakeReviewer, settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    history(repository)
    made = reviewer()
    made.run()
    whole = (made.findings(), made.coverage())
    made.connection.execute("delete from ai.findings")
    made.connection.execute("delete from ops.review_coverage")
    made.connection.commit()
    monkeypatch.setattr(review, "BATCH_BLOBS", 1)
    stored = 0

    def kill_at_the_third(*args: object, **kwargs: object) -> int:
        nonlocal stored
        stored += 1
        if stored == 3:
            raise KeyboardInterrupt
        return store(*args, **kwargs)  # type: ignore[arg-type]

    store = review.store_reviews
    monkeypatch.setattr(review, "store_reviews", kill_at_the_third)
    with pytest.raises(KeyboardInterrupt), connect(settings, "pipeline") as killed:
        review_repository(killed, made.mirror(), limit=None, now=NOW)
    assert len(made.coverage()) == 2
    assert made.run().reviewed == 3
    assert (made.findings(), made.coverage()) == whole


def test_every_stored_quote_stands_and_a_wrong_one_is_named(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    history(repository)
    repository.commit("odd", {"odd.py": f"x = 1\x0c\r\n{MUTABLE}".encode() + b"\r\rexec(x)\n"})
    repository.commit("latin", {"latin.py": b"# coding: latin-1\ndef f(a=['\xe9']): pass\n"})
    made = reviewer()
    made.run()
    assert len(made.findings()) == 7
    assert verify_quotes(made.connection, made.mirror()) == []
    made.connection.execute("update ai.findings set quote = quote || ' ' where path = 'latin.py'")
    made.connection.execute("update ai.findings set path = 'gone.py' where path = 'tool.py'")
    made.connection.execute(
        "update ai.findings set commit_sha = repeat('0', 40) where rule = 'S102'"
    )
    wrong = {f.path for f in verify_quotes(made.connection, made.mirror())}
    assert wrong == {"latin.py", "gone.py", "odd.py"}


def test_a_repository_cannot_turn_rules_off_but_an_author_can_say_that_a_line_is_meant(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    silencing = 'lint.ignore = ["ALL"]\nexclude = ["*"]\n'
    sha = repository.commit(
        "start",
        {
            "ruff.toml": silencing,
            ".ruff.toml": silencing,
            "sub/ruff.toml": silencing,
            "pyproject.toml": '[tool.ruff]\nexclude = ["*"]\n[tool.ruff.lint]\nignore = ["ALL"]\n',
            ".gitignore": "build/\n",
            "app.py": MUTABLE,
            "sub/app.py": MUTABLE,
            "meant.py": MUTABLE.replace(":\n", ":  # noqa: B006  one bag for all\n", 1),
        },
    )
    made = reviewer()
    made.run()
    assert [row[:3] for row in made.findings()] == [
        (sha, "B006", "app.py"),
        (sha, "B006", "sub/app.py"),
    ]


def test_tests_are_told_of_bugs_alone(repository: GitRepository, reviewer: MakeReviewer) -> None:
    repository.commit("start", {"tests/test_app.py": SHELL + MUTABLE + "PASSWORD = 'hunter2'\n"})
    made = reviewer()
    made.run()
    assert [row[1] for row in made.findings()] == ["B006"]


def test_a_syntax_error_is_found_where_it_came_in_and_hides_no_blame(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    first = repository.commit("start", {"app.py": MUTABLE})
    broke = repository.commit("break", {"app.py": MUTABLE + "def f(:\n"})
    repository.commit("worse", {"app.py": MUTABLE + "def g(:\ndef f(:\n"})
    made = reviewer()
    made.run()
    assert made.findings() == [
        (first, "B006", "app.py", 1, "open", None),
        (broke, "invalid-syntax", "app.py", 4, "open", 4),
    ]
    mended = repository.commit("mend", {"app.py": MUTABLE + SWALLOW})
    made.run()
    assert made.findings() == [
        (first, "B006", "app.py", 1, "open", 1),
        (broke, "invalid-syntax", "app.py", 4, "fixed", None),
        (mended, "E722", "app.py", 6, "new", 6),
    ]


def test_a_copy_brings_in_what_it_copies_and_a_rename_does_not(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    first = repository.commit("start", {"app.py": MUTABLE})
    copied = repository.commit("copy", {"copy.py": MUTABLE})
    repository.git("mv", "app.py", "main.py")
    repository.commit("rename", {})
    made = reviewer()
    made.run()
    assert made.findings() == [
        (first, "B006", "app.py", 1, "open", 1),
        (copied, "B006", "copy.py", 1, "open", 1),
    ]


def test_one_commit_that_fails_stops_no_other_and_is_tried_again(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    first = repository.commit("start", {"app.py": MUTABLE})
    bad = repository.commit("bad", {"lost.py": "x = 'this version will be lost'\n"})
    last = repository.commit("last", {"io.py": SWALLOW})
    made = reviewer()
    mirror = made.mirror()
    made.run()
    made.connection.execute("delete from ops.review_coverage")
    unpack_objects(mirror.path)
    blob = repository.git("rev-parse", f"{bad}:lost.py")
    loose = mirror.path / "objects" / blob[:2] / blob[2:]
    held = loose.read_bytes()
    loose.unlink()
    for later in (0, 1):
        counts = review_repository(
            made.connection, mirror, limit=None, now=NOW + timedelta(days=later)
        )
        assert (counts.reviewed, counts.failed) == (2 - 2 * later, 1)
    status, reason, count = made.coverage()[bad]
    assert (status, count) == ("failed", 0)
    assert blob in str(reason) or "object not found" in str(reason)
    assert {made.coverage()[sha][0] for sha in (first, last)} == {"reviewed"}
    assert made.rows("select distinct reviewed_at from ops.review_coverage") == [(NOW,)]
    loose.write_bytes(held)
    assert made.run().reviewed == 1
    assert made.coverage()[bad] == ("reviewed", None, 0)


def test_another_analyzer_reviews_covered_commits_anew(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    history(repository)
    made = reviewer()
    made.run(limit=3)
    whole = (made.findings(), made.coverage())
    for table in ("ai.findings", "ops.review_coverage"):
        made.connection.execute(f"update {table} set analyzer = 'older'".encode())
    made.connection.execute(
        "insert into ai.findings select repo_id, 'x', commit_sha, path, start_line, end_line, quote,"
        " 'DROPPED', category, severity, message, rule_url, analyzer, state, head_line"
        " from ai.findings limit 1"
    )
    assert made.run(limit=1).reviewed == 3
    assert (made.findings(), made.coverage()) == whole


def test_a_finding_that_the_older_commit_no_longer_has_stays_with_the_newer_one(
    repository: GitRepository, reviewer: MakeReviewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    history(repository)
    made = reviewer()
    made.run()
    whole = (made.findings(), made.coverage())
    oldest = repository.git("log", "--format=%H", "--reverse").split()[0]
    made.connection.execute("update ai.findings set commit_sha = %s where rule = 'S602'", (oldest,))
    for table in ("ai.findings", "ops.review_coverage"):
        made.connection.execute(f"update {table} set analyzer = 'older'".encode())
    monkeypatch.setattr(review, "BATCH_BLOBS", 1)
    made.run()
    assert (made.findings(), made.coverage()) == whole


def test_the_newest_commits_come_first_and_progress_is_told(
    repository: GitRepository, reviewer: MakeReviewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    history(repository)
    made = reviewer()
    monkeypatch.setattr(review, "FIRST_COMMITS", 2)
    monkeypatch.setattr(review, "BATCH_COMMITS", 2)
    seen: list[tuple[int, int, int, object]] = []

    def look(done: int, total: int) -> None:
        lines = made.rows("select head_line from ai.findings where rule = 'B006'")
        seen.append((done, total, len(made.coverage()), lines[0][0]))

    mirror = made.mirror()
    review_repository(made.connection, mirror, limit=None, now=NOW, on_progress=look)
    newest = made.rows("select head_line from ai.findings where rule = 'B006'")
    assert seen == [(2, 5, 2, 5), (4, 5, 4, 5), (5, 5, 5, 5)]
    assert newest == [(5,)]


def test_related_code_is_stored_and_its_quote_must_stand(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    sha = repository.commit("start", {"app.py": MUTABLE, "io.py": SWALLOW})
    made = reviewer()
    made.run()
    mirror = made.mirror()
    (finding, _other) = read_findings(made.connection, mirror.repo_id)
    place = RelatedPlace("io.py", 3, 3, "except:", "as here")
    made.connection.execute("delete from ai.findings")
    reviewed = CommitReview(sha, Outcome("reviewed", None), (replace(finding, related=(place,)),))
    store_reviews(
        made.connection, mirror.repo_id, [reviewed], age={sha: 0}, analyzer=ANALYZER, now=NOW
    )
    assert read_findings(made.connection, mirror.repo_id)[0].related == (place,)
    assert verify_quotes(made.connection, mirror) == []
    made.connection.execute(
        "update ai.findings set related = jsonb_set(related, '{0,start_line}', '2')"
    )
    assert [f.path for f in verify_quotes(made.connection, mirror)] == ["app.py"]


SCRIPT = "function f(a) {\n" + "  if (a) { a(); }\n" * 20 + "}\n"
TOKEN = "ghp" + "_wJ4rT9xKq2LmZ8vBn3YcD6sFhG1pQ5eR7aUo"


def test_every_language_and_every_text_is_reviewed(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    code = repository.commit(
        "code", {"a.js": SCRIPT, "B.java": f"class B {{\nvoid {SCRIPT[9:]}}}\n"}
    )
    docs = repository.commit("docs", {"README.md": "# Hello\nfoo = 1\n", "docs/a.rst": "x"})
    leak = repository.commit("leak", {"README.md": f"# Hello\nUse {TOKEN}\n"})
    listed = repository.commit("list", {"requirements.txt": "flask\n"})
    shell = repository.commit("shell", {"run.sh": "echo 1\n"})
    made = reviewer()
    made.run()
    assert [row[:4] for row in made.findings()] == [
        (code, "complex-function", "B.java", 2),
        (leak, "secret-service-token", "README.md", 2),
        (code, "complex-function", "a.js", 1),
        (listed, "manifest-unpinned", "requirements.txt", 1),
    ]
    assert made.coverage() == {
        code: ("reviewed", None, 2),
        docs: ("skipped", "no code file changed", 0),
        leak: ("reviewed", None, 1),
        listed: ("reviewed", None, 1),
        shell: ("skipped", "no file to review: 1 in a language without rules", 0),
    }
    assert verify_quotes(made.connection, made.mirror()) == []


def test_a_shallow_clone_does_not_blame_its_oldest_commit(
    repository: GitRepository, connection: Connection, tmp_path: Path
) -> None:
    repository.commit("start", {"app.py": MUTABLE})
    boundary = repository.commit("docs", {"README.md": "x"})
    newest = repository.commit("io", {"io.py": SWALLOW})
    subprocess.run(
        ["git", "clone", "-q", "--depth", "2", repository.path.as_uri(), tmp_path / "shallow"],
        check=True,
    )
    source = vet_source(str(tmp_path / "shallow"), allow_local=True)
    review_repository(connection, update_mirror(source, tmp_path / "mirrors"), limit=None, now=NOW)
    rows = connection.execute("select commit_sha, reason from ops.review_coverage").fetchall()
    assert {r["commit_sha"]: r["reason"] for r in rows} == {
        boundary: "the history before it is missing",
        newest: None,
    }
