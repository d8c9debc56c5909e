"""FastAPI: is the process up, is it ready, the listings with the filters of the page, feeds of them, and webhooks.

Behind nginx, which strips /api from the path, the server is started with that root path.
"""

from functools import cache
from importlib.metadata import version
from typing import Any, Literal

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException as StarletteHTTPException

from internflow.api.access import AccessLog, adopt_server_logs
from internflow.api.feeds import add_feed_routes
from internflow.api.hooks import add_hook_routes
from internflow.api.listings import add_listing_routes
from internflow.api.reference import render_reference
from internflow.errors import ConfigError, InternflowError, UserInputError
from internflow.logs import configure_logs
from internflow.settings import Settings, read_settings
from internflow.warehouse.connections import connect
from internflow.warehouse.migrate import find_pending

DESCRIPTION = "Internships as the boards show them. An unknown parameter is refused, not ignored."


class Health(BaseModel):
    status: Literal["ok"] = "ok"
    version: str


def create_app(settings: Settings) -> FastAPI:
    """The application on these settings; nothing is opened before the first request needs it."""
    app = FastAPI(
        title="InternFlow",
        version=version("internflow"),
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"auto_configure": False},
    )
    app.add_middleware(AccessLog)
    app.add_exception_handler(InternflowError, answer_error)
    app.add_exception_handler(RequestValidationError, answer_invalid)
    app.add_exception_handler(StarletteHTTPException, answer_http)
    add_service_routes(app, settings)
    add_listing_routes(app, settings)
    add_feed_routes(app, settings)
    add_hook_routes(app, settings)
    return app


def add_service_routes(app: FastAPI, settings: Settings) -> None:
    @app.get("/health")
    def health() -> Health:
        """Whether the process is up."""
        return Health(version=app.version)

    @app.get("/ready")
    def ready() -> Health:
        """Whether the database answers at the version of this process; 503 says what is missing."""
        with connect(settings, "app") as connection:
            try:
                pending = find_pending(connection)
            except psycopg.errors.UndefinedTable:
                raise ConfigError("The database is empty: run `internflow migrate`.") from None
        if pending:
            raise ConfigError(
                f"The database lacks migration {pending[0].number} ({pending[0].name}):"
                " run `internflow migrate`."
            )
        return Health(version=app.version)

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(render_reference(app.openapi()))


def answer_error(_request: Request, error: Exception) -> JSONResponse:
    """One sentence: 422 for what the caller got wrong, 503 for what this installation lacks."""
    status = 422 if isinstance(error, UserInputError) else 503
    return JSONResponse({"error": str(error)}, status)


def answer_invalid(_request: Request, error: Exception) -> JSONResponse:
    """Name every parameter that was refused, and why."""
    problems: list[dict[str, Any]] = []
    if isinstance(error, RequestValidationError):
        problems = [
            {"parameter": ".".join(map(str, e["loc"][1:])), "problem": e["msg"]}
            for e in error.errors()
        ]
    names = ", ".join(repr(p["parameter"]) for p in problems)
    return JSONResponse({"error": f"Refused: {names}.", "problems": problems}, 422)


def answer_http(_request: Request, error: Exception) -> JSONResponse:
    """Unknown paths and methods in the same shape as everything else."""
    if not isinstance(error, StarletteHTTPException):
        raise error
    return JSONResponse({"error": error.detail}, error.status_code, dict(error.headers or {}))


@cache
def _build_app() -> FastAPI:
    settings = read_settings()
    configure_logs(settings, "api")
    adopt_server_logs()
    return create_app(settings)


def __getattr__(name: str) -> FastAPI:
    """`app`, for `uvicorn internflow.api.app:app`: built when a server asks for it, not on import."""
    if name == "app":
        return _build_app()
    raise AttributeError(name)
