"""Digests of saved filters: what is new for each, printed on a terminal or sent by SMTP, at most once a day."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage

import structlog

from internflow.errors import ConfigError, SourceUnavailable
from internflow.listings.browsing import Listing, find_newest_sighting, find_public_listings
from internflow.listings.digest import build_digest, build_message, render_markdown
from internflow.listings.filters import ListingFilters
from internflow.settings import Settings
from internflow.students.saved_filters import (
    claim_digest,
    find_due_ids,
    note_digest,
    read_saved_filters,
)
from internflow.warehouse.connections import Connection, as_student

logger = structlog.get_logger("internflow.digest")

MOST_NEW = 1000
SMTP_SECONDS = 30


def find_new(
    connection: Connection, filters: ListingFilters, newest_at: datetime | None, now: datetime
) -> tuple[Listing, ...]:
    """The open listings that fit and were first seen after `newest_at`, newest first."""
    since = max(filter(None, (newest_at, filters.new_since)), default=None)
    asked = filters.model_copy(update={"new_since": since})
    page = find_public_listings(connection, asked, now=now, limit=MOST_NEW, order="seen")
    return page.listings


def write_digests(connection: Connection, student_id: str, now: datetime) -> dict[str, str]:
    """Name of each saved filter of a student -> what is new for it, as Markdown. Sends and notes nothing."""
    with as_student(connection, student_id):
        return {
            saved.name: render_markdown(
                build_digest(
                    saved.filters, find_new(connection, saved.filters, saved.newest_at, now), now
                )
            )
            for saved in read_saved_filters(connection)
        }


def find_due_digests(settings: Settings, connection: Connection, now: datetime) -> list[str]:
    """The ids of the saved filters whose digest is due; none while no mail server is set."""
    if settings.smtp_host is None:
        logger.info("digests_skipped", reason="INTERNFLOW_SMTP_HOST is not set")
        return []
    return find_due_ids(connection, now)


def send_due_digests(settings: Settings, connection: Connection, now: datetime) -> int:
    """Send every digest that is due; how many were sent. Raises as `send_digest` does, ConfigError without a server."""
    if settings.smtp_host is None:
        raise ConfigError("No mail server is set: set INTERNFLOW_SMTP_HOST.")
    due = find_due_digests(settings, connection, now)
    connection.commit()
    return sum(send_digest(settings, connection, saved_id, now) for saved_id in due)


def send_digest(settings: Settings, connection: Connection, saved_id: str, now: datetime) -> bool:
    """Send what is new for one saved filter and note it; False when nothing is new or it was sent already.

    The filter stays locked until it is noted, so that two processes never send the same digest. Raises ConfigError,
    SourceUnavailable as `send_message` does; then nothing is noted.
    """
    with connection.transaction():
        due = claim_digest(connection, saved_id, now)
        if due is None:
            return False
        newest_at = find_newest_sighting(connection)
        found = find_new(connection, due.filters, due.newest_at, now)
        if not found:
            return False
        message = build_message(
            build_digest(due.filters, found, now),
            name=due.name,
            sender=require_sender(settings),
            recipient=due.email,
            now=now,
        )
        note_digest(connection, saved_id, now, newest_at)
        send_message(settings, message)
    logger.info("digest_sent", saved_id=saved_id, listing_count=len(found))
    return True


def require_sender(settings: Settings) -> str:
    """The address that digests come from. Raises ConfigError without one."""
    if not settings.smtp_from:
        raise ConfigError("Digests have no sender: set INTERNFLOW_SMTP_FROM to an e-mail address.")
    return settings.smtp_from


def send_message(settings: Settings, message: EmailMessage) -> None:
    """Hand one mail to the server of the settings.

    Raises ConfigError when the settings or the login are refused, SourceUnavailable when trying later may help.
    """
    try:
        with _open_server(settings) as server:
            server.send_message(message)
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
        raise ConfigError(
            f"The mail server {settings.smtp_host}:{settings.smtp_port} refuses the login or the encryption"
            f" ({type(error).__name__}): check INTERNFLOW_SMTP_USER, _PASSWORD and _SECURITY."
        ) from None
    except (smtplib.SMTPException, OSError) as error:
        raise SourceUnavailable(
            f"The mail server {settings.smtp_host}:{settings.smtp_port} did not take the mail"
            f" ({type(error).__name__}): the next run tries again."
        ) from None


@contextmanager
def _open_server(settings: Settings) -> Iterator[smtplib.SMTP]:
    if settings.smtp_host is None:
        raise ConfigError("No mail server is set: set INTERNFLOW_SMTP_HOST.")
    context = ssl.create_default_context()
    address = (settings.smtp_host, settings.smtp_port)
    with (
        smtplib.SMTP_SSL(*address, timeout=SMTP_SECONDS, context=context)
        if settings.smtp_security == "tls"
        else smtplib.SMTP(*address, timeout=SMTP_SECONDS)
    ) as server:
        if settings.smtp_security == "starttls":
            server.starttls(context=context)
        if settings.smtp_user and settings.smtp_password:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        yield server
