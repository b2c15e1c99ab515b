"""Reading the body of a request, whole, within a deadline and a limit."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from service.front.quota import Share
from service.front.replies import Reply, kind_named, problem_reply
from service.problems import Problem

Receive = Callable[[], Awaitable[Mapping[str, Any]]]

_SMALL = 64 * 1024  # always has room: whoever sends large bodies slowly keeps no query out
_DRAINED_SECONDS = 2.0
_DRAINED = 64 * 1024 * 1024


class Refused(Exception):
    """The request is answered by the front with `reply`; `more` may come from the client still."""

    def __init__(self, reply: Reply, *, more: bool = True) -> None:
        super().__init__(reply.status)
        self.reply = reply
        self.more = more


def has_body(heads: Mapping[bytes, bytes]) -> bool:
    """Whether a body follows the head of a request (RFC 9112, 6.3)."""
    return heads.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in heads


class Ahead:
    """Receives for others, after it may have looked at a small body before they do."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._messages: list[Mapping[str, Any]] = []
        self._late = False

    async def __call__(self) -> Mapping[str, Any]:
        """Receive. Raises TimeoutError where looking took too long."""
        if self._late:
            raise TimeoutError
        return self._messages.pop(0) if self._messages else await self._receive()

    async def small_body(self, heads: Mapping[bytes, bytes], seconds: float) -> bytes | None:
        """Return the body, which is still received; None where it is not small, or does not come.

        A client that asks before it sends is not answered here.
        """
        if not has_body(heads):
            return b""
        length = int(heads.get(b"content-length", _SMALL + 1))
        if length > _SMALL or b"expect" in heads or b"transfer-encoding" in heads:
            return None
        body = b""
        try:
            async with asyncio.timeout(seconds):
                while len(body) < length:
                    message = await self._receive()
                    self._messages.append(message)
                    if message["type"] != "http.request":
                        return None
                    body += message.get("body", b"")
        except TimeoutError:
            self._late = True
            return None
        return body


async def read_body(
    receive: Receive, heads: Mapping[bytes, bytes], limit: int, seconds: float, share: Share
) -> bytes:
    """Return the body. A length that is too great is refused before anything is read.

    `share` grows with a large body. Raises Refused, also when the client leaves before the end: it
    may still read.
    """
    if not has_body(heads):
        return b""
    if int(heads.get(b"content-length", b"0")) > limit:
        raise Refused(_too_large(heads, limit))
    pieces: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise Refused(_cut_short(heads, size), more=False)
                piece = message.get("body", b"")
                size += len(piece)
                if size > limit:
                    raise Refused(_too_large(heads, limit))
                if size > _SMALL and not share.grow(size):
                    raise Refused(_too_many(heads))
                pieces.append(piece)
                if not message.get("more_body", False):
                    return b"".join(pieces)
    except TimeoutError:
        raise Refused(_too_slow(heads, seconds), more=False) from None


async def drain(receive: Receive, heads: Mapping[bytes, bytes]) -> None:
    """Take what the client still sends, for a moment: closing at once could lose it the answer.

    A client that asks before it sends is not told to.
    """
    if b"expect" in heads or not has_body(heads):
        return
    size = 0
    try:
        async with asyncio.timeout(_DRAINED_SECONDS):
            while size < _DRAINED:
                message = await receive()
                size += len(message.get("body", b""))
                if not message.get("more_body", False):
                    return
    except TimeoutError:
        return


def _cut_short(heads: Mapping[bytes, bytes], size: int) -> Reply:
    length = heads.get(b"content-length", b"").decode("latin-1")
    detail = f"only {size:,} bytes of the body came" + (f", of {length}" if length else "")
    return _refusal("malformed-request", detail, heads)


def _too_large(heads: Mapping[bytes, bytes], limit: int) -> Reply:
    detail = f"the body has more than {limit:,} bytes"
    return _refusal("body-too-large", detail, heads)


def _too_slow(heads: Mapping[bytes, bytes], seconds: float) -> Reply:
    detail = f"the body was not complete after {seconds:g} seconds"
    return _refusal("request-timeout", detail, heads)


def _too_many(heads: Mapping[bytes, bytes]) -> Reply:
    detail = "too many large requests are being read; try again in a few seconds"
    return _refusal("queue-full", detail, heads, ("retry-after", "5"))


def _refusal(kind: str, detail: str, heads: Mapping[bytes, bytes], *more: tuple[str, str]) -> Reply:
    problem = Problem(kind_named(kind), detail)
    return problem_reply(problem, heads, ("connection", "close"), *more)
