"""Rules of docker-compose.yml that need no engine."""

import importlib
import re
import tomllib
from typing import Any

import pytest
import yaml
from prefect.settings import Settings as PrefectSettings
from prefect_redis.cleanup_queue import RedisWorkerCleanupQueueSettings
from prefect_redis.client import RedisMessagingSettings

from internflow.settings import ROOT, Settings

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ENV_FOLDER = ROOT / "deployments" / "env"

every_service = pytest.mark.parametrize("name", SERVICES)


def waited_for() -> dict[str, set[str]]:
    """Service -> the conditions that others wait for."""
    conditions: dict[str, set[str]] = {}
    for service in SERVICES.values():
        for other, wish in service.get("depends_on", {}).items():
            conditions.setdefault(other, set()).add(wish["condition"])
    return conditions


def read_names(example: str) -> set[str]:
    """The variables that an env example sets."""
    return set(re.findall(r"^(\w+)=", (ENV_FOLDER / example).read_text(), re.MULTILINE))


@every_service
def test_service_proves_that_it_works_or_ends_before_others_start(name: str) -> None:
    service = SERVICES[name]
    if service["restart"] == "no":
        assert waited_for()[name] == {"service_completed_successfully"}
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
        assert waited_for().get(name, set()) <= {"service_healthy"}


@every_service
def test_service_is_confined_and_its_log_is_bounded(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}
    assert not {"privileged", "network_mode", "pid"} & service.keys() or (
        service["network_mode"] == "none"
    )


@every_service
def test_image_has_a_version(name: str) -> None:
    image, _, tag = SERVICES[name]["image"].partition(":")
    assert tag not in {"", "latest"}
    if image == "internflow":
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        assert tag == project["version"]


def test_only_nginx_is_published_beyond_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published.pop("nginx") == [
        "${INTERNFLOW_HTTP_PORT:-8080}:80",
        "${INTERNFLOW_HTTPS_PORT:-8443}:443",
    ]
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


def test_databases_and_pages_are_on_networks_without_a_way_out() -> None:
    closed = {name for name, network in COMPOSE["networks"].items() if network.get("internal")}
    for name in ("postgres", "redis", "api", "app"):
        assert set(SERVICES[name]["networks"]) <= closed


def test_pages_reach_neither_prefect_nor_its_broker() -> None:
    members: dict[str, set[str]] = {}
    for name, service in SERVICES.items():
        for network in service.get("networks", []):
            members.setdefault(network, set()).add(name)
    assert members["broker"] == {"redis", "prefect-server"}
    near_pages = set().union(*(found for found in members.values() if found & {"app", "api"}))
    assert near_pages == {"app", "api", "nginx", "postgres", "migrate", "worker"}


def test_pages_cannot_learn_whose_rows_to_show_while_nobody_logs_in() -> None:
    assert "volumes" not in SERVICES["app"]
    assert "volumes" not in SERVICES["api"]


def test_each_service_has_an_example_of_its_own_variables() -> None:
    named = {name: s["env_file"] for name, s in SERVICES.items() if "env_file" in s}
    assert named == {name: f"deployments/env/{name.removesuffix('-server')}.env" for name in named}
    assert {f"{(ROOT / path).name}.example" for path in named.values()} == {
        path.name for path in ENV_FOLDER.glob("*.example")
    }


@every_service
def test_variables_set_here_are_settings(name: str) -> None:
    known = {f"INTERNFLOW_{field.upper()}" for field in Settings.model_fields}
    ours = {n for n in SERVICES[name].get("environment", {}) if n.startswith("INTERNFLOW_")}
    assert ours <= known


def test_each_service_gets_no_role_but_its_own() -> None:
    roles = {
        path.name.removesuffix(".env.example"): {
            n.removeprefix("INTERNFLOW_DATABASE_URL").removeprefix("_").lower() or "owner"
            for n in read_names(path.name)
            if n.startswith("INTERNFLOW_DATABASE_URL")
        }
        for path in ENV_FOLDER.glob("*.example")
    }
    assert roles == {
        "api": {"app"},
        "app": {"app"},
        "migrate": {"owner", "pipeline", "app", "analyst"},
        "postgres": set(),
        "prefect": set(),
        "worker": {"owner", "pipeline"},
    }


def test_prefect_server_keeps_its_messages_slots_and_tasks_in_redis(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for variable, value in SERVICES["prefect-server"]["environment"].items():
        monkeypatch.setenv(variable, value)
    server = PrefectSettings().server
    for module, classes in {
        server.events.messaging_broker: {"Publisher", "Consumer"},
        server.events.messaging_cache: {"Cache"},
        server.events.causal_ordering: {"CausalOrdering"},
        server.concurrency.lease_storage: {"ConcurrencyLeaseStorage"},
        server.worker_channel.cleanup_queue_storage: {"WorkerCleanupQueue"},
    }.items():
        assert module.startswith("prefect_redis.")
        assert classes <= set(dir(importlib.import_module(module)))
    assert server.docket.url == "redis://redis:6379/1"
    assert RedisMessagingSettings().url == "redis://redis:6379/0"
    assert RedisWorkerCleanupQueueSettings().url == "redis://redis:6379/0"
    assert server.ui.api_url == "/api"
    assert server.ui.v2_enabled is False


def test_secrets_stay_out_of_the_image_and_of_git() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[1] == "*"
    assert not [line for line in ignored if line.startswith("!") and "env" in line]
    assert "deployments/env/*.env" in (ROOT / ".gitignore").read_text().splitlines()
