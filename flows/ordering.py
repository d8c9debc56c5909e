"""Orders runs of other deployments: for what takes long and what nobody waits for here."""

from typing import Any

import structlog
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import WorkerStatus
from prefect.deployments import run_deployment
from prefect.exceptions import ObjectNotFound

logger = structlog.get_logger("internflow.flows")

POOL = "internflow"  # of deployments/prefect.yaml


def order_run(name: str, **parameters: Any) -> None:
    """Order a run of the deployment of that name and return at once; where it is not served, the log says so."""
    try:
        run_deployment(f"{name}/{name}", parameters=parameters, timeout=0, as_subflow=False)
    except ObjectNotFound:
        logger.warning("run_not_ordered", deployment=name, why="it is not served")


def count_workers() -> int:
    """The workers of the pool that are alive; none where one process serves all deployments."""
    with get_client(sync_client=True) as client:
        try:
            client.read_work_pool(POOL)
        except ObjectNotFound:
            return 0
        workers = client.read_workers_for_work_pool(POOL)
    return sum(worker.status == WorkerStatus.ONLINE for worker in workers)
