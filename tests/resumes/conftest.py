import shutil
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import pytest

from internflow.repos.chunks import load_chunks
from internflow.repos.loading import load_repository
from internflow.repos.mirrors import Mirror, update_mirror
from internflow.repos.vetting import Source, vet_source
from internflow.settings import Settings
from internflow.students.accounts import Student, register_repository, register_student
from internflow.warehouse.connections import connect
from tests.git_repositories import GitRepository

ASHA = "Asha Rao <asha@example.org>"
ASHA_AT_HOME = "asha <asha@laptop>"
RAVI = "Ravi Iyer <ravi@example.org>"

ORDERS = '''import psycopg
from flask import Flask

app = Flask(__name__)


@app.post("/orders")
def create_order(order):
    """Store an order."""
    with psycopg.connect() as connection:
        connection.execute("insert into orders values (%s)", (order,))
    return order


class OrderBook:
    def add(self, order):
        self.orders.append(order)

    def cancel(self, order):
        self.orders.remove(order)
'''
README = """# Shop

[![build](https://example.org/badge.svg)](https://example.org)

**Shop** is a small [web shop](https://example.org/shop) with orders
for 2 cities. It runs anywhere.
"""


@dataclass(frozen=True)
class Shop:
    """A student with one registered repository, mirrored and loaded."""

    settings: Settings
    repository: GitRepository
    source: Source
    student: Student

    def load(self) -> Mirror:
        mirror = update_mirror(self.source, self.settings.mirrors_dir)
        with connect(self.settings, "pipeline") as connection:
            load_repository(connection, self.source, mirror)
            load_chunks(connection, mirror)
        return mirror


def build_history(repository: GitRepository) -> None:
    """Asha and Ravi at work, with a vendored folder, a lock file and a merge."""
    repository.commit("Start the shop", {"README.md": README, "api/orders.py": ORDERS}, ASHA)
    repository.commit(
        "Price orders",
        {"api/prices.py": "def parse_price(text):\n    return int(text)\n"},
        ASHA_AT_HOME,
    )
    repository.commit(
        "Vendor and lock",
        {
            "vendor/lib.py": "import redis\n" * 9,
            "package-lock.json": "{}\n",
            "requirements.txt": "SQLAlchemy==2.0\n",
        },
        ASHA,
    )
    repository.commit(
        "Take stock", {"api/stock.py": "import redis\n\n\ndef count_stock():\n    return 3\n"}, RAVI
    )
    repository.git("checkout", "--quiet", "-b", "tests")
    repository.commit(
        "Test prices",
        {"tests/test_prices.py": "import pytest\n\n\ndef test_it():\n    assert 1\n"},
        ASHA,
    )
    repository.git("checkout", "--quiet", "main")
    repository.commit(
        "Round prices", {"api/rounding.py": "def round_price(x):\n    return x\n"}, RAVI
    )
    repository.git(
        "-c",
        "user.name=Asha Rao",
        "-c",
        "user.email=asha@example.org",
        "merge",
        "--quiet",
        "--no-ff",
        "-m",
        "Merge tests",
        "tests",
    )


@pytest.fixture(scope="session")
def built_history(tmp_path_factory: pytest.TempPathFactory) -> GitRepository:
    repository = GitRepository(tmp_path_factory.mktemp("built") / "shop")
    build_history(repository)
    return repository


@pytest.fixture
def shop(settings: Settings, tmp_path: Path, built_history: GitRepository) -> Shop:
    repository = copy(built_history)
    repository.path = tmp_path / "shop"
    shutil.copytree(built_history.path, repository.path)
    source = vet_source(str(repository.path), allow_local=True)
    with connect(settings, "app") as connection:
        student = register_student(connection, "Asha Rao", "asha@example.org", ["asha@laptop"])
        register_repository(connection, student.student_id, source)
    built = Shop(settings, repository, source, student)
    built.load()
    return built


@pytest.fixture
def register(settings: Settings) -> Callable[..., Student]:
    """Register one more student for some sources."""

    def register_one(name: str, email: str, *sources: Source) -> Student:
        with connect(settings, "app") as connection:
            student = register_student(connection, name, email, [])
            for source in sources:
                register_repository(connection, student.student_id, source)
        return student

    return register_one
