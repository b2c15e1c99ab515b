"""Documents for one graph: the Graph Store Protocol."""

from typing import Literal

import pytest
from pyoxigraph import BlankNode

from graph.delta import quads
from graph.update import (
    Body,
    CuratedGraph,
    DefaultGraphIsView,
    Effect,
    GraphNotFound,
    GraphWrite,
    InvalidBody,
    UnsupportedBodyType,
)
from tests.graph.update.samples import BASE, after, change, put, short

TURTLE = "text/turtle"
HERE = f"{BASE}graph/w"
DATA = "GRAPH g:w { ex:a ex:p 1, 2 }"
XML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://example.org/">'
    '<rdf:Description rdf:about="https://example.org/a"><e:p>x</e:p></rdf:Description></rdf:RDF>'
)


def send(
    method: Literal["PUT", "POST", "DELETE"],
    *bodies: str,
    graph: str | None = HERE,
    data: str = DATA,
    merged: bool = False,
    base_iri: str | None = None,
) -> Effect:
    sent = tuple(Body(TURTLE, f"@prefix ex: <{BASE}> . {body}".encode()) for body in bodies)
    return change(GraphWrite(method, graph, sent, base_iri), data, merged=merged)


def changed(effect: Effect) -> tuple[set[str], set[str]]:
    return short(quads(effect.delta.inserted)), short(quads(effect.delta.deleted))


def test_put_replaces_and_only_what_differs_changes() -> None:
    effect = send("PUT", "ex:a ex:p 2, 3 .")
    assert changed(effect) == ({"a p 3 @w"}, {"a p 1 @w"})
    assert effect.existed
    assert not send("PUT", "ex:a ex:p 01, 2 .").delta


def test_post_adds() -> None:
    effect = send("POST", "ex:a ex:p 2, 3 .", "ex:b ex:p 4 .")
    assert changed(effect) == ({"a p 3 @w", "b p 4 @w"}, set())
    assert (effect.existed, effect.inserted, effect.deleted) == (True, 2, 0)


def test_delete_takes_the_graph_away() -> None:
    effect = send("DELETE")
    assert changed(effect) == (set(), {"a p 1 @w", "a p 2 @w"})
    assert effect.delta.dropped == (HERE,)
    with pytest.raises(GraphNotFound):
        send("DELETE", data="")


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_graph_comes_into_being_even_without_statements(method: Literal["PUT", "POST"]) -> None:
    for bodies in ((), ("",), ("ex:a ex:p 1 .",)):
        effect = send(method, *bodies, data="")
        assert effect.existed is False
        assert effect.delta.created == (HERE,)
        assert [name.value for name in after(effect).named_graphs()] == [HERE]


def test_a_graph_stays_when_it_is_emptied() -> None:
    effect = send("PUT", "")
    assert effect.deleted == 2
    assert not effect.delta.dropped
    assert [name.value for name in after(effect, DATA).named_graphs()] == [HERE]


def test_the_default_graph_of_a_plain_dataset_is_always_there() -> None:
    data = "ex:a ex:p 1"
    assert changed(send("PUT", "ex:a ex:p 2 .", graph=None, data=data)) == ({"a p 2"}, {"a p 1"})
    effect = send("DELETE", graph=None, data=data)
    assert (changed(effect), effect.existed) == ((set(), {"a p 1"}), True)
    assert send("DELETE", graph=None, data="").existed


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_graphs_that_are_not_for_writing(method: Literal["PUT", "POST", "DELETE"]) -> None:
    with pytest.raises(CuratedGraph):
        send(method, graph=f"{BASE}graph/report", data="", merged=True)
    with pytest.raises(DefaultGraphIsView):
        send(method, graph=None, data="", merged=True)


def test_blank_nodes_of_two_bodies_are_never_the_same() -> None:
    effect = send("POST", "_:b ex:p 1 . _:b ex:q 2 .", "_:b ex:p 1 .", "[] ex:p 1 .", data="")
    nodes = [q.subject for q in quads(effect.delta.inserted) if isinstance(q.subject, BlankNode)]
    assert (len(nodes), len({*nodes})) == (4, 3)
    assert "b" not in {node.value for node in nodes}


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        (TURTLE, "<a> <p> 'x' ."),
        ("Text/Turtle", "\ufeff<a> <p> 'x' ."),
        ("application/n-triples", f"<{BASE}a> <{BASE}p> 'x' .".replace("'", '"')),
        ("application/rdf+xml", XML),
        ("application/ld+json", '{"@id": "a", "https://example.org/p": "x"}'),
        ("application/trig", "<a> <p> 'x' ."),
        ("application/trig", "{ <a> <p> 'x' }"),
        ("application/n-quads", f'<{BASE}a> <{BASE}p> "x" .'),
    ],
)
def test_formats(media_type: str, body: str) -> None:
    effect = put(body, media_type, base_iri=BASE)
    assert short(quads(effect.delta.inserted)) == {"a p x @w"}


@pytest.mark.parametrize("media_type", ["text/html", "", "application/json", "text/csv"])
def test_other_formats_are_not_read(media_type: str) -> None:
    with pytest.raises(UnsupportedBodyType) as refused:
        put("", media_type)
    assert TURTLE in refused.value.offered


@pytest.mark.parametrize(
    ("media_type", "body", "place", "message"),
    [
        (TURTLE, "\n<a:a> x:p 1 .", (2, 7), "the body is not text/turtle: The prefix x: has not"),
        (TURTLE, "<a> <p> 1 .", (1, 1), "No scheme found"),
        (TURTLE, b"<a:a> <a:p> '\xff' .", (1, 14), "UTF-8"),
        (TURTLE, "<a:a> <a:p> 'é' .".encode("utf-16"), (1, 1), "UTF-8"),
        ("application/n-triples", "<a:a> <a:p> 1 .", (1, 13), "not application/n-triples"),
        ("application/rdf+xml", "<rdf:RDF", (None, None), "tag not closed"),
        ("application/rdf+xml", XML.replace("e:p", "f:p"), (None, None), "not application/rdf"),
        ("application/ld+json", "", (1, 1), "end of file"),
        ("application/ld+json", '{"@context": "http://127.0.0.1:9/"}', (None, None), "not fetched"),
        (
            "application/ld+json",
            '{"@context": {"@import": "http://127.0.0.1:9/"}}',
            (None, None),
            "not fetched",
        ),
        ("application/trig", "<a:g> { <a:a> <a:p> 1 }", (None, None), "in the graph <a:g>"),
        ("application/n-quads", "<a:a> <a:p> <a:b> _:g .", (None, None), "in the graph _:"),
        ("application/ld+json", '{"@id": "a:g", "@graph": {"@id": "a:a", "a:p": 1}}',
         (None, None), "in the graph <a:g>"),
        (TURTLE, "<a:a> <a:p> <<( <a:a> <a:p> 1 )>> .", (None, None), "RDF 1.2"),
        (TURTLE, "<a:a> <a:p> 'x'@en--rtl .", (None, None), "RDF 1.2"),
        (TURTLE, "<< <a:a> <a:p> 1 >> <a:p> 1 .", (None, None), "RDF 1.2"),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read(
    media_type: str, body: str | bytes, place: tuple[int | None, int | None], message: str
) -> None:
    with pytest.raises(InvalidBody, match=message) as refused:
        put(body, media_type)
    assert (refused.value.line, refused.value.column) == place


@pytest.mark.parametrize("media_type", [TURTLE, "application/n-triples"])
def test_a_literal_that_the_parser_does_not_hold(media_type: str) -> None:
    """Not for want of memory, which it would be called elsewhere."""
    text = "x" * (1 << 24)
    with pytest.raises(InvalidBody, match="more than 16 MiB"):
        put(f'<a:a> <a:p> "{text}" .', media_type)


def test_which_of_several_bodies_is_wrong() -> None:
    with pytest.raises(InvalidBody, match="body 2 of 2 is not"):
        send("POST", "ex:a ex:p 1 .", "ex:a ex:p")


@pytest.mark.parametrize("graph", ["", "relative", "http://e/a b", "http://e/<x>", "//e/x"])
def test_the_name_of_a_graph_is_an_absolute_iri(graph: str) -> None:
    with pytest.raises(InvalidBody, match="not an absolute IRI"):
        send("PUT", graph=graph)
    with pytest.raises(InvalidBody, match="the base IRI is"):
        send("PUT", base_iri=graph)
