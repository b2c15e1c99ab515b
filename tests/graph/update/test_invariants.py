"""Whatever the update and the store: the delta does what the engine would do, and no more."""

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, Store

from graph.delta import Delta, apply_delta, quads
from graph.query import QueryError
from graph.update import GraphExists, GraphNotFound, InvalidBody, Ownership, Update, evaluate_change
from tests.examples import examples
from tests.graph.update.samples import canonical, merge

ANYBODY = Ownership({}, frozenset(), view=False)
GRAPHS = ["<http://e/g1>", "<http://e/g2>", "<http://[::1]/é?x=%20(1)#~>"]
TERMS = ["<http://e/a>", "<http://e/é>", "1", "01", "-2.50", '"x"@EN', '"a\\"\\n{;}"']
RESOURCES = ["<http://e/a>", "<http://e/é>", "_:b", "_:c"]


@st.composite
def triples(draw: st.DrawFn, *, blanks: bool = True) -> str:
    subjects = RESOURCES if blanks else RESOURCES[:2]
    subject, o = draw(st.sampled_from(subjects)), draw(st.sampled_from(TERMS + subjects))
    return f"{subject} <http://e/p> {o}"


def blocks(inside: st.SearchStrategy[str], names: list[str]) -> st.SearchStrategy[str]:
    """Triples in the default graph and in others, in any order."""
    there = st.sampled_from([name for name in names if name])
    named = st.builds("GRAPH {} {{ {} }}".format, there, inside)
    dotted = st.builds("GRAPH {} {{ {} . }} .".format, there, inside)
    options = [named, dotted]
    if "" in names:
        options.append(inside.map(lambda text: f"{text} ."))
    return st.lists(st.one_of(options), max_size=3).map(" ".join)


def patterns(names: list[str], *, blanks: bool) -> st.SearchStrategy[str]:
    ends = ["?s", "?o", "<http://e/new>"]
    subjects = st.sampled_from([*ends, "_:n"] if blanks else ends)
    objects = st.sampled_from([*ends, "7", *(["_:n", "[]"] if blanks else [])])
    one = st.builds("{} <http://e/p> {}".format, subjects, objects)
    return blocks(one, [*names, "?g", "$g", "?o"])


WHERES = [
    "{ ?s ?p ?o }",
    "{ GRAPH ?g { ?s ?p ?o } }",
    "{ ?s ?p ?o OPTIONAL { GRAPH ?g { ?s ?p 1 } } FILTER(?o != 2 || ?o<?s) }",
    "{ ?s ?p ?o VALUES ?g { <http://e/g1> 'literal' UNDEF <http://e/fresh> } }",
    "{ SELECT DISTINCT ?s ?g { GRAPH ?g { ?s ?p ?o } } }",
    "{ SELECT ?s (COUNT(*) AS ?o) { ?s ?p ?x } GROUP BY ?s }",
    "{ ?s ?p ?o . _:n ?q ?o BIND(IRI(CONCAT('http://e/made/', STR(?o))) AS ?g) }",
    "{}",
]


def operations(*, default: bool) -> st.SearchStrategy[str]:
    """Operations that write to the default graph only if they may."""
    names = ["", *GRAPHS] if default else GRAPHS
    graph = st.sampled_from([f"GRAPH {name}" if name else "DEFAULT" for name in names])
    silent = st.sampled_from(["", "SILENT "])
    where = st.sampled_from(WHERES)
    # The engine counts a triple of two default graphs twice, so it is no measure for two of them.
    used = st.sampled_from([*GRAPHS, "<http://e/none>"])
    using = st.sampled_from(["", "USING {0}", "USING NAMED {0}", "USING {0} USING NAMED {0}"])
    template = ["", *GRAPHS] if default else GRAPHS
    delete = patterns(template, blanks=False).map("DELETE {{ {} }}".format)
    insert = patterns(template, blanks=True).map("INSERT {{ {} }}".format)
    both = st.builds("{} {}".format, delete, insert)
    with_ = st.sampled_from(["", *(f"WITH {name} " for name in GRAPHS)] if default else [""])
    source = st.sampled_from(["DEFAULT", *(f"GRAPH {name}" for name in GRAPHS)])
    return st.one_of(
        blocks(triples(), names).map("INSERT DATA {{ {} }}".format),
        blocks(triples(blanks=False), names).map("DELETE DATA {{ {} }}".format),
        st.builds(
            "{}{} {} WHERE {}".format,
            with_,
            st.one_of(delete, insert, both),
            st.builds(str.format, using, used),
            where,
        ),
        st.builds(
            "WITH {} {} WHERE {}".format,
            st.sampled_from(GRAPHS),
            patterns(["", *GRAPHS], blanks=False).map("DELETE {{ {} }}".format),
            where,
        ),
        patterns(template, blanks=False).map("DELETE WHERE {{ {} }}".format),
        st.builds("{} {}{}".format, st.sampled_from(["CLEAR", "DROP"]), silent, graph),
        st.sampled_from(["CLEAR NAMED", "DROP NAMED", "CLEAR ALL", "DROP ALL"]),
        st.builds("CREATE {}GRAPH {}".format, silent, st.sampled_from(GRAPHS)),
        st.builds("{} {}{} TO {}".format, st.sampled_from(["COPY", "ADD"]), silent, source, graph),
        st.builds("MOVE {}{} TO {}".format, silent, graph, graph),
    )


def step(store: Store, operation: str, *, merged: bool) -> None:
    """What the engine does with one operation, but for two things that are refused here.

    A graph that is not there is not copied, and no blank node is the name of a graph.
    """
    words = operation.split()
    if words[0] in ("COPY", "MOVE", "ADD"):
        source = words[words.index("TO") - 1]
        if source != "DEFAULT" and not store.contains_named_graph(NamedNode(source[1:-1])):
            if "SILENT" in words:
                return
            raise RuntimeError("there is no such graph")
    store.update(operation)
    if any(isinstance(name, BlankNode) for name in store.named_graphs()):
        raise RuntimeError("a blank node is no name of a graph")
    if merged:
        merge(store)


def copied(store: Store) -> Store:
    copy = Store()
    copy.extend(store)
    for name in store.named_graphs():
        copy.add_graph(name)
    return copy


def names(store: Store) -> set[object]:
    return {*store.named_graphs()}


def check(before: str, texts: list[str], *, merged: bool) -> None:
    start = Store()
    start.update(f"INSERT DATA {{ {before} }}")
    if merged:
        merge(start)
    # A label may not be in two operations, so each has its own.
    texts = [
        text.replace("_:n", f"_:n{n}x").replace("_:b", f"_:b{n}x").replace("_:c", f"_:c{n}x")
        for n, text in enumerate(texts)
    ]
    expected: Store | None = copied(start)
    try:
        for text in texts:
            assert expected is not None
            step(expected, text, merged=merged)
    except RuntimeError:
        expected = None
    try:
        effect = evaluate_change(
            copied(start), Update(" ;\n".join(texts)), ANYBODY, {}, merged=merged
        )
    except (GraphExists, GraphNotFound, InvalidBody):
        assert expected is None
        return
    assert expected is not None
    found = copied(start)
    apply_delta(found, effect.delta, merged=merged)
    assert canonical(found) == canonical(expected)
    assert names(found) == names(expected)
    check_effective(start, effect.delta)
    assert (effect.inserted, effect.deleted) == (
        count(effect.delta.inserted),
        count(effect.delta.deleted),
    )
    apply_delta(found, effect.delta, merged=merged)
    assert canonical(found) == canonical(expected)


def count(nquads: bytes) -> int:
    return len([*quads(nquads)])


def check_effective(before: Store, delta: Delta) -> None:
    inserted, deleted = {*quads(delta.inserted)}, {*quads(delta.deleted)}
    assert not any(quad in before for quad in inserted)
    assert all(quad in before for quad in deleted)
    assert not any(before.contains_named_graph(NamedNode(name)) for name in delta.created)
    assert all(before.contains_named_graph(NamedNode(name)) for name in delta.dropped)


@settings(max_examples=examples(150), deadline=None)
@given(blocks(triples(), ["", *GRAPHS]), st.lists(operations(default=True), max_size=4))
def test_a_delta_does_what_the_engine_does(before: str, texts: list[str]) -> None:
    check(before, texts, merged=False)


@settings(max_examples=examples(150), deadline=None)
@given(blocks(triples(), GRAPHS), st.lists(operations(default=False), max_size=4))
def test_so_it_does_where_the_default_graph_is_a_view(before: str, texts: list[str]) -> None:
    check(before, texts, merged=True)


PIECES = [
    *("INSERT", "DELETE", "DATA", "WHERE", "WITH", "USING", "GRAPH", "CLEAR", "SILENT", "TO"),
    *("PREFIX", "a:", "<a:b>", "{", "}", "(", ")", "[", "]", ";", ".", "?s", "_:x", "1", "-"),
]
TEXTS = st.one_of(
    st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)
)


@settings(max_examples=examples(100), deadline=None)
@given(TEXTS)
def test_any_text_is_an_update_or_refused_with_words(text: str) -> None:
    refusal = None
    try:
        evaluate_change(Store(), Update(text), ANYBODY, {}, merged=False)
    except QueryError as error:
        refusal = str(error)
    assert refusal != ""
