"""Worker processes for pure functions over many postings. They never run the program that starts them."""

import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from os import cpu_count
from types import ModuleType
from typing import TypeVar

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


class Workers:
    """As many processes as there are processors, started when the first work comes."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def map(self, work: Callable[[Item], Outcome], items: Iterable[Item]) -> Iterator[Outcome]:
        """What `work` makes of each item, in the order of the items; both must be picklable."""
        if self._pool is None:
            # Not forked: the program may hold connections and threads.
            self._pool = ProcessPoolExecutor(cpu_count() or 1, mp_context=get_context("spawn"))
        with _hide_main():
            futures: list[Future[Outcome]] = [self._pool.submit(work, item) for item in items]
        while futures:
            yield futures.pop(0).result()

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown()


@contextmanager
def open_workers() -> Iterator[Workers]:
    """Workers for the block."""
    workers = Workers()
    try:
        yield workers
    finally:
        workers.close()


@contextmanager
def _hide_main() -> Iterator[None]:
    """A process that starts within runs only what it is given: it would import the program's main module first."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
