"""FastAPI: is the process up, is it ready, and the listings with the filters of the page.

Behind nginx, which strips /api from the path, the server is started with that root path.
"""

from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import version
from typing import Annotated, Any, Literal

import psycopg
from fastapi import FastAPI, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException as StarletteHTTPException

from internflow.api.access import AccessLog, adopt_server_logs
from internflow.api.reference import render_reference
from internflow.errors import ConfigError, InternflowError, UserInputError
from internflow.listings import browsing
from internflow.listings.browsing import Kind, ListingFilters, Position
from internflow.logs import configure_logs
from internflow.settings import Settings, read_settings
from internflow.warehouse.connections import connect, read_as
from internflow.warehouse.migrate import find_pending

MOST_LISTINGS = 100
DESCRIPTION = "Internships as the boards show them. An unknown parameter is refused, not ignored."


class ListingQuery(ListingFilters):
    """The filters, and which part of what fits."""

    limit: int = Field(default=20, ge=1, le=MOST_LISTINGS, description="listings per answer")
    cursor: str | None = Field(
        default=None, max_length=500, description="next_cursor of the answer before"
    )


class ListingSummary(BaseModel):
    """A listing without its description. Times are UTC."""

    model_config = ConfigDict(from_attributes=True)

    posting_id: str
    platform: str
    board: str
    company: str
    title: str
    url: str
    places: tuple[str, ...]
    work_model: str | None
    employment_type: str | None
    kind: Kind
    skills: tuple[str, ...]
    pay_text: str | None
    apply_by: date | None
    is_open: bool
    date_kind: Literal["exact", "relative", "none"]
    posted_at: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime
    closed_at: datetime | None


class ListingDetail(ListingSummary):
    kind_words: tuple[str, ...]
    description_html: str


class ListingAnswer(BaseModel):
    total_count: int
    listings: list[ListingSummary]
    next_cursor: str | None


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


def add_listing_routes(app: FastAPI, settings: Settings) -> None:
    @app.get("/listings")
    def list_listings(query: Annotated[ListingQuery, Query()]) -> ListingAnswer:
        """Listings, newest first, open ones unless `status` says otherwise."""
        after = Position.from_cursor(query.cursor) if query.cursor else None
        with read_as(settings, None) as connection:
            page = browsing.find_listings(
                connection, query, now=datetime.now(UTC), limit=query.limit + 1, after=after
            )
        shown = page.listings[: query.limit]
        has_more = len(page.listings) > query.limit
        last = Position(shown[-1].newest_at, shown[-1].posting_id) if has_more else None
        return ListingAnswer(
            total_count=page.total_count,
            listings=[ListingSummary.model_validate(listing) for listing in shown],
            next_cursor=last.to_cursor() if last else None,
        )

    @app.get("/listings/{posting_id:path}")
    def show_listing(posting_id: str) -> ListingDetail:
        """One listing, open or closed."""
        with read_as(settings, None) as connection:
            listing = browsing.read_listing(connection, posting_id)
        if listing is None:
            raise HTTPException(404, f"There is no listing {posting_id[:100]!r}.")
        return ListingDetail.model_validate(listing)


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
