import pytest

from internflow.repos.identities import Identity, parse_co_authors, parse_mailmap

MAILMAP = """
# Asha <asha@new.example> <asha@commented.example>
Asha Rao <asha@new.example> <ASHA@old.example>
<ravi@new.example> <ravi@old.example>
Only Name <name@example.org>
Builder Bot <bot@example.org> ci <shared@example.org>
Asha Rao <asha@new.example> Asha <shared@example.org>
this line says nothing
"""


@pytest.mark.parametrize(
    ("name", "email", "mapped"),
    [
        ("asha", "Asha@Old.example", Identity("Asha Rao", "asha@new.example")),
        ("Ravi", "ravi@old.example", Identity("Ravi", "ravi@new.example")),
        ("typo", "name@example.org", Identity("Only Name", "name@example.org")),
        ("CI", "shared@example.org", Identity("Builder Bot", "bot@example.org")),
        ("ASHA", "shared@example.org", Identity("Asha Rao", "asha@new.example")),
        ("other", "shared@example.org", Identity("other", "shared@example.org")),
        ("x", "asha@commented.example", Identity("x", "asha@commented.example")),
    ],
)
def test_a_mailmap_maps_as_git_does(name: str, email: str, mapped: Identity) -> None:
    assert parse_mailmap(MAILMAP).resolve(Identity(name, email)) == mapped


def test_co_authors_are_those_of_the_last_paragraph_each_once() -> None:
    message = (
        "Add the cart\n\nCo-authored-by: Quoted <quoted@example.org>\n\n"
        "Co-authored-by: Ravi <RAVI@example.org>\r\nSigned-off-by: X <x@example.org>\n"
        "co-AUTHORED-by: Ravi again <ravi@example.org>\nCo-authored-by: <bare@example.org>\n"
        "Co-authored-by: no address\n"
    )
    assert parse_co_authors(message) == (
        Identity("Ravi", "ravi@example.org"),
        Identity("unknown", "bare@example.org"),
    )


def test_a_subject_is_no_trailer() -> None:
    assert parse_co_authors("Co-authored-by: Ravi <ravi@example.org>") == ()
