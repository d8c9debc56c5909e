"""Child processes that end with us: each leads a session of its own, so that its own children end with it."""

import contextlib
import os
import signal
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

import psutil

from internflow.errors import ConfigError
from internflow.services.log_lines import LineWriter
from internflow.settings import ROOT


@dataclass(frozen=True)
class Service:
    """A process to run: its command, its environment, and where it answers when it works (None: being alive is all)."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]
    health_url: str | None = None
    page_url: str | None = None


class Child:
    """A running service and the thread that shows its lines."""

    def __init__(self, service: Service, writer: LineWriter) -> None:
        self.service = service
        self.process = subprocess.Popen(
            service.command,
            cwd=ROOT,
            env=service.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self.created_at = psutil.Process(self.process.pid).create_time()
        threading.Thread(
            target=writer.pump, args=(service.name, self.process.stdout), daemon=True
        ).start()

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def is_healthy(self) -> bool:
        """Whether the process lives and its health address answers 200."""
        return self.is_alive and (
            self.service.health_url is None or answers(self.service.health_url)
        )

    def wait_healthy(self, seconds: float, stop: threading.Event) -> None:
        """Raises ConfigError when the service dies or does not answer in time; returns early when `stop` is set."""
        deadline = monotonic() + seconds
        while not self.is_healthy() and not stop.wait(0.2):
            if not self.is_alive:
                raise ConfigError(
                    f"{self.service.name} ended with code {self.process.returncode}: its last lines say why."
                )
            if monotonic() > deadline:
                raise ConfigError(
                    f"{self.service.name} did not answer at {self.service.health_url} in {seconds:.0f} s."
                )


def answers(url: str) -> bool:
    """Whether an address of this machine answers 200 within two seconds."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310  our own 127.0.0.1 addresses
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError, ValueError):
        return False


def stop_children(children: Sequence[Child]) -> None:
    """End the children and all that they started, last started first: asked first, then made to."""
    stop_sessions([(child.process.pid, child.created_at) for child in reversed(children)])


def stop_sessions(leaders: Sequence[tuple[int, float]], grace_seconds: float = 10) -> int:
    """End the sessions led by (pid, creation time) and return how many processes were still there.

    The creation time guards against a pid that belongs to another process by now.
    """
    processes: list[psutil.Process] = []
    for pid, created_at in leaders:
        with contextlib.suppress(psutil.NoSuchProcess):
            leader = psutil.Process(pid)
            if abs(leader.create_time() - created_at) > 1:
                continue
            processes += [leader, *leader.children(recursive=True)]
            os.killpg(pid, signal.SIGTERM)
    _gone, left = psutil.wait_procs(processes, timeout=grace_seconds)
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, timeout=5)
    return len(processes)
