"""The most memory of this process and its children together, while a block of code runs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil


@contextmanager
def watch_memory() -> Iterator[list[float]]:
    """The most megabytes (USS) that this process's children held at once, this one included."""
    peak, is_over = [0.0], threading.Event()

    def watch() -> None:
        while not is_over.wait(0.2):
            peak[0] = max(peak[0], _sum_memory())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        is_over.set()
        watcher.join()


def _sum_memory() -> float:
    own = psutil.Process()
    total = 0
    for process in [own, *own.children(recursive=True)]:
        try:
            if "postgres" not in process.name() and "replay_server" not in " ".join(
                process.cmdline()
            ):
                total += process.memory_full_info().uss
        except psutil.Error:
            continue
    return total / 1e6
