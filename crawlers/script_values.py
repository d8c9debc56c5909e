"""JSON that a web page's script assigns to a name. Pure."""

import json
import re
from itertools import islice

from crawlers.platform import Page
from internflow.errors import ContractViolation
from internflow.listings.text import clean_json

MOST_ASSIGNMENTS = 5  # that are looked at; each may cost a pass over the page


def find_script_value(page: Page, name: str) -> object:
    """What `name = {...}` assigns in a page. Raises ContractViolation where the page assigns nothing readable to it."""
    text = page.body.decode("utf-8", "replace")
    assignments = re.finditer(rf"{re.escape(name)}\s{{0,20}}=\s{{0,20}}(?=[\[{{])", text)
    for found in islice(assignments, MOST_ASSIGNMENTS):
        try:
            value, _end = json.JSONDecoder().raw_decode(text, found.end())
            return clean_json(value)
        except (ValueError, RecursionError):
            continue
    start = " ".join(text[:40].split())
    raise ContractViolation(
        "The answer", start, f"the platform's page assigns {name}, and this one does not."
    )
