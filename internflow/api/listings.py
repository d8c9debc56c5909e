"""The listings as JSON: pages of what fits the filters, and one listing with its description and its sources."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import FastAPI, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field

from internflow.listings.browsing import (
    Position,
    find_public_listings,
    find_sources,
    read_listing,
)
from internflow.listings.filters import Kind, ListingFilters, TrustLevel
from internflow.settings import Settings
from internflow.warehouse.connections import read_as

MOST_LISTINGS = 100


class ListingQuery(ListingFilters):
    """The filters, and which part of what fits."""

    limit: int = Field(default=20, ge=1, le=MOST_LISTINGS, description="listings per answer")
    cursor: str | None = Field(
        default=None, max_length=500, description="next_cursor of the answer before"
    )


class FlagAnswer(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    rule: str
    quote: str


class ListingSummary(BaseModel):
    """A listing without its description. Times are UTC; pay is for a month."""

    model_config = ConfigDict(from_attributes=True)

    posting_id: str
    platform: str
    board: str
    company: str
    title: str
    url: str
    places: tuple[str, ...]
    countries: tuple[str, ...]
    cities: tuple[str, ...]
    work_model: str | None
    employment_type: str | None
    kind: Kind
    role_family: str | None
    skills: tuple[str, ...]
    pay_text: str | None
    pay_quote: str | None
    is_unpaid: bool
    pay_inr_month_min: Decimal | None
    pay_inr_month_max: Decimal | None
    pay_usd_month_min: Decimal | None
    pay_usd_month_max: Decimal | None
    graduation_years: tuple[int, ...]
    degrees: tuple[str, ...]
    terms: tuple[str, ...]
    sponsorship: str | None
    citizenship: str | None
    trust_level: TrustLevel
    source_count: int
    repost_count: int
    is_ghost: bool
    apply_by: date | None
    is_open: bool
    date_kind: Literal["exact", "relative", "none"]
    posted_at: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime
    closed_at: datetime | None


class SourceAnswer(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    platform: str
    board: str
    company: str
    title: str
    url: str
    first_seen_at: datetime
    last_seen_at: datetime
    closed_at: datetime | None


class ListingDetail(ListingSummary):
    kind_words: tuple[str, ...]
    department: str | None
    eligibility_quotes: dict[str, Any]
    trust_flags: tuple[FlagAnswer, ...]
    description_html: str
    sources: tuple[SourceAnswer, ...]


class ListingAnswer(BaseModel):
    total_count: int
    listings: list[ListingSummary]
    next_cursor: str | None


def add_listing_routes(app: FastAPI, settings: Settings) -> None:
    @app.get("/listings")
    def list_listings(query: Annotated[ListingQuery, Query()]) -> ListingAnswer:
        """Listings, newest first, open ones unless `status` says otherwise."""
        after = Position.from_cursor(query.cursor) if query.cursor else None
        with read_as(settings, None) as connection:
            page = find_public_listings(
                connection,
                query,
                now=datetime.now(UTC),
                limit=query.limit + 1,
                after=after,
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
            listing = read_listing(connection, posting_id)
            sources = find_sources(connection, posting_id) if listing else ()
        if listing is None:
            raise HTTPException(404, f"There is no listing {posting_id[:100]!r}.")
        summary = ListingSummary.model_validate(listing).model_dump()
        return ListingDetail(
            **summary,
            kind_words=listing.kind_words,
            department=listing.department,
            eligibility_quotes=dict(listing.eligibility_quotes),
            trust_flags=tuple(map(FlagAnswer.model_validate, listing.trust_flags)),
            description_html=listing.description_html,
            sources=tuple(map(SourceAnswer.model_validate, sources)),
        )
