"""Text of a file that may be anything: a folder, a pipe, too large, in another encoding."""

import os
import stat
from pathlib import Path

from graph.problems import Problem

#: Largest file read, in bytes; tables and manifests are written by hand and stay far below.
MAX_BYTES = 50_000_000


def read_text(path: Path, name: str, problems: list[Problem]) -> str | None:
    """The text of a UTF-8 file without a byte order mark; None after appending a problem.

    `name` is the path shown in problems.
    """
    try:
        data = _bytes(path)
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        problems.append(Problem(name, None, None, message, "Make it a readable file."))
        return None
    if len(data) > MAX_BYTES:
        message = f"is larger than {MAX_BYTES:,} bytes"
        remedy = "Make it smaller; a table may be parted into <table>.<part>.csv."
        problems.append(Problem(name, None, None, message, remedy))
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.append(Problem(name, line, None, "is not UTF-8", "Save the file as UTF-8."))
        return None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        problems.append(Problem(name, line, None, "has a NUL character", "Delete it."))
        return None
    return text


def _bytes(path: Path) -> bytes:
    """At most one byte more than is allowed. Opening does not wait for a pipe's other end."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(None, "it is no regular file")
        return file.read(MAX_BYTES + 1)
