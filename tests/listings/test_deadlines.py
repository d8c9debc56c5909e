"""The last day to apply."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.listings.deadlines import find_apply_by

POSTED = datetime(2026, 10, 1, 8, tzinfo=UTC)


def test_what_the_board_states_comes_first() -> None:
    stated = date(2026, 12, 24)
    assert find_apply_by(stated, "Apply by 30 Nov 2026.", POSTED) == stated


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Apply by 30 Nov 2026.", date(2026, 11, 30)),
        ("Applications close on March 3rd, 2027", date(2027, 3, 3)),
        ("Deadline to apply: January 15, 2027", date(2027, 1, 15)),
        ("Application deadline: 2026-12-01", date(2026, 12, 1)),
        ("Application Deadline\nFriday, November 20, 2026", date(2026, 11, 20)),
        ("The application window is expected to close on December 1, 2026.", date(2026, 12, 1)),
        ("Applications will be accepted until 11:59pm on Nov 5, 2026", date(2026, 11, 5)),
        ("Bewerbungsschluss: 31.12.2026", date(2026, 12, 31)),
        ("Bewirb dich bis zum 15. Dezember 2026", date(2026, 12, 15)),
        ("Date limite de candidature : 15 décembre 2026", date(2026, 12, 15)),
        ("Fecha límite: 30 de noviembre de 2026", date(2026, 11, 30)),
        ("Closing date: 15/11/2026", date(2026, 11, 15)),
        ("Closing date: 12/20/2026", date(2026, 12, 20)),
        ("Apply by November 30", date(2026, 11, 30)),
        ("Apply by 10 January", date(2027, 1, 10)),
        ("Closing date: 03/04/2027", None),
        ("Apply by 1 Jan 2020", None),
        ("Apply by 30 Feb 2027", None),
        ("Apply by 5 December 2031", None),
        (
            "Deadline to apply: None. Applications are reviewed on a rolling basis since 3 March 2026",
            None,
        ),
        ("We reply within a deadline of 3 days.", None),
        ("Project deadlines are tight; on 5 May 2027 we ship.", None),
        ("", None),
    ],
)
def test_a_day_is_read_only_when_it_is_sure(text: str, day: date | None) -> None:
    assert find_apply_by(None, text, POSTED) == day


def test_without_a_posting_date_only_a_whole_date_counts() -> None:
    assert find_apply_by(None, "Apply by November 30", None) is None
    assert find_apply_by(None, "Apply by November 30, 2026", None) == date(2026, 11, 30)


PIECES = st.sampled_from(
    ["Apply by ", "deadline: ", "30", ".", "/", "-", "2026", " Nov ", " ", "\n", "13", "99", "de "]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=15).map("".join)))
def test_a_day_found_lies_behind_the_posting(text: str) -> None:
    day = find_apply_by(None, text, POSTED)
    assert day is None or POSTED.date() <= day


@pytest.mark.parametrize(
    "piece", ["apply by 1 ", "deadline ", "applications are ", "1", "closing date 1."]
)
def test_a_huge_description_ends(piece: str) -> None:
    assert find_apply_by(None, piece * (100_000 // len(piece)), POSTED) is None
