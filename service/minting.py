"""Making tokens: who gets one keeps it, a service knows its hash."""

import os
import secrets
from pathlib import Path

from graph.errors import GraphError
from service.tokens import hashed

_BYTES = 32


class TokenFileRefused(GraphError):
    """A file of tokens cannot be written; the message names it."""


def new_token() -> str:
    """Return a token that nobody can guess."""
    return secrets.token_urlsafe(_BYTES)


def token_line(name: str, token: str) -> str:
    """Return the line of a file of tokens that lets this one in. Raises ValueError for the name."""
    if not name.strip() or name.startswith("#") or not name.isprintable():
        raise ValueError("a name is one line of text, and does not begin with #")
    return f"{' '.join(name.split())} {hashed(token)}"


def append_line(path: Path, line: str) -> None:
    """Append a line to a file, which is made for its owner alone. Raises TokenFileRefused."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
    try:
        with os.fdopen(os.open(path, flags, 0o600), "r+", encoding="utf-8") as file:
            text = file.read()
            file.write(f"{line}\n" if text.endswith("\n") or not text else f"\n{line}\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise TokenFileRefused(f"{path}: it cannot be written: {reason}") from None
