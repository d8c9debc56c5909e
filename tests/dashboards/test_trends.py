from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dashboards.finding_queries import Stay
from dashboards.trends import MOST_WEEKS, count_weeks, find_monday
from internflow.reviews.rule import SEVERITIES

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


@st.composite
def stays(draw: st.DrawFn) -> Stay:
    came = MONDAY + timedelta(hours=draw(st.integers(0, 24 * 7 * 80)))
    stay = draw(st.one_of(st.none(), st.integers(0, 24 * 7 * 80)))
    state = draw(st.sampled_from(["new", "open", "regressed"] if stay is None else ["fixed"]))
    gone = None if stay is None else came + timedelta(hours=stay)
    return Stay(draw(st.sampled_from(SEVERITIES)), state, came, gone)


@given(st.lists(stays(), max_size=20))
def test_at_the_end_there_is_what_came_and_did_not_go(found: list[Stay]) -> None:
    weeks = count_weeks(found)
    for severity in SEVERITIES:
        own = [w for w in weeks if w.severity == severity]
        standing = sum(s.severity == severity and s.gone_at is None for s in found)
        assert (own[-1].standing if own else 0) == standing
        assert all(w.standing >= 0 for w in own)
        assert len(own) <= MOST_WEEKS


@given(st.lists(stays(), min_size=1, max_size=20))
def test_every_week_is_there_once_in_order(found: list[Stay]) -> None:
    own = [w.week for w in count_weeks(found) if w.severity == "high"]
    assert own == [own[0] + timedelta(days=7 * n) for n in range(len(own))]


def test_what_went_at_an_unknown_time_counts_nowhere() -> None:
    assert count_weeks([Stay("high", "fixed", MONDAY, None)]) == []


def test_a_week_begins_on_monday() -> None:
    assert find_monday(MONDAY) == find_monday(MONDAY + timedelta(days=6, hours=23))
    assert find_monday(MONDAY) == date(2026, 3, 2)
