"""Repositories made to harm: nothing of them is run or read outside of them, and the other commits are reviewed."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from internflow.repos.mirrors import update_mirror
from internflow.reviews.analyzers import readers
from internflow.reviews.review import review_repository, verify_quotes
from tests.git_repositories import GitRepository
from tests.reviews.conftest import NOW, Reviewer

MUTABLE = "def add(item, bag=[]):\n    return bag\n"
SWALLOW = "try:\n    x = 1\nexcept:\n    x = 2\n"
LANGUAGES = ("py", "js", "ts", "tsx", "java", "c", "cpp", "go", "rs", "rb", "php", "kt", "swift")

MakeReviewer = Callable[[], Reviewer]


class Harm:
    """A good commit, the harmful one, another good one; what the reviews say of it."""

    def __init__(self, repository: GitRepository, make: MakeReviewer, marker: Path) -> None:
        self.repository, self.make, self.marker = repository, make, marker
        self.found: list[tuple[object, ...]] = []
        self.first = repository.commit("first", {"app.py": MUTABLE})

    def review(
        self, harmful: str, arm: Callable[[], None] = lambda: None
    ) -> tuple[str, str | None]:
        """Status and reason of the harmful commit; all else must be as ever. `arm` is called before the mirroring."""
        last = self.repository.commit("last", {"io.py": SWALLOW})
        arm()
        made = self.make()
        mirror = update_mirror(made.source, made.mirrors)
        review_repository(made.connection, mirror, limit=None, now=NOW)
        coverage = made.coverage()
        assert coverage.pop(self.first) == ("reviewed", None, 1)
        assert coverage.pop(last) == ("reviewed", None, 1)
        own = [row for row in made.findings() if row[0] in (self.first, last)]
        assert [row[1:3] for row in own] == [("B006", "app.py"), ("E722", "io.py")]
        assert verify_quotes(made.connection, mirror) == []
        assert not self.marker.exists()
        self.found = [row[1:3] for row in made.findings() if row[0] == harmful]
        status, reason, _count = coverage.pop(harmful)
        assert coverage == {}
        return str(status), None if reason is None else str(reason)


@pytest.fixture
def harm(repository: GitRepository, reviewer: MakeReviewer, tmp_path: Path) -> Harm:
    return Harm(repository, reviewer, tmp_path / "ran")


def import_commit(repository: GitRepository, lines: list[bytes], blob: bytes) -> str:
    """A commit on top of main, by fast-import; `lines` name the files, with mark 1 for the blob."""
    head = [
        b"blob\nmark :1\ndata %d\n" % len(blob),
        blob,
        b"\ncommit refs/heads/main\ncommitter B <b@example.org> 1767700000 +0000\ndata 4\nharm\n",
        b"from refs/heads/main^0\n",
    ]
    subprocess.run(
        ["git", "-c", "core.compression=1", "fast-import", "--quiet"],
        cwd=repository.path, input=b"".join(head + lines), check=True,
    )  # fmt: skip
    sha = repository.head()
    repository.git("read-tree", "HEAD")
    repository.git("rm", "-r", "-q", "--cached", ".")
    return sha


def test_a_hundred_thousand_files(harm: Harm) -> None:
    files = [b"M 100644 :1 d%d/f%d.py\n" % (n // 1000, n) for n in range(100_000)]
    harmful = import_commit(harm.repository, files, b"x = 1\n")
    assert harm.review(harmful) == ("skipped", "too large: 100000 files")


def test_a_file_of_two_hundred_megabytes(harm: Harm) -> None:
    harmful = import_commit(harm.repository, [b"M 100644 :1 big.py\n"], b"x = 1\n" * 35_000_000)
    assert harm.review(harmful) == ("reviewed", "left out: 1 larger than 1 MB")
    assert harm.found == [("repo-large-file", "big.py")]


def test_a_line_of_ten_megabytes(harm: Harm) -> None:
    harmful = harm.repository.commit(
        "long", {"long.js": f"x = '{'a' * 10_000_000}'", "wide.py": f"x = '{'a ' * 400_000}'\n"}
    )
    assert harm.review(harmful) == ("reviewed", "left out: 1 larger than 1 MB")


def test_bytes_that_are_no_utf8(harm: Harm) -> None:
    name = b"na\xefve\xff.py".decode("utf-8", "surrogateescape")
    harmful = harm.repository.commit(
        "bytes", {"a.py": b"x = '\xff\xfe'\n", "b.js": b"x = '\x81\x8d'", name: b"x = 1\n"}
    )
    assert harm.review(harmful) == ("reviewed", "left out: 2 not text in a known encoding")


def test_links_out_of_the_tree(harm: Harm, tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    outside.write_text(MUTABLE)
    (harm.repository.path / "link.py").symlink_to(outside)
    (harm.repository.path / "passwd.js").symlink_to("/etc/passwd")
    (harm.repository.path / "etc").symlink_to("/etc")
    harmful = harm.repository.commit("links", {})
    assert harm.review(harmful) == ("skipped", "no code file changed")


def test_a_submodule_of_a_local_folder(harm: Harm, tmp_path: Path) -> None:
    other = GitRepository(tmp_path / "other")
    commit = other.commit("other", {"other.py": MUTABLE})
    modules = f'[submodule "sub.py"]\n\tpath = sub.py\n\turl = {other.path.as_uri()}\n'
    (harm.repository.path / ".gitmodules").write_text(modules)
    harm.repository.git("update-index", "--add", "--cacheinfo", f"160000,{commit},sub.py")
    harm.repository.git("add", ".gitmodules")
    harm.repository.git("commit", "-q", "--author", "A <a@example.org>", "-m", "submodule")
    harmful = harm.repository.head()
    (harm.repository.path / "sub.py").mkdir()  # as a clone without its submodules has it
    assert harm.review(harmful) == ("skipped", "no code file changed")


def test_paths_that_would_leave_the_folder(harm: Harm) -> None:
    blob = harm.repository.git("rev-parse", "HEAD:app.py")
    inner = harm.repository.git("rev-parse", "HEAD^{tree}")
    names = [
        ("40000", b"..", inner),
        ("100644", b"../../evil.py", blob),
        ("100644", b"app.py", blob),
    ]
    raw = b"".join(m.encode() + b" " + n + b"\0" + bytes.fromhex(sha) for m, n, sha in names)
    (harm.repository.path / "raw").write_bytes(raw)
    tree = harm.repository.git("hash-object", "-t", "tree", "-w", "--literally", "raw")
    (harm.repository.path / "raw").unlink()
    author = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    harmful = harm.repository.git(*author, "commit-tree", tree, "-p", harm.first, "-m", "evil")
    harm.repository.git("update-ref", "refs/heads/main", harmful)
    assert harm.review(harmful) == ("reviewed", None)
    paths = {row[2] for row in harm.make().findings() if row[0] == harmful}
    assert paths == {"../app.py"}  # a name with slashes in it is no path that git knows


def test_configuration_and_hooks_that_would_run_commands(harm: Harm) -> None:
    command = f"touch {harm.marker}"
    harmful = harm.repository.commit("config", {"other.py": "x = 1\n"})

    def arm() -> None:
        with (harm.repository.path / ".git" / "config").open("a") as config:
            config.write(
                f'[core]\n\tfsmonitor = "{command}"\n\tsshCommand = "{command}"\n\tpager = "{command}"\n'
                f'[uploadpack]\n\tpackObjectsHook = "{command}"\n[diff]\n\texternal = "{command}"\n'
            )
        hooks = harm.repository.path / ".git" / "hooks"
        hooks.mkdir(exist_ok=True)
        for name in ("post-checkout", "pre-auto-gc", "reference-transaction", "post-update"):
            (hooks / name).write_text(f"#!/bin/sh\n{command}\n")
            (hooks / name).chmod(0o755)

    assert harm.review(harmful, arm) == ("reviewed", None)


def test_a_filter_by_attribute(harm: Harm) -> None:
    attributes = "*.py filter=evil diff=evil merge=evil export-subst ident\n"
    harmful = harm.repository.commit(
        "filter", {".gitattributes": attributes, "filtered.py": "x = '$Id$'\n"}
    )

    def arm() -> None:
        for key in ("filter.evil.smudge", "filter.evil.process", "diff.evil.textconv"):
            harm.repository.git("config", key, f"touch {harm.marker}")

    assert harm.review(harmful, arm) == ("reviewed", None)


def test_configuration_of_analyzers_that_points_outside(harm: Harm, tmp_path: Path) -> None:
    outside = tmp_path / "outside.toml"
    outside.write_text("not toml [")
    extend = f'extend = "{outside}"\n'
    harmful = harm.repository.commit(
        "config",
        {
            "ruff.toml": extend,
            ".ruff.toml": extend,
            "pyproject.toml": f"[tool.ruff]\n{extend}[tool.bandit]\nskips = ['B614']\n",
            ".bandit": "[bandit]\nskips: B614\n",
            "sgconfig.yml": f"ruleDirs: [{tmp_path}]\n",
            ".secrets.baseline": "{}",
            "whitelizard.txt": "*\n",
            "load.py": "import torch\n\ntorch.load('a')\n",
        },
    )
    assert harm.review(harmful) == ("reviewed", None)
    assert [row[1] for row in harm.make().findings() if row[0] == harmful] == ["B614"]


def test_a_file_that_hangs_a_parser(harm: Harm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "STEP_SECONDS", 0.5)
    slow = "function f(a) { if (a) { return a; } }\n" * 20_000
    harmful = harm.repository.commit("slow", {"slow.js": slow})
    status, reason = harm.review(harmful)
    assert status == "reviewed"
    assert "1 lizard took too long" in str(reason)


@pytest.mark.parametrize("pair", ["()", "[]", "{}"])
def test_brackets_nested_deeply_in_every_language(harm: Harm, pair: str) -> None:
    opening, closing = pair
    deep = f"x = {opening * 50_000}1{closing * 50_000}\n".replace("1", "\n1\n")
    lines = "\n".join(deep[n : n + 80] for n in range(0, len(deep), 80))
    files: dict[str, str | bytes | None] = {f"deep.{suffix}": lines for suffix in LANGUAGES}
    harmful = harm.repository.commit("deep", files)
    status, _reason = harm.review(harmful)
    assert status == "reviewed"
