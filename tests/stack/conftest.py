"""The production stack of docker-compose.yml, built and started under a name of its own."""

import json
import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from internflow.settings import ROOT
from tests.stack.package_index import serve_pip_settings

REPLAY_URL = "http://127.0.0.1:9100"  # inside the worker's container


@dataclass(frozen=True)
class Stack:
    """A copy of the compose project in `folder`; its env files and volumes are the test's own."""

    folder: Path
    http_port: int
    https_port: int
    prefect_port: int
    environment: dict[str, str]
    overlays: list[Path] = field(default_factory=list)

    def run(self, *arguments: str, explain: tuple[str, ...] = ()) -> str:
        """Output of `docker compose ...`; when it fails, so does the test, with what `explain` prints."""
        done = self._compose(arguments)
        if done.returncode:
            more = self._compose(explain).stdout if explain else ""
            pytest.fail(f"docker compose {' '.join(arguments)}: {done.stderr[-3000:]}{more}")
        return done.stdout

    def up(self) -> None:
        """Start what is not running and wait until every health check is content."""
        self.run("up", "-d", "--wait", "--wait-timeout", "600", explain=("logs", "--tail", "20"))

    def overlay(self, name: str, services: dict[str, Any]) -> Path:
        """Write an overlay file that changes some services; add it to `overlays` to use it."""
        path = self.folder / f"{name}.yml"
        path.write_text(yaml.safe_dump({"services": services}))
        return path

    def read_states(self) -> dict[str, dict[str, Any]]:
        """Service -> what the engine knows of its container, those that ended included."""
        ids = self.run("ps", "-aq").split()
        containers = json.loads(self._run(["docker", "inspect", *ids]))
        return {c["Config"]["Labels"]["com.docker.compose.service"]: c for c in containers}

    def query(self, database: str, sql: str) -> str:
        """Rows of a query by the server's superuser, as psql prints them unaligned."""
        psql = (
            'PGPASSWORD="$POSTGRES_PASSWORD" exec psql -qtA -v ON_ERROR_STOP=1'
            f' -h 127.0.0.1 -U "$POSTGRES_USER" -d {database} -c "$0"'
        )
        return self.run("exec", "-T", "postgres", "sh", "-c", psql, sql).strip()

    def trust(self) -> ssl.SSLContext:
        """A TLS context that trusts the certificate of the first start, and checks the name."""
        made = self.run("exec", "-T", "nginx", "cat", "/certificates/fullchain.pem")
        return ssl.create_default_context(cadata=made)

    def read_start_command(self, service: str) -> list[str]:
        """What a service's image runs by itself: its entrypoint and its command."""
        project = yaml.safe_load((self.folder / "docker-compose.yml").read_text())
        image = project["services"][service]["image"]
        [found] = json.loads(self._run(["docker", "image", "inspect", image]))
        return [*(found["Config"]["Entrypoint"] or []), *(found["Config"]["Cmd"] or [])]

    def generate(self, *arguments: str) -> None:
        """Run deployments/env/generate of this copy."""
        self._run([str(self.folder / "deployments" / "env" / "generate"), *arguments])

    def remove(self) -> None:
        """Stop everything and delete its volumes."""
        self._compose(("down", "--volumes", "--remove-orphans", "--timeout", "20"))

    def _compose(self, arguments: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        files = [self.folder / "docker-compose.yml", *self.overlays]
        named = [part for file in files for part in ("-f", str(file))]
        return self._attempt(["docker", "compose", *named, *arguments])

    def _run(self, command: list[str]) -> str:
        done = self._attempt(command)
        if done.returncode:
            pytest.fail(f"{' '.join(command)}: {done.stderr[-3000:]}")
        return done.stdout

    def _attempt(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


def _require_engine() -> None:
    if os.environ.get("INTERNFLOW_TEST_STACK") != "1":
        pytest.skip(
            "building the image takes minutes: set INTERNFLOW_TEST_STACK=1 to test the stack"
        )
    for command in (["docker", "version"], ["docker", "compose", "version"]):
        if (
            not shutil.which("docker")
            or subprocess.run(command, capture_output=True, check=False).returncode
        ):
            pytest.skip(f"no container engine answers to `{' '.join(command)}`")


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@pytest.fixture(scope="session")
def built_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The image is built and everything is up; afterwards containers and volumes are removed."""
    _require_engine()
    folder = tmp_path_factory.mktemp("stack")
    shutil.copy(ROOT / "docker-compose.yml", folder)
    unwritten = shutil.ignore_patterns("*.env")
    shutil.copytree(ROOT / "deployments", folder / "deployments", ignore=unwritten)
    http, https, prefect = _free_ports(3)
    with serve_pip_settings(folder / "pip.conf"):
        stack = Stack(
            folder,
            http,
            https,
            prefect,
            {
                **os.environ,
                "COMPOSE_PROJECT_NAME": "internflow-test",
                "INTERNFLOW_HTTP_PORT": str(http),
                "INTERNFLOW_HTTPS_PORT": str(https),
                "INTERNFLOW_PREFECT_PORT": str(prefect),
                "INTERNFLOW_PIP_CONFIG": str(folder / "pip.conf"),
            },
        )
        stack.generate()
        build = {"context": str(ROOT), "network": "host"}  # some engines give a build no network
        sample = {"INTERNFLOW_REPLAY_URL": REPLAY_URL, "INTERNFLOW_LOCAL_REPOSITORIES": "true"}
        changes = {"migrate": {"build": build}, "worker": {"environment": sample}}
        stack.overlays.append(stack.overlay("test", changes))
        stack.run("build")
    try:
        stack.up()
        yield stack
    finally:
        stack.remove()


@pytest.fixture
def stack(built_stack: Stack) -> Stack:
    """The stack, with everything up and healthy before each test."""
    built_stack.up()
    return built_stack
