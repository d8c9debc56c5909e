from collections import OrderedDict
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import structlog

from internflow.repos.loading import load_repository
from internflow.repos.mirrors import Mirror
from internflow.reviews.narration import narrating
from internflow.reviews.narration.narrating import NarrationCounts, narrate_repository
from internflow.reviews.repository import reviewer as reviewer_module
from internflow.settings import Settings
from tests.generation.model_server import Model, say, serving_model
from tests.git_repositories import GitRepository, unpack_objects
from tests.reviews.conftest import NOW, Reviewer
from tests.reviews.narration.test_wording import write

PLAIN = "def f():\n    return 1\n"
MUTABLE = "def g(item, bag=[]):\n    return bag\n"
REWORDED = "This commit changes `app.py`: 3 lines added."
LATER = NOW + timedelta(days=1)


class Narrated:
    """A repository of three commits, the second skipped, the third with a finding; all of them reviewed."""

    def __init__(self, made: Reviewer, repository: GitRepository) -> None:
        self.made = made
        self.first = repository.commit("start", {"app.py": PLAIN})
        self.docs = repository.commit("docs", {"README.md": "# Hello\n"})
        self.third = repository.commit("more", {"app.py": f"{PLAIN}\n{MUTABLE}"})
        made.run()
        self.mirror: Mirror = made.mirror()

    def run(self, settings: Settings | None = None) -> NarrationCounts:
        return narrate_repository(
            self.made.connection, self.mirror, [self.third, self.docs, self.first],
            settings=settings or Settings(), now=LATER,
        )  # fmt: skip

    def texts(self) -> dict[object, tuple[object, ...]]:
        """text, who wrote it, and the model that was asked, by commit"""
        rows = self.made.rows("select commit_sha, text, written_by, model_id from ai.narrations")
        return {row[0]: row[1:] for row in rows}


@pytest.fixture
def narrated(reviewer: Callable[[], Reviewer], repository: GitRepository) -> Narrated:
    repository.commit("root", {"LICENSE": "free"})
    return Narrated(reviewer(), repository)


@pytest.fixture
def model() -> Iterator[Model]:
    with serving_model() as server:
        yield server


def test_reviewed_commits_are_narrated_once(narrated: Narrated) -> None:
    assert narrated.run() == NarrationCounts(written=2)
    told = narrated.texts()
    assert told[narrated.first] == (
        "Adds `app.py`: 2 lines added. It adds the function `f`.", "template", None,
    )  # fmt: skip
    text = str(told[narrated.third][0])
    assert text.startswith("Changes `app.py`: 3 lines added. It adds the function `g`. Look at")
    assert "Look at `app.py:4` (`B006`, " in text
    assert narrated.docs not in told
    query = "select xmin::text, lesson_url, created_at from ai.narrations order by commit_sha"
    before = narrated.made.rows(query)
    assert {row[2] for row in before} == {LATER}
    assert narrated.run() == NarrationCounts(unchanged=2)
    assert narrated.made.rows(query) == before


def test_a_commit_whose_facts_changed_is_narrated_anew(narrated: Narrated) -> None:
    narrated.run()
    narrated.made.connection.execute("delete from ai.findings")
    assert narrated.run() == NarrationCounts(written=1, unchanged=1)
    assert "Look at" not in str(narrated.texts()[narrated.third][0])


def test_a_commit_that_mends_something_is_told_so(
    narrated: Narrated, repository: GitRepository
) -> None:
    mended = repository.commit("mend", {"app.py": f"{PLAIN}\n{MUTABLE.replace('[]', '()')}"})
    narrated.made.run()
    narrate_repository(
        narrated.made.connection, narrated.made.mirror(), [mended], settings=Settings(), now=LATER
    )
    assert "It fixes 1 finding: `B006` in `app.py`." in str(narrated.texts()[mended][0])


def test_a_commit_that_fails_stops_no_other(
    narrated: Narrated, repository: GitRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reviewer_module, "_kept", OrderedDict())  # as in another process
    tree = repository.git("rev-parse", f"{narrated.third}^{{tree}}")
    unpack_objects(narrated.mirror.path)
    (narrated.mirror.path / "objects" / tree[:2] / tree[2:]).unlink()
    with structlog.testing.capture_logs() as events:
        assert narrated.run() == NarrationCounts(written=1, failed=1)
    assert [*narrated.texts()] == [narrated.first]
    assert any(e["event"] == "narration_failed" for e in events)
    (counted,) = [e for e in events if e["event"] == "repository_narrated"]
    assert (counted["written"], counted["failed"]) == (1, 1)


def test_a_model_rewords_what_it_was_not_asked_about_and_is_asked_once(
    narrated: Narrated, model: Model
) -> None:
    third = str(narrated.run() and narrated.texts()[narrated.third][0])
    sentences = [
        REWORDED,
        "It introduces the function `g`.",
        third.partition("`g`. ")[2].split(" About")[0],
    ]
    model.answers = say(write(*sentences), write("HACKED", "HACKED"))
    assert narrated.run(model.settings()) == NarrationCounts(unchanged=2, reworded=1, refused=1)
    told = narrated.texts()
    assert told[narrated.third][1:] == ("model", "tiny")
    assert str(told[narrated.third][0]).startswith(
        f"{REWORDED} It introduces the function `g`. Look at"
    )
    assert "About `B006`: " in str(told[narrated.third][0])
    assert told[narrated.first] == (
        "Adds `app.py`: 2 lines added. It adds the function `f`.", "template", "tiny",
    )  # fmt: skip
    assert narrated.run(model.settings()) == NarrationCounts(unchanged=2)
    assert len(model.asked) == 2


def test_a_server_that_is_down_is_asked_once_and_again_another_time(
    narrated: Narrated, model: Model
) -> None:
    model.answers = [(500, b""), *say("no", "no", "no", "no")]
    assert narrated.run(model.settings()) == NarrationCounts(written=2, unavailable=1)
    assert {row[1:] for row in narrated.texts().values()} == {("template", None)}
    assert narrated.run(model.settings()) == NarrationCounts(unchanged=2, refused=2)


def test_a_run_asks_a_model_about_so_many_and_so_long(
    narrated: Narrated, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    model.answers = say(*["no"] * 8)
    monkeypatch.setattr(narrating, "MOST_REWORDED", 1)
    assert narrated.run(model.settings()).refused == 1
    assert narrated.texts()[narrated.third][2] == "tiny"
    monkeypatch.undo()
    monkeypatch.setattr(narrating, "MOST_SECONDS", -1.0)
    other = model.settings(llm_model="other")
    assert narrated.run(other).refused == 1
    assert narrated.run(other).refused == 1


def test_narrations_leave_with_their_commits(narrated: Narrated, repository: GitRepository) -> None:
    narrated.run()
    repository.git("reset", "--quiet", "--hard", narrated.first)
    repository.commit("other", {"other.py": PLAIN})
    load_repository(narrated.made.connection, narrated.made.source, narrated.made.mirror())
    assert [*narrated.texts()] == [narrated.first]
