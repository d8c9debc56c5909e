"""The content hash of a posting."""

from collections.abc import Callable
from datetime import date

import pytest

from internflow.listings.posting import Posting


def test_noise_of_the_payload_is_no_change(build_posting: Callable[..., Posting]) -> None:
    assert (
        build_posting(payload={"updated_at": "a"}).content_hash
        == build_posting(payload={}).content_hash
    )


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Other"},
        {"places": ()},
        {"description_html": "<p>x</p>"},
        {"apply_by": date(2027, 1, 1)},
        {"pay_text": "1"},
    ],
)
def test_what_a_reader_sees_is_a_change(
    change: dict[str, object], build_posting: Callable[..., Posting]
) -> None:
    assert build_posting(**change).content_hash != build_posting().content_hash


def test_the_id_names_platform_board_and_job(build_posting: Callable[..., Posting]) -> None:
    assert build_posting("7").posting_id == "greenhouse:acme:7"
