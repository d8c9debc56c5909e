"""A visit to a page of the app, spoken as a browser speaks it: one WebSocket, one run of the page."""

import ssl
from dataclasses import dataclass

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect


@dataclass(frozen=True)
class Visit:
    """What one run of a page showed: kinds of elements, and the whole of it as text."""

    elements: frozenset[str]
    text: str


def visit_page(port: int, page: str, *, trust: ssl.SSLContext, origin: str | None = None) -> Visit:
    """Run a page and read until it has ended.

    Raises websockets' InvalidStatus when the app refuses the origin, TimeoutError after 60 s of silence.
    """
    elements: set[str] = set()
    shown: list[str] = []
    with connect(
        f"wss://127.0.0.1:{port}/_stcore/stream",
        ssl=trust,
        origin=origin or f"https://127.0.0.1:{port}",  # type: ignore[arg-type]
        subprotocols=["streamlit"],  # type: ignore[list-item]
        max_size=None,
        open_timeout=30,
    ) as socket:
        request = BackMsg()
        request.rerun_script.page_name = page
        socket.send(request.SerializeToString())
        while True:
            message = ForwardMsg()
            message.ParseFromString(socket.recv(timeout=60, decode=False))
            kind = message.WhichOneof("type")
            if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                elements.add(str(message.delta.new_element.WhichOneof("type")))
                shown.append(str(message.delta.new_element))
            if kind == "script_finished":
                return Visit(frozenset(elements), "\n".join(shown))
