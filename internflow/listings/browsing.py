"""Filters over marts.listings as parameterised SQL, for the listings page and the API alike.

A filter is applied or refused, never dropped, and no value of anybody's becomes SQL text.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal, get_args

from psycopg import sql
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from internflow.errors import UserInputError
from internflow.warehouse.connections import Connection

Kind = Literal["internship", "apprenticeship", "new_graduate", "other"]
WorkModel = Literal["remote", "hybrid", "on_site", "unstated"]
Status = Literal["open", "closed", "any"]
Order = Literal["newest", "match"]

KINDS: tuple[Kind, ...] = get_args(Kind)
WORK_MODELS: tuple[WorkModel, ...] = get_args(WorkModel)
STATUSES: tuple[Status, ...] = get_args(Status)

LONGEST_CODE = 3  # words up to this length (Go, SQL, US) are looked for whole

Text = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Choices = Annotated[tuple[Text, ...], Field(max_length=50)]
Days = Annotated[int, Field(ge=1, le=3650)]


class ListingFilters(BaseModel):
    """What to show. The page's address and the API use these names; an unknown one is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Text = Field(
        default="", description="words that the title, company or description all contain"
    )
    kind: tuple[Kind, ...] = Field(default=(), description="any of these kinds")
    work_model: tuple[WorkModel, ...] = Field(
        default=(), description="any of these; unstated: the board does not say"
    )
    place: Text = Field(
        default="",
        description="words that one place of the listing contains, such as a city or country",
    )
    skill: Choices = Field(default=(), description="all of these skills, in any letter case")
    platform: Choices = Field(default=(), description="any of these job platforms")
    company: Choices = Field(
        default=(), description="any of these companies, spelled as the listing spells it"
    )
    status: Status = Field(default="open", description="whether the listing is still on its board")
    posted_within_days: Days | None = Field(
        default=None, description="posted by the board's own date; undated ones are left out"
    )
    seen_within_days: Days | None = Field(default=None, description="first seen by a crawl")


@dataclass(frozen=True)
class Match:
    """How a listing fits the student whose rows the connection shows."""

    score: float
    skills_covered: tuple[str, ...]
    skills_missing: tuple[str, ...]
    reasons: tuple[str, ...]


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
    work_model: str | None
    employment_type: str | None
    kind: Kind
    kind_words: tuple[str, ...]
    skills: tuple[str, ...]
    pay_text: str | None
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
    """What there is to choose from, most frequent first (companies: by name)."""

    skills: tuple[str, ...]
    platforms: tuple[str, ...]
    companies: tuple[str, ...]


COLUMNS = sql.SQL("""
    l.posting_id, l.platform, l.board, l.company, l.title, l.url, l.places, l.work_model,
    l.employment_type, l.kind, l.kind_words, l.skills, l.pay_text, l.date_kind, l.is_open,
    l.apply_by, l.posted_at, l.first_seen_at, l.last_seen_at, l.closed_at, l.description_html,
    m.score, m.skills_covered, m.skills_missing, m.reasons
""")
# Row-level security leaves nothing of marts.matches on a connection without a student.
SOURCE = sql.SQL("marts.listings l left join marts.matches m on m.posting_id = l.posting_id")
NEWEST = sql.SQL("coalesce(l.posted_at, l.first_seen_at)")
ORDERS: Mapping[Order, sql.Composable] = {
    "newest": sql.SQL("{} desc, l.posting_id").format(NEWEST),
    "match": sql.SQL("m.score desc nulls last, {} desc, l.posting_id").format(NEWEST),
}
AFTER = sql.SQL(
    " and ({newest} < %(after_at)s or ({newest} = %(after_at)s and l.posting_id > %(after_id)s))"
).format(newest=NEWEST)
# One condition for each field of ListingFilters, used when it is set; its parameter is named as it.
CONDITIONS: Mapping[str, sql.SQL] = {
    "text": sql.SQL(
        "not exists (select from unnest(%(text)s::text[]) as word"
        " where not (l.title ~* word or l.company ~* word or l.description_text ~* word))"
    ),
    "kind": sql.SQL("l.kind = any(%(kind)s)"),
    "work_model": sql.SQL("coalesce(l.work_model, 'unstated') = any(%(work_model)s)"),
    "place": sql.SQL(
        "exists (select from unnest(l.places) as place"
        " where (select bool_and(place ~* word) from unnest(%(place)s::text[]) as word))"
    ),
    "skill": sql.SQL(
        "array(select lower(s) from unnest(l.skills) as s)"
        " @> array(select lower(s) from unnest(%(skill)s::text[]) as s)"
    ),
    "platform": sql.SQL("l.platform = any(%(platform)s)"),
    "company": sql.SQL("l.company = any(%(company)s)"),
    "status": sql.SQL("(%(status)s::text = 'any' or l.is_open = (%(status)s::text = 'open'))"),
    "posted_within_days": sql.SQL(
        "l.posted_at >= %(now)s::timestamptz - make_interval(days => %(posted_within_days)s)"
    ),
    "seen_within_days": sql.SQL(
        "l.first_seen_at >= %(now)s::timestamptz - make_interval(days => %(seen_within_days)s)"
    ),
}


def build_word_pattern(word: str) -> str:
    """A regular expression, for Postgres and Python alike, that finds `word` where a word begins.

    A short word must be a whole one, so that `US` does not find `Austin` nor `Go` `Google`.
    """
    start = r"(^|\W)" if word[:1].isalnum() else ""
    end = r"(\W|$)" if len(word) <= LONGEST_CODE and word[-1:].isalnum() else ""
    return f"{start}{re.escape(word)}{end}"


def build_where(filters: ListingFilters, now: datetime) -> tuple[sql.Composed, dict[str, Any]]:
    """The condition over `l` (marts.listings) and its parameters; day filters end at `now`."""
    chosen: dict[str, Any] = {field: getattr(filters, field) for field in CONDITIONS}
    for field in ("text", "place"):
        chosen[field] = [build_word_pattern(word) for word in chosen[field].split()]
    values = {field: list(v) if isinstance(v, tuple) else v for field, v in chosen.items() if v}
    return sql.SQL(" and ").join(CONDITIONS[field] for field in values), {**values, "now": now}


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
    where, values = build_where(filters, now)
    page = where
    if after is not None:
        page += AFTER
        values |= {"after_at": after.newest_at, "after_id": after.posting_id}
    rows = connection.execute(
        sql.SQL("select {} from {} where {} order by {} limit %(limit)s offset %(offset)s").format(
            COLUMNS, SOURCE, page, ORDERS[order]
        ),
        {**values, "limit": limit, "offset": offset},
    ).fetchall()
    listings = tuple(map(_to_listing, rows))
    if len(rows) < limit and not offset and after is None:
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


def find_facets(connection: Connection) -> Facets:
    """The values that filters may take over all listings, closed ones included."""
    skills = connection.execute(
        "select s as name from marts.listings l, unnest(l.skills) as s"
        " group by s order by count(*) desc, s"
    ).fetchall()
    platforms = connection.execute(
        "select platform as name from marts.listings"
        " group by platform order by count(*) desc, platform"
    ).fetchall()
    companies = connection.execute(
        "select distinct company as name from marts.listings order by company"
    ).fetchall()
    return Facets(*(tuple(row["name"] for row in rows) for rows in (skills, platforms, companies)))


def _to_listing(row: dict[str, Any]) -> Listing:
    """Arrays come as lists; the four columns of the match become one value, None without it."""
    values: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in row.items()}
    match = [values.pop(f) for f in ("score", "skills_covered", "skills_missing", "reasons")]
    return Listing(**values, match=None if match[0] is None else Match(*match))
