"""Places and work models of location names."""

import pytest

from internflow.listings.places import parse_whereabouts


@pytest.mark.parametrize(
    ("name", "places", "work_model"),
    [
        ("London, UK", ("London, UK",), None),
        ("Bengaluru, Karnataka, India", ("Bengaluru, Karnataka, India",), None),
        ("Remote", (), "remote"),
        ("Hybrid", (), "hybrid"),
        ("In-Office", (), "on_site"),
        ("Remote - India", ("Remote - India",), "remote"),
        ("Portland, OR", ("Portland, OR",), None),
        ("Portland, OR or Austin, TX", ("Portland, OR", "Austin, TX"), None),
        ("New York; London | Remote", ("New York", "London"), "remote"),
        ("Pune / Mumbai", ("Pune", "Mumbai"), None),
        ("Pune/Mumbai", ("Pune/Mumbai",), None),
        ("Remote-Friendly (Travel-Required) | Seattle, WA", ("Seattle, WA",), "remote"),
        ("Córdoba; Córdoba", ("Córdoba",), None),
        ("", (), None),
    ],
)
def test_a_work_model_is_no_place(
    name: str, places: tuple[str, ...], work_model: str | None
) -> None:
    found = parse_whereabouts([name])
    assert (found.places, found.work_model) == (places, work_model)
