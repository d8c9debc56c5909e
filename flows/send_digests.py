"""Flow: mail the students what is new for the filters that they saved."""

from datetime import UTC, datetime

import structlog
from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from internflow.errors import InternflowError
from internflow.services.digest import find_due_digests, send_digest
from internflow.settings import read_settings
from internflow.warehouse.connections import connect

logger = structlog.get_logger("internflow.flows")


@flow(name="send-digests")
def send_digests(now: datetime | None = None) -> int:
    """Send each digest that is due; return how many were sent. Fails when some could not be."""
    moment, settings = now or datetime.now(UTC), read_settings()
    with connect(settings, "pipeline") as connection:
        due = find_due_digests(settings, connection, moment)
    sent = [_send_one(saved_id, moment) for saved_id in due]
    failed = sent.count(None)
    if failed:
        raise InternflowError(
            f"{failed} of {len(due)} digests could not be sent: the log says why."
        )
    return sent.count(True)


@task(task_run_name="digest {saved_id}", cache_policy=NO_CACHE)
def send_one_digest(saved_id: str, now: datetime) -> bool:
    """Mail one digest, if anything is new."""
    settings = read_settings()
    with connect(settings, "pipeline") as connection:
        return send_digest(settings, connection, saved_id, now)


def _send_one(saved_id: str, now: datetime) -> bool | None:
    """The border of one digest: None when it failed, which stops no other."""
    try:
        return send_one_digest(saved_id, now)
    except Exception:
        logger.exception("digest_failed", saved_id=saved_id)
        return None
