"""One request that is worked on, from its head to the end of its answer."""

import contextlib
import logging
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

from graph.query import Cancellation
from service.exchange import Exchange, query_id
from service.filepart import FilePart
from service.front.bodies import Receive, Refused, drain, read_body
from service.front.cache import Cache, Key, entry_of, is_known, may_keep, not_modified
from service.front.limits import Limits
from service.front.observer import Observer, Outcome, first_prepared
from service.front.outbox import NoRoom, Outbox, Send, Stalled
from service.front.quota import Quota, Share
from service.front.replies import Reply, no_room, unready, unusable_target
from service.front.tenancy import Tenancy
from service.front.work import ClientGone, Workroom
from service.front.wsgi import decoded_path, environ_of, failure

_LOG = logging.getLogger("therascape.front")
SAFE = ("GET", "HEAD")
_CONDITION = "HTTP_IF_NONE_MATCH"

Heads = Mapping[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Means:
    """What all requests share.

    `present` gives the application of the moment, None if there is none; `bodies` bounds the large
    bodies that are being read.
    """

    present: Callable[[], Tenancy | None]
    limits: Limits
    observer: Observer
    cache: Cache
    bodies: Quota
    workroom: Workroom
    outbox: Outbox


@dataclass(slots=True)
class Visit:
    """One request, whose head arrived when the clock said `began`.

    Its answer may be kept under `key`, unless that is None.
    """

    means: Means
    scope: Mapping[str, Any]
    heads: Heads
    receive: Receive
    send: Send
    began: float
    key: Key | None
    exchange: Exchange = field(init=False)
    outcome: Outcome = field(init=False)

    def __post_init__(self) -> None:
        client = self.scope.get("client")
        self.exchange = Exchange(
            id=query_id(self.heads.get(b"query-id", b"").decode("latin-1")),
            client=str(client[0]) if client else "",
            raw_path=self.scope["raw_path"].decode("latin-1"),
            cancellation=Cancellation(),
        )
        self.outcome = Outcome(self.exchange, self.scope["method"], self.exchange.raw_path)

    async def answer(self) -> None:
        """Answer the request, and tell the observer. Raises nothing."""
        self.means.observer.began()
        more_comes = False
        try:
            more_comes = await self._answer()
        except (ClientGone, Stalled):
            self.exchange.log["cut"] = True
        except Exception:  # noqa: BLE001 - one request must not end others
            _LOG.exception("the front failed on a request")
            if not self.outcome.status:
                with contextlib.suppress(Exception):
                    await self._deliver(failure(self.heads))
        finally:
            self.outcome.seconds = perf_counter() - self.began
            self.means.observer.ended(self.outcome)
        if more_comes:
            await drain(self.receive, self.heads)

    async def _answer(self) -> bool:
        """Answer; return whether more of the request may come."""
        try:
            reply = await self._reply()
        except Refused as refusal:
            await self._deliver(refusal.reply)
            return refusal.more
        known = self.heads.get(b"if-none-match")
        if self.scope["method"] in SAFE and is_known(reply.header(b"etag"), known):
            if reply.file is not None:
                reply.file.close()
            reply = not_modified(reply)
        await self._deliver(reply)
        return False

    async def _reply(self) -> Reply:
        means, method = self.means, self.scope["method"]
        path = self.scope["raw_path"]
        if not path.startswith(b"/"):
            return unusable_target(method, path, self.heads)
        limits = means.limits
        with Share(means.bodies) as share:
            limit = limits.body_limit(decoded_path(path))
            body = await read_body(self.receive, self.heads, limit, limits.body_seconds, share)
            tenancy = means.present()
            if tenancy is None:
                return unready(self.heads)
            generation = self.outcome.generation = tenancy.generation()
            environ = environ_of(self.scope, body, self.exchange)
            if method in SAFE:
                environ.pop(_CONDITION, None)  # it is answered here, as for what is kept
            del body
            with tenancy:
                reply = await means.workroom.reply(
                    tenancy.app, environ, self.heads, self.exchange, self.receive
                )
        if self.key is not None and self.exchange.storable and may_keep(reply, method):
            self._keep(generation, self.key, reply)
        return reply

    def _keep(self, generation: Hashable, key: Key, reply: Reply) -> None:
        if self.means.cache.has_room(len(reply.body)):
            outcome = replace(self.outcome, status=reply.status, size=len(reply.body))
            observer = self.means.observer
            again = first_prepared(lambda: observer.kept(outcome))
            self.means.cache.put(generation, key, entry_of(reply, again))

    async def _deliver(self, reply: Reply) -> None:
        if reply.file is not None:
            await self._deliver_file(reply, reply.file)
            return
        head = self.scope["method"] == "HEAD"
        start, bodies = reply.start(head=head), [b"" if head else reply.body]
        outcome = self.outcome
        outcome.status, outcome.problem, outcome.size = reply.status, reply.problem, len(bodies[0])
        reply.body = b""  # a large one must not be held while it is sent from a file
        try:
            await self.means.outbox.send(self.send, start, bodies)
        except NoRoom:
            await self._deliver(no_room(self.heads))

    async def _deliver_file(self, reply: Reply, file: FilePart) -> None:
        outcome = self.outcome
        outcome.status, outcome.problem, outcome.size = reply.status, None, file.size
        try:
            await self.means.outbox.send_file(self.send, reply.start(), file)
        finally:
            file.close()
