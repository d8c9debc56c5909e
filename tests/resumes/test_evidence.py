import subprocess
from collections.abc import Callable
from pathlib import Path

from internflow.repos.mirrors import mirror_path
from internflow.repos.vetting import vet_source
from internflow.resumes.evidence import DESCRIPTION_KIND, Evidence, verify_evidence
from internflow.resumes.gathering import gather_facts
from internflow.resumes.writing import write_resume
from internflow.students.accounts import Student
from internflow.warehouse.connections import connect
from tests.git_repositories import GitRepository
from tests.resumes.conftest import ASHA, RAVI, Shop


def gather(shop: Shop, student: Student | None = None) -> list[Evidence]:
    with connect(shop.settings, "pipeline") as connection:
        facts = gather_facts(connection, shop.settings.mirrors_dir, student or shop.student)
    return [e for f in facts for e in f.evidence]


def write_and_verify(shop: Shop) -> list[str]:
    with connect(shop.settings, "pipeline") as connection:
        write_resume(connection, shop.student, shop.settings.mirrors_dir)
    return verify(shop)


def verify(shop: Shop) -> list[str]:
    with connect(shop.settings, "pipeline") as connection:
        broken = verify_evidence(connection, shop.settings.mirrors_dir, shop.student.student_id)
    return sorted(f"{e.kind}/{e.name}" for e in broken)


def git(shop: Shop, *args: str) -> str:
    path = mirror_path(shop.settings.mirrors_dir, shop.source.repo_id)
    done = subprocess.run(
        ["git", "-C", str(path), *args], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_numbers_count_own_commits_and_files_without_merges_vendored_and_lock_files(
    shop: Shop,
) -> None:
    numbers = {f"{e.kind}/{e.name}": e.measured_value for e in gather(shop) if e.measure_sql}
    assert numbers == {
        "commits/all": 4,
        "files/all": 5,  # README, orders, prices, requirements, test_prices
        "months/all": 1,
        "test_commits/all": 1,
        "test_files/all": 1,
        "first_commit/all": 1767607200,
        "last_commit/all": 1767621600,
        "own_area_files/api/:python": 2,
        "area_files/api/:python": 4,
    }


def test_stored_query_run_by_hand_gives_the_stored_number(shop: Shop) -> None:
    write_and_verify(shop)
    with connect(shop.settings, "pipeline") as connection:
        rows = connection.execute(
            "select measure_sql, measure_params, measured_value from ai.evidence where measure_sql is not null"
        ).fetchall()
        assert len(rows) == 9
        for row in rows:
            again = connection.execute(row["measure_sql"], row["measure_params"]).fetchall()
            assert [list(r.values()) for r in again] == [[row["measured_value"]]]


def test_every_quote_stands_in_git_at_its_commit_path_and_line(shop: Shop) -> None:
    quotes = [e for e in gather(shop) if e.quote is not None]
    assert {e.kind for e in quotes} == {"language", "skill", "symbol", "readme"}
    for e in quotes:
        lines = git(shop, "show", f"{e.commit_sha}:{e.path}").split("\n")
        assert e.start_line and e.end_line
        assert "\n".join(lines[e.start_line - 1 : e.end_line]) == e.quote
        if e.kind != DESCRIPTION_KIND:
            author = git(shop, "show", "--no-patch", "--format=%ae", e.commit_sha).strip()
            assert author in shop.student.emails


def test_skills_come_from_own_lines_only(shop: Shop) -> None:
    skills = {e.name for e in gather(shop) if e.kind == "skill"}
    assert skills == {
        "Flask",
        "PostgreSQL",
        "SQLAlchemy",
        "pytest",
    }  # Redis is Ravi's, and vendored


def test_each_student_of_a_shared_repository_gets_own_evidence(
    shop: Shop, register: Callable[..., Student]
) -> None:
    ravi = register("Ravi Iyer", "ravi@example.org", shop.source)
    evidence = gather(shop, ravi)
    assert {e.name for e in evidence if e.kind == "skill"} == {"Redis"}
    assert {e.name for e in evidence if e.kind == "symbol"} == {
        "api/stock.py:count_stock",
        "api/rounding.py:round_price",
    }


def test_somebody_without_commits_gets_no_evidence(
    shop: Shop, register: Callable[..., Student]
) -> None:
    assert gather(shop, register("Mira", "mira@example.org", shop.source)) == []


def test_skill_goes_when_somebody_else_rewrites_its_line(shop: Shop) -> None:
    text = (shop.repository.path / "api/orders.py").read_text()
    shop.repository.commit(
        "Swap", {"api/orders.py": text.replace("import psycopg", "import psycopg  # 3")}, RAVI
    )
    shop.load()
    assert "PostgreSQL" not in {e.name for e in gather(shop)}


def test_line_of_a_renamed_file_is_quoted_from_the_path_it_was_written_at(shop: Shop) -> None:
    shop.repository.git("mv", "api/orders.py", "api/order_book.py")
    shop.repository.commit("Rename", {}, RAVI)
    shop.repository.commit(
        "Touch",
        {
            "api/order_book.py": (shop.repository.path / "api/order_book.py").read_text()
            + "\n\nX = 1\n"
        },
        ASHA,
    )
    shop.load()
    flask = next(e for e in gather(shop) if e.name == "Flask")
    assert (flask.path, flask.start_line) == ("api/orders.py", 2)
    assert write_and_verify(shop) == []


def test_mailmap_of_the_repository_does_not_give_away_other_peoples_lines(shop: Shop) -> None:
    shop.repository.commit(
        "Map", {".mailmap": "Asha Rao <asha@example.org> <ravi@example.org>\n"}, RAVI
    )
    shop.repository.commit(
        "Note",
        {"api/stock.py": (shop.repository.path / "api/stock.py").read_text() + "# end\n"},
        ASHA,
    )
    shop.load()
    assert "Redis" not in {e.name for e in gather(shop)}


def test_hostile_file_names_are_no_evidence_and_break_nothing(shop: Shop) -> None:
    names = [
        "a`b/`x`.py",
        "--help.py",
        "new\nline.py",
        'quo"te.py',
        ":(glob)*.py",
        "#eval(1)/m.py",
        "ünï/cöde.py",
    ]
    shop.repository.commit("Odd", dict.fromkeys(names, "import numpy\n"), ASHA)
    shop.load()
    assert write_and_verify(shop) == []
    numpy = next(e for e in gather(shop) if e.name == "NumPy")
    assert numpy.quote == "import numpy"


def test_fresh_evidence_holds(shop: Shop) -> None:
    assert write_and_verify(shop) == []


def test_changed_number_and_changed_quote_no_longer_hold(shop: Shop) -> None:
    write_and_verify(shop)
    with connect(shop.settings, "pipeline") as connection:
        connection.execute("update ai.evidence set measured_value = 400 where kind = 'commits'")
        connection.execute(
            "update ai.evidence set quote = 'import torch' where evidence_id like '%/Flask'"
        )
        connection.execute(
            "update ai.evidence set start_line = 9, end_line = 9 where evidence_id like '%/pytest'"
        )
    assert verify(shop) == ["commits/all", "skill/Flask", "skill/pytest"]


def test_evidence_of_history_that_was_rewritten_no_longer_holds(shop: Shop) -> None:
    write_and_verify(shop)
    shop.repository.git("checkout", "--quiet", "--orphan", "fresh")
    shop.repository.commit("All anew", {}, RAVI)
    shop.repository.git("branch", "-M", "fresh", "main")
    shop.load()
    broken = verify(shop)
    assert "commits/all" in broken
    assert "skill/Flask" in broken
    assert "symbol/api/orders.py:create_order" in broken
    assert write_and_verify(shop) == []


def test_evidence_rests_on_the_addresses_the_student_has_now(shop: Shop) -> None:
    write_and_verify(shop)
    with connect(shop.settings, "owner") as connection:
        connection.execute("update app.students set emails = '{asha@example.org}'")
    broken = verify(shop)
    assert "symbol/api/prices.py:parse_price" in broken  # written as asha@laptop
    assert "commits/all" in broken
    assert "skill/Flask" not in broken


def test_quotes_of_a_lost_mirror_do_not_hold(shop: Shop) -> None:
    write_and_verify(shop)
    mirror_path(shop.settings.mirrors_dir, shop.source.repo_id).rename(
        shop.settings.mirrors_dir / "elsewhere"
    )
    assert "skill/Flask" in verify(shop)


def test_repository_registered_but_not_mirrored_yet_is_left_out(
    shop: Shop, register: Callable[..., Student], tmp_path: Path
) -> None:
    GitRepository(tmp_path / "other").commit("First", {"a.py": "import flask\n"}, ASHA)
    before = gather(shop)
    register("Asha Rao", "asha@example.org", vet_source(str(tmp_path / "other"), allow_local=True))
    assert gather(shop) == before
