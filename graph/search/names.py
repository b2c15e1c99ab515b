"""What a search is made of: things with their names, as an engine has them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from graph.query import Engine, Formats, Request
from graph.release import Editions

_TSV = "text/tab-separated-values"


@dataclass(frozen=True, slots=True)
class Named:
    """A thing and what it is called.

    `kind` is the kind of its IRI, `names` are other names and codes, `type_label` says what it is;
    `statements` is in how many statements it stands.
    """

    iri: str
    kind: str
    label: str
    names: tuple[str, ...] = ()
    type_label: str = ""
    statements: int = 0


def kind_of(iri: str, base: str) -> str | None:
    """Return the kind of an IRI: agent, place, source …; None if it is none of ours."""
    rest = iri.removeprefix(base)
    if rest == iri or "#" in rest:
        return None
    match rest.split("/"):
        case ["id", kind, slug] if slug:
            return kind
        case ["source", slug] if slug:
            return "source"
        case _:
            return None


def read_names(engine: Engine, base: str, editions: Editions = "current") -> Iterator[Named]:
    """Yield all that has a label, as one query finds it. Raises the errors of graph.query."""
    # Of the formats, the shortest that tells all: there may be a million rows.
    request = Request(_query(), Formats(_TSV, None), base_iri=base, editions=editions)
    found: dict[str, dict[str, set[str]]] = {}
    body = engine.evaluate(request).body
    rows = parse_query_results(body, format=QueryResultsFormat.TSV)
    assert isinstance(rows, QuerySolutions)
    for thing, is_, text in rows:
        found.setdefault(thing.value, {}).setdefault(is_.value, set()).add(text.value)
    for iri, said in sorted(found.items()):
        kind, labels = kind_of(iri, base), sorted(said.get("label", ()))
        if kind is None or not labels:
            continue
        names = {*labels[1:], *said.get("name", ())} - {labels[0]}
        counted = sum(int(text) for text in said.get("statements", ()))
        yield Named(
            iri,
            kind,
            labels[0],
            names=tuple(sorted(names)),
            type_label=_type_label(kind, said),
            statements=counted,
        )


def _type_label(kind: str, said: dict[str, set[str]]) -> str:
    types = sorted(said.get("type", ()) or said.get("class", ()) or (kind,))
    if kind == "segment" and "type" in said:
        return f"Segment: {types[0]}"
    return types[0][:1].upper() + types[0][1:]


@cache
def _query() -> str:
    return files("graph.search").joinpath("names.rq").read_text("utf-8")
