"""What the passages of a repository can be filtered by."""

from dataclasses import dataclass

from internflow.repos.chunks import CHUNKER
from internflow.warehouse.connections import Connection

COUNTED = """
    select language, kind, count(*) as passages from app.passages
    where repo_id = %s and chunker = %s group by language, kind order by passages desc, language, kind
"""


@dataclass(frozen=True)
class Choices:
    """The languages and kinds that occur, most passages first; none without an index."""

    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def read_choices(connection: Connection, repo_id: str) -> Choices:
    """As the indexed files have them, for whoever the connection is."""
    rows = connection.execute(COUNTED, (repo_id, CHUNKER)).fetchall()
    languages, kinds = ([row[name] for row in rows] for name in ("language", "kind"))
    return Choices(tuple(dict.fromkeys(languages)), tuple(dict.fromkeys(kinds)))
