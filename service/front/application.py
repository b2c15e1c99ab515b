"""The ASGI application in front of a WSGI application."""

from collections.abc import Awaitable, Callable, Hashable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import Any

from service.exchange import query_id
from service.front.bodies import Ahead, Receive
from service.front.cache import Cache, Entry, Key, is_known, key_of
from service.front.closing import last_requests, parting
from service.front.lifespan import lifespan
from service.front.limits import Limits
from service.front.observer import Observer, Unobserved
from service.front.outbox import NoRoom, Outbox, Send, Stalled
from service.front.quota import Quota
from service.front.replies import no_room
from service.front.tenancy import Tenancy
from service.front.visit import SAFE, Means, Visit
from service.front.work import Workroom
from service.front.wsgi import App

_REPEATED = (*SAFE, "POST")
_ASIDE = 4  # threads for what blocks and is no request: cancelling, temporary files

Hook = Callable[["Front"], Awaitable[None]]


class Front:
    """Reads requests, has them answered by the application of the moment, and sends the answers.

    `on_start` and `on_stop` are awaited before the first request and after the last. `folder` is
    for temporary files. All of it happens on one event loop.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        observer: Observer | None = None,
        folder: Path | None = None,
        on_start: Hook | None = None,
        on_stop: Hook | None = None,
    ) -> None:
        limits = limits or Limits()
        self.cache = Cache(limits.cache_bytes)
        self._threads = ThreadPoolExecutor(limits.threads, "request")
        self._aside = ThreadPoolExecutor(_ASIDE, "aside")
        self._outbox = Outbox(limits.spool_bytes, limits.send_seconds, self._aside, folder)
        self._means = Means(
            self._present,
            limits,
            observer or Unobserved(),
            self.cache,
            Quota(limits.reading_bytes),
            Workroom(self._threads, self._aside),
            self._outbox,
        )
        self._hooks = (on_start, on_stop)
        self._tenancy: Tenancy | None = None
        self._leaving = False

    def serve(self, app: App, generation: Callable[[], Hashable]) -> Tenancy | None:
        """Let requests that arrive from now on be answered by `app`; return what was before.

        Those under way stay with what they began with: `Tenancy.ended` waits for them.
        """
        former, self._tenancy = self._tenancy, Tenancy(app, generation)
        return former

    async def leave(self, port: int, seconds: float) -> None:
        """Hear those who have connected to `port`, within `seconds`, and nobody else.

        Answers to what is asked from now on end their connection.
        """
        self._leaving = True
        await last_requests(port, seconds)

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._other(scope, receive, send)
            return
        began = perf_counter()
        if self._leaving:
            send = parting(send)
        heads = dict(scope["headers"])
        ahead = Ahead(receive)
        key = await self._key(scope, heads, ahead)
        if key is not None and self._tenancy is not None:
            entry = self.cache.get(self._tenancy.generation(), key)
            if entry is not None:
                await self._again(entry, scope, heads, send, began)
                return
        await Visit(self._means, scope, heads, ahead, send, began, key).answer()

    async def _key(
        self, scope: Mapping[str, Any], heads: Mapping[bytes, bytes], ahead: Ahead
    ) -> Key | None:
        """What decides the answer, None where that may be more, or the body is no small one."""
        if scope["method"] not in _REPEATED:
            return None
        body = await ahead.small_body(heads, self._means.limits.body_seconds)
        if scope["method"] == "POST":
            return None if body is None else key_of(scope, heads, body)
        return None if body != b"" else key_of(scope, heads)

    async def _again(
        self,
        entry: Entry,
        scope: Mapping[str, Any],
        heads: Mapping[bytes, bytes],
        send: Send,
        began: float,
    ) -> None:
        start, body, status = entry.start, entry.body, 200
        if scope["method"] in SAFE and is_known(entry.tag, heads.get(b"if-none-match")):
            start, body, status = entry.fresh, b"", 304
        elif scope["method"] == "HEAD":
            body = b""
        asked = heads.get(b"query-id")
        if asked is not None:
            id_ = query_id(asked.decode("latin-1")).encode()
            start = {**start, "headers": [*start["headers"], (b"query-id", id_)]}
        try:
            await self._outbox.send(send, start, [body])
        except Stalled:
            pass
        except NoRoom:
            reply = no_room(heads)
            status, body = reply.status, reply.body
            await self._outbox.send(send, reply.start(), [body])
        entry.again(scope, status, len(body), perf_counter() - began)

    def _present(self) -> Tenancy | None:
        return self._tenancy

    async def _other(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await lifespan(receive, send, self._start, self._stop)

    async def _start(self) -> None:
        if self._hooks[0] is not None:
            await self._hooks[0](self)

    async def _stop(self) -> None:
        if self._hooks[1] is not None:
            await self._hooks[1](self)
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._aside.shutdown(wait=False, cancel_futures=True)
