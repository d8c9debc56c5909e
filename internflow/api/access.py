"""One log line per request, and one JSON answer for whatever goes wrong inside."""

import logging
from time import perf_counter
from uuid import uuid4

import structlog
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = structlog.get_logger("internflow.api")

QUIET_PATHS = ("/health", "/ready")  # asked every few seconds by whoever watches the service


def adopt_server_logs() -> None:
    """Send uvicorn's lines through our logs; its access lines are replaced by ours."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        server = logging.getLogger(name)
        server.handlers.clear()
        server.propagate = name != "uvicorn.access"


class AccessLog:
    """ASGI middleware: logs method, path, status and seconds, never the query or the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, started = 0, perf_counter()

        async def note_status(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self.app(scope, receive, note_status)
        except Exception:  # per-request border
            error_id = uuid4().hex[:8]
            logger.exception("request_failed", path=scope["path"], error_id=error_id)
            if status:  # the answer is on its way, only the server can break it off
                raise
            status = 500
            body = {"error": f"This request failed; the log has the details (id {error_id})."}
            await JSONResponse(body, status)(scope, receive, send)
        finally:
            log = logger.debug if scope["path"].endswith(QUIET_PATHS) else logger.info
            log(
                "request_answered",
                method=scope["method"],
                path=scope["path"],
                status=status,
                seconds=round(perf_counter() - started, 3),
            )
