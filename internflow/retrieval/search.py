"""Answers questions about a repository with its passages, or says that nothing in it fits."""

from collections.abc import Sequence
from dataclasses import dataclass

from internflow.errors import StaleIndex
from internflow.repos.chunks import CHUNKER
from internflow.repos.mirrors import count_commits_between, open_mirror
from internflow.retrieval.encoder import Encoder, open_encoder
from internflow.retrieval.passages import EVERYTHING, Filters, StoredPassage
from internflow.retrieval.ranking import Ranked, rank_passages
from internflow.retrieval.stores import Tier, load_store
from internflow.settings import Settings
from internflow.warehouse.connections import Connection

__all__ = ["Answer", "Filters", "Passage", "ask"]

SURE_COSINE = 0.45  # a passage as near as this answers, whatever its words
LEAST_COSINE = 0.33  # and none that is further does
LEAST_COVERAGE = (
    0.5  # between the two, and without vectors: so much of the question's words must be there
)
WORDS_COVERAGE = 0.6


@dataclass(frozen=True)
class Passage:
    path: str
    start_line: int
    end_line: int
    symbol: str | None
    language: str
    kind: str
    score: float
    text: str


@dataclass(frozen=True)
class Answer:
    """Passages, best first (none: nothing fits), which tier found them, their commit, and how far HEAD is ahead."""

    passages: tuple[Passage, ...]
    tier: Tier
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
    filters: Filters = EVERYTHING,
) -> Answer:
    """The passages of a repository that fit a question. Raises StaleIndex when there is no fitting store."""
    chosen = encoder or open_encoder(settings)
    store = load_store(settings.indexes_dir, repo_id, chosen)
    tier = store.manifest.tier
    ranked = choose_fitting(rank_passages(store, question, chosen, filters), tier)[:limit]
    places = store.passages.read([r.row for r in ranked])
    passages = _read_passages(connection, repo_id, ranked, places)
    mirror = open_mirror(settings.mirrors_dir, repo_id)
    behind = count_commits_between(mirror, store.manifest.commit_sha, mirror.head_sha)
    return Answer(tuple(passages), tier, store.manifest.commit_sha, behind)


def choose_fitting(ranked: Sequence[Ranked], tier: Tier) -> list[Ranked]:
    """Those that answer; none when not even the best does."""
    fitting = [r for r in ranked if fits(r, tier)]
    return fitting if any(fits(r, tier) for r in ranked[:3]) else []


def fits(ranked: Ranked, tier: Tier) -> bool:
    """Whether a passage is near enough in meaning, or has enough of the question's words."""
    if ranked.is_named:
        return True
    if tier == "lexical":
        return ranked.coverage >= WORDS_COVERAGE
    if ranked.cosine >= SURE_COSINE:
        return True
    return ranked.cosine >= LEAST_COSINE and ranked.coverage >= LEAST_COVERAGE


def _read_passages(
    connection: Connection,
    repo_id: str,
    ranked: Sequence[Ranked],
    places: Sequence[StoredPassage],
) -> list[Passage]:
    rows = connection.execute(
        "select blob_sha, ordinal, content from app.passages"
        " where repo_id = %s and chunker = %s and path = any(%s) and blob_sha = any(%s)",
        (repo_id, CHUNKER, [p.path for p in places], [p.blob_sha for p in places]),
    ).fetchall()
    texts = {(row["blob_sha"], row["ordinal"]): row["content"] for row in rows}
    lost = [p.path for p in places if (p.blob_sha, p.ordinal) not in texts]
    if lost:
        raise StaleIndex(
            f"The database no longer holds the code of {lost[0]}: run `internflow index build REPO`."
        )
    return [
        Passage(
            p.path, p.start_line, p.end_line, p.symbol, p.language, p.kind, round(r.score, 4),
            texts[p.blob_sha, p.ordinal],
        )
        for r, p in zip(ranked, places, strict=True)
    ]  # fmt: skip
