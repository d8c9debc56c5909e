"""Remote, hybrid or on site: what the board states, the location, the title, then the description."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.listings.posting import WorkModel
from internflow.listings.work_model import WorkModelFacts, find_work_model


def test_the_board_outweighs_every_word() -> None:
    found = find_work_model("on_site", "Engineer (Remote)", ["Remote"], "Fully remote.")
    assert found == WorkModelFacts("on_site", None)


@pytest.mark.parametrize(
    ("title", "places", "work_model", "quote"),
    [
        ("Engineer", ["Remote - US"], "remote", "Remote - US"),
        ("Engineer", ["Austin, TX (Hybrid)"], "hybrid", "Austin, TX (Hybrid)"),
        (
            "Engineer",
            ["Remote-Friendly (Travel-Required)"],
            "remote",
            "Remote-Friendly (Travel-Required)",
        ),
        ("Engineer", ["In-Office"], "on_site", "In-Office"),
        ("Data Intern (Remote)", ["Pune"], "remote", "Remote"),
        ("Data Intern - Hybrid", ["Pune"], "hybrid", "Hybrid"),
        ("Remote Sensing Engineer", ["Pune"], None, None),
        ("Hybrid Cloud Engineer", ["Pune"], None, None),
        ("On-site Support Engineer", ["Pune"], None, None),
    ],
)
def test_the_location_comes_before_the_title(
    title: str, places: list[str], work_model: WorkModel | None, quote: str | None
) -> None:
    assert find_work_model(None, title, places, "") == WorkModelFacts(work_model, quote)


@pytest.mark.parametrize(
    ("description", "work_model"),
    [
        ("This role is remote.", "remote"),
        ("This is a fully remote internship.", "remote"),
        ("#LI-Remote", "remote"),
        ("You can work remotely from Germany.", "remote"),
        ("Work from anywhere in India.", "remote"),
        ("Job Location: Poland, remote.", "remote"),
        ("As a remote-first company, we write a lot.", "remote"),
        ("Work either in our Munich office or remotely.", "remote"),
        ("We have a hybrid working policy.", "hybrid"),
        ("Hybrid, 3 days a week in the office.", "hybrid"),
        ("We expect employees to be in the office at least three days per week.", "hybrid"),
        ("Staff are in one of our offices at least 25% of the time.", "hybrid"),
        ("Working on-site at our Omaha office three days per week is required.", "hybrid"),
        ("This role is on-site in our Bengaluru office.", "on_site"),
        (
            "This role requires you to be onsite. Remote or hybrid work will not be considered.",
            "on_site",
        ),
        ("Requires five days per week in the office.", "on_site"),
        ("This role is based in our Palo Alto HQ and is a 100% in-office role.", "on_site"),
        ("Experience in remote sensing and hybrid cloud.", None),
        ("You will support remote teams and hybrid environments.", None),
        ("Benefits: home office budget, onsite gym and an on-site doctor.", None),
        ("Work from anywhere for up to 4 weeks per year.", None),
        ("Up to 25% in-person travel. 30 vacation days, 2 days off a week.", None),
        ("This is a hybrid role combining sales and account growth.", None),
        ("You must be located in Berlin.", None),
        ("", None),
    ],
)
def test_statements_count_and_mentions_do_not(
    description: str, work_model: WorkModel | None
) -> None:
    assert find_work_model(None, "Engineer", ["Berlin"], description).work_model == work_model


PIECES = st.sampled_from(
    ["remote", "hybrid", " role", "this ", "is ", "office", "3 days a week in the ", "on-site", "%", " not considered",
     "\n", ". ", "\u0130", "  ", "location: ", "#li-"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES, max_size=20).map("".join)))
def test_the_quote_is_words_of_the_posting(text: str) -> None:
    found = find_work_model(None, text, [text], text)
    assert (found.work_model is None) == (found.quote is None)
    assert found.quote is None or found.quote in text or found.quote in " ".join(text.split())


@pytest.mark.parametrize(
    "piece", ["remote ", "this role is ", "in our ", "1 days a week in the ", "-", "\n"]
)
def test_a_huge_description_ends(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    assert find_work_model(None, text, [], text).work_model in (None, "remote", "hybrid", "on_site")
