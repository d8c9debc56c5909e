"""One store per repository: written aside, switched by one rename, refused when it does not fit its manifest.

Layout: <indexes_dir>/<repo_id>/<version>/ with manifest.json, passages, the lexical files and, in the dense tier,
the FAISS index; `current` names a version. A version's files never change, so readers map them into memory.
"""

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from internflow.errors import StaleIndex
from internflow.repos.chunks import CHUNKER
from internflow.retrieval.dense import DenseIndex, write_dense
from internflow.retrieval.encoder import Encoder, Vectors
from internflow.retrieval.lexical import LexicalIndex, read_lexical, write_lexical
from internflow.retrieval.passages import PassageTable, StoredPassage, write_passages
from internflow.retrieval.terms import TERMS_VERSION

MOST_OPEN = 16  # stores that a process keeps mapped
CURRENT, MANIFEST = "current", "manifest.json"

Tier = Literal["lexical", "dense"]


@dataclass(frozen=True)
class Manifest:
    """What a store was built of; two stores with equal manifests hold the same."""

    repo_id: str
    commit_sha: str
    chunker: str
    terms: str
    model_id: str
    dimension: int
    tier: Tier
    chunk_count: int
    size_bytes: int
    checksum: str


@dataclass(frozen=True)
class Store:
    """An open store; `dense` is None while vectors are still being made.

    `documented_share`: how many of its passages explain themselves in words.
    """

    manifest: Manifest
    passages: PassageTable
    lexical: LexicalIndex
    dense: DenseIndex | None
    languages: tuple[str, ...]
    documented_share: float


def plan_manifest(repo_id: str, commit_sha: str, encoder: Encoder) -> Manifest:
    """The manifest of a store that is to be written."""
    return Manifest(
        repo_id, commit_sha, CHUNKER, TERMS_VERSION, encoder.model_id, encoder.dimension, "lexical", 0, 0, "",
    )  # fmt: skip


def write_store(
    indexes_dir: Path,
    planned: Manifest,
    passages: Sequence[StoredPassage],
    lexical: LexicalIndex,
    vectors: Vectors | None,
) -> Manifest:
    """Write a store and make it current; without vectors it is of the lexical tier. The caller holds the repository.

    Readers of the version before keep it: it is removed only by the write after this one.
    """
    home = indexes_dir / planned.repo_id
    aside = home / "writing"
    shutil.rmtree(aside, ignore_errors=True)  # left by a run that was killed
    aside.mkdir(parents=True)
    write_passages(aside, passages)
    write_lexical(lexical, aside)
    if vectors is not None:
        write_dense(aside, vectors)
    manifest = replace(
        planned, tier="lexical" if vectors is None else "dense", chunk_count=len(passages),
        size_bytes=_measure(aside), checksum=_checksum(aside),
    )  # fmt: skip
    (aside / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1))
    _make_current(home, aside)
    return manifest


def load_store(indexes_dir: Path, repo_id: str, encoder: Encoder) -> Store:
    """The current store. Raises StaleIndex when it is absent, damaged, or of another model or chunker."""
    folder = _require_current(indexes_dir, repo_id)
    return _open(folder, _read_fitting(folder, repo_id, encoder))


def verify_store(indexes_dir: Path, repo_id: str, encoder: Encoder) -> Store:
    """The current store, every byte of it read. Raises StaleIndex as `load_store`, or when a byte was changed."""
    folder = _require_current(indexes_dir, repo_id)
    manifest = _read_fitting(folder, repo_id, encoder)
    if _checksum(folder) != manifest.checksum:
        raise _damaged(repo_id)
    return _open(folder, manifest)


def _read_fitting(folder: Path, repo_id: str, encoder: Encoder) -> Manifest:
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text()))
        size_bytes = _measure(folder)
    except (OSError, ValueError, TypeError):
        raise _damaged(repo_id) from None
    if size_bytes != manifest.size_bytes:
        raise _damaged(repo_id)
    wanted = (CHUNKER, TERMS_VERSION, encoder.model_id, encoder.dimension)
    built_with = (manifest.chunker, manifest.terms, manifest.model_id, manifest.dimension)
    if built_with != wanted:
        raise StaleIndex(
            f"The index of {repo_id} was built with {built_with}, not {wanted}:"
            " rebuild it with `internflow index rebuild REPO`."
        )
    return manifest


@lru_cache(maxsize=MOST_OPEN)
def _open(folder: Path, manifest: Manifest) -> Store:
    dense = DenseIndex(folder) if manifest.tier == "dense" else None
    passages = PassageTable(folder)
    languages, documented = passages.list_languages(), passages.rate_documented()
    return Store(manifest, passages, read_lexical(folder), dense, languages, documented)


def _require_current(indexes_dir: Path, repo_id: str) -> Path:
    folder = _find_current(indexes_dir / repo_id)
    if folder is None:
        raise StaleIndex(
            f"Repository {repo_id} has no index yet: build it with `internflow index build REPO`."
        )
    return folder


def _damaged(repo_id: str) -> StaleIndex:
    return StaleIndex(
        f"The index of {repo_id} is damaged: rebuild it with `internflow index rebuild REPO`."
    )


def _find_current(home: Path) -> Path | None:
    pointer = home / CURRENT
    return home / pointer.read_text().strip() if pointer.exists() else None


def _make_current(home: Path, aside: Path) -> None:
    before = _find_current(home)
    version = home / hashlib.sha256((aside / MANIFEST).read_bytes()).hexdigest()[:16]
    if version == before:  # the same once more: what readers have under its name stays
        version = version.with_name(f"{version.name}-again")
    shutil.rmtree(version, ignore_errors=True)
    aside.rename(version)
    pointer = home / f"{CURRENT}.new"
    pointer.write_text(version.name)
    pointer.replace(home / CURRENT)
    _open.cache_clear()
    for folder in home.iterdir():
        if folder.is_dir() and folder not in (version, before):
            shutil.rmtree(folder, ignore_errors=True)


def _list_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.name != MANIFEST)


def _measure(folder: Path) -> int:
    return sum(path.stat().st_size for path in _list_files(folder))


def _checksum(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in _list_files(folder):
        digest.update(path.name.encode())
        with path.open("rb") as content:
            digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()
