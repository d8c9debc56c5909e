"""`internflow up` for real: started, asked again, killed, started again, stopped."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest


class RunningUp:
    """A real `internflow up` on a data folder, and everything that it printed so far."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.printed: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "internflow.cli", "up"], env=environment, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def wait_for(self, words: str) -> None:
        """Read on until a line has the words; the test's time limit bounds it."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed.append(line)
            if words in line:
                return
        raise AssertionError(f"{words!r} never came:\n{''.join(self.printed[-30:])}")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    ports = {
        "INTERNFLOW_APP_PORT": "18501",
        "INTERNFLOW_API_PORT": "18000",
        "INTERNFLOW_PREFECT_PORT": "14200",
    }
    return {**os.environ, "INTERNFLOW_DATA_DIR": str(tmp_path / "data"), "COLUMNS": "200", **ports}


@pytest.fixture
def stack(environment: dict[str, str], tmp_path: Path) -> Iterator[list[RunningUp]]:
    """The ups of a test; whatever a failing test leaves is ended."""
    started: list[RunningUp] = []
    yield started
    for up in started:
        up.process.kill()
    for process in psutil.process_iter(["environ"]):
        if (process.info["environ"] or {}).get("INTERNFLOW_DATA_DIR") == str(tmp_path / "data"):
            process.kill()


def read_services(tmp_path: Path) -> dict[str, dict[str, object]]:
    written = json.loads((tmp_path / "data" / "run" / "up.json").read_text())
    return {service["name"]: service for service in written["services"]}


def run_internflow(environment: dict[str, str], *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "internflow.cli", *args],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_up_starts_serves_recovers_and_leaves_nothing(
    environment: dict[str, str], stack: list[RunningUp], tmp_path: Path
) -> None:
    stack.append(RunningUp(environment))
    stack[0].wait_for("Ctrl-C stops everything")
    first = read_services(tmp_path)
    assert list(first) == ["prefect", "flows", "pushes", "app", "api"]
    for service in first.values():
        if service["page_url"]:
            assert httpx.get(str(service["page_url"])).status_code == 200

    again = run_internflow(environment, "up")
    assert again.returncode == 0
    assert f"Already running, process {stack[0].process.pid}" in again.stdout
    assert again.stdout.count("works") == 5

    examined = run_internflow(environment, "doctor")
    assert examined.returncode == 0, examined.stdout
    assert "5 run under process" in examined.stdout

    stack[0].process.kill()
    stack[0].process.wait()
    left = [psutil.Process(int(str(s["pid"]))) for s in first.values()]
    stack.append(RunningUp(environment))
    stack[1].wait_for("Ctrl-C stops everything")
    assert not any(process.is_running() for process in left)
    second = read_services(tmp_path)
    assert {s["page_url"] for s in second.values()} == {s["page_url"] for s in first.values()}

    everything = psutil.Process(stack[1].process.pid).children(recursive=True)
    assert len(everything) >= 4
    stack[1].process.send_signal(signal.SIGINT)
    assert stack[1].process.wait() == 0
    assert not any(process.is_running() for process in everything)
    assert not (tmp_path / "data" / "run" / "up.json").exists()
    assert not (tmp_path / "data" / "postgres" / "data" / "postmaster.pid").exists()
    assert "Nothing runs." in run_internflow(environment, "down").stdout
