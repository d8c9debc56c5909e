from hypothesis import given
from hypothesis import strategies as st

from internflow.reviews.acceptance import LEAST_VERDICTS, Acceptance, find_off

counts = st.integers(0, 30)


@given(counts, counts)
def test_a_rule_is_off_when_most_of_enough_verdicts_say_wrong(useful: int, wrong: int) -> None:
    judged = Acceptance("r", useful, wrong)
    assert judged.is_off == (useful + wrong >= LEAST_VERDICTS and wrong > useful)


@given(counts, counts)
def test_a_useful_verdict_never_switches_a_rule_off(useful: int, wrong: int) -> None:
    before, after = Acceptance("r", useful, wrong), Acceptance("r", useful + 1, wrong)
    if before.total >= LEAST_VERDICTS:
        assert before.is_off or not after.is_off


def test_rate_is_the_share_of_useful_verdicts_and_none_without_any() -> None:
    assert Acceptance("r", 3, 1).rate == 0.75
    assert Acceptance("r", 0, 0).rate is None


def test_rules_that_are_off_come_least_accepted_first() -> None:
    judged = [
        Acceptance("half", 5, 5),
        Acceptance("some", 2, 4),
        Acceptance("few", 0, 4),
        Acceptance("none", 0, 6),
    ]
    assert [a.rule for a in find_off(judged)] == ["none", "some"]
