"""Feeds of listings and of their deadlines, for any filters in the address and for a student's saved filter.

Whoever knows the token of a saved filter reads its feeds: they hold the filter's name and public listings alone.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, time
from email.utils import format_datetime, parsedate_to_datetime
from typing import Annotated, Literal

from fastapi import FastAPI, HTTPException, Query, Request, Response

from internflow.listings.browsing import Listing, Order, find_public_listings
from internflow.listings.feeds import RENDERERS, Feed, FeedFormat
from internflow.listings.filters import ListingFilters
from internflow.listings.wording import describe_filters
from internflow.settings import Settings
from internflow.students.saved_filters import find_by_token
from internflow.warehouse.connections import Connection, read_as

MOST_ITEMS = 100
MOST_EVENTS = 500
MOST_DAYS = 3650  # of the filter deadline_within_days
FRESH_SECONDS = 900


def add_feed_routes(app: FastAPI, settings: Settings) -> None:
    @app.get("/feeds/listings.{form}")
    def follow_listings(
        request: Request,
        form: Literal["rss", "atom", "json"],
        query: Annotated[ListingFilters, Query()],
    ) -> Response:
        """The listings that fit, as RSS, Atom or JSON Feed, those first seen last at the top."""
        title = f"InternFlow: {describe_filters(query)}"
        with read_as(settings, None) as connection:
            return answer_feed(connection, request, title, query, form)

    @app.get("/feeds/deadlines.ics")
    def follow_deadlines(request: Request, query: Annotated[ListingFilters, Query()]) -> Response:
        """A calendar with a day for each deadline to come among the listings that fit."""
        title = f"Deadlines: {describe_filters(query)}"
        with read_as(settings, None) as connection:
            return answer_feed(connection, request, title, query, "ics")

    @app.get("/feeds/saved/{token}.{form}")
    def follow_saved_filter(request: Request, token: str, form: FeedFormat) -> Response:
        """A filter that a student saved, by the secret in its link."""
        with read_as(settings, None) as connection:
            found = find_by_token(connection, token)
            if found is None:
                raise HTTPException(404, "There is no such feed: its filter may have been deleted.")
            name, filters = found
            return answer_feed(connection, request, f"InternFlow: {name}", filters, form)


def answer_feed(
    connection: Connection, request: Request, title: str, filters: ListingFilters, form: FeedFormat
) -> Response:
    """The feed, or 304 without it when the reader has it already."""
    now = datetime.now(UTC)
    updated_at = find_update(connection, now)
    listings = _find_items(connection, filters, form, now)
    home_url = str(request.base_url.replace(path="/"))
    media_type, render = RENDERERS[form]
    body = render(Feed(title, str(request.url), home_url, updated_at, listings))
    headers = {
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        "Last-Modified": format_datetime(updated_at, usegmt=True),
        "Cache-Control": f"private, max-age={FRESH_SECONDS}",
    }
    if is_known(request.headers, headers["ETag"], updated_at):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def _find_items(
    connection: Connection, filters: ListingFilters, form: FeedFormat, now: datetime
) -> tuple[Listing, ...]:
    order: Order
    if form == "ics":
        asked, limit, order = require_deadline(filters), MOST_EVENTS, "deadline"
    else:
        asked, limit, order = filters, MOST_ITEMS, "seen"
    page = find_public_listings(connection, asked, now=now, limit=limit, order=order)
    return page.listings


def find_update(connection: Connection, now: datetime) -> datetime:
    """When a feed may last have changed: with the last crawl in the marts, or as the day began.

    Whole seconds, as HTTP tells them. Listings leave a feed too, so no date of theirs would do.
    """
    midnight = datetime.combine(now.astimezone(UTC).date(), time.min, UTC)
    row = connection.execute(
        "select greatest(max(finished_at), %(midnight)s::timestamptz) as moment"
        " from marts.crawl_health where finished_at <= %(now)s",
        {"midnight": midnight, "now": now},
    ).fetchone()
    moment: datetime = row["moment"] if row else midnight
    return moment.astimezone(UTC).replace(microsecond=0)


def require_deadline(filters: ListingFilters) -> ListingFilters:
    """The same filters, and a deadline that has not passed."""
    return filters.model_copy(
        update={"deadline_within_days": filters.deadline_within_days or MOST_DAYS}
    )


def is_known(asked: Mapping[str, str], etag: str, updated_at: datetime) -> bool:
    """Whether the request's conditions hold (RFC 9110, 13.2.2): the entity tag decides where one is given."""
    if (tags := asked.get("if-none-match")) is not None:
        given = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return etag in given or "*" in given
    since = _parse_date(asked.get("if-modified-since", ""))
    return since is not None and updated_at <= since


def _parse_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
