import json
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from fastapi.testclient import TestClient
from icalendar import Calendar

from internflow.api.app import create_app
from internflow.api.feeds import is_known
from internflow.errors import UserInputError
from internflow.listings.filters import ListingFilters
from internflow.settings import Settings
from internflow.students.saved_filters import (
    SavedFilter,
    delete_filter,
    read_saved_filters,
    save_filter,
)
from internflow.warehouse.connections import as_student, connect
from tests.dashboards.seeding import ADA, BOB

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
NOWHERE = Settings.model_validate({"database_url": "postgresql://nobody@127.0.0.1:1/none"})
GERMAN = ListingFilters(kind=("internship",), country=("DE",), skill=("Go",))


@pytest.fixture
def saved(settings: Settings) -> SavedFilter:
    """A filter that Ada saved."""
    with connect(settings, "app") as connection, as_student(connection, ADA):
        save_filter(connection, ADA, "Go in Germany", GERMAN, now=NOW, newest_at=None)
        (stored,) = read_saved_filters(connection)
    return stored


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_feed_holds_what_the_filters_show_newest_first(client: TestClient, form: str) -> None:
    answer = client.get(f"/feeds/listings.{form}?kind=internship&country=DE")
    assert answer.headers["content-type"] == f"application/{form}+xml; charset=utf-8"
    read = feedparser.parse(answer.content)
    assert not read.bozo
    listed = client.get("/listings?kind=internship&country=DE&limit=100").json()
    ids = [f"urn:internflow:listing:{listing['posting_id']}" for listing in listed["listings"]]
    assert sorted(entry.id for entry in read.entries) == sorted(ids)
    moments = [entry.published_parsed for entry in read.entries]
    assert moments == sorted(moments, reverse=True)


def test_json_feed_names_its_own_address(client: TestClient) -> None:
    answer = client.get("/feeds/listings.json?text=engineering")
    assert answer.headers["content-type"] == "application/feed+json; charset=utf-8"
    assert answer.json()["feed_url"].endswith("/feeds/listings.json?text=engineering")
    assert len(answer.json()["items"]) == 24


def test_deadlines_are_whole_days_from_today_on(client: TestClient) -> None:
    read = Calendar.from_ical(client.get("/feeds/deadlines.ics").content)
    days = [event.decoded("DTSTART") for event in read.walk("VEVENT")]
    today = datetime.now(UTC).date()
    assert days == [today + timedelta(days=number) for number in range(1, 6)]
    few = Calendar.from_ical(client.get("/feeds/deadlines.ics?deadline_within_days=2").content)
    assert len(few.walk("VEVENT")) == 2


def test_what_to_avoid_and_ghosts_stay_out_unless_asked_for(client: TestClient) -> None:
    for query, title, is_there in (
        ("", "Intern with a fee", False), ("?trust=avoid", "Intern with a fee", True),
        ("", "Eternal Intern", False), ("?include_ghosts=true", "Eternal Intern", True),
    ):  # fmt: skip
        items = client.get(f"/feeds/listings.json{query}").json()["items"]
        assert any(title in item["title"] for item in items) == is_there, (query, title)


@pytest.mark.parametrize("path", ["/feeds/listings.rss", "/feeds/deadlines.ics"])
@pytest.mark.parametrize(
    "query",
    ["salary=9000", "kind=job", "limit=5", "cursor=x", "pay_at_least=lots", "country=India"],
)
def test_parameter_that_cannot_be_applied_is_refused_by_name(path: str, query: str) -> None:
    with TestClient(create_app(NOWHERE)) as client:
        answer = client.get(f"{path}?{query}")
    assert answer.status_code == 422
    assert query.split("=", maxsplit=1)[0] in answer.json()["error"]


def test_unknown_form_is_refused() -> None:
    with TestClient(create_app(NOWHERE)) as client:
        assert client.get("/feeds/listings.exe").status_code == 422
        assert client.get("/feeds/nothing.rss").status_code == 404


@pytest.mark.parametrize(
    "path", ["/feeds/listings.rss", "/feeds/listings.atom", "/feeds/listings.json", "/feeds/deadlines.ics"]
)  # fmt: skip
def test_reader_that_has_the_feed_gets_304_without_it(client: TestClient, path: str) -> None:
    first = client.get(path)
    assert first.status_code == 200
    for condition in (
        {"If-None-Match": first.headers["etag"]},
        {"If-None-Match": f'"other", W/{first.headers["etag"]}'},
        {"If-Modified-Since": first.headers["last-modified"]},
        {"If-None-Match": first.headers["etag"], "If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
    ):  # fmt: skip
        again = client.get(path, headers=condition)
        assert again.status_code == 304, condition
        assert again.content == b""
        assert again.headers["etag"] == first.headers["etag"]
    for condition in (
        {"If-None-Match": '"other"'},
        {"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
        {"If-None-Match": '"other"', "If-Modified-Since": first.headers["last-modified"]},
    ):
        assert client.get(path, headers=condition).status_code == 200, condition


def test_other_listings_have_another_tag(client: TestClient, settings: Settings) -> None:
    """A listing that goes changes the feed as one that comes does."""
    tag = client.get("/feeds/listings.json").headers["etag"]
    other = client.get("/feeds/listings.json?status=any").headers["etag"]
    assert tag != other


def test_a_date_without_a_zone_counts_as_utc() -> None:
    moment = datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert is_known({"if-modified-since": "Mon, 01 Jun 2026 12:00:00 -0000"}, '"x"', moment)
    assert not is_known({"if-modified-since": "Mon, 01 Jun 2026 11:59:59 GMT"}, '"x"', moment)


def test_saved_filter_is_followed_by_its_token_in_every_form(
    client: TestClient, saved: SavedFilter
) -> None:
    expected = client.get("/listings?kind=internship&country=DE&skill=Go").json()["total_count"]
    assert expected == 4
    for form in ("rss", "atom"):
        read = feedparser.parse(client.get(f"/feeds/saved/{saved.token}.{form}").content)
        assert read.feed.title == "InternFlow: Go in Germany"
        assert len(read.entries) == expected
    items = json.loads(client.get(f"/feeds/saved/{saved.token}.json").content)["items"]
    assert len(items) == expected
    events = Calendar.from_ical(client.get(f"/feeds/saved/{saved.token}.ics").content)
    assert [event["UID"] for event in events.walk("VEVENT")] == ["ashby:orbit:3@internflow"]


def test_token_that_nobody_has_answers_404(
    client: TestClient, settings: Settings, saved: SavedFilter
) -> None:
    for token in ("x", saved.token[:-1], saved.token.upper(), "%", "a%00b", "' or true --"):
        answer = client.get(f"/feeds/saved/{token}.rss")
        assert answer.status_code == 404, token
    with connect(settings, "app") as connection, as_student(connection, ADA):
        delete_filter(connection, saved.saved_id)
    assert client.get(f"/feeds/saved/{saved.token}.rss").status_code == 404


def test_saved_filter_that_this_version_cannot_apply_is_refused_whole(
    client: TestClient, settings: Settings, saved: SavedFilter
) -> None:
    with connect(settings, "owner") as connection:
        connection.execute("""update app.saved_filters set filters = '{"salary": 9000}'""")
    answer = client.get(f"/feeds/saved/{saved.token}.rss")
    assert answer.status_code == 503
    assert "salary" in answer.json()["error"]


def test_feeds_of_filters_name_no_student(client: TestClient, saved: SavedFilter) -> None:
    said = client.get(f"/feeds/saved/{saved.token}.json").text
    for private in ("Ada", "ada@example.org", ADA, "match", saved.token * 2):
        assert private not in said


def test_saving_under_the_same_name_keeps_the_links(settings: Settings, saved: SavedFilter) -> None:
    with connect(settings, "app") as connection, as_student(connection, ADA):
        save_filter(connection, ADA, " Go  in Germany", ListingFilters(), now=NOW, newest_at=None)
        (again,) = read_saved_filters(connection)
        assert again.token == saved.token
        assert again.filters == ListingFilters()
        for name in ("", " ", "x" * 81, "a\x00b"):
            with pytest.raises(UserInputError, match="name"):
                save_filter(connection, ADA, name, GERMAN, now=NOW, newest_at=None)


def test_tokens_are_long_and_differ(settings: Settings) -> None:
    with connect(settings, "app") as connection, as_student(connection, ADA):
        for number in range(50):
            save_filter(connection, ADA, f"f{number}", GERMAN, now=NOW, newest_at=None)
        tokens = {stored.token for stored in read_saved_filters(connection)}
        assert len(tokens) == 50
        assert min(map(len, tokens)) >= 43
        with pytest.raises(UserInputError, match="delete one"):
            save_filter(connection, ADA, "one more", GERMAN, now=NOW, newest_at=None)


def test_another_student_sees_and_changes_no_saved_filter(
    settings: Settings, saved: SavedFilter
) -> None:
    with connect(settings, "app") as connection:
        assert read_saved_filters(connection) == []
        with as_student(connection, BOB):
            assert read_saved_filters(connection) == []
            delete_filter(connection, saved.saved_id)
    with connect(settings, "app") as connection, as_student(connection, ADA):
        assert read_saved_filters(connection) == [saved]
