"""Which parser read an answer: a hash of the sources that decide what comes out of it."""

import hashlib
from functools import cache
from pathlib import Path

import internflow.listings

CRAWLERS = Path(__file__).parent
LISTINGS = Path(internflow.listings.__file__).parent
SHARED = (
    *sorted(CRAWLERS.glob("*.py")),
    *(LISTINGS / f"{name}.py" for name in ("posting", "text", "places", "dates")),
)


@cache
def find_parser_version(platform: str) -> str:
    """The version of a platform's parser; another one must read even an unchanged answer again."""
    digest = hashlib.sha256()
    for path in (CRAWLERS / "platforms" / f"{platform}.py", *SHARED):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
