"""Where this machine's pip finds packages, made reachable for a build in a container."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

OPTIONS = ("index-url", "extra-index-url", "find-links", "trusted-host")


@contextmanager
def serve_pip_settings(target: Path) -> Iterator[None]:
    """Write a pip.conf for the build; folders of this machine are served on 127.0.0.1 meanwhile."""
    settings = _read_pip_settings()
    local: dict[str, Path] = {}
    roots: list[Path] = []
    for name, value in ((n, v) for n, values in settings.items() for v in values):
        folder = _find_folder(value)
        if folder:
            local[value] = folder
            # The pages of an index point beside it, to its files.
            roots.append(folder if name == "find-links" else folder.parent)

    class Handler(SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            wanted = Path(unquote(urlsplit(path).path)).resolve()
            allowed = any(wanted.is_relative_to(root) for root in roots)
            return str(wanted) if allowed else "/nonexistent"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name there
            """Keep the test's output quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        addresses = {v: f"http://127.0.0.1:{server.server_port}{f}/" for v, f in local.items()}
        lines = [
            f"{name} = {' '.join(addresses.get(v, v) for v in values)}"
            for name, values in settings.items()
        ]
        target.write_text("\n".join(["[global]", *lines, ""]))
        yield
        server.shutdown()


def _read_pip_settings() -> dict[str, list[str]]:
    """Option -> its values, from every place where pip reads settings."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found: dict[str, list[str]] = {}
    for line in listed.splitlines():
        key, _, value = line.partition("=")
        name = key.rsplit(".", 1)[-1]
        if name in OPTIONS:
            values = found.setdefault(name, [])
            values += [v for v in value.strip("'\"").split() if v not in values]
    return found


def _find_folder(value: str) -> Path | None:
    """The folder of this machine that an option's value names, if it names one."""
    path = Path(unquote(urlsplit(value).path))
    return path if urlsplit(value).scheme in {"", "file"} and path.is_dir() else None
