from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from internflow.reviews.analyzers.protocol import Analysis, BlobKey
from internflow.reviews.findings import SYNTAX, Problem, fingerprint
from internflow.reviews.fixes import MOST_VERSIONS, Change, Search
from internflow.reviews.states import Standing
from tests.git_repositories import GitRepository
from tests.reviews.conftest import Reviewer

CLEAN = "def add(item, bag=()):\n    return bag\n"
MUTABLE = CLEAN.replace("()", "[]")
COMPLEX = "def walk(x):\n" + "".join(f"    if x == {n}:\n        x += 1\n" for n in range(20))
AS_BUILDER = ("-c", "user.name=Builder", "-c", "user.email=builder@example.org")

MakeReviewer = Callable[[], Reviewer]

HAS = Analysis((Problem("E722", 7, 7, "a message", "    except:"),))
LACKS = Analysis()
UNTOLD = Analysis((Problem(SYNTAX, 1, 1, "a message", "def f(:"),))
FINDING = Standing(
    fingerprint("E722", "a.py", "except:", 0), "c", "a.py", "E722", "fixed", None, None, None
)


def build_changes(count: int) -> list[Change]:
    """Commits 0, 1, 2, ...; commit n makes blob n+1 of blob n."""
    return [
        Change(str(n), "a.py", None, "modified", f"{n + 1:040}", f"{n:040}") for n in range(count)
    ]


def run(search: Search, versions: list[Analysis]) -> int:
    """Answer what the search asks for; return how many versions that were."""
    asked = 0
    while wanted := search.want():
        asked += len(wanted)
        search.learn({key: versions[int(key.sha)] for key in wanted})
    return asked


def open_search(count: int) -> Search:
    return Search(FINDING, BlobKey("0" * 40, "module.py"), build_changes(count))


@given(st.integers(1, 1000), st.data())
def test_the_commit_after_which_it_is_gone_is_found_with_few_analyses(
    count: int, data: st.DataObject
) -> None:
    fixed = data.draw(st.integers(0, count - 1))
    search = open_search(count)
    asked = run(search, [HAS] * (fixed + 1) + [LACKS] * (count - fixed))
    assert search.answer == str(fixed)
    assert asked <= min(MOST_VERSIONS, count.bit_length() + 1)


@given(st.lists(st.sampled_from([HAS, LACKS, UNTOLD]), max_size=40))
def test_only_a_commit_that_takes_it_away_is_ever_named(between: list[Analysis]) -> None:
    versions = [HAS, *between, LACKS]
    search = open_search(len(versions) - 1)
    assert run(search, versions) <= MOST_VERSIONS
    if search.answer is not None:
        commit = int(search.answer)
        assert (versions[commit], versions[commit + 1]) == (HAS, LACKS)


def test_a_version_that_does_not_parse_names_nobody() -> None:
    search = open_search(2)
    run(search, [HAS, UNTOLD, LACKS])
    assert search.answer is None


def test_without_a_change_nobody_is_named() -> None:
    search = open_search(0)
    assert search.want() == set()
    assert search.answer is None


def test_too_many_versions_name_nobody() -> None:
    search = open_search(10_000)
    asked = run(search, [HAS] * 5_000 + [LACKS] * 5_001)
    assert asked == MOST_VERSIONS
    assert search.answer is None


def read_fixes(made: Reviewer) -> dict[object, object]:
    """Rule -> the commit that fixed it, of what is fixed."""
    rows = made.rows("select rule, fixed_by_sha from ai.findings where state = 'fixed'")
    return {row[0]: row[1] for row in rows}


def test_the_fix_is_found_through_renames_and_later_changes(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    repository.commit("start", {"a.py": MUTABLE + COMPLEX})
    repository.commit("touch", {"a.py": "A = 1\n" + MUTABLE + COMPLEX})
    repository.git("mv", "a.py", "b.py")
    repository.commit("rename", {})
    bag = repository.commit("fix the bag", {"b.py": "A = 1\n" + CLEAN + COMPLEX})
    repository.git("mv", "b.py", "c.py")
    walk = repository.commit("simplify", {"c.py": "A = 1\n" + CLEAN + "def walk(x): ...\n" * 20})
    repository.commit("touch again", {"c.py": "A = 2\n" + CLEAN})
    made = reviewer()
    made.run()
    fixes = read_fixes(made)
    assert fixes["B006"] == bag
    assert fixes["C901"] == walk


def test_a_deleted_file_is_a_fix(repository: GitRepository, reviewer: MakeReviewer) -> None:
    repository.commit("start", {"a.py": MUTABLE, "b.py": CLEAN})
    gone = repository.commit("delete", {"a.py": None})
    repository.commit("other", {"b.py": "A = 1\n" + CLEAN})
    made = reviewer()
    made.run()
    assert read_fixes(made) == {"B006": gone}


def test_a_fix_on_a_merged_branch_is_named_not_the_merge(
    repository: GitRepository, reviewer: MakeReviewer
) -> None:
    repository.commit("start", {"a.py": MUTABLE, "b.py": CLEAN})
    repository.git("checkout", "--quiet", "-b", "side")
    fix = repository.commit("fix", {"a.py": CLEAN})
    repository.git("checkout", "--quiet", "main")
    repository.commit("meanwhile", {"a.py": MUTABLE + "\n\nA = 1\n", "b.py": "A = 1\n" + CLEAN})
    repository.git(*AS_BUILDER, "merge", "--quiet", "--no-edit", "side")
    made = reviewer()
    made.run()
    assert read_fixes(made) == {"B006": fix}
