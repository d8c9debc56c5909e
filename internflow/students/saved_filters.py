"""Filters that a student saved by name: each has feeds behind a token, and a daily digest if wanted."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb
from pydantic import ValidationError

from internflow.errors import ContractViolation, UserInputError
from internflow.listings.filters import ListingFilters
from internflow.warehouse.connections import Connection

LONGEST_NAME = 80
MOST_SAVED = 50
TOKEN_BYTES = 32  # 256 bits: nobody guesses one


@dataclass(frozen=True)
class SavedFilter:
    """`token` opens the feeds to whoever knows it; what was first seen after `newest_at` is new to a digest."""

    saved_id: str
    name: str
    filters: ListingFilters
    token: str
    digest_enabled: bool
    newest_at: datetime | None


@dataclass(frozen=True)
class DueDigest:
    """A saved filter of a student who wants its digest and got none today."""

    saved_id: str
    student_id: str
    name: str
    email: str
    filters: ListingFilters
    newest_at: datetime | None


def save_filter(
    connection: Connection,
    student_id: str,
    name: str,
    filters: ListingFilters,
    *,
    now: datetime,
    newest_at: datetime | None,
) -> None:
    """Save the filters under a name, in place of those that had it; links and digest stay as they are.

    `newest_at`: the first digest tells what was first seen after it. Raises UserInputError for a bad name.
    """
    own_name = _parse_name(name)
    row = connection.execute(
        "select count(*) as n from app.saved_filters where name <> %s", (own_name,)
    ).fetchone()
    if row and row["n"] >= MOST_SAVED:
        raise UserInputError(f"You saved {row['n']} filters: delete one before you save another.")
    connection.execute(
        "insert into app.saved_filters"
        " (student_id, name, filters, token, created_at, digest_newest_at)"
        " values (%s, %s, %s, %s, %s, %s)"
        " on conflict (student_id, name) do update set filters = excluded.filters",
        (
            student_id,
            own_name,
            Jsonb(filters.model_dump(mode="json", exclude_defaults=True)),
            secrets.token_urlsafe(TOKEN_BYTES),
            now,
            newest_at,
        ),
    )


def read_saved_filters(connection: Connection) -> list[SavedFilter]:
    """The filters of the connection's student, by name."""
    rows = connection.execute(
        "select id::text, name, filters, token, digest_enabled, digest_newest_at"
        " from app.saved_filters order by name"
    ).fetchall()
    return [
        SavedFilter(
            row["id"],
            row["name"],
            _parse_filters(row["name"], row["filters"]),
            row["token"],
            row["digest_enabled"],
            row["digest_newest_at"],
        )
        for row in rows
    ]


def delete_filter(connection: Connection, saved_id: str) -> None:
    """Forget a filter of the connection's student: its links answer no more."""
    connection.execute("delete from app.saved_filters where id = %s", (saved_id,))


def set_digest(connection: Connection, saved_id: str, *, is_enabled: bool) -> None:
    """Turn the daily digest of a filter of the connection's student on or off."""
    connection.execute(
        "update app.saved_filters set digest_enabled = %s where id = %s", (is_enabled, saved_id)
    )


def find_by_token(connection: Connection, token: str) -> tuple[str, ListingFilters] | None:
    """Name and filters behind a token, whosever they are; None for a token that nobody has."""
    if "\x00" in token:
        return None
    row = connection.execute(
        "select name, filters from app.find_saved_filter(%s)", (token,)
    ).fetchone()
    return (row["name"], _parse_filters(row["name"], row["filters"])) if row else None


def find_due_ids(connection: Connection, now: datetime) -> list[str]:
    """The filters whose digest may be sent today (UTC): at most one a day each."""
    rows = connection.execute(
        "select id::text from app.saved_filters where digest_enabled and"
        " coalesce((last_digest_at at time zone 'UTC')::date"
        " < (%s::timestamptz at time zone 'UTC')::date, true)"
        " order by created_at, id",
        (now,),
    ).fetchall()
    return [row["id"] for row in rows]


def claim_digest(connection: Connection, saved_id: str, now: datetime) -> DueDigest | None:
    """Lock a due filter until the end of the transaction; None when another process was faster."""
    row = connection.execute(
        "select saved.id::text, saved.student_id::text, saved.name, saved.filters,"
        " saved.digest_newest_at, students.email from app.saved_filters saved"
        " join app.students students using (student_id)"
        " where saved.id = %(id)s and saved.digest_enabled and"
        " coalesce((saved.last_digest_at at time zone 'UTC')::date"
        " < (%(now)s::timestamptz at time zone 'UTC')::date, true)"
        " for update of saved skip locked",
        {"id": saved_id, "now": now},
    ).fetchone()
    if row is None:
        return None
    return DueDigest(
        row["id"],
        row["student_id"],
        row["name"],
        row["email"],
        _parse_filters(row["name"], row["filters"]),
        row["digest_newest_at"],
    )


def note_digest(
    connection: Connection, saved_id: str, now: datetime, newest_at: datetime | None
) -> None:
    """Note that the digest was sent and up to which first sighting."""
    connection.execute(
        "update app.saved_filters set last_digest_at = %s, digest_newest_at = %s where id = %s",
        (now, newest_at, saved_id),
    )


def _parse_name(name: str) -> str:
    own_name = " ".join(name.split())
    if not own_name or len(own_name) > LONGEST_NAME or not own_name.isprintable():
        raise UserInputError(
            f"The name {own_name[:40]!r} cannot be used: type 1 to {LONGEST_NAME} visible characters."
        )
    return own_name


def _parse_filters(name: str, stored: Any) -> ListingFilters:
    """A filter that this version cannot apply is refused whole: without a part it would show too much."""
    try:
        return ListingFilters.model_validate(stored)
    except ValidationError as error:
        fields = ", ".join(str(e["loc"][0]) for e in error.errors() if e["loc"])
        raise ContractViolation(
            f"A saved filter ({name})", fields, "these cannot be applied; save it anew."
        ) from None
