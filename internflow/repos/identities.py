"""Who a commit says wrote it: co-authors of its message, and names and addresses by the repository's mailmap."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_CO_AUTHORS = 50  # of one commit

# As GitHub and `git interpret-trailers` write it: a line of its own, in any letter case.
CO_AUTHOR = re.compile(r"^co-authored-by:[ \t]*(.*?)[ \t]*<([^<>\s]+)>[ \t]*$", re.IGNORECASE)

# Name <address>, optionally followed by the name and the address, or the address alone, that commits have.
MAPPING = re.compile(r"\s*([^<>]*)<([^<>]+)>(?:([^<>]*)<([^<>]+)>)?")


@dataclass(frozen=True)
class Identity:
    """A name and an address in lower case."""

    name: str
    email: str


def parse_co_authors(message: str) -> tuple[Identity, ...]:
    """The people of a message's Co-authored-by trailers, each address once, in order.

    Trailers are the last paragraph: a line that is quoted further up names nobody.
    """
    paragraphs = re.split(r"\n[ \t]*\n", message.replace("\r\n", "\n").strip())
    found: dict[str, Identity] = {}
    if len(paragraphs) > 1:
        for line in paragraphs[-1].split("\n"):
            if match := CO_AUTHOR.match(line):
                email = match[2].lower()
                found.setdefault(email, Identity(match[1] or "unknown", email))
    return tuple(found.values())[:MOST_CO_AUTHORS]


@dataclass(frozen=True)
class Mailmap:
    """The mailmap of one commit, by address and name as commits have them (None: any name), in lower case."""

    blob_sha: str = ""
    entries: Mapping[tuple[str, str | None], Identity] = field(default_factory=dict)

    def resolve(self, identity: Identity) -> Identity:
        """The identity that a person wants to be known by, as `git check-mailmap` gives it."""
        email, name = identity.email.lower(), identity.name.lower()
        found = self.entries.get((email, name)) or self.entries.get((email, None))
        if found is None:
            return Identity(identity.name, email)
        return Identity(found.name or identity.name, found.email or email)


def parse_mailmap(text: str, blob_sha: str = "") -> Mailmap:
    """The entries of a mailmap; lines of another form say nothing, of two for one identity the later holds."""
    entries: dict[tuple[str, str | None], Identity] = {}
    for line in text.splitlines():
        match = MAPPING.match(line)
        if match is None or line.lstrip().startswith("#"):
            continue
        name, first, old_name, second = (part.strip() if part else "" for part in match.groups())
        key = ((second or first).lower(), old_name.lower() or None)
        entries[key] = Identity(name, first.lower())
    return Mailmap(blob_sha, entries)
