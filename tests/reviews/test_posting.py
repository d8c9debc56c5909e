"""Reviews on GitHub: made once, updated in place, never repeated. The other end of the network is a server of ours."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from internflow.errors import ConfigError, ContractViolation, SourceUnavailable, UserInputError
from internflow.repos.loading import load_repository
from internflow.repos.mirrors import update_mirror
from internflow.repos.vetting import Source, vet_source
from internflow.reviews.posting.api import find_name
from internflow.reviews.posting.content import MARKER
from internflow.reviews.posting.posting import post_reviews
from internflow.settings import Settings
from internflow.warehouse.connections import Connection
from tests.git_repositories import GitRepository
from tests.reviews.fake_github import FakeGitHub, serving_github
from tests.reviews.reported import RULES

NOW = datetime(2026, 2, 1, tzinfo=UTC)
MUTABLE = "def add(item, bag=[]):\n    return bag\n"


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with serving_github() as server:
        yield server


@dataclass
class Poster:
    """A repository on that host, which is pushed to and posted about."""

    work: GitRepository
    settings: Settings
    connection: Connection
    now: datetime = NOW

    def commit(self, **files: str | None) -> str:
        return self.work.commit("more", {f"{name}.py": text for name, text in files.items()})

    def post(self) -> int:
        """As after a push: fetch, load, post, at a later moment each time."""
        self.now += timedelta(minutes=1)
        here = vet_source(str(self.work.path), allow_local=True)
        mirror = update_mirror(here, self.settings.mirrors_dir)
        load_repository(self.connection, here, mirror)
        source = Source(here.repo_id, "https://127.0.0.1/asha/shop", "https", "shop")
        return post_reviews(self.settings, self.connection, mirror, source, RULES, now=self.now)

    def read(self) -> list[dict[str, Any]]:
        return self.connection.execute(
            "select target, error, posted_at from ops.postings order by started_at"
        ).fetchall()


def make_poster(
    settings: Settings, connection: Connection, github: FakeGitHub, folder: Path, kind: str
) -> Poster:
    changes = {
        "github_api_url": github.url, "github_token": SecretStr("ghs_secret"), "github_post": kind,
    }  # fmt: skip
    work = GitRepository(folder)
    work.commit("start", {"app.py": "x = 1\n"})
    return Poster(work, settings.model_copy(update=changes), connection)


@pytest.fixture
def checks(
    settings: Settings, connection: Connection, github: FakeGitHub, tmp_path: Path
) -> Poster:
    return make_poster(settings, connection, github, tmp_path / "shop", "checks")


@pytest.fixture
def comments(
    settings: Settings, connection: Connection, github: FakeGitHub, tmp_path: Path
) -> Poster:
    return make_poster(settings, connection, github, tmp_path / "shop", "comment")


def open_pull(github: FakeGitHub, number: int, base: str, head: str) -> None:
    github.pulls[:] = [p for p in github.pulls if p["number"] != number]
    github.pulls.append({"number": number, "head": {"sha": head}, "base": {"sha": base}})


def test_one_check_run_a_head_with_its_findings_and_none_for_a_second_run(
    checks: Poster, github: FakeGitHub
) -> None:
    sha = checks.commit(a=MUTABLE)
    assert checks.post() == 1
    (run,) = github.checks.values()
    assert (run["head_sha"], run["conclusion"], run["name"]) == (sha, "neutral", "InternFlow")
    (annotation,) = run["annotations"]
    assert (annotation["path"], annotation["start_line"]) == ("a.py", 1)
    assert annotation["annotation_level"] == "warning"
    assert "Make it in the function." in annotation["message"]
    assert run["output"]["title"] == "1 finding stands: 1 medium."
    assert "```python\ndef add(item, bag=[]):" in run["output"]["summary"]
    assert checks.post() == 0
    assert github.writes == ["POST /check-runs"]
    assert github.authorizations == {"Bearer ghs_secret"}


def test_the_next_push_is_told_of_its_own_commits_alone(checks: Poster, github: FakeGitHub) -> None:
    checks.commit(a=MUTABLE)
    checks.post()
    for name in ("b", "c"):
        checks.commit(**{name: MUTABLE})
    assert checks.post() == 1
    _first, second = github.checks.values()
    assert [a["path"] for a in second["annotations"]] == ["b.py", "c.py"]
    checks.commit(a=None, b=None, c=None)
    assert checks.post() == 1
    assert [run["conclusion"] for run in github.checks.values()] == [
        "neutral",
        "neutral",
        "success",
    ]


def test_annotations_go_in_batches_and_none_twice_after_a_failure_in_between(
    checks: Poster, github: FakeGitHub
) -> None:
    checks.commit(a="\n".join(MUTABLE.replace("add", f"add{n}") for n in range(120)))
    original, calls = github.answer, []

    def fail_third(method: str, path: str, body: Any) -> Any:
        calls.extend([method] if body else [])
        is_third = bool(body) and len(calls) == 3
        return (503, {}) if is_third else original(method, path, body)

    github.answer = fail_third  # type: ignore[method-assign]
    with pytest.raises(SourceUnavailable, match="status 503"):
        checks.post()
    (run,) = github.checks.values()
    assert len(run["annotations"]) == 100
    assert checks.post() == 1
    lines = [a["start_line"] for a in run["annotations"]]
    assert len(lines) == len(set(lines)) == 120
    assert github.writes == ["POST /check-runs", "PATCH /check-runs/1", "PATCH /check-runs/1"]
    assert checks.post() == 0


@pytest.mark.parametrize("kind", ["checks", "comment"])
def test_a_post_whose_answer_was_lost_is_found_again(
    settings: Settings, connection: Connection, github: FakeGitHub, tmp_path: Path, kind: str
) -> None:
    poster = make_poster(settings, connection, github, tmp_path / "shop", kind)
    poster.commit(a=MUTABLE)
    github.is_losing = True
    with pytest.raises(SourceUnavailable):
        poster.post()
    assert poster.post() == 1
    assert len(github.checks) + len(github.comments) == 1
    assert sum(len(run["annotations"]) for run in github.checks.values()) == (kind == "checks")
    assert [write.partition(" ")[0] for write in github.writes] == ["POST", "PATCH"]


def test_a_pull_request_has_one_comment_that_follows_its_pushes(
    comments: Poster, github: FakeGitHub
) -> None:
    base = comments.work.head()
    comments.work.git("checkout", "--quiet", "-b", "topic")
    first = comments.commit(a=MUTABLE)
    comments.work.git("checkout", "--quiet", "main")
    open_pull(github, 7, base, first)
    assert comments.post() == 1
    (comment,) = github.comments.values()
    assert comment["path"] == "/issues/7/comments"
    assert comment["body"].startswith(MARKER)
    assert "1 finding stands" in comment["body"]
    assert comments.post() == 0
    comments.work.git("checkout", "--quiet", "topic")
    second = comments.commit(a=None)
    comments.work.git("checkout", "--quiet", "main")
    open_pull(github, 7, base, second)
    assert comments.post() == 1
    assert "No finding stands." in comment["body"]
    assert github.writes == ["POST /issues/7/comments", "PATCH /issues/comments/1"]


def test_a_pull_request_of_a_fork_is_left_out_and_one_on_the_head_shares_its_check(
    checks: Poster, github: FakeGitHub
) -> None:
    base = checks.work.head()
    sha = checks.commit(a=MUTABLE)
    open_pull(github, 1, base, "f" * 40)
    open_pull(github, 2, base, sha)
    assert checks.post() == 1
    assert [run["head_sha"] for run in github.checks.values()] == [sha]


def test_a_commit_without_findings_gets_no_comment_and_one_with_some_gets_one(
    comments: Poster, github: FakeGitHub
) -> None:
    comments.commit(a="y = 1\n")
    assert comments.post() == 0
    assert github.comments == {}
    sha = comments.commit(a=MUTABLE)
    assert (comments.post(), comments.post()) == (1, 0)
    (comment,) = github.comments.values()
    assert comment["path"] == f"/commits/{sha}/comments"


def test_what_somebody_removed_is_made_anew_when_there_is_something_new(
    comments: Poster, github: FakeGitHub
) -> None:
    base = comments.work.head()
    for content in (MUTABLE, MUTABLE.replace("bag", "box")):
        comments.work.git("checkout", "--quiet", "-B", "topic")
        sha = comments.commit(a=content)
        comments.work.git("checkout", "--quiet", "main")
        open_pull(github, 7, base, sha)
        assert comments.post() == 1
        github.comments.clear()
        assert comments.post() == 0


def test_a_stranger_s_repository_gets_no_comment(comments: Poster, github: FakeGitHub) -> None:
    comments.commit(a=MUTABLE)
    github.permissions = {"push": False}
    with pytest.raises(ConfigError, match="may not write to asha/shop"):
        comments.post()
    assert github.writes == []


@pytest.mark.parametrize(
    ("status", "fields", "answer", "kind", "sentence"),
    [
        (401, {}, {}, ConfigError, "GitHub refuses the token"),
        (403, {}, {"message": "Resource not accessible by personal access token"}, ConfigError,
         r"may not post to asha/shop \(Resource not accessible by personal access token\): check runs need"),
        (404, {}, {"message": "Not Found"}, UserInputError, "shows this token no asha/shop"),
        (422, {}, {"message": "Invalid", "errors": [{"message": "No commit found for SHA"}]}, ContractViolation,
         "422 Invalid; No commit found for SHA"),
        (301, {"Location": "https://elsewhere.example"}, {}, UserInputError, "has moved on GitHub"),
        (403, {"Retry-After": "60"}, {"message": "You have exceeded a secondary rate limit"}, SourceUnavailable,
         "no more posts until 60 s from now"),
        (403, {}, {"message": "You have exceeded a secondary rate limit"}, SourceUnavailable, "until some time later"),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1770000000"}, {}, SourceUnavailable,
         "until 2026-02-02 02:40 UTC"),
        (429, {"Retry-After": "9"}, {}, SourceUnavailable, "until 9 s from now"),
        (500, {}, {}, SourceUnavailable, "status 500: try again later"),
    ],
)  # fmt: skip
def test_a_refusal_is_one_sentence_and_the_next_run_posts(
    checks: Poster, github: FakeGitHub, status: int, fields: dict[str, str], answer: dict[str, Any],
    kind: type[Exception], sentence: str,
) -> None:  # fmt: skip
    checks.commit(a=MUTABLE)
    github.refusals = [(status, fields, answer)]
    with pytest.raises(kind, match=sentence) as caught:
        checks.post()
    (stored,) = checks.read()
    assert stored["error"] == str(caught.value)
    assert "ghs_secret" not in stored["error"]
    assert checks.post() == 1
    (stored,) = checks.read()
    assert (stored["error"], stored["posted_at"]) == (None, checks.now)


def test_what_is_refused_of_one_pull_request_stops_no_other(
    comments: Poster, github: FakeGitHub
) -> None:
    base = comments.work.head()
    for number in (1, 2):
        comments.work.git("checkout", "--quiet", "-b", f"topic{number}", base)
        open_pull(github, number, base, comments.commit(**{f"t{number}": MUTABLE}))
    comments.work.git("checkout", "--quiet", "main")
    github.refusals = [(422, {}, {"message": "Validation Failed"})]
    with pytest.raises(ContractViolation, match="Validation Failed"):
        comments.post()
    assert [c["path"] for c in github.comments.values()] == ["/issues/2/comments"]
    assert comments.post() == 1
    assert len(github.comments) == 2


def test_hostile_text_mentions_nobody_and_breaks_out_of_nothing(
    comments: Poster, github: FakeGitHub
) -> None:
    quote = 'def add(bag=["```", "@everyone", "<img src=x>", "\u202e"]):\n    return bag\n'
    comments.work.commit("more", {"a ` [x](http:evil).py": quote})
    assert comments.post() == 1
    (comment,) = github.comments.values()
    body = comment["body"]
    assert "\n````python\ndef add(" in body
    assert "`` a ` [x](http:evil).py ``" in body.replace("``a `", "`` a `").replace(
        ".py``", ".py ``"
    )
    assert "\u202e" not in body


def test_a_huge_review_is_cut_to_what_github_takes(checks: Poster, github: FakeGitHub) -> None:
    arguments = ", ".join(f"argument{n}" for n in range(100))
    checks.commit(a="".join(f"def add{n}({arguments}, bag=[]): ...\n" for n in range(60)))
    assert checks.post() == 1
    (run,) = github.checks.values()
    assert len(run["annotations"]) == 60
    assert "not shown here" in run["output"]["summary"]


def test_off_by_default_and_nothing_for_other_hosts(checks: Poster, github: FakeGitHub) -> None:
    assert Settings.model_fields["github_post"].default == "off"
    checks.commit(a=MUTABLE)
    checks.settings = checks.settings.model_copy(update={"github_post": "off"})
    assert checks.post() == 0
    assert github.authorizations == set()


@pytest.mark.parametrize(
    ("api", "location", "name"),
    [
        ("https://api.github.com", "https://github.com/asha/shop", "asha/shop"),
        ("https://api.github.com", "https://gitlab.com/asha/shop", None),
        ("https://api.github.com", "https://github.com/asha", None),
        ("https://git.college.edu/api/v3", "https://git.college.edu/asha/shop", "asha/shop"),
        ("https://git.college.edu/api/v3", "https://github.com/asha/shop", None),
    ],
)
def test_which_repositories_are_on_the_github_that_is_asked(
    api: str, location: str, name: str | None
) -> None:
    source = Source("r", location, "https", "shop")
    assert find_name(Settings(github_api_url=api), source) == name
    assert find_name(Settings(github_api_url=api), replace(source, kind="local")) is None


def test_without_a_token_the_sentence_says_which_setting(
    checks: Poster, github: FakeGitHub
) -> None:
    checks.settings = checks.settings.model_copy(update={"github_token": None})
    with pytest.raises(ConfigError, match="set INTERNFLOW_GITHUB_TOKEN"):
        checks.post()
