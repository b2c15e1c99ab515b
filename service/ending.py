"""Commands that are ended from outside, and leave nothing behind."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_TERMINATED = 128 + signal.SIGTERM


@contextmanager
def until_terminated() -> Iterator[None]:
    """While the block runs SIGTERM ends it like an exception, so that what it has begun on the disk
    is removed; the exit code is that of a shell for a program that was ended so.

    To be used in the main thread.
    """
    former = signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)
