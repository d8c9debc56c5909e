"""Tells from the address of a careers page which platform it is on, and what the company's board is called there.

`python -m crawlers.recognise ADDRESS` writes one JSON line, for the library, which knows no platform.
"""

import json
import re
import sys
from urllib.parse import SplitResult, urlsplit

from crawlers.platform import Platform
from crawlers.platforms import PLATFORMS
from internflow.errors import UserInputError
from internflow.listings.boards import TOKEN, is_public_address

ANY_PAGE = "schema_org"
LONGEST_TOKEN = 100
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)")  # acme.org:443 is a host


def recognise_board(address: str) -> tuple[str, str]:
    """The platform and the token of a careers page's address.

    Raises UserInputError for what is no web address, and for an address that no platform knows.
    """
    parts = split_address(address)
    found = find_board(parts)
    if found is None:
        raise UserInputError(
            f"{parts.hostname!r} is no host of a known job platform: any careers page whose jobs carry"
            f" JobPosting data can be crawled as {ANY_PAGE}."
        )
    return found


def find_board(parts: SplitResult) -> tuple[str, str] | None:
    """The platform and the token, platforms with hosts of their own first; None when no platform knows the address.

    Raises UserInputError for an address on a platform's own host that names no board.
    """
    platforms = sorted(PLATFORMS.values(), key=lambda platform: (not platform.hosts, platform.name))
    for platform in platforms:
        token = platform.find_token(parts)
        if token and TOKEN.fullmatch(token):
            return platform.name, token
    for platform in platforms:
        if _is_domain_of(platform, parts.hostname or ""):
            raise UserInputError(
                f"{parts.geturl()[:200]!r} is a page of {platform.name} that names no company's board:"
                " open the company's list of jobs and copy its address."
            )
    return None


def split_address(address: str) -> SplitResult:
    """The parts of a web address, over https and without a fragment. Raises UserInputError."""
    text = address.strip()
    try:
        parts = urlsplit(text if SCHEME.match(text) else f"https://{text}")
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port
    except ValueError:
        raise _refuse(text) from None
    secure = parts._replace(scheme="https", fragment="", netloc=host)
    is_own = parts.username is None and port in (None, 80, 443)
    if (
        parts.scheme not in ("http", "https")
        or not is_own
        or not is_public_address(secure.geturl())
    ):
        raise _refuse(text)
    return secure


def _refuse(text: str) -> UserInputError:
    return UserInputError(
        f"{text[:200]!r} is no address of a web page: copy the https address of the company's careers page."
    )


def describe_board(address: str) -> dict[str, str | None]:
    """What to register for an address; a page of no platform is read by its JobPosting data. Raises UserInputError."""
    parts = split_address(address)
    own = parts.netloc.removeprefix("www.")[:LONGEST_TOKEN]
    platform, token = find_board(parts) or (ANY_PAGE, own)
    has_hosts = bool(PLATFORMS[platform].hosts) if platform in PLATFORMS else False
    return {"platform": platform, "token": token, "url": None if has_hosts else parts.geturl()}


def _is_domain_of(platform: Platform, host: str) -> bool:
    """Whether a host shares the domain of a platform that hosts companies' boards; feeds live on many a domain."""
    domains = {".".join(own.split(".")[-2:]) for own in platform.hosts}
    return platform.feed_kind == "full_board" and ".".join(host.split(".")[-2:]) in domains


def main() -> int:
    """Describe the address of the command line, or say in a sentence why it cannot be."""
    try:
        described: dict[str, str | None] = describe_board(" ".join(sys.argv[1:]))
    except UserInputError as error:
        described = {"error": str(error)}
    sys.stdout.write(json.dumps(described) + "\n")
    return 1 if "error" in described else 0


if __name__ == "__main__":
    sys.exit(main())
