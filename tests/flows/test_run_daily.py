"""The whole daily run in its own process: undisturbed, and killed at a random point and run again."""

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest
from prefect.settings import PREFECT_API_URL

from crawlers.replay_server import SAMPLES, serve_samples
from internflow.repos.vetting import vet_source
from internflow.retrieval.encoder import SentenceEncoder
from internflow.settings import ROOT, Settings
from internflow.students.accounts import register_repository, register_student
from internflow.warehouse.connections import connect
from tests.conftest import make_database
from tests.git_repositories import GitRepository

MOMENT = "2026-11-23T06:00:00"
LINES_OF_A_RUN = 200  # about what a run logs; one killed later than its end was not disturbed


@dataclass(frozen=True)
class Installation:
    """A database and data folder of their own, with one student and one repository registered."""

    settings: Settings
    environment: dict[str, str]

    def start(
        self, output: IO[str] | int = subprocess.PIPE, boards: Path = SAMPLES / "boards"
    ) -> subprocess.Popen[str]:
        """The whole daily run as a process that leads a session of its own."""
        command = [
            sys.executable,
            "-m",
            "flows.run_daily",
            "--now",
            MOMENT,
            "--boards-dir",
            str(boards),
        ]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=output, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
        )  # fmt: skip

    def kill_at(self, point: int) -> None:
        """Start a run and kill it, and all that it started, when it has logged so many lines."""
        process = self.start()
        for number, _line in enumerate(process.stdout or []):
            if number >= point:
                break
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def read_marts(self) -> dict[str, list[str]]:
        """Every mart's rows as text, in order."""
        with connect(self.settings, "owner") as connection:
            names = connection.execute(
                "select table_name as name from information_schema.tables where table_schema = 'marts' order by 1"
            ).fetchall()
            return {
                n["name"]: [
                    str(r["row"])
                    for r in connection.execute(
                        f"select t::text as row from marts.{n['name']} t order by 1".encode()
                    )
                ]
                for n in names
            }


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    made = GitRepository(tmp_path / "shop")
    made.commit(
        "Add stock",
        {"stock.py": "import json\n\n\ndef load(path):\n    return json.load(open(path))\n"},
    )
    made.commit(
        "Count", {"count.py": "def count(rows, seen=[]):\n    seen += rows\n    return len(seen)\n"}
    )
    made.commit(
        "Test it",
        {
            "tests/test_count.py": "from count import count\n\n\ndef test_count():\n    assert count([1]) == 1\n"
        },
    )
    return made


@pytest.fixture
def replay_url() -> Iterator[str]:
    with serve_samples(SAMPLES) as url:
        yield url


@pytest.fixture
def make_installation(
    prefect_server: None,
    cluster,
    template_database: str,
    repository: GitRepository,
    replay_url: str,
    tmp_path: Path,
) -> Iterator[Callable[[str], Installation]]:
    """Installations by name, each with a database of its own until the test ends, as if on one machine.

    Its way to compute the model is measured once: measured under load, two could choose different ones.
    """
    measured = tmp_path / "backends"
    SentenceEncoder(backends_dir=measured).encode(["ready"])
    with ExitStack() as stack:

        def make(name: str) -> Installation:
            database = make_database(cluster, template_database, tmp_path / name)
            settings = stack.enter_context(database)
            shutil.copytree(measured, settings.backends_dir)
            return install(settings, repository, replay_url)

        yield make


def install(settings: Settings, repository: GitRepository, replay_url: str) -> Installation:
    with connect(settings, "app") as connection:
        student = register_student(
            connection, "Asha Rao", "asha@example.org", ("asha@example.org",)
        )
        register_repository(
            connection, student.student_id, vet_source(str(repository.path), allow_local=True)
        )
    urls = {
        f"INTERNFLOW_{name.upper()}": getattr(settings, name).get_secret_value()
        for name in (
            "database_url",
            "database_url_pipeline",
            "database_url_app",
            "database_url_analyst",
        )
    }
    environment = {
        **os.environ, **urls, "INTERNFLOW_DATA_DIR": str(settings.data_dir), "INTERNFLOW_REPLAY_URL": replay_url,
        "INTERNFLOW_LOG_FORMAT": "json", "PREFECT_API_URL": str(PREFECT_API_URL.value()), "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    return Installation(settings, environment)


@pytest.mark.timeout(900)  # two whole runs and a part of one
def test_a_run_killed_anywhere_and_run_again_ends_like_an_undisturbed_one(
    make_installation: Callable[[str], Installation], tmp_path: Path
) -> None:
    point = random.randrange(LINES_OF_A_RUN)
    calm, killed = make_installation("calm"), make_installation("killed")
    with ExitStack() as stack:
        logs = {name: stack.enter_context((tmp_path / f"{name}.log").open("w+")) for name in "ab"}
        undisturbed = calm.start(logs["a"])
        killed.kill_at(point)
        again = killed.start(logs["b"])
        for process, log in ((undisturbed, logs["a"]), (again, logs["b"])):
            code = process.wait()
            log.seek(0)
            assert code == 0, log.read()[-6000:]
    expected = calm.read_marts()
    assert {name for name, rows in expected.items() if not rows} == set()
    assert killed.read_marts() == expected, f"killed after line {point}"


def test_a_run_of_which_a_part_failed_ends_with_1_and_the_other_parts_done(
    make_installation: Callable[[str], Installation], tmp_path: Path
) -> None:
    installed = make_installation("shop")
    process = installed.start(boards=tmp_path / "absent")
    output, _errors = process.communicate()
    assert process.returncode == 1, output[-6000:]
    with connect(installed.settings, "pipeline") as connection:
        (index,) = connection.execute("select tier from ops.index_manifests").fetchall()
        (reviews,) = connection.execute("select count(*) from ops.review_coverage").fetchall()
    assert (index, reviews) == ({"tier": "dense"}, {"count": 3})
