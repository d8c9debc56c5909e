from datetime import UTC, datetime

import pytest

from flows.match_listings import match_listings
from internflow.errors import InternflowError
from tests.matching.conftest import Market

NOW = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)


def test_the_flow_matches_whom_it_can_and_fails_when_it_can_nobody(
    prefect_server: None, market: Market
) -> None:
    mira = market.enrol("mira")  # nothing to compare yet: needs no listing
    market.enrol("asha", "Python")
    market.change("drop table marts.listings")
    assert match_listings(NOW) == [mira.student_id]
    market.change("delete from app.students where name = 'mira'")
    with pytest.raises(InternflowError, match="None of 1 students"):
        match_listings(NOW)
