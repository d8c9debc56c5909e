"""What feeds and searches over many companies' jobs share: bare lists, page numbers, places, kinds of work. Pure."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

from crawlers.parsing import read_line
from internflow.errors import ContractViolation

_page_number = re.compile(r"\d{1,6}")


def require_rows(payload: object) -> list[Any]:
    """The rows of an answer that is one bare list. Raises ContractViolation."""
    if not isinstance(payload, list):
        kind = type(payload).__name__
        raise ContractViolation("The answer", kind, "the feed is a list of jobs, if an empty one.")
    return payload


def read_page_number(url: str, name: str = "page") -> int:
    """Which page an address asks for; 1 when it does not say."""
    value = parse_qs(urlsplit(url).query).get(name, ["1"])[0]
    return max(int(value), 1) if _page_number.fullmatch(value) else 1


def split_places(text: str | None) -> list[str]:
    """The places of a list such as "USA, Canada, Peru", in which a comma parts places."""
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def join_kinds(values: Iterable[object]) -> str | None:
    """Kinds of work that come as codes or a list, as one line: "full_time" becomes "full time"."""
    lines = [read_line({"kind": value}, "kind") for value in values]
    return ", ".join(dict.fromkeys(line.replace("_", " ") for line in lines if line)) or None


def is_on(address: SplitResult, *hosts: str) -> bool:
    """Whether an address is on one of the hosts, with or without www."""
    return (address.hostname or "").removeprefix("www.") in hosts
