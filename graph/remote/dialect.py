"""What a database does otherwise than SPARQL 1.1 has it, found out by asking it."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from graph.query import EngineUnavailable, QueryError
from graph.remote.database import Asked, Database
from graph.remote.errors import RemoteError
from graph.remote.layout import Layout
from graph.remote.normal import normal
from graph.remote.results import triples
from graph.remote.text import Dataset
from graph.remote.wire import Bounds

#: Rows of the largest result that a database is asked for to find where it cuts results.
PROBED_ROWS = 1_100_000
#: Triples of the largest graph: some databases write ten times as many rows in the same time.
PROBED_TRIPLES = 110_000
_DIGITS = " ".join(map(str, range(100)))
_SECONDS = 120.0
_SIZE = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Dialect:
    """`row_cap` is the number of rows after which results end without a word; None: there is no
    such number up to PROBED_ROWS. `triple_cap` is that of graphs, up to PROBED_TRIPLES. `merges`
    tells whether a triple of several default graphs counts once. `limits` say, by name, what users
    see of each probe that gave something else.
    """

    row_cap: int | None
    triple_cap: int | None
    merges: bool
    limits: Mapping[str, str]

    def told(self) -> Mapping[str, object]:
        """What `/health` says of it."""
        return {
            "row_cap": self.row_cap,
            "triple_cap": self.triple_cap,
            "merges_default_graphs": self.merges,
            "limits": dict(self.limits),
        }


@dataclass(frozen=True, slots=True)
class Probe:
    """A query, the values of ?x that SPARQL 1.1 has, and what it means where they are others."""

    name: str
    query: str
    gives: Sequence[str]
    means: str


@cache
def probes() -> tuple[Probe, ...]:
    """What every database is asked."""
    text = (files("graph.remote") / "probes.toml").read_text("utf-8")
    return tuple(Probe(**row) for row in tomllib.loads(text)["probe"])


def detect(database: Database, layout: Layout) -> Dialect:
    """Ask the database, which holds a release. Raises RemoteError where it cannot be used at all,
    and EngineUnavailable.
    """
    _check_datasets(database, layout)
    # What it holds is said in a graph each: together they hold it twice, unless they are merged.
    again = [layout.state, layout.again]
    counted = database.select(
        Asked(f"SELECT (COUNT(*) AS ?n) {{ <{layout.state}> ?p ?o }}", again)
    ).values("n")
    once = database.count(layout.state)
    merges = counted == [str(once)]
    return Dialect(
        _row_cap(database), _triple_cap(database), merges, dict(_limits(database, layout))
    )


def _check_datasets(database: Database, layout: Layout) -> None:
    """Whoever asks other graphs than those that are named would see what is none of the data."""
    anything = "ASK { %s }"
    cases = (
        (
            "default-graph-uri",
            Asked(anything % "?s ?p ?o", [layout.nothing], [layout.state]),
            False,
        ),
        ("default-graph-uri", Asked(anything % "?s ?p ?o", [layout.state], [layout.nothing]), True),
        (
            "named-graph-uri",
            Asked(anything % "GRAPH ?g { ?s ?p ?o }", [layout.state], [layout.nothing]),
            False,
        ),
        (
            "named-graph-uri",
            Asked(anything % "GRAPH ?g { ?s ?p ?o }", [layout.nothing], [layout.state]),
            True,
        ),
    )
    for parameter, asked, expected in cases:
        written = Asked(asked.text.replace("ASK", f"ASK {Dataset(asked.default, asked.named)}"))
        if not (database.ask(asked) == database.ask(written) == expected):
            raise RemoteError(
                f"the database {database.address.shown} does not follow {parameter}, or the "
                "FROM of a query (SPARQL 1.1 Protocol, 2.1.4), so it "
                "cannot tell a release from what else it holds"
            )


def triples_given(database: Database, number: int, bounds: Bounds) -> int:
    """Return how many triples the database gives of a graph of `number`, a multiple of 10,000.

    Raises RemoteError where that is no graph, and what `Database.construct` does.
    """
    values = f"{_values_of(number)} BIND(?a + 100 * ?b + 10000 * ?c AS ?x)"
    asked = Asked(f"CONSTRUCT {{ <urn:x:a> <urn:x:b> ?x }} {{ {values} }}")
    return database.construct(asked, lambda parts: sum(1 for _ in triples(parts)), bounds)


def _row_cap(database: Database) -> int | None:
    asked = Asked(f"SELECT ?c {{ {_values_of(PROBED_ROWS)} }}")
    return _cap(lambda: database.length(asked, Bounds(_SECONDS, _SIZE)), PROBED_ROWS)


def _triple_cap(database: Database) -> int | None:
    bounds = Bounds(_SECONDS, _SIZE)
    return _cap(lambda: triples_given(database, PROBED_TRIPLES, bounds), PROBED_TRIPLES)


def _values_of(number: int) -> str:
    """Values of ?a, ?b and ?c that make so many solutions."""
    few = " ".join(map(str, range(number // 10_000)))
    return f"VALUES ?a {{ {_DIGITS} }} VALUES ?b {{ {_DIGITS} }} VALUES ?c {{ {few} }}"


def _cap(ask: Callable[[], int], number: int) -> int | None:
    try:
        found = ask()
    except RemoteError as error:
        raise RemoteError(f"where the database ends results cannot be found out: {error}") from None
    return found if found < number else None


def _limits(database: Database, layout: Layout) -> Iterator[tuple[str, str]]:
    for probe in probes():
        try:
            found = _values(database, probe, layout)
        except EngineUnavailable:
            raise
        except QueryError:
            found = None
        if found != list(probe.gives):
            yield probe.name, probe.means


def _values(database: Database, probe: Probe, layout: Layout) -> list[str]:
    asked = Asked(probe.query, [layout.nothing], [layout.nothing])
    if probe.query.startswith("ASK"):
        return [str(database.ask(asked)).lower()]
    rows = database.select(asked).bindings
    return [normal(row["x"])["value"] for row in rows if "x" in row]
