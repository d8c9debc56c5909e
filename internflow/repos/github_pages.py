"""What GitHub's answers about a user's repositories say. Pure: asks nobody.

API: https://docs.github.com/en/rest/repos/repos#list-repositories-for-a-user
"""

import re
from dataclasses import dataclass
from typing import Any

from internflow.errors import ContractViolation

LOGIN = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})"
ACCOUNT = re.compile(rf"(?:github:|https://github\.com/)({LOGIN})/?", re.IGNORECASE)
NEXT = re.compile(r'<([^<>]+)>;[^<]*\brel="?next"?')


@dataclass(frozen=True)
class ListedRepository:
    """A public repository as GitHub lists it."""

    name: str
    url: str
    is_fork: bool


def parse_login(text: str) -> str | None:
    """The login that `github:LOGIN` or https://github.com/LOGIN names; None for anything else."""
    match = ACCOUNT.fullmatch(text.strip())
    return match[1] if match else None


def parse_repositories(page: Any) -> list[ListedRepository]:
    """The public repositories of one page. Raises ContractViolation when it is no list of repositories."""
    if not isinstance(page, list):
        raise ContractViolation("GitHub's list of repositories", page, "a list was expected")
    found = []
    for entry in page:
        try:
            name, url = str(entry["name"]), str(entry["html_url"])
            is_fork, is_private = bool(entry["fork"]), bool(entry["private"])
        except (KeyError, TypeError):
            raise ContractViolation(
                "A repository in GitHub's list",
                entry,
                "name, html_url, fork and private were expected",
            ) from None
        if not is_private:
            found.append(ListedRepository(name, url, is_fork))
    return found


def find_next_page(link: str) -> str | None:
    """The address of the next page in a Link header."""
    match = NEXT.search(link)
    return match[1] if match else None
