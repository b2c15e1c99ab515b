"""What the operating system lacks: asked once, at start, before anything listens.

Therascape runs in full on Linux. Elsewhere it may run with less protection, and says so; where what
it is built on does not exist at all, it refuses to start.
"""

import sys

from graph.errors import GraphError


class UnsupportedPlatformError(GraphError):
    """The system cannot run the service; the message says where it can run."""


_WINDOWS = ("win32", "cygwin", "msys")
_NAMES = {"darwin": "macOS"}
_MISSING = (
    "is not tested as Linux is: use it to try things out, and Linux to serve others.",
    "does not enforce a memory limit on a process: the memory cap of queries is best effort.",
    "cannot end the connection of a client that stops reading: such clients keep theirs.",
    "has no seccomp: only the check of the query text keeps SERVICE and LOAD off the network.",
)


def check_platform(platform: str = sys.platform) -> tuple[str, ...]:
    """Say what is missing on this system, one plain sentence each; nothing is missing on Linux.

    `platform` is a value of `sys.platform`.
    Raises UnsupportedPlatformError on Windows outside WSL2.
    """
    if platform == "linux":
        return ()
    if platform in _WINDOWS:
        message = (
            "Therascape does not run on Windows itself: run it inside WSL2 (`wsl --install`, then "
            "follow the README in the Linux shell) or in a Linux container."
        )
        raise UnsupportedPlatformError(message)
    name = _NAMES.get(platform, f"This system ({platform})")
    return tuple(f"{name} {sentence}" for sentence in _MISSING)
