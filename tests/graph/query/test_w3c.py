"""The W3C's SPARQL suites, where they lie beside the checkout."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from graph.query import QueryError, QuerySyntaxError, RemoteAccessRefused, UpdateRefused
from graph.query.checks import admit
from graph.query.lexer import lex
from tests.graph.query.samples import ask

SUITES = Path(__file__).resolve().parents[4] / "shared" / "w3c" / "sparql"
MANIFEST = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

pytestmark = pytest.mark.skipif(
    not SUITES.is_dir(), reason="the W3C suites are not beside the checkout (../shared/w3c)"
)


def cases(*kinds: str) -> Iterator[tuple[str, str]]:
    """Give name and text of each test of these kinds."""
    for manifest in sorted(SUITES.rglob("manifest.ttl")):
        triples = list(
            parse(manifest.read_bytes(), format=RdfFormat.TURTLE, base_iri=manifest.as_uri())
        )
        actions = {t.subject: t.object for t in triples if t.predicate.value == MANIFEST + "action"}
        for triple in triples:
            kind = str(getattr(triple.object, "value", "")).removeprefix(MANIFEST)
            action = actions.get(triple.subject)
            if triple.predicate == TYPE and kind in kinds and isinstance(action, NamedNode):
                path = manifest.parent / action.value.rpartition("/")[2]
                yield f"{path.parent.name}/{path.name}", path.read_text("utf-8")


def outcome(text: str) -> str:
    try:
        admit(text, ())
    except QueryError as error:
        return f"{type(error).__name__}: {error}"
    return "admitted"


def test_valid_queries_are_admitted_and_those_with_service_refused() -> None:
    found = dict(cases("PositiveSyntaxTest", "PositiveSyntaxTest11"))
    assert len(found) > 200
    outcomes = {name: outcome(text) for name, text in found.items()}
    remote = {name for name, what in outcomes.items() if what.startswith("RemoteAccessRefused")}
    assert remote == {f"syntax-fed/syntax-service-0{number}.rq" for number in (1, 2, 3)}
    others = {name: what for name, what in outcomes.items() if name not in remote}
    assert {name: what for name, what in others.items() if what != "admitted"} == {}
    assert all(lex(text).error is None for text in found.values())


def test_valid_queries_are_answered() -> None:
    failures = {}
    for name, text in cases("PositiveSyntaxTest", "PositiveSyntaxTest11"):
        try:
            ask(text, base="http://base.example/")
        except RemoteAccessRefused:
            continue
        except QueryError as error:
            failures[name] = str(error)
    # Their extension functions are the only thing that we do not have.
    assert {
        name: what for name, what in failures.items() if "there is no function" not in what
    } == {}


def test_invalid_queries_are_syntax_errors() -> None:
    accepted = []
    found = dict(cases("NegativeSyntaxTest", "NegativeSyntaxTest11"))
    assert len(found) > 50
    for name, text in found.items():
        try:
            ask(text, base="http://base.example/")
        except (QuerySyntaxError, UpdateRefused):
            continue
        accepted.append(name.rpartition("/")[2])
    # `?x<?a&&?b>?y`: to the engine, what follows an operand is an operator and no IRI.
    assert set(accepted) <= {"syn-bad-26.rq"}


def test_updates_are_told_from_queries() -> None:
    found = dict(cases("PositiveUpdateSyntaxTest11"))
    assert len(found) > 40
    empty = set()
    for name, text in found.items():
        try:
            admit(text, ())
        except (UpdateRefused, RemoteAccessRefused):
            continue
        except QuerySyntaxError:
            empty.add(name)
    # No operation at all is an update too.
    assert empty == {f"syntax-update-1/syntax-update-{number}.ru" for number in (38, 39, 40)}
