"""What platforms share that give each company a careers site of its own: its host, paging, places, sections. Pure."""

import html
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

from crawlers.parsing import read_line
from internflow.errors import ContractViolation

# Subdomains that belong to the vendor, not to a company.
VENDORS_OWN = frozenset(
    {
        "www",
        "api",
        "app",
        "apply",
        "docs",
        "support",
        "help",
        "status",
        "blog",
        "info",
        "cdn",
        "jobs",
    }
)
_label = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def find_subdomain(address: SplitResult, domain: str) -> str | None:
    """The company's part of a host such as acme.example.com; None for the vendor's own pages and other hosts."""
    host = (address.hostname or "").lower()
    name = host.removesuffix(f".{domain}")
    is_company = name != host and _label.fullmatch(name) and name not in VENDORS_OWN
    return name if is_company else None


def read_query_number(url: str, name: str) -> int:
    """A number from the query of an address that this project built itself; 0 when there is none."""
    return int(parse_qs(urlsplit(url).query).get(name, ["0"])[0])


def read_parts(fields: object, names: Iterable[str]) -> str:
    """A place out of an address in fields, such as "Pune, Maharashtra, India"; empty when all of them are."""
    return ", ".join(part for name in names if (part := read_line(fields, name)))


def join_sections(sections: Iterable[tuple[str | None, str]]) -> str:
    """Sections of a description, each a heading in plain text and HTML, as one text; empty ones are left out."""
    written = []
    for heading, content in sections:
        if content.strip():
            title = f"<h3>{html.escape(heading, quote=False)}</h3>" if heading else ""
            written.append(title + content)
    return "\n".join(written)


def require_object(fields: object, name: str) -> dict[str, Any]:
    """An object inside an answer. Raises ContractViolation."""
    value = fields.get(name) if isinstance(fields, Mapping) else None
    if not isinstance(value, dict):
        raise ContractViolation(
            f"The field {name} of the answer", value, "the page of a job has an object there."
        )
    return value


def drop_fields(fields: object, unwanted: Iterable[str]) -> dict[str, Any]:
    """A copy of an object without fields that nobody reads; an empty one of anything else."""
    if not isinstance(fields, Mapping):
        return {}
    left_out = frozenset(unwanted)
    return {name: value for name, value in fields.items() if name not in left_out}
