"""What a run found, in words and tables, between two marks of docs/benchmarks.md."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.peers import contenders as who
from bench.peers import goals, pictures
from bench.peers.figures import middle
from bench.peers.measuring import CONNECTIONS
from bench.peers.results import Query, Results, Size

BEGIN, END = "<!-- begin: peers -->", "<!-- end: peers -->"
_BLOCK = re.compile(f"{re.escape(BEGIN)}\n.*?{re.escape(END)}", re.DOTALL)
_NONE = "-"


class NoPlace(Exception):
    """The page has no marks to write between."""


def write(results: Results, path: Path) -> None:
    """Put the results where the page has its marks. Raises NoPlace."""
    old = path.read_text("utf-8")
    block = f"{BEGIN}\n{text(results)}\n{END}"
    new, number = _BLOCK.subn(lambda _: block, old)
    if number != 1:
        raise NoPlace(f"{path}: {BEGIN} and {END} are wanted once, each on a line of its own")
    path.write_text(new, "utf-8")


def text(results: Results) -> str:
    """All of it, as Markdown."""
    parts = [*_machine(results), *_goals(results), *_wins(results)]
    for size in results.sizes:
        parts += _size(size)
    return "\n\n".join(parts)


def _machine(results: Results) -> Iterator[str]:
    yield f"Made by `{results.command}`. All runs: [peers.json](benchmarks/peers.json)."
    yield _table(["machine and versions", ""], [list(pair) for pair in results.machine.items()])


def _goals(results: Results) -> Iterator[str]:
    rows = [
        [
            f"{one.goal.peer} / {one.goal.ours}",
            one.kind or "all",
            f"{one.statements:,}",
            f"{one.goal.times:g}",
            _number(one.mean),
            _number(one.least),
            f"{one.reached} of {one.queries}",
            _NONE if one.reach is None else _number(one.reach),
            "yes" if one.met else "**no**",
        ]
        for one in goals.held(results)
    ]
    head = ["ratio", "class", "statements", "goal", "found", "least", "queries that reach it"]
    yield "### Goals"
    yield _table([*head, "within reach", "met"], rows)
    yield (
        "*Within reach* is the same ratio with a peer in our place that does this work and nothing "
        f"else: {who.OXIGRAPH_MEMORY} (the same engine, in one process, without limits) for "
        f"computed answers, {who.NGINX_DISK} for kept ones."
    )


def _wins(results: Results) -> Iterator[str]:
    yield "### Where a peer is faster"
    found = goals.wins(results)
    if not found:
        yield "Nowhere in this run."
        return
    for peer in dict.fromkeys(win.peer for win in found):
        said: dict[str, list[str]] = {}
        for win in found:
            if win.peer == peer:
                ratio = f"{_number(win.times)} times at {win.statements // 1000:,} k"
                said.setdefault(win.kind, []).append(ratio)
        reasons: dict[str, list[str]] = {}
        for kind, times in said.items():
            reasons.setdefault(_why(peer, kind), []).append(f"{kind} ({', '.join(times)})")
        lines = [f"- {', '.join(some)}: {why}" for why, some in reasons.items()]
        yield "\n".join([f"**{peer}**:", "", *lines])


def _why(peer: str, kind: str) -> str:
    rows = tomllib.loads(Path(__file__).with_name("why.toml").read_text("utf-8"))["why"]
    known = {(row["peer"], row["kind"]): row["says"] for row in rows}
    return str(known.get((peer, kind)) or known.get((peer, ""), "why is not known."))


def _size(size: Size) -> Iterator[str]:
    yield f"### {size.statements:,} statements"
    yield f"In named graphs; {size.triples:,} in their merge. Release `{size.release[:12]}`."
    computed = [name for name in who.COMPUTED if name in size.servers]
    yield _picture(size, "computed", "Computed: milliseconds of each query and server")
    yield "Medians in milliseconds; in brackets how many times as long as Therascape."
    yield _queries(size, computed, who.OURS)
    yield "By class: geometric means of these ratios, the least and the greatest after them."
    yield _classes(size, computed[1:])
    repeated = [name for name in who.REPEATED if name in size.servers]
    yield _picture(size, "repeated", "Given again: milliseconds of each query and server")
    yield "Asked again with an answer kept; the last column computes it again, for comparison."
    yield _queries(size, [*repeated, who.OXIGRAPH_DISK], who.CACHED)
    yield f"A mixed load of small queries over {CONNECTIONS} connections:"
    yield _load(size)
    yield "Loading, memory (what processes share counts once) and disk:"
    yield _servers(size)
    left = [f"- {name}: {why}" for name, why in size.missing.items()]
    untimed = [
        f"- {name}, {query.title}: {_code(why)}"
        for query in size.queries
        for name, why in query.found.untimed.items()
    ]
    untimed += [f"- {name}, mixed load: {_code(why)}" for name, why in size.unloaded.items()]
    if left:
        yield "\n".join(["Left out:", "", *left])
    if untimed:
        yield "\n".join(["Compared, and not timed:", "", *untimed])


def _picture(size: Size, what: str, title: str) -> str:
    return f"![{title}, {size.statements:,} statements](benchmarks/{pictures.name(size, what)})"


def _queries(size: Size, names: Sequence[str], ours: str) -> str:
    names = [name for name in names if name in size.servers]
    rows = [
        [query.kind, query.title, f"{query.found.rows:,}"]
        + [_cell(query, name, ours) for name in names]
        for query in size.queries
    ]
    return _table(["class", "query", "rows", *names], rows, left=2)


def _cell(query: Query, name: str, ours: str) -> str:
    times = query.found.times.get(name)
    if times is None:
        return _NONE
    shown = _number(times.median)
    ratio = query.found.ratio(name, ours)
    return shown if ratio is None or name == ours else f"{shown} ({_number(ratio)})"


def _classes(size: Size, names: Sequence[str]) -> str:
    rows = []
    for kind in goals.kinds(size):
        row = [kind]
        for name in names:
            found = goals.ratios(goals.of_kind(size, kind), name)
            mean = middle(found)
            if mean is None:
                row.append(_NONE)
            else:
                shown = f"**{_number(mean)}**" if mean < 1 else _number(mean)
                row.append(f"{shown} ({_number(min(found))} to {_number(max(found))})")
        rows.append(row)
    return _table(["class", *names], rows)


def _load(size: Size) -> str:
    rows = [
        [
            name,
            f"{load.rate:,.0f}",
            f"{min(load.rates):,.0f} to {max(load.rates):,.0f}",
            *(_number(value) for value in (load.p50, load.p95, load.p99)),
            f"{load.failed:,}",
        ]
        for name, load in size.load.items()
    ]
    head = ["server", "answers/s", "least to most", "p50, ms", "p95, ms", "p99, ms", "failed"]
    return _table(head, rows)


def _servers(size: Size) -> str:
    rows = [
        [
            name,
            _NONE if one.ready is None else f"{one.ready:.1f}",
            f"{one.empty / 2**20:,.0f}",
            f"{one.memory / 2**20:,.0f}",
            _NONE if one.disk is None else f"{one.disk / 2**20:,.0f}",
        ]
        for name, one in size.servers.items()
    ]
    head = ["server", "ready after, s", "memory before, MiB", "and after, MiB", "disk, MiB"]
    return _table(head, rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    rule = ["---"] * left + ["--:"] * (len(head) - left)
    lines = [head, rule, *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _code(words: str) -> str:
    return "`" + words.replace("`", "'").replace("\n", " ") + "`"


def _number(value: float) -> str:
    """Three digits, as far as they are before or just behind the point."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
