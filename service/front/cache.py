"""Answers that may be given again, by the bytes of the requests that they answer."""

import hashlib
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from service.front.observer import Again
from service.front.replies import Reply

_LARGEST_SHARE = 8
_OVERHEAD = 2048  # what an entry takes besides its body and its key
# With these, an answer depends on more than the key has.
_PASSED_BY = (b"authorization", b"cookie", b"range", b"if-match", b"if-range")
_VARIED = frozenset(("accept", "accept-encoding", "origin", "therascape-release", ""))
# What describes the body, which a 304 does not have (RFC 9110, 15.4.5).
_OF_BODY = frozenset(
    (b"content-type", b"content-encoding", b"content-language", b"content-disposition")
)
_OF_REQUEST = frozenset((b"query-id", b"date"))

Key = tuple[Hashable, ...]


def key_of(
    scope: Mapping[str, Any], heads: Mapping[bytes, bytes], body: bytes | None = None
) -> Key | None:
    """Return what decides the answer to a request; None if that may be more.

    `heads` are the headers of the scope; one that occurs twice leaves them fewer.
    """
    if len(heads) != len(scope["headers"]):
        return None
    for name in _PASSED_BY:
        if name in heads:
            return None
    get = heads.get
    key = (
        get(b"host"),
        scope["scheme"],
        scope["raw_path"],
        scope["query_string"],
        get(b"accept"),
        get(b"accept-encoding"),
        get(b"therascape-release"),
    )
    if body is None:
        return key
    digest = hashlib.sha256(body).digest()
    return (*key, get(b"content-type"), get(b"content-encoding"), digest)


def is_known(tag: bytes, condition: bytes | None) -> bool:
    """Whether If-None-Match names this ETag (RFC 9110, 13.1.2)."""
    if not tag or condition is None:
        return False
    tags = [one.strip().removeprefix(b"W/") for one in condition.split(b",")]
    return tag.removeprefix(b"W/") in tags or tags == [b"*"]


def not_modified(reply: Reply) -> Reply:
    """Return the answer to a client that has this one already."""
    return Reply(304, [pair for pair in reply.headers if pair[0] not in _OF_BODY], b"")


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer that is kept, ready to be sent; `fresh` begins the answer to who has it already."""

    start: Mapping[str, Any]
    body: bytes
    fresh: Mapping[str, Any]
    tag: bytes
    again: Again


def entry_of(reply: Reply, again: Again) -> Entry:
    """Return an answer as it is kept, without what belongs to one request."""
    headers = [pair for pair in reply.headers if pair[0] not in _OF_REQUEST]
    kept = Reply(reply.status, headers, reply.body)
    tag = reply.header(b"etag")
    return Entry(kept.start(), kept.body, not_modified(kept).start(), tag, again)


def may_keep(reply: Reply, method: str) -> bool:
    """Whether an answer is whole, and depends on nothing but what a key has."""
    varied = reply.header(b"vary").decode("latin-1").lower().split(",")
    return (
        reply.status == 200
        and method != "HEAD"
        and not reply.header(b"set-cookie")
        and b"no-store" not in reply.header(b"cache-control")
        and all(name.strip() in _VARIED for name in varied)
    )


class Cache:
    """The answers of one generation, the least recently used leaving first. For one thread."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0
        self._generation: Hashable = None
        self._entries: OrderedDict[Key, Entry] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, generation: Hashable, key: Key) -> Entry | None:
        """Return the answer; with another generation than before, none is left."""
        if generation != self._generation:
            self._entries.clear()
            self.held = 0
            self._generation = generation
            return None
        entry = self._entries.get(key)
        if entry is not None:
            self._entries.move_to_end(key)
        return entry

    def has_room(self, size: int) -> bool:
        """Whether a body of this size may be kept at all."""
        return size + _OVERHEAD <= self.limit // _LARGEST_SHARE

    def put(self, generation: Hashable, key: Key, entry: Entry) -> None:
        """Keep an answer, unless it is of a generation that is over."""
        if generation != self._generation or not self.has_room(len(entry.body)):
            return
        former = self._entries.pop(key, None)
        self.held += _cost(key, entry) - (_cost(key, former) if former else 0)
        self._entries[key] = entry
        while self.held > self.limit:
            oldest, evicted = self._entries.popitem(last=False)
            self.held -= _cost(oldest, evicted)


def _cost(key: Key, entry: Entry) -> int:
    return len(entry.body) + _OVERHEAD + sum(len(part) for part in key if isinstance(part, bytes))
