"""Decides what may be mirrored, before any contact: https addresses of the internet, and local repositories."""

import hashlib
import ipaddress
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pygit2

from internflow.errors import SourceUnavailable, UserInputError

Resolve = Callable[..., list[Any]]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
SSH = re.compile(r"[\w.-]+@[\w.-]+:")
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
PATH = re.compile(r"(/(?!\.\.?(/|$))[A-Za-z0-9._~+%@-]+)+")
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
IPV4_COMPATIBLE = ipaddress.ip_network("::/96")  # RFC 4291, section 2.5.5.1


@dataclass(frozen=True)
class Source:
    """A vetted place of a repository. `pinned_addresses` is what its host resolved to when it was vetted."""

    repo_id: str
    location: str
    kind: Literal["https", "local"]
    name: str
    pinned_addresses: tuple[str, ...] = ()


def vet_source(text: str, *, allow_local: bool, resolve: Resolve = socket.getaddrinfo) -> Source:
    """The source that a person's text means.

    Raises UserInputError when it must not or cannot be mirrored, SourceUnavailable when its host does not resolve.
    """
    cleaned = text.strip()
    if not cleaned or cleaned.startswith("-") or not cleaned.isprintable():
        raise UserInputError(
            f"{text[:80]!r} is no repository: give an https URL or the path of a Git repository."
        )
    if SCHEME.match(cleaned):
        return _vet_url(cleaned, resolve)
    if SSH.match(cleaned):
        raise UserInputError(
            f"{cleaned[:200]!r} is an ssh address: give the repository's https URL instead."
        )
    if not allow_local:
        raise UserInputError(
            f"{cleaned[:200]!r} is no https URL, and paths are not allowed here: give an https URL."
        )
    return _vet_path(cleaned)


def vet_again(
    source: Source, *, allow_local: bool, resolve: Resolve = socket.getaddrinfo
) -> Source:
    """A stored source with the addresses that its host has now. Raises as `vet_source`, and when it became another."""
    vetted = vet_source(source.location, allow_local=allow_local, resolve=resolve)
    if vetted.repo_id != source.repo_id:
        raise UserInputError(
            f"{source.location!r} now leads to {vetted.location!r}: register the repository again."
        )
    return vetted


def find_repo_id(url: str) -> str | None:
    """The id under which the repository at this https address is registered; None when it can be none."""
    try:
        location, _host = _parse_url(url.strip())
    except UserInputError:
        return None
    return _repo_id(location)


def _vet_url(text: str, resolve: Resolve) -> Source:
    location, host = _parse_url(text)
    addresses = _resolve_public(host, resolve)
    return Source(_repo_id(location), location, "https", location.rsplit("/", 1)[-1], addresses)


def _parse_url(text: str) -> tuple[str, str]:
    """The canonical location and the host of an https address. Raises UserInputError."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise UserInputError(
            f"{text[:200]!r} is no URL ({error}): give https://HOST/OWNER/NAME."
        ) from None
    if parts.username or parts.password:
        raise UserInputError(
            f"The URL for host {parts.hostname} carries credentials: remove the part before '@'."
        )
    if parts.scheme.lower() != "https":
        raise UserInputError(
            f"{text[:200]!r} is not https: give an https URL, or a plain path for a local repository."
        )
    host = (parts.hostname or "").lower()
    path = parts.path.rstrip("/").removesuffix(".git").rstrip("/")
    is_plain = not (parts.query or parts.fragment) and port in (None, 443)
    if not (is_plain and HOST.fullmatch(host) and PATH.fullmatch(path)):
        raise UserInputError(
            f"{text[:200]!r} is no repository's address: give https://HOST/OWNER/NAME."
        )
    return f"https://{host}{path}", host


def _resolve_public(host: str, resolve: Resolve) -> tuple[str, ...]:
    """The host's addresses, in the resolver's order; every one of them must be public."""
    try:
        found = resolve(host, 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):  # UnicodeError: a label is empty or longer than 63 characters
        found = []
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses:
        raise SourceUnavailable(
            f"The host {host!r} cannot be found: check the URL and the network."
        )
    for address in addresses:
        if not all(_is_public(ip) for ip in _unwrap(ipaddress.ip_address(address.split("%")[0]))):
            raise UserInputError(
                f"The host {host!r} is inside this network ({address}): only public hosts are mirrored."
            )
    return addresses


def _is_public(ip: Address) -> bool:
    return ip.is_global and not ip.is_multicast


def _unwrap(ip: Address) -> Iterator[Address]:
    """The address a packet is sent to in the end; an IPv6 address can carry an IPv4 one."""
    if isinstance(ip, ipaddress.IPv4Address):
        yield ip
        return
    carried = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
    if ip in NAT64 or ip in IPV4_COMPATIBLE:
        carried = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    yield carried or ip


def _vet_path(text: str) -> Source:
    try:
        resolved = Path(text).expanduser().resolve(strict=True)
    except (OSError, RuntimeError):
        raise UserInputError(
            f"The path {text[:200]!r} does not exist: give the path of a Git repository."
        ) from None
    if not resolved.is_dir() or not _is_repository(resolved):
        raise UserInputError(
            f"{text[:200]!r} is no Git repository: give the folder that holds .git, or a bare repository."
        )
    if resolved.name == ".git":  # the same repository as the folder around it
        resolved = resolved.parent
    return Source(
        _repo_id(str(resolved)), str(resolved), "local", resolved.name.removesuffix(".git")
    )


def _is_repository(folder: Path) -> bool:
    try:
        pygit2.Repository(str(folder), pygit2.enums.RepositoryOpenFlag.NO_SEARCH)
    except (pygit2.GitError, OSError):
        return False
    return True


def _repo_id(location: str) -> str:
    return hashlib.sha256(location.encode()).hexdigest()[:16]
