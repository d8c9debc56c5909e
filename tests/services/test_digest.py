"""Digests through a real mail server on this machine."""

import ssl
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default as default_policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from flows.send_digests import send_digests
from internflow.cli import main
from internflow.errors import ConfigError, InternflowError, SourceUnavailable
from internflow.listings.filters import ListingFilters
from internflow.services.digest import find_due_digests, send_digest
from internflow.services.environment import find_port
from internflow.settings import Settings, read_settings
from internflow.students.accounts import register_student
from internflow.students.current import write_current_student
from internflow.students.saved_filters import read_saved_filters, save_filter, set_digest
from internflow.warehouse.connections import as_student, connect

NOW = datetime(2026, 6, 1, 1, 30, tzinfo=UTC)
DAY = timedelta(days=1)
COLUMNS = """
    posting_id text, platform text, board text, requisition_id text, company text, department text, title text,
    url text, places text[], resolved_places jsonb, countries text[], cities text[], work_model text,
    employment_type text, kind text, kind_words text[], role_family text, skills text[], description_html text,
    description_text text, pay_text text, pay_quote text, pay_inr_month_min numeric, pay_inr_month_max numeric,
    pay_usd_month_min numeric, pay_usd_month_max numeric, graduation_years int[], degrees text[], terms text[],
    sponsorship text, citizenship text, eligibility_quotes jsonb, trust_level text, trust_flags jsonb,
    date_kind text, source_count int, repost_count int, is_unpaid boolean, is_open boolean, is_ghost boolean,
    apply_by date, posted_at timestamptz, first_seen_at timestamptz, last_seen_at timestamptz, closed_at timestamptz
"""


class Mailbox:
    """Keeps what is handed in, and refuses a recipient that the test names."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.refused = ""

    async def handle_RCPT(  # noqa: N802 (the server's own name for it)
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if address == self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 (the server's own name for it)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.envelopes.append(envelope)
        return "250 OK"

    @property
    def messages(self) -> list[Any]:
        return [
            message_from_bytes(envelope.original_content or b"", policy=default_policy)
            for envelope in self.envelopes
        ]


def check_login(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
) -> AuthResult:
    is_right = isinstance(data, LoginPassword) and data == LoginPassword(b"internflow", b"secret")
    return AuthResult(success=is_right, handled=is_right)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 with its key in one file."""
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


@pytest.fixture
def mailbox(
    settings: Settings, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Mailbox]:
    """A mail server that wants encryption and a login, and the settings to reach it."""
    box = Mailbox()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    server = Controller(
        box, hostname="127.0.0.1", port=find_port(2525), tls_context=context, require_starttls=True,
        authenticator=check_login, auth_required=True,
    )  # fmt: skip
    server.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    for name, value in {
        "HOST": "127.0.0.1", "PORT": str(server.port), "USER": "internflow", "PASSWORD": "secret",
        "FROM": "internflow@college.example",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"INTERNFLOW_SMTP_{name}", value)
    read_settings.cache_clear()
    yield box
    server.stop()


@pytest.fixture
def student_id(settings: Settings) -> str:
    """Asha saved a filter yesterday and wants its digest; one listing was there already."""
    with connect(settings, "owner") as connection:
        connection.execute(f"create table marts.listings ({COLUMNS})")
        connection.execute("create view marts.listing_sources as select posting_id, posting_id as listing_id,"
                           " platform from marts.listings")  # fmt: skip
        connection.execute(
            "grant select on all tables in schema marts to internflow_pipeline, internflow_app"
        )
    add_listing(settings, "old", NOW - 2 * DAY)
    return subscribe(settings, "asha", "Data in India")


def subscribe(settings: Settings, name: str, filter_name: str) -> str:
    with connect(settings, "app") as connection:
        student_id = register_student(connection, name, f"{name}@example.org", []).student_id
        with as_student(connection, student_id):
            save_filter(
                connection, student_id, filter_name, ListingFilters(country=("IN",)), now=NOW - DAY,
                newest_at=NOW - 2 * DAY,
            )  # fmt: skip
            (saved,) = read_saved_filters(connection)
            set_digest(connection, saved.saved_id, is_enabled=True)
    return student_id


def add_listing(
    settings: Settings, posting_id: str, first_seen_at: datetime, country: str = "IN"
) -> None:
    values = {
        "posting_id": posting_id, "platform": "ashby", "board": "b", "company": "Orbit",
        "title": f"Intern {posting_id}",
        "url": "https://jobs.example/1", "places": [], "countries": [country], "kind": "internship", "kind_words": [],
        "skills": [], "description_html": "", "description_text": "", "date_kind": "none", "is_open": True,
        "first_seen_at": first_seen_at, "last_seen_at": first_seen_at,
    }  # fmt: skip
    with connect(settings, "owner") as connection:
        connection.execute(
            f"insert into marts.listings ({', '.join(values)}) values ({', '.join(['%s'] * len(values))})".encode(),
            list(values.values()),
        )


def send_due(now: datetime) -> list[bool]:
    settings = read_settings()
    with connect(settings, "pipeline") as connection:
        due = find_due_digests(settings, connection, now)
        return [send_digest(settings, connection, saved_id, now) for saved_id in due]


def test_digest_arrives_encrypted_with_what_is_new(
    settings: Settings, mailbox: Mailbox, student_id: str
) -> None:
    add_listing(settings, "new", NOW - timedelta(hours=3))
    add_listing(settings, "elsewhere", NOW - timedelta(hours=3), country="US")
    assert send_due(NOW) == [True]
    (envelope,), (message,) = mailbox.envelopes, mailbox.messages
    assert envelope.rcpt_tos == ["asha@example.org"]
    assert envelope.mail_from == "internflow@college.example"
    assert message["Subject"] == "Data in India: 1 new listing, 01 Jun 2026"
    text = message.get_body(("plain",)).get_content()
    assert "Intern new, Orbit" in text
    assert "Intern old" not in text
    assert "Intern elsewhere" not in text


def test_digest_is_sent_at_most_once_a_day_and_never_tells_twice(
    settings: Settings, mailbox: Mailbox, student_id: str
) -> None:
    add_listing(settings, "first", NOW - timedelta(hours=3))
    assert send_due(NOW) == [True]
    add_listing(settings, "second", NOW - timedelta(hours=1))
    assert send_due(NOW + timedelta(hours=20)) == []
    assert send_due(NOW + DAY) == [True]
    assert send_due(NOW + 2 * DAY) == [False]
    texts = [message.get_body(("plain",)).get_content() for message in mailbox.messages]
    assert [["first" in text, "second" in text] for text in texts] == [[True, False], [False, True]]


def test_listing_that_is_shown_only_after_the_digest_is_told_by_the_next(
    settings: Settings, mailbox: Mailbox, student_id: str
) -> None:
    """A crawl's listings were first seen when it began, and are shown when the warehouse is built."""
    add_listing(settings, "early", NOW - timedelta(hours=3))
    assert send_due(NOW) == [True]
    add_listing(settings, "late", NOW - timedelta(minutes=30))
    assert send_due(NOW + DAY) == [True]
    assert "Intern late" in mailbox.messages[1].get_body(("plain",)).get_content()


def test_nothing_new_is_no_mail(settings: Settings, mailbox: Mailbox, student_id: str) -> None:
    assert send_due(NOW) == [False]
    assert mailbox.envelopes == []


def test_digest_that_is_not_wanted_is_not_sent(
    settings: Settings, mailbox: Mailbox, student_id: str
) -> None:
    add_listing(settings, "new", NOW)
    with connect(settings, "app") as connection, as_student(connection, student_id):
        (saved,) = read_saved_filters(connection)
        set_digest(connection, saved.saved_id, is_enabled=False)
    assert send_due(NOW) == []


def test_without_a_mail_server_nothing_is_due(settings: Settings, student_id: str) -> None:
    assert send_due(NOW) == []


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"SMTP_PASSWORD": "wrong"}, ConfigError),
        ({"SMTP_SECURITY": "none"}, InternflowError),
        ({"SMTP_PORT": "1"}, SourceUnavailable),
        ({"SMTP_FROM": ""}, ConfigError),
    ],
)
def test_digest_that_cannot_be_sent_stays_due(
    settings: Settings, mailbox: Mailbox, student_id: str, monkeypatch: pytest.MonkeyPatch,
    change: dict[str, str], error: type[InternflowError],
) -> None:  # fmt: skip
    add_listing(settings, "new", NOW)
    with monkeypatch.context() as changed:
        for name, value in change.items():
            changed.setenv(f"INTERNFLOW_{name}", value)
        read_settings.cache_clear()
        with pytest.raises(error) as raised:
            send_due(NOW)
        assert "secret" not in str(raised.value)
        assert "asha" not in str(raised.value)
    read_settings.cache_clear()
    assert send_due(NOW) == [True]


def test_server_that_is_not_whom_it_says_gets_no_password(
    settings: Settings, mailbox: Mailbox, student_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_listing(settings, "new", NOW)
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(SourceUnavailable):
        send_due(NOW)
    assert mailbox.envelopes == []


def test_flow_sends_the_others_when_one_fails_and_ends_failed(
    prefect_server: None, settings: Settings, mailbox: Mailbox, student_id: str
) -> None:
    subscribe(settings, "ravi", "Mine")
    add_listing(settings, "new", NOW)
    mailbox.refused = "asha@example.org"
    with pytest.raises(InternflowError, match="1 of 2 digests"):
        send_digests(NOW)
    assert [envelope.rcpt_tos for envelope in mailbox.envelopes] == [["ravi@example.org"]]
    mailbox.refused = ""
    assert send_digests(NOW) == 1


def test_digest_on_the_terminal_is_markdown_and_stays_new(
    settings: Settings, student_id: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    add_listing(settings, "new", NOW - timedelta(hours=3))
    write_current_student(settings, student_id)
    monkeypatch.setattr(sys, "argv", ["internflow", "digest"])
    for _time in range(2):
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 0
        said = capsys.readouterr().out
        assert said.startswith("Data in India\n\n# 1 new listing, ")
        assert "## Intern new, Orbit" in said


def test_digests_are_sent_from_the_terminal(
    settings: Settings, mailbox: Mailbox, student_id: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    add_listing(settings, "new", NOW)
    monkeypatch.setattr(sys, "argv", ["internflow", "digest", "--send"])
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().out == "Digests sent: 1.\n"
    assert len(mailbox.envelopes) == 1
