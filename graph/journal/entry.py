"""One entry of the journal, and how it is one line of text.

A line is a JSON object in ASCII, with a line feed at its end and nowhere else; its last key,
`checksum`, is the SHA-256 of the object without it.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from graph.delta import Delta

_CHECKSUM = re.compile(rb',"checksum":"([0-9a-f]{64})"\}\n\Z')


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote: the name of the token, and the id of the request."""

    name: str
    request: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One acknowledged write. Numbers count from 1, without gaps, for ever.

    `time` is UTC, ISO 8601 with milliseconds and `Z`; `kind` is "update", "PUT", "POST", "DELETE".
    """

    number: int
    time: str
    author: Author
    kind: str
    delta: Delta


class InvalidLine(ValueError):
    """The bytes are not a line as `encode` makes it."""


def now() -> str:
    """The present time, as entries have it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def encode(content: Mapping[str, Any]) -> bytes:
    """The line of a JSON object that is not empty."""
    body = json.dumps(dict(content), separators=(",", ":")).encode("ascii")
    checksum = hashlib.sha256(body).hexdigest()
    return b'%s,"checksum":"%s"}\n' % (body[:-1], checksum.encode("ascii"))


def decode(line: bytes) -> dict[str, Any]:
    """The object of a line. Raises InvalidLine for anything that `encode` does not make."""
    found = _CHECKSUM.search(line)
    if not found:
        raise InvalidLine("it is not a whole line")
    body = line[: found.start()] + b"}"
    if hashlib.sha256(body).hexdigest().encode("ascii") != found[1]:
        raise InvalidLine("its checksum is another one")
    content = json.loads(body)
    assert isinstance(content, dict)
    return content


def encode_entry(entry: Entry) -> bytes:
    """The line of an entry."""
    delta = asdict(entry.delta) | {
        "inserted": entry.delta.inserted.decode("utf-8"),
        "deleted": entry.delta.deleted.decode("utf-8"),
    }
    return encode(asdict(entry) | {"delta": delta})


def entry_of(content: Mapping[str, Any]) -> Entry:
    """The entry of a line's object. Raises InvalidLine when it is of something else."""
    try:
        delta = content["delta"]
        return Entry(
            int(content["number"]),
            str(content["time"]),
            Author(**content["author"]),
            str(content["kind"]),
            Delta(
                delta["inserted"].encode("utf-8"),
                delta["deleted"].encode("utf-8"),
                tuple(delta["created"]),
                tuple(delta["dropped"]),
            ),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InvalidLine("it is no entry") from None
