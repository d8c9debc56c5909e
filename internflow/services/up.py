"""`internflow up`: everything on one machine, in one terminal, on 127.0.0.1; one Ctrl-C ends all of it."""

import json
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import structlog
from filelock import FileLock, Timeout
from rich.console import Console
from rich.table import Table

from internflow.errors import ConfigError
from internflow.services.environment import build_environment, find_port
from internflow.services.log_lines import LineWriter
from internflow.services.processes import Child, Service, answers, stop_children, stop_sessions
from internflow.settings import Settings
from internflow.warehouse.connections import reach_postgres
from internflow.warehouse.migrate import apply_migrations

logger = structlog.get_logger("internflow.up")

START_SECONDS = 120
MOST_RESTARTS = 5


@dataclass(frozen=True)
class RunningStack:
    """What `up` wrote about itself: enough for another process to show it, use it or clean up after it."""

    pid: int
    created_at: float
    prefect_port: int
    services: tuple[dict[str, Any], ...]

    @property
    def is_alive(self) -> bool:
        try:
            return abs(psutil.Process(self.pid).create_time() - self.created_at) < 1
        except psutil.NoSuchProcess:
            return False


def run_up(settings: Settings, console: Console) -> None:
    """Start everything and stay until Ctrl-C or SIGTERM; a second call shows what runs and returns.

    Raises ConfigError when a part does not start; what had started is stopped first.
    """
    folder = settings.data_dir / "run"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / "up.lock", timeout=0):
            _clean_leftovers(settings)
            with reach_postgres(settings):
                apply_migrations(settings)
                _run_services(settings, console)
    except Timeout:
        stack = read_stack(settings)
        if stack is None:
            raise ConfigError("Another `internflow up` is just starting: wait for it.") from None
        console.print(f"Already running, process {stack.pid}:")
        console.print(
            build_table(
                [(s, answers(s["health_url"]) if s["health_url"] else True) for s in stack.services]
            )
        )


def stop_up(settings: Settings) -> bool:
    """Ask a running `up` to stop everything and wait for it; False when none runs."""
    stack = read_stack(settings)
    if stack is None or not stack.is_alive:
        return False
    process = psutil.Process(stack.pid)
    process.terminate()
    process.wait(timeout=60)
    return True


def read_stack(settings: Settings) -> RunningStack | None:
    """What `up` last wrote of itself, alive or not."""
    path = _state_path(settings)
    if not path.exists():
        return None
    written = json.loads(path.read_text())
    return RunningStack(
        written["pid"], written["created_at"], written["prefect_port"], tuple(written["services"])
    )


def build_services(settings: Settings, prefect_port: int) -> list[Service]:
    """The services in the order they start; each next one may need those before it."""
    app_port, api_port = find_port(settings.app_port), find_port(settings.api_port)

    # Pages and digests link to feeds: they must know which port the api was given.
    api_url = settings.api_url or f"http://127.0.0.1:{api_port}"

    def environment(service: str) -> dict[str, str]:
        return build_environment(settings, service, prefect_port) | {"INTERNFLOW_API_URL": api_url}

    streamlit = (
        "-m",
        "streamlit",
        "run",
        "dashboards/app.py",
        "--server.port",
        str(app_port),
        "--server.address",
        "127.0.0.1",
        "--server.headless",
        "true",
        "--server.fileWatcherType",
        "none",
    )
    uvicorn = (
        "-m",
        "uvicorn",
        "internflow.api.app:app",
        "--host",
        "127.0.0.1",
        "--port",
        str(api_port),
    )
    return [
        build_prefect_server(settings, prefect_port),
        Service("flows", (sys.executable, "-m", "flows.serve_deployments"), environment("flows")),
        Service("pushes", (sys.executable, "-m", "flows.watch_pushes"), environment("pushes")),
        Service(
            "app",
            (sys.executable, *streamlit),
            environment("app"),
            f"http://127.0.0.1:{app_port}/_stcore/health",
            f"http://127.0.0.1:{app_port}",
        ),
        Service(
            "api",
            (sys.executable, *uvicorn),
            environment("api"),
            f"http://127.0.0.1:{api_port}/ready",
            f"http://127.0.0.1:{api_port}/docs",
        ),
    ]


def build_prefect_server(settings: Settings, port: int) -> Service:
    """Prefect's server and UI, with its own SQLite file in the data folder."""
    command = (
        sys.executable,
        "-m",
        "prefect",
        "server",
        "start",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    )
    address = f"http://127.0.0.1:{port}"
    return Service(
        "prefect",
        command,
        build_environment(settings, "prefect", port),
        f"{address}/api/health",
        address,
    )


def build_table(rows: list[tuple[dict[str, Any], bool]]) -> Table:
    """Name, address, process and health of each service."""
    table = Table("service", "address", "process", "health", box=None)
    for service, is_healthy in rows:
        health = "[green]works[/green]" if is_healthy else "[red]does not answer[/red]"
        table.add_row(service["name"], service["page_url"] or "", str(service["pid"]), health)
    return table


def _run_services(settings: Settings, console: Console) -> None:
    writer, children = LineWriter(), []
    with _stop_on_signals() as stop:
        prefect_port = find_port(settings.prefect_port)
        try:
            for service in build_services(settings, prefect_port):
                child = Child(service, writer)
                children.append(child)
                _write_stack(settings, prefect_port, children)
                child.wait_healthy(START_SECONDS, stop)
                if stop.is_set():
                    return
            console.print(build_table([(_describe(c), c.is_healthy()) for c in children]))
            console.print("Ctrl-C stops everything.")
            _watch(settings, prefect_port, children, writer, stop)
        finally:
            console.print("Stopping...")
            stop_children(children)
            _state_path(settings).unlink(missing_ok=True)


def _watch(
    settings: Settings,
    prefect_port: int,
    children: list[Child],
    writer: LineWriter,
    stop: threading.Event,
) -> None:
    """Start a service again when it died, until it has died too often."""
    restarts = dict.fromkeys((c.service.name for c in children), 0)
    while not stop.wait(1):
        for index, child in enumerate(children):
            if child.is_alive:
                continue
            name = child.service.name
            restarts[name] += 1
            logger.error(
                "service_ended", name=name, code=child.process.returncode, restarts=restarts[name]
            )
            if restarts[name] > MOST_RESTARTS:
                raise ConfigError(f"{name} ended {restarts[name]} times: its lines above say why.")
            stop_children([child])
            children[index] = Child(child.service, writer)
            _write_stack(settings, prefect_port, children)


@contextmanager
def _stop_on_signals() -> Iterator[threading.Event]:
    stop = threading.Event()
    before = {
        s: signal.signal(s, lambda *_: stop.set())
        for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _clean_leftovers(settings: Settings) -> None:
    """End what an `up` that was killed left behind."""
    stack = read_stack(settings)
    if stack is not None:
        count = stop_sessions([(s["pid"], s["created_at"]) for s in stack.services])
        logger.warning("leftovers_stopped", processes=count, of=stack.pid)
        _state_path(settings).unlink()


def _describe(child: Child) -> dict[str, Any]:
    service = child.service
    return {
        "name": service.name,
        "pid": child.process.pid,
        "created_at": child.created_at,
        "health_url": service.health_url,
        "page_url": service.page_url,
    }


def _write_stack(settings: Settings, prefect_port: int, children: list[Child]) -> None:
    path = _state_path(settings)
    aside = path.with_suffix(".new")
    me = psutil.Process()
    state = {
        "pid": me.pid,
        "created_at": me.create_time(),
        "prefect_port": prefect_port,
        "services": [_describe(c) for c in children],
    }
    aside.write_text(json.dumps(state))
    aside.replace(path)


def _state_path(settings: Settings) -> Path:
    return settings.data_dir / "run" / "up.json"
