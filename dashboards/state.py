"""Who looks, through which connection, and what the address of the page says.

Nothing here is shared between students: module-level values are constants.
"""

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from urllib.parse import urljoin

import streamlit as st
from pydantic import Field, ValidationError

from internflow.errors import UserInputError
from internflow.listings.browsing import Order, find_newest_sighting
from internflow.listings.filters import KINDS, ListingFilters
from internflow.logs import configure_logs
from internflow.settings import read_settings
from internflow.students.current import read_current_student
from internflow.students.visits import note_visit
from internflow.warehouse.connections import Connection, read_as

LISTING = "listing"  # the address parameter of an opened listing; the others are filters
KEYS = {
    name: f"listings.{name}" for name in (*ListingFilters.model_fields, "sort", "page")
}  # address parameter -> widget


class ListingQuery(ListingFilters):
    """What the address of the listings page may say."""

    sort: Order = "newest"
    page: int = Field(default=1, ge=1, le=100_000)


MANY = {name for name, f in ListingQuery.model_fields.items() if isinstance(f.default, tuple)}


@st.cache_resource
def prepare_process() -> None:
    """Send the logs of this process where all services send theirs, once."""
    configure_logs(read_settings(), "app")


def note_page(title: str) -> None:
    """Remember which page this run shows, so that the page can tell that somebody came to it."""
    st.session_state["app.is_new_page"] = st.session_state.get("app.page") != title
    st.session_state["app.page"] = title


def read_student_id() -> str | None:
    """The student whose rows this session shows: the one of this laptop."""
    return read_current_student(read_settings())


def open_student(student_id: str | None) -> AbstractContextManager[Connection]:
    """A connection that shows the rows of one student, or nobody's. Raises ConfigError."""
    return read_as(read_settings(), student_id)


def find_last_visit(student_id: str | None) -> datetime | None:
    """Since when a listing is new to the student, noted once in each session; None without a last visit."""
    if student_id is None:
        return None
    key = f"listings.last_visit.{student_id}"
    if key not in st.session_state:
        with open_student(student_id) as connection:
            newest_at = find_newest_sighting(connection)
            st.session_state[key] = note_visit(connection, student_id, datetime.now(UTC), newest_at)
    moment: datetime | None = st.session_state[key]
    return moment


def find_api_url() -> str:
    """Where the reader's browser reaches the API: the setting may be a path beside the pages."""
    settings = read_settings()
    if settings.api_url is None:
        return f"http://127.0.0.1:{settings.api_port}"
    return urljoin(st.context.url or "", settings.api_url).rstrip("/")


def read_address() -> dict[str, list[str]]:
    """The filters in the address of the page."""
    return {name: st.query_params.get_all(name) for name in st.query_params if name != LISTING}


def parse_address(address: dict[str, list[str]]) -> ListingQuery:
    """Raises UserInputError that names what cannot be applied."""
    known = ListingQuery.model_fields.keys()
    try:
        return ListingQuery.model_validate(
            {
                name: values[-1] if name in known - MANY else values
                for name, values in address.items()
            }
        )
    except ValidationError as error:
        wrong = error.errors()[0]
        name, problem = str(wrong["loc"][0]), wrong["msg"]
        if wrong["type"] == "extra_forbidden":
            problem = "there is no such filter"
        raise UserInputError(
            f"The address of this page asks for {name} = {', '.join(address[name])[:60]!r},"
            f" which cannot be applied: {problem[:1].lower()}{problem[1:]}."
        ) from None


def seed_listing_widgets(*, has_matches: bool) -> None:
    """Give the filters the values of the address when it changed by other means than the filters.

    A first visit starts with internships; coming back from another page keeps the filters.
    Raises UserInputError as `parse_address` does.
    """
    address = read_address()
    if address == st.session_state.get("listings.address"):
        return
    is_return = st.session_state["app.is_new_page"] and "listings.address" in st.session_state
    if is_return and not address:
        return
    first_view = ListingQuery(kind=KINDS[:1], sort="match" if has_matches else "newest")
    query = parse_address(address) if address else first_view
    for name, value in query:
        st.session_state[KEYS[name]] = list(value) if isinstance(value, tuple) else value


def collect_listing_query() -> ListingQuery:
    """What the widgets say now."""
    values = {name: st.session_state.get(key) for name, key in KEYS.items()}
    return ListingQuery.model_validate({n: v for n, v in values.items() if v is not None})


def write_address(query: ListingQuery) -> None:
    """Put the filters into the address; `sort` always, so that no filter is not a first visit."""
    address = {
        name: [str(item) for item in value] if isinstance(value, list) else [_write_value(value)]
        for name, value in query.model_dump(mode="json", exclude_defaults=True).items()
    } | {"sort": [query.sort]}
    if address != read_address():
        opened = st.query_params.get_all(LISTING)
        st.query_params.from_dict(address | ({LISTING: opened} if opened else {}))
    st.session_state["listings.address"] = address


def _write_value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
