"""Runs a program within limits: `python confined.py CPU_SECONDS MEMORY_BYTES FILE_BYTES PROGRAM ARGUMENTS...`

A process of its own sets the limits on itself, because code between fork and exec is unsafe in threads. Where the
kernel allows it, the program also runs in a network namespace of its own, in which there is no network.
"""

import ctypes
import os
import resource
import sys

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000


def leave_network() -> bool:
    """Move this process to a network without interfaces; whether the system allows it."""
    if not sys.platform.startswith("linux"):
        return False
    unshare = getattr(ctypes.CDLL(None, use_errno=True), "unshare", None)
    if unshare is None:
        return False
    return bool(unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0)


def limit_resources(cpu_seconds: int, memory_bytes: int, file_bytes: int) -> None:
    """Set limits that the process and its children cannot raise again."""
    limits = {
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_FSIZE: file_bytes,
        resource.RLIMIT_CORE: 0,
    }
    for kind, limit in limits.items():
        hard = resource.getrlimit(kind)[1]
        allowed = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (allowed, allowed))


def main(cpu_seconds: int, memory_bytes: int, file_bytes: int, command: list[str]) -> None:
    """Confine this process and become the program."""
    leave_network()
    limit_resources(cpu_seconds, memory_bytes, file_bytes)
    os.execv(command[0], command)  # noqa: S606  a shell is what we do not want


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
