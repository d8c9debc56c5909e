"""Decides what may be mirrored, before any contact: https addresses of the public internet, and local repositories."""

import hashlib
import ipaddress
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from internflow.errors import SourceUnavailable, UserInputError

Resolve = Callable[..., list[Any]]

SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")
HOST = re.compile(r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$")


@dataclass(frozen=True)
class Source:
    """A vetted place of a repository. `pinned_address` is what the host resolved to when it was vetted."""

    repo_id: str
    location: str
    kind: Literal["https", "local"]
    name: str
    pinned_address: str | None = None


def vet_source(text: str, *, allow_local: bool, resolve: Resolve = socket.getaddrinfo) -> Source:
    """The source that a person's text means.

    Raises UserInputError when it must not or cannot be mirrored, SourceUnavailable when its host does not resolve.
    """
    cleaned = text.strip()
    if not cleaned or cleaned.startswith("-") or any(ord(c) < 32 for c in cleaned):
        raise UserInputError(
            f"{text[:80]!r} is no repository: give an https URL or the path of a Git repository."
        )
    if SCHEME.match(cleaned):
        return _vet_url(cleaned, resolve)
    if re.match(r"^[\w.-]+@[\w.-]+:", cleaned):
        raise UserInputError(
            f"{cleaned!r} is an ssh address: give the repository's https URL instead."
        )
    if not allow_local:
        raise UserInputError(
            f"{cleaned!r} is no https URL, and paths are not allowed here: give an https URL."
        )
    return _vet_path(cleaned)


def _vet_url(text: str, resolve: Resolve) -> Source:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise UserInputError(
            f"{text[:200]!r} is no URL ({error}): give https://HOST/OWNER/NAME."
        ) from None
    if parts.scheme.lower() != "https":
        raise UserInputError(
            f"{text[:200]!r} is not https: give the repository's https URL, or a plain path for a local one."
        )
    if parts.username or parts.password:
        raise UserInputError(
            f"The URL for host {parts.hostname} carries credentials: remove the part before '@'."
        )
    host = (parts.hostname or "").lower()
    path = parts.path.rstrip("/").removesuffix(".git")
    if not HOST.match(host) or not path or parts.query or parts.fragment or port not in (None, 443):
        raise UserInputError(
            f"{text[:200]!r} is no repository's address: give https://HOST/OWNER/NAME."
        )
    address = _resolve_public(host, resolve)
    location = f"https://{host}{path}"
    return Source(_repo_id(location), location, "https", path.rsplit("/", 1)[-1], address)


def _resolve_public(host: str, resolve: Resolve) -> str:
    """The host's first address; every address that it has must be public."""
    try:
        found = resolve(host, 443, type=socket.SOCK_STREAM)
    except OSError:
        raise SourceUnavailable(
            f"The host {host!r} cannot be found: check the URL and the network."
        ) from None
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        ip = ipaddress.ip_address(address.split("%")[0])
        mapped = getattr(ip, "ipv4_mapped", None) or ip
        if not mapped.is_global or mapped.is_multicast:
            raise UserInputError(
                f"The host {host!r} is inside this network ({address}): only public hosts are mirrored."
            )
    if not addresses:
        raise SourceUnavailable(f"The host {host!r} has no address: check the URL.")
    return addresses[0]


def _vet_path(text: str) -> Source:
    path = Path(text).expanduser()
    try:
        resolved = path.resolve(strict=True)
    except (OSError, RuntimeError):
        raise UserInputError(
            f"The path {text!r} does not exist: give the path of a Git repository."
        ) from None
    git_dir = resolved / ".git" if (resolved / ".git").exists() else resolved
    is_repository = git_dir.is_file() or (
        (git_dir / "HEAD").is_file() and (git_dir / "objects").is_dir()
    )
    if not resolved.is_dir() or not is_repository:
        raise UserInputError(
            f"{text!r} is no Git repository: give the folder that holds .git, or a bare repository."
        )
    return Source(
        _repo_id(str(resolved)), str(resolved), "local", resolved.name.removesuffix(".git")
    )


def _repo_id(location: str) -> str:
    return hashlib.sha256(location.encode()).hexdigest()[:16]
