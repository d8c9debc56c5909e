"""GitHub's webhook: a signed push queues a registered repository, once for each delivery. Mirrors nothing itself."""

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime
from typing import Literal

from fastapi import FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, SecretStr

from internflow.errors import ConfigError
from internflow.repos.requested import is_registered_by_anybody, request_repository
from internflow.repos.vetting import find_repo_id
from internflow.settings import Settings
from internflow.warehouse.connections import read_as

MOST_BYTES = 5 * 1024 * 1024
DELIVERY = re.compile(r"[A-Za-z0-9-]{1,100}")


class HookAnswer(BaseModel):
    result: Literal["queued", "known delivery", "not registered", "not a push"]


def add_hook_routes(app: FastAPI, settings: Settings) -> None:
    @app.post("/hooks/github")
    async def take_github_delivery(request: Request) -> HookAnswer:
        """A delivery of GitHub's webhook, signed with the secret that both sides know."""
        if settings.webhook_secret is None:
            raise ConfigError("Webhooks are off here: set INTERNFLOW_WEBHOOK_SECRET.")
        body = await read_body(request)
        if not is_signed(
            body, request.headers.get("X-Hub-Signature-256", ""), settings.webhook_secret
        ):
            raise HTTPException(401, "The signature does not fit: check the webhook's secret.")
        delivery_id = request.headers.get("X-GitHub-Delivery", "")
        if not DELIVERY.fullmatch(delivery_id):
            raise HTTPException(400, "X-GitHub-Delivery is missing or malformed.")
        if request.headers.get("X-GitHub-Event") != "push":
            return HookAnswer(result="not a push")
        repo_id = find_repo_id(parse_clone_url(body))
        return await run_in_threadpool(queue_push, settings, repo_id, delivery_id)


async def read_body(request: Request) -> bytes:
    """The body, refused with 413 before more than MOST_BYTES of it are held."""
    announced = request.headers.get("Content-Length", "0")
    body = bytearray()
    is_too_large = not announced.isdecimal() or int(announced) > MOST_BYTES
    if not is_too_large:
        async for part in request.stream():
            body += part
            is_too_large = len(body) > MOST_BYTES
            if is_too_large:
                break
    if is_too_large:
        raise HTTPException(413, f"A delivery has at most {MOST_BYTES} bytes.")
    return bytes(body)


def is_signed(body: bytes, signature: str, secret: SecretStr) -> bool:
    """Whether the signature is that of the body, compared in constant time."""
    own = hmac.new(secret.get_secret_value().encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"sha256={own}".encode(), signature.encode())


def parse_clone_url(body: bytes) -> str:
    """The address of the repository that a push is about. Raises HTTPException 400 without one."""
    try:
        url = json.loads(body)["repository"]["clone_url"]
    except (ValueError, KeyError, TypeError, RecursionError):
        url = None
    if not isinstance(url, str):
        raise HTTPException(400, "The delivery is no JSON with repository.clone_url.")
    return url


def queue_push(settings: Settings, repo_id: str | None, delivery_id: str) -> HookAnswer:
    """Queue the repository if somebody registered it."""
    with read_as(settings, None) as connection:
        if repo_id is None or not is_registered_by_anybody(connection, repo_id):
            return HookAnswer(result="not registered")
        is_new = request_repository(connection, repo_id, delivery_id, datetime.now(UTC))
    return HookAnswer(result="queued" if is_new else "known delivery")
