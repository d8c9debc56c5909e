"""Runs a program within limits: `python confined.py CPU_SECONDS MEMORY_BYTES FILE_BYTES PROGRAM ARGUMENTS...`

A process of its own sets the limits on itself, because code between fork and exec is unsafe in threads.
"""

import os
import resource
import sys


def main(cpu_seconds: int, memory_bytes: int, file_bytes: int, command: list[str]) -> None:
    """Set the limits and become the program."""
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
    os.execv(command[0], command)  # noqa: S606  a shell is what we do not want


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
