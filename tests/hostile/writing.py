"""Writers that know what they wrote, and what must be there when the service was killed.

A writer has graphs of its own and one write under way at a time. So after a kill, each of its
graphs must be exactly as its acknowledged writes left it, except that the last one, which was not
acknowledged, may be there as a whole or not at all.
"""

import hashlib
import http.client
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.hostile.server import Program
from tests.hostile.wire import Incomplete, Reply, query, store, update

State = frozenset[tuple[str, int]]  # subjects and values in one graph
_GRAPHS = 5
_VALUES = 8
_LOOKED_AT = 0.3  # the share of writes after which the writer reads
_VALUE = "urn:value"
_CONTENT = f"SELECT ?g ?s ?v {{ GRAPH ?g {{ ?s <{_VALUE}> ?v }} }}"
_MERGED = f"SELECT ?s ?v {{ ?s <{_VALUE}> ?v }}"


@dataclass(frozen=True, slots=True)
class Write:
    """One write: how it is sent, and what its graph holds afterwards."""

    graph: str
    after: State
    send: Callable[[Program], Reply]


@dataclass(slots=True)
class Writer:
    """Writes one thing after the other until it is told to stop, or the service is gone.

    Now and then it reads what it has just written.
    """

    name: str
    chance: random.Random
    graphs: dict[str, State] = field(default_factory=dict)
    pending: Write | None = None
    acknowledged: int = 0
    wrong: list[str] = field(default_factory=list)

    def run(self, service: Program, stop: threading.Event) -> None:
        """Write. What is neither an acknowledgement nor the end of the service is wrong."""
        while not stop.is_set():
            write = self.pending = self._next()
            try:
                reply = write.send(service)
            except (OSError, Incomplete, http.client.HTTPException):
                return
            if reply.status == 503:  # not begun: nothing of it may be there
                self.pending = None
                stop.wait(0.05)
                continue
            if reply.status not in (200, 201, 204):
                self.wrong.append(f"a write got {reply.status} {reply.body[:300]!r}")
                return
            self.graphs[write.graph] = write.after
            self.pending = None
            self.acknowledged += 1
            if self.chance.random() < _LOOKED_AT and not self._sees(service, write):
                return

    def _sees(self, service: Program, write: Write) -> bool:
        """Whether the next read sees the write; False, too, when the service is gone."""
        text = f"SELECT ?s ?v {{ GRAPH <{write.graph}> {{ ?s <{_VALUE}> ?v }} }}"
        try:
            reply = query(service, text)
        except (OSError, Incomplete, http.client.HTTPException):
            return False
        if reply.status == 200:
            found = frozenset((row["s"], int(row["v"])) for row in reply.rows())
            if found != write.after:
                missing = sorted(write.after - found)
                self.wrong.append(f"<{write.graph}>: a read after a write lacks {missing}")
        return True

    def settle(self, content: dict[str, State]) -> list[str]:
        """Compare with what is there after a restart, and take over what became of the last."""
        found, self.wrong = self.wrong, []
        pending, self.pending = self.pending, None
        for graph in {*self.graphs, *([pending.graph] if pending else [])}:
            known, here = self.graphs.get(graph, frozenset()), content.get(graph, frozenset())
            if pending is not None and graph == pending.graph and here == pending.after:
                self.graphs[graph] = pending.after
            elif here != known:
                found.append(
                    f"<{graph}>: lost {sorted(known - here)}, came {sorted(here - known)}, "
                    f"under way: {pending}"
                )
        return found

    def _next(self) -> Write:
        graph = f"urn:{self.name}:{self.chance.randrange(_GRAPHS)}"
        before = self.graphs.get(graph, frozenset())
        some = frozenset(
            (f"{graph}:{self.chance.randrange(4)}", self.chance.randrange(1000))
            for _ in range(self.chance.randint(1, _VALUES))
        )
        kinds = ["insert", "put", "post"]
        if len(before) > 3 * _VALUES:
            kinds = ["put", "clear"]
        elif before:
            kinds += ["delete", "raise", "clear", "remove"]
        return _WRITES[self.chance.choice(kinds)](graph, before, some)


def _insert(graph: str, before: State, some: State) -> Write:
    text = f"INSERT DATA {{ GRAPH <{graph}> {{ {_turtle(some)} }} }}"
    return Write(graph, before | some, lambda service: update(service, text))


def _delete(graph: str, before: State, some: State) -> Write:
    gone = frozenset(sorted(before)[: len(some)])
    text = f"DELETE DATA {{ GRAPH <{graph}> {{ {_turtle(gone)} }} }}"
    return Write(graph, before - gone, lambda service: update(service, text))


def _raise(graph: str, before: State, _: State) -> Write:
    text = (
        f"WITH <{graph}> DELETE {{ ?s <{_VALUE}> ?v }} INSERT {{ ?s <{_VALUE}> ?w }} "
        f"WHERE {{ ?s <{_VALUE}> ?v BIND(?v + 1 AS ?w) }}"
    )
    after = frozenset((subject, value + 1) for subject, value in before)
    return Write(graph, after, lambda service: update(service, text))


def _clear(graph: str, _: State, some: State) -> Write:
    text = f"CLEAR GRAPH <{graph}> ; INSERT DATA {{ GRAPH <{graph}> {{ {_turtle(some)} }} }}"
    return Write(graph, some, lambda service: update(service, text))


def _put(graph: str, _: State, some: State) -> Write:
    return Write(graph, some, lambda service: store(service, "PUT", graph, _turtle(some)))


def _post(graph: str, before: State, some: State) -> Write:
    return Write(graph, before | some, lambda service: store(service, "POST", graph, _turtle(some)))


def _remove(graph: str, _: State, __: State) -> Write:
    return Write(graph, frozenset(), lambda service: store(service, "DELETE", graph))


_WRITES = {
    "insert": _insert,
    "delete": _delete,
    "raise": _raise,
    "clear": _clear,
    "put": _put,
    "post": _post,
    "remove": _remove,
}


def _turtle(some: State) -> str:
    return " ".join(f"<{subject}> <{_VALUE}> {value} ." for subject, value in sorted(some))


def content(service: Program) -> dict[str, State]:
    """What the writers' graphs hold."""
    found: dict[str, set[tuple[str, int]]] = {}
    for row in query(service, _CONTENT).rows():
        found.setdefault(row["g"], set()).add((row["s"], int(row["v"])))
    return {graph: frozenset(state) for graph, state in found.items()}


def unlike_its_merge(service: Program) -> list[str]:
    """What the default graph has and the graphs have not, the other way round, or twice."""
    rows = [(row["s"], int(row["v"])) for row in query(service, _MERGED).rows()]
    whole = {pair for state in content(service).values() for pair in state}
    if sorted(rows) == sorted(whole):
        return []
    return [f"the merge has {len(rows)} statements, the graphs {len(whole)}"]


def damaged_releases(data: Path) -> list[str]:
    """The releases whose content is not what their id says."""
    return [
        f"{path}: its content has another hash"
        for path in data.rglob("releases/*/data.nq")
        if not path.parent.name.startswith(".")
        and hashlib.sha256(path.read_bytes()).hexdigest() != path.parent.name
    ]


def read(service: Program, stop: threading.Event, wrong: list[str]) -> None:
    """Read while others write. What is neither an answer nor the end of the service is wrong."""
    while not stop.is_set():
        try:
            reply = query(service, _CONTENT)
        except (OSError, Incomplete, http.client.HTTPException):
            return
        if reply.status not in (200, 503):
            wrong.append(f"a reader got {reply.status} {reply.body[:300]!r}")
        stop.wait(0.01)
