"""One FAISS store per repository: written aside, switched by one rename, refused when it does not fit its manifest.

Layout: <indexes_dir>/<repo_id>/<version>/{index.faiss, passages.jsonl, manifest.json}, and `current` naming a version.
"""

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import faiss
import numpy as np
from filelock import FileLock

from internflow.errors import StaleIndex
from internflow.repos.chunks import CHUNKER
from internflow.retrieval.encoder import Encoder, Vectors


@dataclass(frozen=True)
class Manifest:
    """What a store was built of; two stores with equal manifests hold the same."""

    repo_id: str
    commit_sha: str
    chunker: str
    model_id: str
    dimension: int
    chunk_count: int
    checksum: str


@dataclass(frozen=True)
class StoredPassage:
    """Where one vector's text stands."""

    path: str
    start_line: int
    end_line: int
    symbol: str | None
    blob_sha: str
    ordinal: int


@dataclass(frozen=True)
class Store:
    manifest: Manifest
    passages: tuple[StoredPassage, ...]
    index: faiss.Index

    def nearest(self, vector: Vectors, count: int) -> list[tuple[int, float]]:
        """Positions and cosines of the passages nearest to one vector of shape (1, dimension)."""
        if not self.passages:
            return []
        scores, ids = self.index.search(vector, min(count, len(self.passages)))
        return [(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0]

    def vector(self, position: int) -> Vectors:
        """The stored vector of one passage, shape (1, dimension)."""
        return np.asarray(self.index.reconstruct(position), dtype=np.float32)[None, :]


def write_store(
    indexes_dir: Path, manifest_of: Manifest, passages: Sequence[StoredPassage], vectors: Vectors
) -> Manifest:
    """Write a store and make it current; return its manifest with counts and checksum filled in.

    Readers of the version before keep it: it is removed only by the write after this one.
    """
    home = indexes_dir / manifest_of.repo_id
    home.mkdir(parents=True, exist_ok=True)
    with FileLock(home / "lock"):
        aside = home / "writing"
        shutil.rmtree(aside, ignore_errors=True)  # left by a run that was killed
        aside.mkdir()
        index = faiss.IndexFlatIP(manifest_of.dimension)
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        faiss.write_index(index, str(aside / "index.faiss"))
        with (aside / "passages.jsonl").open("w", encoding="utf-8") as lines:
            lines.writelines(json.dumps(asdict(p), ensure_ascii=False) + "\n" for p in passages)
        manifest = replace(manifest_of, chunk_count=len(passages), checksum=_checksum(aside))
        (aside / "manifest.json").write_text(json.dumps(asdict(manifest), indent=1))
        _make_current(home, aside, manifest)
    return manifest


def load_store(indexes_dir: Path, repo_id: str, encoder: Encoder) -> Store:
    """The current store. Raises StaleIndex when it is absent, damaged, or of another model or chunker."""
    folder = _find_current(indexes_dir / repo_id)
    if folder is None:
        raise StaleIndex(
            f"Repository {repo_id} has no index yet: build it with `internflow index REPO`."
        )
    manifest = _read_manifest(folder, repo_id)
    built_with = (manifest.chunker, manifest.model_id, manifest.dimension)
    wanted = (CHUNKER, encoder.model_id, encoder.dimension)
    if built_with != wanted:
        raise StaleIndex(
            f"The index of {repo_id} was built with {built_with}, not {wanted}:"
            " rebuild it with `internflow index REPO`."
        )
    if _checksum(folder) != manifest.checksum:
        raise _damaged(repo_id)
    with (folder / "passages.jsonl").open(encoding="utf-8") as lines:
        passages = tuple(StoredPassage(**json.loads(line)) for line in lines)
    return Store(manifest, passages, faiss.read_index(str(folder / "index.faiss")))


def _read_manifest(folder: Path, repo_id: str) -> Manifest:
    try:
        return Manifest(**json.loads((folder / "manifest.json").read_text()))
    except (OSError, ValueError, TypeError):
        raise _damaged(repo_id) from None


def _damaged(repo_id: str) -> StaleIndex:
    return StaleIndex(
        f"The index of {repo_id} is damaged: rebuild it with `internflow index REPO`."
    )


def _find_current(home: Path) -> Path | None:
    pointer = home / "current"
    return home / pointer.read_text().strip() if pointer.exists() else None


def _make_current(home: Path, aside: Path, manifest: Manifest) -> None:
    before = _find_current(home)
    version = home / hashlib.sha256(json.dumps(asdict(manifest)).encode()).hexdigest()[:16]
    shutil.rmtree(version, ignore_errors=True)  # written again only when it was found damaged
    aside.rename(version)
    pointer = home / "current.new"
    pointer.write_text(version.name)
    pointer.replace(home / "current")
    for folder in home.iterdir():
        if folder.is_dir() and folder not in (version, before):
            shutil.rmtree(folder, ignore_errors=True)


def _checksum(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in ("index.faiss", "passages.jsonl"):
        path = folder / name
        digest.update(path.read_bytes() if path.exists() else b"absent")
    return digest.hexdigest()
