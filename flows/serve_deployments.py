"""Serve every deployment of deployments/prefect.yaml, with its schedules, from one process of this machine."""

from pathlib import Path
from typing import Any

import yaml
from prefect import Flow, serve
from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.flows import load_flow_from_entrypoint

from internflow.settings import ROOT

DEPLOYMENTS = ROOT / "deployments" / "prefect.yaml"


def read_deployments(path: Path = DEPLOYMENTS) -> list[dict[str, Any]]:
    """The deployments of a prefect.yaml, as written."""
    deployments: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))[
        "deployments"
    ]
    return deployments


def build_deployment(written: dict[str, Any]) -> RunnerDeployment:
    """One deployment that Prefect's runner can serve."""
    flow: Flow[Any, Any] = load_flow_from_entrypoint(written["entrypoint"])
    deployment: RunnerDeployment = flow.to_deployment(  # type: ignore[assignment]  # sync outside of a loop
        name=written["name"],
        description=written["description"],
        parameters=written.get("parameters", {}),
        schedules=[
            CronSchedule(cron=s["cron"], timezone=s["timezone"])
            for s in written.get("schedules", [])
        ],
        concurrency_limit=written.get("concurrency_limit"),
    )
    return deployment


if __name__ == "__main__":
    serve(
        *[build_deployment(written) for written in read_deployments()],
        print_starting_message=False,
    )
