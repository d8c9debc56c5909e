from collections.abc import Callable

from internflow.reviews.analyzers.protocol import Analysis
from internflow.reviews.findings import SYNTAX, Problem, fingerprint
from internflow.reviews.head import follow_renames, settle_entry
from internflow.reviews.ledger import Entry, Rename
from tests.git_repositories import GitRepository
from tests.reviews.conftest import Reviewer

MUTABLE = "def add(item, bag=[]):\n    return bag\n"
SWALLOW = "try:\n    x = 1\nexcept:\n    x = 2\n"

MakeReviewer = Callable[[], Reviewer]

PROBLEM = Problem("E722", 7, 7, "a message", "    except:")


def entry(state: str = "open", path: str = "a.py") -> Entry:
    name = fingerprint("E722", path, "except:", 0)
    return Entry(name, "c2", path, state, 3, "E722", 3, "except:", None)


def test_a_finding_is_open_at_the_line_where_its_text_stands() -> None:
    for state in ("open", "fixed"):
        settled = settle_entry(entry(state), [Analysis(), Analysis((PROBLEM,))])
        assert (settled.state, settled.head_line) == ("open", 7)


def test_a_finding_is_fixed_when_its_text_or_its_file_is_gone() -> None:
    for at_head in ([], [Analysis()]):
        settled = settle_entry(entry(), at_head)
        assert (settled.state, settled.head_line) == ("fixed", None)


def test_a_file_that_cannot_be_told_of_settles_nothing() -> None:
    broken = Analysis((Problem(SYNTAX, 1, 1, "a message", "def f(:"),))
    for unsure in (broken, Analysis(left_out="larger than 1 MB"), Analysis(failure="killed")):
        assert settle_entry(entry("open"), [unsure]).state == "open"
        assert settle_entry(entry("fixed"), [unsure]).state == "fixed"


def test_renames_are_followed_from_the_commit_of_the_finding_on() -> None:
    age = {"c4": 0, "c3": 1, "c2": 2, "c1": 3}
    renames = [
        Rename("c1", "a.py", "x.py"),
        Rename("c3", "a.py", "b.py"),
        Rename("c4", "b.py", "c.py"),
    ]
    assert follow_renames(entry(), renames, age) == "c.py"
    assert follow_renames(entry(path="other.py"), renames, age) == "other.py"


def test_fixed_and_back_again(repository: GitRepository, reviewer: MakeReviewer) -> None:
    first = repository.commit("start", {"app.py": MUTABLE})
    made = reviewer()
    assert made.run().open == 1
    repository.commit("fix", {"app.py": MUTABLE.replace("[]", "()")})
    counts = made.run()
    assert (counts.findings_fixed, counts.open) == (1, 0)
    assert made.findings() == [(first, "B006", "app.py", 1, "fixed", None)]
    again = repository.commit("again", {"app.py": f"x = 1\n{MUTABLE}"})
    counts = made.run()
    assert (counts.findings_new, counts.open) == (0, 1)
    assert made.findings() == [(first, "B006", "app.py", 1, "regressed", 2)]
    assert made.coverage()[again] == ("reviewed", None, 1)


def test_a_finding_stays_open_under_clean_commits_and_renames(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    first = repository.commit("start", {"app.py": SWALLOW})
    repository.commit("clean", {"other.py": "x = 1\n"})
    (repository.path / "src").mkdir()
    repository.git("mv", "app.py", "src/app.py")
    repository.commit("rename", {})
    repository.git("mv", "src/app.py", "src/bag.py")
    repository.commit("rename and move", {"src/bag.py": f"import os\n{SWALLOW}"})
    second = repository.commit("more", {"src/bag.py": f"import os\n{SWALLOW}os.sync()\n{SWALLOW}"})
    made = reviewer()
    made.run()
    assert made.findings() == [
        (first, "E722", "app.py", 3, "open", 4),
        (second, "E722", "src/bag.py", 9, "new", 9),
    ]
    repository.commit("delete", {"src/bag.py": None})
    assert made.run().findings_fixed == 2


def test_what_a_force_push_took_away_leaves_the_ledger(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    kept = repository.commit("start", {"app.py": MUTABLE})
    repository.commit("mistake", {"io.py": SWALLOW})
    made = reviewer()
    assert made.run().open == 2
    repository.git("reset", "--quiet", "--hard", kept)
    assert made.run().open == 1
    assert made.coverage().keys() == {kept}
