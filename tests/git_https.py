"""A real https Git host on the loopback, for a name that no resolver knows."""

import datetime
import os
import ssl
import subprocess
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOST = "git.internflow.test"


class GitHost(ThreadingHTTPServer):
    """Serves the repositories of a folder; `answers` maps the start of a path to a status or a redirect's target.

    With a `password`, whoever does not give it is refused. `spoil` answers in place of the host when it would send
    objects, and gets what it would have sent.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.answers: dict[str, int | str] = {}
        self.requested: list[str] = []
        self.authorizations: list[str] = []
        self.password: str | None = None
        self.spoil: Callable[[BaseHTTPRequestHandler, bytes], None] | None = None

    def url(self, path: str) -> str:
        return f"https://{HOST}:{self.server_port}{path}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no event here."""


@contextmanager
def serving_git(folder: Path) -> Iterator[GitHost]:
    """The host, and beside the folder its certificate `certificate.pem`."""
    certificate = folder.parent / "certificate.pem"
    certificate.write_bytes(_make_certificate())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    host = GitHost(folder)
    host.socket = context.wrap_socket(host.socket, server_side=True)
    thread = Thread(target=host.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield host
    finally:
        host.shutdown()
        thread.join()
        host.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: GitHost

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, *args: object) -> None:
        """Keep the test's output clean."""

    def _answer(self, body: bytes) -> None:
        path, _, query = self.path.partition("?")
        self.server.requested.append(path)
        for start, answer in self.server.answers.items():
            if path.startswith(start + "/"):
                self._refuse(answer, path.removeprefix(start), query)
                return
        self.server.authorizations.append(self.headers.get("Authorization", ""))
        if self.server.password and not self._knows_password():
            self._refuse(401, "", "")
            return
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(self.server.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
        }
        done = subprocess.run(
            ["git", "http-backend"], env=environment, input=body, capture_output=True, check=True
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        if self.server.spoil and b"PACK" in content:
            self.close_connection = True
            self.server.spoil(self, content)
            return
        self._send(int(fields.pop("Status", "200").split()[0]), fields, content)

    def _knows_password(self) -> bool:
        _scheme, _, given = self.headers.get("Authorization", "").partition(" ")
        return b64decode(given).decode().rpartition(":")[2] == self.server.password

    def _refuse(self, answer: int | str, rest: str, query: str) -> None:
        if isinstance(answer, str):
            self._send(301, {"Location": f"{answer}{rest}?{query}"}, b"")
        else:
            self._send(answer, {"WWW-Authenticate": "Basic"} if answer == 401 else {}, b"")

    def _send(self, status: int, fields: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in (fields | {"Content-Length": str(len(content))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


def _make_certificate() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)
