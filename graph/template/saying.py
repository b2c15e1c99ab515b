"""What the engine's process says on standard error: lines of JSON, as the service's are."""

import json
import sys

from graph.journal import now

_LONGEST = 2000


def say(level: str, message: str, **more: object) -> None:
    """Write a line; `message` may hold anything, and what is too long of it is left out."""
    document = {"time": now(), "level": level, "logger": "therascape.engine"}
    line = json.dumps({**document, "message": message[:_LONGEST], **more}, default=str)
    sys.stderr.write(f"{line}\n")
