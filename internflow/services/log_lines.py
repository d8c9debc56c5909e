"""Shows the log lines of many processes in one terminal: JSON lines are read, anything else is wrapped."""

import json
import sys
import threading
from typing import IO, Any

from rich.console import Console
from rich.text import Text

from internflow.logs import mask_secrets

LEVEL_STYLES = {
    "debug": "dim",
    "info": "",
    "warning": "yellow",
    "error": "bold red",
    "critical": "bold red",
}
SERVICE_STYLES = ("cyan", "magenta", "green", "blue", "bright_yellow", "bright_cyan")
PLAIN_KEYS = ("timestamp", "service", "level", "event", "logger", "exception")


class LineWriter:
    """Writes whole lines of many threads to standard error: coloured on a terminal, JSON elsewhere."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, soft_wrap=True, highlight=False)
        self._lock = threading.Lock()
        self._styles: dict[str, str] = {}

    def pump(self, service: str, stream: IO[str]) -> None:
        """Write every line of a child's output until it ends."""
        for line in stream:
            if line.strip():
                self.write(service, line.rstrip("\n"))

    def write(self, service: str, line: str) -> None:
        """Write one line of a service."""
        event = parse_line(service, line)
        with self._lock:
            if self._console.is_terminal:
                self._console.print(self._render(event))
            else:
                sys.stderr.write(json.dumps(event, ensure_ascii=False) + "\n")

    def _render(self, event: dict[str, Any]) -> Text:
        service = str(event["service"])
        style = self._styles.setdefault(
            service, SERVICE_STYLES[len(self._styles) % len(SERVICE_STYLES)]
        )
        rest = " ".join(
            f"{k}={v}" for k, v in event.items() if k not in PLAIN_KEYS and v is not None
        )
        text = Text(str(event.get("timestamp", ""))[11:19].ljust(9), style="dim")
        text.append(f"{service:<15}", style=style)
        text.append(str(event["event"]), style=LEVEL_STYLES.get(str(event.get("level")), ""))
        text.append(f" {rest}" if rest else "", style="dim")
        if "exception" in event:
            text.append(f"\n{event['exception']}", style="red")
        return text


def parse_line(service: str, line: str) -> dict[str, Any]:
    """A log event from a line of output; a line that is no JSON event becomes one."""
    try:
        event = json.loads(line)
    except ValueError:
        event = None
    if not isinstance(event, dict) or "event" not in event:
        return {"service": service, "level": "info", "event": mask_secrets(line)}
    return {"service": service, **event}
