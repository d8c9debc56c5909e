"""Places and work models of location names, and what the places are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from internflow.listings.places import Place, parse_whereabouts, resolve_places
from internflow.listings.stated_places import find_stated_places


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


@pytest.mark.parametrize(
    ("text", "city", "region", "country"),
    [
        ("SF, CA", "San Francisco", "California", "US"),
        ("NYC", "New York", "New York", "US"),
        ("Bay Area", None, "California", "US"),
        ("Delhi NCR", "Delhi", "Delhi", "IN"),
        ("Bangalore", "Bengaluru", "Karnataka", "IN"),
        ("Bengaluru, Karnataka, India", "Bengaluru", "Karnataka", "IN"),
        ("Bombay", "Mumbai", "Maharashtra", "IN"),
        ("Gurgaon", "Gurugram", "Haryana", "IN"),
        ("Trivandrum", "Thiruvananthapuram", "Kerala", "IN"),
        ("Koramangala, Bengaluru 560034", "Bengaluru", "Karnataka", "IN"),
        ("Remote - US", None, None, "US"),
        ("Remote (India)", None, None, "IN"),
        ("London, UK", "London", "England", "GB"),
        ("London, ON", "London", "Ontario", "CA"),
        ("Munich, Bavaria, Germany", "Munich", "Bavaria", "DE"),
        ("München", "Munich", "Bavaria", "DE"),
        ("PERTH, WESTERN AUSTRALIA, Australia", "Perth", "Western Australia", "AU"),
        ("Deutschland", None, None, "DE"),
        ("Österreich", None, None, "AT"),
        ("España", None, None, "ES"),
        ("EMEA", None, None, None),
        ("Anywhere", None, None, None),
        ("Cambridge, MA", "Cambridge", "Massachusetts", "US"),
        ("Paris, TX", "Paris", "Texas", "US"),
        ("Paris", "Paris", "Île-de-France", "FR"),
        ("Birmingham, AL", "Birmingham", "Alabama", "US"),
        ("Hyderabad", "Hyderabad", "Telangana", "IN"),
        ("Hyderabad, Sindh, Pakistan", "Hyderabad", "Sindh", "PK"),
        ("San Jose, Costa Rica", "San José", None, "CR"),
        ("Georgia", None, "Georgia", "US"),
        ("Tbilisi, Georgia", "Tbilisi", None, "GE"),
        ("Toronto, CA", "Toronto", "Ontario", "CA"),
        ("Richmond, CA", "Richmond", "California", "US"),
        ("Bangalore, IN", "Bengaluru", "Karnataka", "IN"),
        ("Indianapolis, IN", "Indianapolis", "Indiana", "US"),
        ("Wilmington, DE", "Wilmington", "Delaware", "US"),
        ("Berlin, DE", "Berlin", "Berlin", "DE"),
        ("Remote, DE", None, None, "DE"),
        ("Chennai, TN", "Chennai", "Tamil Nadu", "IN"),
        ("Denmark, WI", "Denmark", "Wisconsin", "US"),
        ("Starbase, TX", "Starbase", "Texas", "US"),
        ("USA, WA, Seattle", "Seattle", "Washington", "US"),
        ("US-IL-Niles", "Niles", "Illinois", "US"),
        ("CH - Shanghai, China", "Shanghai", "Shanghai", "CN"),
        ("Hartford CT", "Hartford", "Connecticut", "US"),
        ("Portland, OR", "Portland", "Oregon", "US"),
        ("St. Louis, MO", "St. Louis", "Missouri", "US"),
        ("Trinidad and Tobago", None, None, "TT"),
        ("Digital Information", None, None, None),
    ],
)
def test_a_place_is_read_by_all_its_parts(
    text: str, city: str | None, region: str | None, country: str | None
) -> None:
    assert resolve_places([text]) == (Place(text, city, region, country),)


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("San Francisco, CA | Seattle, WA", ["US", "US"]),
        ("Berlin / Munich", ["DE", "DE"]),
        ("Pune/Mumbai", ["IN", "IN"]),
        ("Skopje, Zagreb, Split", ["MK", "HR", "HR"]),
        ("New York or Remote", ["US"]),
        ("Remote - Alabama, Massachusetts, or Pennsylvania", ["US", "US", "US"]),
        ("New York, NY, Portland, OR, or Remote within Canada", ["US", "US", "CA"]),
        ("3 Locations", []),
        ("Remote", []),
        ("Hybrid", []),
        ("Multiple Locations", []),
        ("", []),
    ],
)
def test_several_places_of_one_text_stay_apart(text: str, countries: list[str]) -> None:
    assert [place.country for place in resolve_places([text])] == countries


def test_a_namesake_is_the_one_near_the_other_places() -> None:
    assert [p.country for p in resolve_places(["Cambridge"])] == ["GB"]
    assert [p.country for p in resolve_places(["Cambridge", "Boston, MA"])] == ["US", "US"]
    assert [p.country for p in resolve_places(["Paris", "Austin, TX"])] == ["FR", "US"]


NAMES = [
    "Berlin",
    "New York",
    "NY",
    "CA",
    "IN",
    "Georgia",
    "USA",
    "Remote",
    "London",
    "ON",
    "Foo",
    "Starbase",
    "TX",
]
PARTS = st.sampled_from(
    [
        *NAMES,
        "EMEA",
        "3 Locations",
        "St. Louis",
        "Or",
        ", ",
        " ",
        "; ",
        " | ",
        "/",
        " - ",
        "-",
        " or ",
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(PARTS, max_size=10).map("".join))


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=3))
def test_reading_the_places_found_finds_them_again(texts: list[str]) -> None:
    once = resolve_places(texts)
    again = resolve_places([place.text for place in once])
    assert [(p.city, p.region, p.country) for p in again] == [
        (p.city, p.region, p.country) for p in once
    ]


@pytest.mark.parametrize("piece", ["$1,", "Berlin, ", "- ", "(", "US-", "A ", "St. ", "/", "CA "])
def test_a_huge_location_ends(piece: str) -> None:
    assert len(resolve_places([piece * (100_000 // len(piece))])) < 100


@pytest.mark.parametrize(
    ("title", "description", "countries"),
    [
        ("Engineer", "Join us.\nAvailable Locations: Bengaluru, India\nAbout the role", ["IN"]),
        ("Engineer", "Available Location: Singapore or Tokyo, Japan", ["SG", "JP"]),
        ("Engineer", "Available Locations\nAustin, US\nToronto, Canada\nAbout", ["US", "CA"]),
        ("Engineer", "Location: Hybrid or Remote. Travel to Berlin may be needed.", []),
        ("Success Manager - Germany", "", ["DE"]),
        ("Security Advocate | AI AppSec", "", []),
        ("Engineer", "This position is based in Dublin, Ireland.", ["IE"]),
    ],
)
def test_the_posting_tells_where_it_is_when_its_location_does_not(
    title: str, description: str, countries: list[str]
) -> None:
    assert [place.country for place in find_stated_places(title, description)] == countries
