"""Which values only look like secrets: samples, references, names, hashes, addresses of one's own machine. Pure."""

import math
import re
from collections import Counter
from collections.abc import Sequence

LEAST_TOKEN_ENTROPY = 3.0  # bits a character
LEAST_PASSWORD_ENTROPY = 2.8
LEAST_PASSWORD = 8
LONGEST_PASSWORD = 100

_sample = re.compile(
    r"example|sample|dummy|fake|mock|placeholder|redacted|x{4}|\*{3}|\.{3}|0{6}|1234567|1234-1234|abc123|abcdef|your|change.?me"
    r"|insert|replace|not.?a.?real|invalid",
    re.IGNORECASE,
)
_weak = re.compile(
    r"test|pass|secret|default|demo|local|admin|root|user|foo|bar|todo|none|null|true|false|12345|qwerty|docker"
    r"|postgres|mysql|mongo|redis|guest|dev",
    re.IGNORECASE,
)
_reference = re.compile(
    r"[{}<>$()\[\]]|%[\w(%]|process\.env|os\.environ|getenv|^env\b|^vault:|^ssm:|^arn:|^file:|^@|://|^[./~]"
)
_uuid = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", re.IGNORECASE)
_identifier = re.compile(r"^[A-Z][A-Z0-9_]*$|^[a-z]+([-_.][a-z0-9]+)+$|^[a-z]+([A-Z][a-z]+)+\d?$")
_not_the_secret = re.compile(
    r"(name|names|ref|refs|id|ids|path|file|files|dir|arn|type|kind|url|uri|host|length|size|policy|version|header"
    r"|field|fields|label|hint|text|message|title|description|prefix|suffix|format|regex|pattern|algorithm|class"
    r"|provider|manager|store|storage|min|max|ttl|expiry|age|count|code|map|mapping|binding|public[\w-]*key"
    r"|sha|sha1|sha256|md5|hash|checksum|digest|integrity|cache[-_]?key|sort[-_]?key|foreign[-_]?key|primary[-_]?key)s?$",
    re.IGNORECASE,
)
_not_secret_line = re.compile(
    r"\b(sha1|sha256|sha512|md5|checksum|integrity|digest|fingerprint|publickey|public_key|public-key)\b|secrets?\.",
    re.IGNORECASE,
)
_private_host = re.compile(
    r"^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|0\.0\.0\.0|host\.docker\.internal|[\w-]+$"
    r"|.*\bexample\b|.*\.(test|local|localdomain|invalid|internal)$)|[{}<>$%*]",
    re.IGNORECASE,
)
_base64_line = re.compile(r"^[\s\"'+]*[A-Za-z0-9+/=]{40,}\s*(\\n)?[\"',+;\s\\]*$")


def entropy(text: str) -> float:
    """Bits a character, by how often each occurs."""
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())


def is_mock_token(secret: str, line: str) -> bool:
    """Whether what has a token's shape is a sample, or part of a hash."""
    if _sample.search(secret) or entropy(secret) < LEAST_TOKEN_ENTROPY:
        return True
    return bool(_not_secret_line.search(line) and "secrets." not in line.lower())


def is_mock_password(value: str) -> bool:
    """Whether a value is no password that anyone would have to keep: a sample, a reference, a name, a word."""
    value = value.strip().strip("\"'`,;")
    if not LEAST_PASSWORD <= len(value) <= LONGEST_PASSWORD or any(c.isspace() for c in value):
        return True
    if _sample.search(value) or _weak.search(value) or _reference.search(value):
        return True
    if _uuid.match(value) or _identifier.match(value):
        return True
    kinds = (str.isdigit, str.isalpha, lambda c: not c.isalnum())
    if sum(any(is_kind(c) for c in value) for is_kind in kinds) < 2 or value.isdigit():
        return True
    has_digit = any(c.isdigit() for c in value)
    return not has_digit or entropy(value) < LEAST_PASSWORD_ENTROPY


def names_no_secret(line: str, value: str) -> bool:
    """Whether the key before a value names something about a secret: its name, path or length; or a hash."""
    before = line[: line.find(value)]
    keys = re.findall(r"[\w-]+", before)
    if not keys or line.lstrip().startswith(("#", "//", ";", "*")):
        return True
    return bool(_not_the_secret.search(keys[-1]) or _not_secret_line.search(line))


def is_private_host(host: str) -> bool:
    """Whether an address leads to one's own machine or network, or is a sample."""
    return not host or _private_host.search(host) is not None


def is_key_body(marker_line: str, following: Sequence[str]) -> bool:
    """Whether key material follows the first line of a private key: else the line only speaks of one."""
    rest = re.split(r"PRIVATE KEY(?: BLOCK)?-*", marker_line, maxsplit=1)[-1]
    inline = re.sub(r"\\[nr]", "", rest)
    if re.search(r"[A-Za-z0-9+/=]{60,}", inline) and not _sample.search(inline):
        return True
    return any(_base64_line.match(line) and not _is_sample_body(line) for line in following)


def _is_sample_body(line: str) -> bool:
    return entropy(line.strip()) < LEAST_TOKEN_ENTROPY or "example" in line.lower()
