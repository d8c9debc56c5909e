"""What stands around a passage, and that a student reads it at the commit of the index, of their own repositories."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from internflow.errors import StaleIndex
from internflow.repos.loading import load_repository
from internflow.repos.mirrors import Mirror, update_mirror
from internflow.repos.vetting import Source, vet_source
from internflow.retrieval.choices import Choices, read_choices
from internflow.retrieval.indexing import index_repository
from internflow.retrieval.neighbours import Neighbours, Place, find_neighbours
from internflow.retrieval.passages import Filters
from internflow.retrieval.search import Answer, ask
from internflow.settings import Settings
from internflow.students.accounts import register_repository, register_student
from internflow.warehouse.connections import as_student, connect
from tests.git_repositories import GitRepository
from tests.word_encoder import WordEncoder

NOW = datetime(2026, 2, 1, tzinfo=UTC)
CART = """from shop.money import round_cents


def sum_prices(cart):
    if not cart:
        return sum_prices([0])
    cents = round_cents(sum(cart))
    return round_cents(cents) + tax_of(cents) + get(cart)
"""
MONEY = "def round_cents(x):\n    return x\n\n\ndef tax_of(x):\n    return x\n"
PAGE = """from shop.cart import sum_prices


def show_page(cart):
    first = sum_prices(cart)
    return first, sum_prices(cart)
"""
FILES = {
    "shop/cart.py": CART,
    "shop/money.py": MONEY,
    "shop/page.py": PAGE,
    "bin/report.py": PAGE.replace("show_page", "write_report"),
    "vendor/money.py": MONEY,
    "README.md": "# sum_prices\n\nThe shop adds up prices.\n",
    **{f"get{n}.py": "def get(x):\n    return x\n" for n in range(4)},
}


@pytest.fixture
def shop(tmp_path: Path) -> GitRepository:
    made = GitRepository(tmp_path / "shop")
    made.commit("one", FILES)
    return made


def load(settings: Settings, repository: GitRepository) -> Mirror:
    source = vet_source(str(repository.path), allow_local=True)
    mirror = update_mirror(source, settings.mirrors_dir)
    with connect(settings, "pipeline") as connection:
        load_repository(connection, source, mirror)
    return mirror


def index(settings: Settings, mirror: Mirror, encoder: WordEncoder) -> None:
    with connect(settings, "pipeline") as connection:
        index_repository(settings, connection, mirror, encoder, now=NOW)


def register(settings: Settings, repository: GitRepository, name: str) -> str:
    source: Source = vet_source(str(repository.path), allow_local=True)
    with connect(settings, "app") as connection:
        student = register_student(connection, name, f"{name}@example.org", ())
        register_repository(connection, student.student_id, source)
    return student.student_id


def ask_as(
    settings: Settings,
    student_id: str,
    repo_id: str,
    question: str,
    encoder: WordEncoder,
    filters: Filters,
) -> tuple[Answer, tuple[Neighbours, ...]]:
    with connect(settings, "app") as connection, as_student(connection, student_id):
        answer = ask(settings, connection, repo_id, question, encoder=encoder, filters=filters)
        return answer, find_neighbours(connection, repo_id, answer.passages)


def test_a_passage_has_the_places_that_use_it_and_the_definitions_it_uses_most(
    settings: Settings, shop: GitRepository, encoder: WordEncoder
) -> None:
    mirror = load(settings, shop)
    index(settings, mirror, encoder)
    student = register(settings, shop, "asha")
    answer, (around,) = ask_as(
        settings, student, mirror.repo_id, "sum_prices", encoder, Filters("shop/cart.py", kind="function")
    )  # fmt: skip
    assert [p.symbol for p in answer.passages] == ["sum_prices"]
    # Near before far, one place a function; not itself, no import, no vendored copy, no name that four files define.
    assert around.used_by == (
        Place("shop/page.py", 5, "show_page"),
        Place("bin/report.py", 5, "write_report"),
    )
    assert around.uses == (
        Place("shop/money.py", 1, "round_cents"),
        Place("shop/money.py", 5, "tax_of"),
    )


def test_a_heading_and_a_name_that_many_things_have_lead_nowhere(
    settings: Settings, shop: GitRepository, encoder: WordEncoder
) -> None:
    mirror = load(settings, shop)
    index(settings, mirror, encoder)
    student = register(settings, shop, "asha")
    for path, question in (
        ("README.md", "where does the shop add up prices"),
        ("get0.py", "get()"),
    ):
        answer, around = ask_as(settings, student, mirror.repo_id, question, encoder, Filters(path))
        assert answer.passages
        assert set(around) == {Neighbours()}


def test_between_a_push_and_the_next_index_the_old_lines_answer(
    settings: Settings, shop: GitRepository, encoder: WordEncoder
) -> None:
    mirror = load(settings, shop)
    index(settings, mirror, encoder)
    student = register(settings, shop, "asha")
    shop.commit("two", {"shop/cart.py": "# moved\n\n\n" + CART, "shop/page.py": "x = 1\n"})
    ahead = load(settings, shop)
    where = Filters("shop/cart.py", kind="function")
    answer, (around,) = ask_as(settings, student, mirror.repo_id, "sum_prices", encoder, where)
    assert (answer.commit_sha, answer.behind) == (mirror.head_sha, 1)
    assert answer.passages[0].start_line == 4
    assert around.used_by[0] == Place("shop/page.py", 5, "show_page")
    index(settings, ahead, encoder)
    answer, (around,) = ask_as(settings, student, mirror.repo_id, "sum_prices", encoder, where)
    assert (answer.commit_sha, answer.behind) == (ahead.head_sha, 0)
    assert answer.passages[0].start_line == 7
    assert [place.path for place in around.used_by] == ["bin/report.py"]


def test_the_files_of_an_index_that_stands_already_are_completed(
    settings: Settings, shop: GitRepository, encoder: WordEncoder
) -> None:
    mirror = load(settings, shop)
    index(settings, mirror, encoder)
    with connect(settings, "pipeline") as connection:
        connection.execute("delete from ops.indexed_files where path <> 'README.md'")
        connection.execute(
            "insert into ops.indexed_files values (%s, 'gone', 'x')", (mirror.repo_id,)
        )
    index(settings, mirror, encoder)
    with connect(settings, "pipeline") as connection:
        rows = connection.execute("select path from ops.indexed_files order by path").fetchall()
    assert [row["path"] for row in rows] == sorted(set(FILES) - {"vendor/money.py"})


def test_another_student_is_shown_nothing_of_it(
    settings: Settings, shop: GitRepository, encoder: WordEncoder, tmp_path: Path
) -> None:
    other = GitRepository(tmp_path / "other")
    other.commit("one", {"a.py": "a = 1\n"})
    mirror = load(settings, shop)
    index(settings, mirror, encoder)
    register(settings, shop, "asha")
    ravi = register(settings, other, "ravi")
    with connect(settings, "pipeline") as connection:
        answer = ask(settings, connection, mirror.repo_id, "sum_prices", encoder=encoder)
    with connect(settings, "app") as connection, as_student(connection, ravi):
        assert read_choices(connection, mirror.repo_id) == Choices()
        assert set(find_neighbours(connection, mirror.repo_id, answer.passages)) == {Neighbours()}
        with pytest.raises(StaleIndex, match="no longer holds the code"):
            ask(settings, connection, mirror.repo_id, "sum_prices", encoder=encoder)


def test_choices_are_what_the_passages_have_most_first(
    settings: Settings, shop: GitRepository, encoder: WordEncoder
) -> None:
    mirror = load(settings, shop)
    index(settings, mirror, encoder)
    with connect(settings, "pipeline") as connection:
        assert read_choices(connection, mirror.repo_id) == Choices(
            ("python", "markdown"), ("function", "module", "section")
        )
