"""The results of a run as JSON: what the page and the pictures are made of."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.peers.figures import Found, Load, Times


@dataclass(frozen=True, slots=True)
class Server:
    """What a contender takes: seconds until it can be asked, bytes of memory and of disk.

    `memory` is taken after the queries, `empty` before them.
    """

    ready: float | None
    empty: int
    memory: int
    disk: int | None


@dataclass(frozen=True, slots=True)
class Query:
    """A query, and what came of it."""

    name: str
    kind: str
    title: str
    found: Found


@dataclass(frozen=True, slots=True)
class Size:
    """One landscape: `statements` in named graphs, `triples` of the merge."""

    statements: int
    triples: int
    release: str
    servers: Mapping[str, Server]
    queries: tuple[Query, ...]
    load: Mapping[str, Load]
    unloaded: Mapping[str, str]
    missing: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Results:
    """A whole run."""

    command: str
    machine: Mapping[str, str]
    sizes: tuple[Size, ...] = field(default=())


def write(results: Results, path: Path) -> None:
    """Write them as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(_rounded(asdict(results)), indent=1, ensure_ascii=False)
    path.write_text(f"{text}\n", "utf-8")


def read(path: Path) -> Results:
    """Read what `write` wrote."""
    found = json.loads(path.read_text("utf-8"))
    return Results(found["command"], found["machine"], tuple(map(_size, found["sizes"])))


def _size(found: dict[str, Any]) -> Size:
    servers = {name: Server(**one) for name, one in found.pop("servers").items()}
    load = {name: Load(**one) for name, one in found.pop("load").items()}
    queries = tuple(map(_query, found.pop("queries")))
    return Size(servers=servers, queries=queries, load=load, **found)


def _query(found: dict[str, Any]) -> Query:
    inner = found.pop("found")
    times = {name: Times(tuple(one["runs"])) for name, one in inner.pop("times").items()}
    return Query(found=Found(times=times, **inner), **found)


def _rounded(value: Any) -> Any:
    """Floating-point numbers to a thousandth: what a clock can tell."""
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(one) for one in value]
    return value
