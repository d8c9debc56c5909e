"""Answers questions about a repository with passages: by meaning, and by the names that the question mentions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from internflow.errors import StaleIndex
from internflow.repos.chunks import CHUNKER
from internflow.repos.mirrors import count_commits_between, open_mirror
from internflow.retrieval.encoder import Encoder, SentenceEncoder
from internflow.retrieval.stores import Store, StoredPassage, load_store
from internflow.settings import Settings
from internflow.warehouse.connections import Connection

CANDIDATES = 40
NAME_BONUS = 0.3  # an exactly named symbol beats any passage that is merely about the same thing
FLOOR = 0.33  # cosine under which a passage does not answer; measured, see docs/repositories.md


@dataclass(frozen=True)
class Passage:
    path: str
    start_line: int
    end_line: int
    symbol: str | None
    score: float
    text: str


@dataclass(frozen=True)
class Answer:
    """Passages, best first (none: nothing fits), the commit they stand at, and how far HEAD is ahead of it."""

    passages: tuple[Passage, ...]
    commit_sha: str
    behind: int


def ask(
    settings: Settings,
    connection: Connection,
    repo_id: str,
    question: str,
    *,
    limit: int = 5,
    encoder: Encoder | None = None,
) -> Answer:
    """The passages of a repository that fit a question. Raises StaleIndex when there is no fitting store."""
    chosen = encoder or SentenceEncoder(settings.embedding_model)
    store = load_store(settings.indexes_dir, repo_id, chosen)
    ranked = rank_passages(store, question, chosen)[:limit]
    passages = _read_passages(connection, [(store.passages[i], score) for i, score in ranked])
    mirror = open_mirror(settings.mirrors_dir, repo_id)
    behind = count_commits_between(mirror, store.manifest.commit_sha, mirror.head_sha)
    return Answer(tuple(passages), store.manifest.commit_sha, behind)


def rank_passages(store: Store, question: str, encoder: Encoder) -> list[tuple[int, float]]:
    """Positions and scores of the passages that answer, best first."""
    vector = encoder.encode([question])
    scores = dict(store.nearest(vector, CANDIDATES))
    for position in find_named(store.passages, question):
        near = scores.get(position)
        cosine = near if near is not None else float((store.vector(position) @ vector.T)[0, 0])
        scores[position] = max(cosine, FLOOR) + NAME_BONUS
    return sorted(
        ((i, s) for i, s in scores.items() if s >= FLOOR), key=lambda item: (-item[1], item[0])
    )


def find_named(passages: Sequence[StoredPassage], question: str) -> list[int]:
    """Positions of passages whose symbol the question names, as `name` or `Class.name`, and says so as code does."""
    names = find_code_names(question)
    return [
        i
        for i, p in enumerate(passages)
        if p.symbol and not names.isdisjoint((p.symbol, _last_part(p.symbol)))
    ]


def find_code_names(question: str) -> set[str]:
    """Words that can only be names: with an underscore, a dot, inner capitals, a call's brackets, in backticks."""
    quoted = re.findall(r"`([^`\s]+)`", question) + re.findall(r"([\w.:]+)\(", question)
    words = [word.strip(".:") for word in re.findall(r"[\w.:]+", question)]
    capitals = words[1:]  # the first word of a question is written large
    names = {w for w in words if re.search(r"_|\w(\.|::)\w|[a-z][A-Z]", w)}
    names |= {w for w in capitals if re.fullmatch(r"[A-Z][a-z]\w+", w)}
    names |= {word.strip("().:") for word in quoted}
    return {part for name in names for part in (name, _last_part(name)) if len(part) > 1}


def _last_part(symbol: str) -> str:
    return re.split(r"\.|::", symbol)[-1]


def _read_passages(
    connection: Connection, ranked: Sequence[tuple[StoredPassage, float]]
) -> list[Passage]:
    rows = connection.execute(
        "select blob_sha, ordinal, content from raw.chunks where chunker = %s and blob_sha = any(%s)",
        (CHUNKER, [p.blob_sha for p, _score in ranked]),
    ).fetchall()
    texts = {(row["blob_sha"], row["ordinal"]): row["content"] for row in rows}
    lost = [p.path for p, _score in ranked if (p.blob_sha, p.ordinal) not in texts]
    if lost:
        raise StaleIndex(
            f"The database no longer holds the code of {lost[0]}: rebuild it with `internflow index REPO`."
        )
    return [
        Passage(
            p.path,
            p.start_line,
            p.end_line,
            p.symbol,
            round(score, 4),
            texts[(p.blob_sha, p.ordinal)],
        )
        for p, score in ranked
    ]
