"""What the engine's process says on standard error: lines of JSON, as the service's are.

On standard output it reports to whoever started it.
"""

import contextlib
import json
import os
import sys

from graph.journal import now

_LONGEST = 2000


def say(level: str, message: str, **more: object) -> None:
    """Write a line; `message` may hold anything, and what is too long of it is left out."""
    document = {"time": now(), "level": level, "logger": "therascape.engine"}
    line = json.dumps({**document, "message": message[:_LONGEST], **more}, default=str)
    sys.stderr.write(f"{line}\n")


def report(**document: object) -> None:
    """Tell whoever started this process, in a line of JSON, unless that is gone."""
    with contextlib.suppress(BrokenPipeError):
        os.write(sys.stdout.fileno(), f"{json.dumps(document)}\n".encode())
