"""What leaves InternFlow made of listings (pages, feeds, mail) is made harmless here. Pure."""

import re
from urllib.parse import urlsplit

import nh3

DESCRIPTION_TAGS = {
    "a", "b", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "li", "ol", "p", "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
}  # fmt: skip

# Controls and bidirectional overrides can make a line read as something that it is not.
DECEIVING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
NO_CHARACTERS = re.compile(r"[\ud800-\udfff\ufffe\uffff]")  # XML cannot hold these


def reveal(text: str) -> str:
    """The text with characters that deceive a reader spelled out."""
    return DECEIVING.sub(lambda found: f"<U+{ord(found.group()):04X}>", text)


def reveal_line(text: str) -> str:
    """The same on one line, with nothing in it that a header, an XML or a calendar file cannot hold."""
    return " ".join(NO_CHARACTERS.sub("", reveal(text)).split())


def sanitise_description(text: str) -> str:
    """A board's HTML without scripts, styles, images, classes and links that leave the web."""
    return nh3.clean(
        reveal(NO_CHARACTERS.sub("", text)),
        tags=DESCRIPTION_TAGS,
        attributes={"a": {"href"}},
        attribute_filter=lambda _tag, name, value: find_web_url(value) if name == "href" else value,
        set_tag_attribute_values={"a": {"target": "_blank"}},
        link_rel="noopener noreferrer nofollow",
    )


def find_web_url(url: str) -> str | None:
    """The address if a browser may be sent there: http(s), with a host, without a user name."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    is_plain = url.isprintable() and not re.search(r"[\s\\]", url)
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    return url if is_plain and is_web and "@" not in parts.netloc else None
