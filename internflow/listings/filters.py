"""What listings to show, and its SQL over marts.listings. The page, the API, feeds and digests share it.

A filter is applied or refused, never dropped, and no value of anybody's becomes SQL text.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, get_args

from psycopg import sql
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Kind = Literal["internship", "apprenticeship", "new_graduate", "other"]
WorkModel = Literal["remote", "hybrid", "on_site", "unstated"]
Paid = Literal["paid", "unpaid", "unstated"]
Sponsorship = Literal["offered", "not_refused"]
TrustLevel = Literal["no_concern", "check", "avoid"]
Status = Literal["open", "closed", "any"]

KINDS: tuple[Kind, ...] = get_args(Kind)
WORK_MODELS: tuple[WorkModel, ...] = get_args(WorkModel)
PAID: tuple[Paid, ...] = get_args(Paid)
SPONSORSHIPS: tuple[Sponsorship, ...] = get_args(Sponsorship)
TRUST_LEVELS: tuple[TrustLevel, ...] = get_args(TrustLevel)  # from the best to the worst
STATUSES: tuple[Status, ...] = get_args(Status)

LONGEST_CODE = 3  # words up to this length (Go, SQL, US) are looked for whole

Text = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Choices = Annotated[tuple[Text, ...], Field(max_length=50)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2}$"), AfterValidator(str.upper)]
Days = Annotated[int, Field(ge=1, le=3650)]
PayFloor = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,8} (INR|USD)$")]


class ListingFilters(BaseModel):
    """What to show. The page's address and the API use these names; an unknown one is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Text = Field(
        default="", description="words that the title, company or description all contain"
    )
    kind: tuple[Kind, ...] = Field(default=(), description="any of these kinds")
    role_family: Choices = Field(default=(), description="any of these kinds of work")
    work_model: tuple[WorkModel, ...] = Field(
        default=(), description="any of these; unstated: the board does not say"
    )
    place: Text = Field(
        default="",
        description="words that one place of the listing contains, such as a city or country",
    )
    country: Annotated[tuple[Country, ...], Field(max_length=50)] = Field(
        default=(), description="any of these countries, as ISO codes such as IN"
    )
    city: Choices = Field(default=(), description="any of these cities, in any letter case")
    skill: Choices = Field(default=(), description="all of these skills, in any letter case")
    paid: tuple[Paid, ...] = Field(
        default=(), description="any of these; unstated: the listing names no pay"
    )
    pay_at_least: PayFloor | None = Field(
        default=None,
        description="a month's pay, such as 15000 INR or 1000 USD, that the lower end of the stated"
        " pay reaches; unstated pay is left out",
    )
    graduation_year: Annotated[int, Field(ge=2000, le=2100)] | None = Field(
        default=None, description="leaves out listings that name other years of graduation only"
    )
    degree: Choices = Field(
        default=(), description="leaves out listings that name other degrees only"
    )
    term: Choices = Field(default=(), description="any of these terms, such as Summer 2027")
    sponsorship: Sponsorship | None = Field(
        default=None,
        description="offered: the listing offers to sponsor a visa; not_refused: leaves out"
        " listings that say they do not",
    )
    trust: TrustLevel = Field(
        default="check",
        description="the worst that is shown; avoid: also listings with signs of a fee or a fake",
    )
    platform: Choices = Field(default=(), description="shown on any of these job platforms")
    company: Choices = Field(
        default=(), description="any of these companies, spelled as the listing spells it"
    )
    status: Status = Field(default="open", description="whether the listing is still on its board")
    include_ghosts: bool = Field(
        default=False, description="also listings that stay up or come again without end"
    )
    deadline_within_days: Days | None = Field(
        default=None, description="its deadline is from today on, at most so many days away"
    )
    posted_within_days: Days | None = Field(
        default=None, description="posted by the board's own date; undated ones are left out"
    )
    seen_within_days: Days | None = Field(default=None, description="first seen by a crawl")
    new_since: AwareDatetime | None = Field(
        default=None, description="first seen after this moment, such as 2026-06-01T00:00:00Z"
    )


PAY_STATED = (
    "case when l.is_unpaid then 'unpaid' when l.pay_quote is null then 'unstated' else 'paid' end"
)
# Postgres would compare letter case too.
HAS_ANY = (
    "array(select lower(v) from unnest({column}) as v)"
    " && array(select lower(v) from unnest({values}::text[]) as v)"
)
TODAY = "(%(now)s::timestamptz at time zone 'UTC')::date"


def _has_any(column: str, field: str) -> str:
    return HAS_ANY.format(column=column, values=f"%({field})s")


# One condition for each field of ListingFilters, used when it is set; its parameter is named as it.
CONDITIONS: Mapping[str, sql.SQL] = {
    field: sql.SQL(condition)
    for field, condition in {
        "text": "not exists (select from unnest(%(text)s::text[]) as word"
        " where not (l.title ~* word or l.company ~* word or l.description_text ~* word))",
        "kind": "l.kind = any(%(kind)s)",
        "role_family": "l.role_family = any(%(role_family)s)",
        "work_model": "coalesce(l.work_model, 'unstated') = any(%(work_model)s)",
        "place": "exists (select from unnest(l.places) as place"
        " where (select bool_and(place ~* word) from unnest(%(place)s::text[]) as word))",
        "country": "l.countries && %(country)s::text[]",
        "city": _has_any("l.cities", "city"),
        "skill": "array(select lower(s) from unnest(l.skills) as s)"
        " @> array(select lower(s) from unnest(%(skill)s::text[]) as s)",
        "paid": f"{PAY_STATED} = any(%(paid)s)",
        "pay_at_least": "case split_part(%(pay_at_least)s, ' ', 2)"
        " when 'INR' then coalesce(l.pay_inr_month_min, l.pay_inr_month_max)"
        " else coalesce(l.pay_usd_month_min, l.pay_usd_month_max) end"
        " >= split_part(%(pay_at_least)s, ' ', 1)::numeric",
        "graduation_year": "(coalesce(cardinality(l.graduation_years), 0) = 0"
        " or %(graduation_year)s = any(l.graduation_years))",
        "degree": f"(coalesce(cardinality(l.degrees), 0) = 0 or {_has_any('l.degrees', 'degree')})",
        "term": _has_any("l.terms", "term"),
        "sponsorship": "case %(sponsorship)s::text when 'offered' then l.sponsorship = 'offered'"
        " else l.sponsorship is distinct from 'not_offered' end",
        "trust": f"array_position(array{list(TRUST_LEVELS)}, coalesce(l.trust_level, 'no_concern'))"
        f" <= array_position(array{list(TRUST_LEVELS)}, %(trust)s::text)",
        "platform": "(l.platform = any(%(platform)s) or exists (select from marts.listing_sources s"
        " where s.listing_id = l.posting_id and s.platform = any(%(platform)s)))",
        "company": "l.company = any(%(company)s)",
        "status": "(%(status)s::text = 'any' or l.is_open = (%(status)s::text = 'open'))",
        "include_ghosts": "(%(include_ghosts)s or l.is_ghost is not true)",
        "deadline_within_days": f"l.apply_by between {TODAY}"
        f" and {TODAY} + %(deadline_within_days)s::int",
        "posted_within_days": "l.posted_at >= %(now)s::timestamptz"
        " - make_interval(days => %(posted_within_days)s)",
        "seen_within_days": "l.first_seen_at >= %(now)s::timestamptz"
        " - make_interval(days => %(seen_within_days)s)",
        "new_since": "l.first_seen_at > %(new_since)s",
    }.items()
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
    values = {
        field: list(value) if isinstance(value, tuple) else value
        for field, value in chosen.items()
        if value or isinstance(value, bool)
    }
    return sql.SQL(" and ").join(CONDITIONS[field] for field in values), {**values, "now": now}


def restrict_filters(query: ListingFilters) -> ListingFilters:
    """The filters alone of what also says which part of the result, or in which order."""
    return ListingFilters.model_validate(
        {field: getattr(query, field) for field in ListingFilters.model_fields}
    )
