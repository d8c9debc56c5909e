"""Reading marts.listings: pages of what fits the filters, one listing with its sources, the choices there are."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from psycopg import sql

from internflow.errors import UserInputError
from internflow.listings.filters import Kind, ListingFilters, TrustLevel, build_where
from internflow.warehouse.connections import Connection

Order = Literal["newest", "seen", "match", "deadline"]


@dataclass(frozen=True)
class Match:
    """How a listing fits the student whose rows the connection shows."""

    score: float
    skills_covered: tuple[str, ...]
    skills_missing: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class TrustFlag:
    """A rule that found something to be careful about, and the words of the listing that it rests on."""

    rule: str
    quote: str


@dataclass(frozen=True)
class Listing:
    """One row of marts.listings, times in UTC. Every text of it is untrusted, HTML above all."""

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
    kind_words: tuple[str, ...]
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
    eligibility_quotes: Mapping[str, Any] = field(hash=False)
    trust_level: TrustLevel
    trust_flags: tuple[TrustFlag, ...]
    source_count: int
    repost_count: int
    is_ghost: bool
    department: str | None
    date_kind: Literal["exact", "relative", "none"]
    is_open: bool
    apply_by: date | None
    posted_at: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime
    closed_at: datetime | None
    description_html: str
    match: Match | None

    @property
    def newest_at(self) -> datetime:
        """What the order `newest` sorts by: the board's date, else the first sighting."""
        return self.posted_at or self.first_seen_at


@dataclass(frozen=True)
class Source:
    """One board that shows the listing."""

    platform: str
    board: str
    company: str
    title: str
    url: str
    first_seen_at: datetime
    last_seen_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class ListingPage:
    listings: tuple[Listing, ...]
    total_count: int


@dataclass(frozen=True)
class Position:
    """Where a page in the order `newest` ended; the next starts after it, whatever came since."""

    newest_at: datetime
    posting_id: str

    def to_cursor(self) -> str:
        text = json.dumps([self.newest_at.isoformat(), self.posting_id])
        return base64.urlsafe_b64encode(text.encode()).decode()

    @classmethod
    def from_cursor(cls, cursor: str) -> "Position":
        """Raises UserInputError when the text is not a cursor that `to_cursor` wrote."""
        try:
            newest_at, posting_id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
            position = cls(datetime.fromisoformat(newest_at), posting_id)
        except (binascii.Error, ValueError, TypeError):
            position = None
        if (
            position is None
            or position.newest_at.tzinfo is None
            or not isinstance(position.posting_id, str)
        ):
            raise UserInputError(
                f"The cursor {cursor[:40]!r} is damaged: pass next_cursor of the page before it."
            )
        return position


@dataclass(frozen=True)
class Facets:
    """What there is to choose from, most frequent first (companies: by name; years: in order)."""

    skills: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    role_families: tuple[str, ...] = ()
    degrees: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    graduation_years: tuple[int, ...] = ()


# Facts are missing while a listing has not been enriched: then it says nothing of itself.
COLUMNS = sql.SQL("""
    l.posting_id, l.platform, l.board, l.company, l.title, l.url, l.places, l.work_model,
    l.employment_type, l.kind, l.kind_words, l.skills, l.pay_text, l.date_kind, l.is_open,
    l.apply_by, l.posted_at, l.first_seen_at, l.last_seen_at, l.closed_at, l.description_html,
    l.role_family, l.pay_quote, l.pay_inr_month_min, l.pay_inr_month_max, l.pay_usd_month_min,
    l.pay_usd_month_max, l.sponsorship, l.citizenship, l.department,
    coalesce(l.countries, '{}') as countries, coalesce(l.cities, '{}') as cities,
    coalesce(l.graduation_years, '{}') as graduation_years, coalesce(l.degrees, '{}') as degrees,
    coalesce(l.terms, '{}') as terms, coalesce(l.is_unpaid, false) as is_unpaid,
    coalesce(l.eligibility_quotes, '{}') as eligibility_quotes,
    coalesce(l.trust_level, 'no_concern') as trust_level,
    coalesce(l.trust_flags, '[]') as trust_flags, coalesce(l.source_count, 1) as source_count,
    coalesce(l.repost_count, 0) as repost_count, coalesce(l.is_ghost, false) as is_ghost,
    m.score, m.skills_covered, m.skills_missing, m.reasons
""")
# Row-level security leaves nothing of marts.matches on a connection without a student.
SOURCE = sql.SQL("marts.listings l left join marts.matches m on m.posting_id = l.posting_id")
# For whoever has no student, and for the flows, which may not read the view of matches.
NO_MATCHES = sql.SQL("""marts.listings l left join (
    select null::real as score, null::text[] as skills_covered, null::text[] as skills_missing,
        null::text[] as reasons where false
) m on true""")
NEWEST = sql.SQL("coalesce(l.posted_at, l.first_seen_at)")
ORDERS: Mapping[Order, sql.Composable] = {
    "newest": sql.SQL("{} desc, l.posting_id").format(NEWEST),
    "seen": sql.SQL("l.first_seen_at desc, l.posting_id"),
    "match": sql.SQL("m.score desc nulls last, {} desc, l.posting_id").format(NEWEST),
    "deadline": sql.SQL("l.apply_by nulls last, {} desc, l.posting_id").format(NEWEST),
}
AFTER = sql.SQL(
    " and ({newest} < %(after_at)s or ({newest} = %(after_at)s and l.posting_id > %(after_id)s))"
).format(newest=NEWEST)
# One scan for each array column and one for the rest; all in one round trip.
FACETS = sql.SQL("""
    with names as (
        select 'skills' as facet, v as name from marts.listings, unnest(skills) as v
        union all select 'countries', v from marts.listings, unnest(countries) as v
        union all select 'cities', v from marts.listings, unnest(cities) as v
        union all select 'degrees', v from marts.listings, unnest(degrees) as v
        union all select 'terms', v from marts.listings, unnest(terms) as v
        union all select 'graduation_years', v::text
            from marts.listings, unnest(graduation_years) as v
        union all select facet, name from marts.listings, lateral (values
            ('platforms', platform), ('companies', company), ('role_families', role_family)
        ) as of_row (facet, name) where name is not null
    )
    select facet, name, count(*) as n from names group by facet, name order by n desc, name
""")


def find_listings(
    connection: Connection,
    filters: ListingFilters,
    *,
    now: datetime,
    limit: int,
    order: Order = "newest",
    offset: int = 0,
    after: Position | None = None,
) -> ListingPage:
    """One page of what fits, and how many fit in all. `after` goes with the order `newest`."""
    part = _Part(limit, order, offset, after)
    return _read_page(connection, SOURCE, build_where(filters, now), part)


def find_public_listings(
    connection: Connection,
    filters: ListingFilters,
    *,
    now: datetime,
    limit: int,
    order: Order = "newest",
    after: Position | None = None,
) -> ListingPage:
    """The same without anybody's matches, which not every role may read."""
    part = _Part(limit, order, 0, after)
    return _read_page(connection, NO_MATCHES, build_where(filters, now), part)


@dataclass(frozen=True)
class _Part:
    """Which part of what fits, in which order."""

    limit: int
    order: Order
    offset: int
    after: Position | None


def _read_page(
    connection: Connection,
    source: sql.SQL,
    condition: tuple[sql.Composed, dict[str, Any]],
    part: _Part,
) -> ListingPage:
    where, values = condition
    page = where
    if part.after is not None:
        page += AFTER
        values |= {"after_at": part.after.newest_at, "after_id": part.after.posting_id}
    rows = connection.execute(
        sql.SQL("select {} from {} where {} order by {} limit %(limit)s offset %(offset)s").format(
            COLUMNS, source, page, ORDERS[part.order]
        ),
        {**values, "limit": part.limit, "offset": part.offset},
    ).fetchall()
    listings = tuple(map(_to_listing, rows))
    if len(rows) < part.limit and not part.offset and part.after is None:
        return ListingPage(listings, len(rows))  # the whole of it: rare words need no second scan
    counted = connection.execute(
        sql.SQL("select count(*) as n from marts.listings l where {}").format(where), values
    ).fetchone()
    return ListingPage(listings, counted["n"] if counted else 0)


def read_listing(connection: Connection, posting_id: str) -> Listing | None:
    """One listing, open or closed."""
    if "\x00" in posting_id:  # Postgres refuses it in any text
        return None
    row = connection.execute(
        sql.SQL("select {} from {} where l.posting_id = %s").format(COLUMNS, SOURCE), (posting_id,)
    ).fetchone()
    return _to_listing(row) if row else None


def find_sources(connection: Connection, posting_id: str) -> tuple[Source, ...]:
    """Every board that shows the listing or did, the one that showed it first at the top."""
    rows = connection.execute(
        "select platform, board, company, title, url, first_seen_at, last_seen_at, closed_at"
        " from marts.listing_sources where listing_id = %s"
        " order by first_seen_at, platform, board, posting_id",
        (posting_id,),
    ).fetchall()
    return tuple(Source(**row) for row in rows)


def find_newest_sighting(connection: Connection) -> datetime | None:
    """When the newest listing of the marts was first seen: what comes later is new to whoever looks now."""
    row = connection.execute("select max(first_seen_at) as moment from marts.listings").fetchone()
    return row["moment"] if row else None


def find_facets(connection: Connection) -> Facets:
    """The values that filters may take over all listings, closed ones included."""
    found: dict[str, list[Any]] = {}
    for row in connection.execute(FACETS).fetchall():
        found.setdefault(row["facet"], []).append(row["name"])
    found["companies"] = sorted(found.get("companies", []))
    found["graduation_years"] = sorted(map(int, found.get("graduation_years", [])))
    return Facets(**{facet: tuple(names) for facet, names in found.items()})


def _to_listing(row: dict[str, Any]) -> Listing:
    """Arrays come as lists; the four columns of the match become one value, None without it."""
    row["trust_flags"] = [TrustFlag(flag["rule"], flag["quote"]) for flag in row["trust_flags"]]
    values: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in row.items()}
    match = [values.pop(f) for f in ("score", "skills_covered", "skills_missing", "reasons")]
    return Listing(**values, match=None if match[0] is None else Match(*match))
