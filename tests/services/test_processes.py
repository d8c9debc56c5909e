import os
import socket
import sys
import threading

import psutil
import pytest

from internflow.errors import ConfigError
from internflow.services.environment import find_port
from internflow.services.log_lines import LineWriter, parse_line
from internflow.services.processes import Child, Service, stop_children, stop_sessions

FOREVER = "import signal; signal.pause()"
WITH_GRANDCHILD = (
    "import subprocess, sys\n"
    f"p = subprocess.Popen([sys.executable, '-c', {FOREVER!r}]); print(p.pid, flush=True); p.wait()"
)
DEAF = (
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True)\n"
    "while True: signal.pause()"
)


class Lines(LineWriter):
    """Keeps what would be shown, and lets a test wait for the next line."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.arrived = threading.Semaphore(0)

    def write(self, service: str, line: str) -> None:
        self.seen.append(line)
        self.arrived.release()

    def next(self) -> str:
        assert self.arrived.acquire(timeout=20)
        return self.seen[-1]


def start(script: str, lines: LineWriter, health_url: str | None = None) -> Child:
    return Child(
        Service("probe", (sys.executable, "-c", script), dict(os.environ), health_url), lines
    )


def test_stopping_a_child_ends_what_it_started() -> None:
    lines = Lines()
    child = start(WITH_GRANDCHILD, lines)
    grandchild = int(lines.next())
    stop_children([child])
    assert not child.is_alive
    assert not psutil.pid_exists(grandchild)


def test_a_child_that_ignores_the_request_is_killed() -> None:
    lines = Lines()
    child = start(DEAF, lines)
    lines.next()
    assert stop_sessions([(child.process.pid, child.created_at)], grace_seconds=0.2) == 1
    assert not psutil.pid_exists(child.process.pid)


def test_a_pid_that_belongs_to_somebody_else_by_now_is_left_alone() -> None:
    lines = Lines()
    child = start(FOREVER, lines)
    assert stop_sessions([(child.process.pid, child.created_at - 60)]) == 0
    assert child.is_alive
    stop_children([child])


def test_a_service_that_dies_while_starting_is_named() -> None:
    child = start("raise SystemExit(3)", Lines(), health_url="http://127.0.0.1:1/")
    with pytest.raises(ConfigError, match="probe ended with code 3"):
        child.wait_healthy(20, threading.Event())


def test_a_taken_port_gives_way_to_a_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert find_port(port) != port
    assert find_port(port) == port


def test_lines_that_are_no_events_are_wrapped_and_masked() -> None:
    assert parse_line("app", '{"event": "e", "service": "s"}') == {"service": "s", "event": "e"}
    assert parse_line("app", "[1]")["event"] == "[1]"
    assert "hunter2" not in parse_line("app", "postgresql://me:hunter2@host/db")["event"]
