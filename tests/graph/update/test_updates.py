"""What updates do, and to which graphs."""

from typing import Any

import pytest
from pyoxigraph import BlankNode

from graph.delta import quads
from graph.query import QuerySyntaxError, UnsupportedFunction
from graph.update import (
    CuratedGraph,
    DefaultGraphIsView,
    DerivedGraph,
    GraphExists,
    GraphNotFound,
    InvalidBody,
    UsingConflict,
)
from tests.graph.update.samples import BASE, after, filled, on, short, update

TWO = "GRAPH g:one { ex:a ex:p 1, 2 } GRAPH g:two { ex:a ex:p 2 }"
COUNT = "INSERT { GRAPH g:n { ex:n ex:n ?n } } %s WHERE { SELECT (COUNT(*) AS ?n) { %s } }"


def inserted(text: str, data: str = "", *, merged: bool = False) -> set[str]:
    return short(quads(update(text, data, merged=merged).delta.inserted))


def test_an_effect_says_what_really_changes() -> None:
    data = "ex:a ex:p 1 . GRAPH g:one { ex:a ex:p 2 }"
    effect = update(
        "INSERT DATA { ex:a ex:p 1, 3 } ; DELETE DATA { GRAPH g:one { ex:a ex:p 2, 9 } }", data
    )
    assert short(quads(effect.delta.inserted)) == {"a p 3"}
    assert short(quads(effect.delta.deleted)) == {"a p 2 @one"}
    assert (effect.inserted, effect.deleted, effect.existed) == (1, 1, None)


@pytest.mark.parametrize("text", ["", " # nothing\n", "PREFIX x: <http://x/>", "INSERT DATA {}"])
def test_an_update_may_do_nothing(text: str) -> None:
    assert not update(text, TWO).delta


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { ex:a ex:p 5 } ; DELETE DATA { ex:a ex:p 5 }",
        "DELETE DATA { GRAPH g:one { ex:a ex:p 1 } } ; INSERT DATA { GRAPH g:one { ex:a ex:p 1 } }",
        "WITH g:one DELETE { ?s ?p ?o } INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "CREATE GRAPH g:new ; DROP GRAPH g:new",
        "COPY g:one TO g:new ; DROP GRAPH g:new",
        "MOVE g:one TO g:one",
    ],
)
def test_what_is_undone_is_no_change(text: str) -> None:
    assert not update(text, TWO).delta


def test_each_operation_sees_what_those_before_it_did() -> None:
    text = """
        INSERT DATA { ex:a ex:step 1 } ;
        INSERT { ?s ex:step 2 } WHERE { ?s ex:step 1 } ;
        DELETE { ?s ex:step 1 } WHERE { ?s ex:step 2 } ;
        INSERT { ?s ex:left ?n } WHERE { SELECT ?s (COUNT(*) AS ?n) { ?s ex:step ?x } GROUP BY ?s }
    """
    assert inserted(text) == {"a step 2", "a left 1"}


def test_declarations_hold_from_where_they_stand() -> None:
    text = """
        BASE <http://b/> PREFIX p: <x/> INSERT DATA { <a> p:b p:c } ;
        BASE <y/> PREFIX q: <z#> INSERT DATA { <a> p:b q:c } ;
        PREFIX p: <http://other/> VERSION "1.1" INSERT DATA { <a> p:b 1 } ; PREFIX end: <e:>
    """
    assert inserted(text) == {
        "http://b/a http://b/x/b http://b/x/c",
        "http://b/y/a http://b/x/b http://b/y/z#c",
        "http://b/y/a http://other/b 1",
    }


def test_semicolons_part_operations_only_outside_of_braces() -> None:
    text = r"""
        INSERT DATA { ex:a ex:p "; DROP ALL" ; ex:q 'a;b' # ; CLEAR ALL
        ; <http://e/;x> ";" } ; INSERT { ex:b ex:p [ ex:q 1 ; ex:r 2 ] } WHERE { FILTER(1<2) };
    """
    assert len(inserted(text)) == 6


def test_spellings_that_the_engine_does_not_read_mean_the_same() -> None:
    text = r"INSERT DATA { ex:a.b.c ex:\u0070 -5, +1.5, -2e3 } ; DELETE DATA { ex:a ex:p - 1 }"
    with pytest.raises(QuerySyntaxError, match="line 1, column 77: no space"):
        update(text)
    assert inserted(text.replace("- 1", "-1")) == {"a.b.c p -5", "a.b.c p 1.5", "a.b.c p -2000"}


def test_values_are_made_once_and_kept() -> None:
    effect = update(
        "INSERT DATA { ex:a ex:p _:x . _:x ex:q [] } ;"
        "INSERT { ex:a ex:uuid ?u ; ex:now ?n . ?s ex:again ?o } "
        "WHERE { ?s ex:q ?o BIND(UUID() AS ?u) BIND(NOW() AS ?n) }"
    )
    once, twice = after(effect), after(effect)
    assert {*once} == {*twice}
    nodes = {q.subject for q in once if isinstance(q.subject, BlankNode)}
    assert len(nodes) == 1
    assert [q.object for q in once if q.predicate.value == f"{BASE}p"] == [*nodes]


def test_blank_nodes_of_the_store_keep_their_identity() -> None:
    store = filled("_:b ex:p 1 . ex:a ex:knows _:b")
    before = {q.subject for q in store if isinstance(q.subject, BlankNode)}
    text = "INSERT { GRAPH ?g { ?b ex:p 2 } } WHERE { ?b ex:p 1 VALUES ?g { g:w } }"
    assert {q.subject for q in quads(on(store, text).delta.inserted)} == before


@pytest.mark.parametrize(
    ("text", "created", "dropped"),
    [
        ("CREATE GRAPH g:new", {"new"}, set()),
        ("CREATE SILENT GRAPH g:one", set(), set()),
        ("INSERT DATA { GRAPH g:new { ex:a ex:p 1 } }", {"new"}, set()),
        ("INSERT DATA { GRAPH g:new { } }", set(), set()),
        ("INSERT DATA { GRAPH g:n { ex:a ex:p 1 } } ; DELETE WHERE { GRAPH g:n { ?s ?p ?o } }",
         {"n"}, set()),
        ("DELETE WHERE { GRAPH g:one { ?s ?p ?o } }", set(), set()),
        ("CLEAR GRAPH g:one", set(), set()),
        ("DROP GRAPH g:one", set(), {"one"}),
        ("DROP SILENT GRAPH g:none", set(), set()),
        ("DROP NAMED", set(), {"one", "two"}),
        ("MOVE g:one TO g:new", {"new"}, {"one"}),
        ("CREATE GRAPH g:empty ; COPY g:empty TO g:two", {"empty"}, {"two"}),
        ("INSERT { GRAPH ?g { ex:a ex:p 1 } } WHERE { VALUES ?g { g:x g:y 'no graph' UNDEF } }",
         {"x", "y"}, set()),
    ],
)  # fmt: skip
def test_graphs_come_and_go(text: str, created: set[str], dropped: set[str]) -> None:
    delta = update(text, TWO).delta
    assert {name.removeprefix(f"{BASE}graph/") for name in delta.created} == created
    assert {name.removeprefix(f"{BASE}graph/") for name in delta.dropped} == dropped


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("CREATE GRAPH g:one", GraphExists),
        ("DROP GRAPH g:none", GraphNotFound),
        ("CLEAR GRAPH g:none", GraphNotFound),
        ("COPY g:none TO g:one", GraphNotFound),
        ("MOVE g:none TO g:none", GraphNotFound),
        ("ADD g:none TO g:one", GraphNotFound),
        ("INSERT DATA { ex:a ex:p 1 } ; DROP GRAPH g:one ; DROP GRAPH g:one", GraphNotFound),
    ],
)
def test_a_graph_that_is_or_is_not_there_is_an_error(text: str, error: type[Exception]) -> None:
    with pytest.raises(error, match=f"<{BASE}graph/.*SILENT"):
        update(text, TWO)


def test_with_silent_nothing_happens_instead() -> None:
    for text in ("COPY SILENT g:none TO g:one", "MOVE SILENT g:none TO g:one"):
        assert not update(text, TWO).delta


class TestDatasets:
    def count(self, clauses: str, pattern: str = "?s ?p ?o", **using: Any) -> str:
        effect = update(COUNT % (clauses, pattern), f"ex:default ex:p 1 . {TWO}", **using)
        (found,) = short(quads(effect.delta.inserted))
        return found.removeprefix("n n ").removesuffix(" @n")

    def test_a_triple_of_two_graphs_counts_once(self) -> None:
        assert self.count("USING g:one USING g:two") == "2"
        assert self.count("USING g:two USING g:one USING g:none USING g:one") == "2"
        assert self.count("", using_graphs=(f"{BASE}graph/one", f"{BASE}graph/two")) == "2"

    def test_graphs_that_are_not_there_are_empty(self) -> None:
        assert self.count("USING g:none") == "0"
        assert self.count("USING g:none USING g:nowhere") == "0"

    def test_only_named_graphs_that_are_named_are_seen(self) -> None:
        everywhere = "GRAPH ?g { ?s ?p ?o }"
        assert self.count("", everywhere) == "3"
        assert self.count("USING g:one", everywhere) == "0"
        assert self.count("USING g:one USING g:two", everywhere) == "0"
        assert self.count("USING NAMED g:two", everywhere) == "1"
        assert self.count("USING NAMED g:two") == "0"
        assert self.count("", everywhere, using_named_graphs=(f"{BASE}graph/two",)) == "1"

    def test_with_names_the_graph_of_templates_and_where(self) -> None:
        text = "WITH g:one DELETE { ?s ?p 1 } INSERT { ?s ?p 3 } WHERE { ?s ?p 1 }"
        assert short(after(update(text, TWO), TWO)) == {"a p 3 @one", "a p 2 @one", "a p 2 @two"}
        text = "WITH g:one INSERT { ?s ex:q ?o } USING g:two WHERE { ?s ?p ?o }"
        assert inserted(text, TWO) == {"a q 2 @one"}

    def test_parameters_also_hold_for_the_short_form(self) -> None:
        data = f"ex:a ex:p 2 . {TWO}"
        effect = update("DELETE WHERE { ?s ?p ?o }", data, using_graphs=(f"{BASE}graph/two",))
        assert short(quads(effect.delta.deleted)) == {"a p 2"}

    @pytest.mark.parametrize("clause", ["USING", "USING NAMED", "WITH"])
    def test_the_dataset_cannot_be_named_twice(self, clause: str) -> None:
        text = "DELETE { GRAPH g:one { ?s ?p ?o } } USING g:one WHERE { ?s ?p ?o }"
        if clause == "WITH":
            text = "WITH g:one DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }"
        text = text.replace("USING", clause)
        with pytest.raises(UsingConflict, match=r"line 2, column \d+: .*using-graph-uri"):
            update(f"CREATE GRAPH g:x ;\n{text}", TWO, using_graphs=(f"{BASE}graph/two",))

    @pytest.mark.parametrize("iri", ["", "g:one>", "relative", "http://e/> WHERE {} ; DROP ALL #"])
    def test_a_parameter_is_an_iri(self, iri: str) -> None:
        iri = iri.replace("g:one", "http://e/ x")
        with pytest.raises(InvalidBody, match=r"using-graph-uri is .* not an absolute IRI"):
            update("DELETE WHERE { ?s ?p ?o }", using_graphs=(iri,))


class TestWhereTheDefaultGraphIsAView:
    data = "GRAPH g:report { ex:a ex:p 1 } GRAPH g:mine { ex:a ex:p 1, 2 }"

    def test_where_sees_it_follow(self) -> None:
        text = """
            DELETE DATA { GRAPH g:mine { ex:a ex:p 1, 2 } } ;
            INSERT DATA { GRAPH g:mine { ex:a ex:p 3 } } ;
            INSERT { GRAPH g:seen { ?s ?p ?o } } WHERE { ?s ?p ?o }
        """
        assert inserted(text, self.data, merged=True) == {
            "a p 3 @mine",
            "a p 1 @seen",
            "a p 3 @seen",
        }

    def test_it_can_be_copied_from(self) -> None:
        for text in ("COPY DEFAULT TO g:seen", "ADD DEFAULT TO g:seen"):
            assert inserted(text, self.data, merged=True) == {"a p 1 @seen", "a p 2 @seen"}

    @pytest.mark.parametrize(
        "text",
        [
            "INSERT DATA { ex:a ex:p 1 }",
            "DELETE DATA { GRAPH g:mine { ex:a ex:p 1 } ex:a ex:p 9 }",
            "INSERT { ?s ?p ?o } WHERE { ?s ?p 9 }",
            "DELETE { ?s ?p ?o } INSERT { GRAPH g:mine { ?s ?p 1 } } WHERE { ?s ?p 9 }",
            "DELETE { GRAPH g:mine { ?s ?p ?o } } INSERT { GRAPH ?g {} ?s ?p 1 } WHERE { ?s ?p 9 }",
            "DELETE WHERE { ?s ?p 9 }",
            "CLEAR DEFAULT",
            "DROP SILENT DEFAULT",
            "COPY g:mine TO DEFAULT",
            "ADD SILENT g:none TO DEFAULT",
            "MOVE DEFAULT TO g:mine",
        ],
    )
    def test_nobody_writes_to_it(self, text: str) -> None:
        with pytest.raises(DefaultGraphIsView, match="name the graph"):
            update(text, self.data, merged=True)

    @pytest.mark.parametrize(
        "text",
        [
            "INSERT DATA { GRAPH g:report { ex:a ex:p 1 } }",
            "DELETE DATA { GRAPH g:report { ex:nothing ex:p 9 } }",
            "DELETE WHERE { GRAPH g:report { ?s ?p 9 } }",
            "WITH g:report INSERT { ?s ?p 1 } WHERE { ?s ?p 9 }",
            "DELETE WHERE { GRAPH ?g { ?s ?p 1 } }",
            "INSERT { GRAPH ?g { ?s ex:q 1 } } WHERE { GRAPH ?g { ?s ?p ?o } }",
            "CREATE SILENT GRAPH g:reference",
            "CLEAR ALL",
            "DROP NAMED",
            "MOVE g:report TO g:mine",
            "COPY g:none TO g:report",
        ],
    )
    def test_curated_graphs_are_changed_in_their_files(self, text: str) -> None:
        with pytest.raises(CuratedGraph, match=r"seeds/(report|reference)/"):
            update(text, self.data, merged=True)

    def test_all_graphs_are_refused_for_the_curated_ones_among_them(self) -> None:
        data = f"GRAPH g:audit {{ ex:a ex:p 1 }} {self.data}"
        with pytest.raises(CuratedGraph):
            update("DROP ALL", data, merged=True)
        mine = "GRAPH g:mine { ex:a ex:p 1 } GRAPH g:other { ex:a ex:p 1 }"
        assert not [*after(update("DROP ALL", mine, merged=True), mine, merged=True)]

    @pytest.mark.parametrize("name", ["derived", "audit", "forecasts", "writes", "default"])
    def test_graphs_of_the_system_are_not_for_writing(self, name: str) -> None:
        with pytest.raises(DerivedGraph, match=f"<{BASE}graph/{name}>"):
            update(f"INSERT DATA {{ GRAPH g:{name} {{ ex:a ex:p 1 }} }}", merged=True)

    def test_a_variable_may_name_what_is_left_as_it_is(self) -> None:
        where = "WHERE { GRAPH ?g { ?s ?p ?o } }"
        for before in ("", "DELETE { GRAPH ?g { ?s ?p ?o } }"):
            text = f"{before} INSERT {{ GRAPH ?g {{ ?s ?p ?o }} }} {where}"
            assert not update(text, self.data, merged=True).delta
        text = "DELETE { GRAPH ?g { ?s ?p 2 } } WHERE { GRAPH ?g { ?s ?p ?o } }"
        assert update(text, self.data, merged=True).deleted == 1

    def test_nothing_is_hidden_by_what_comes_after(self) -> None:
        text = (
            "INSERT { GRAPH ?g { ex:x ex:p 1 } } WHERE { BIND(g:report AS ?g) } ;"
            "DELETE WHERE { GRAPH ?g { ex:x ex:p 1 } }"
        )
        with pytest.raises(CuratedGraph):
            update(text, self.data, merged=True)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { ex:a ex:p <<( ex:a ex:p 1 )>> }",
        "INSERT DATA { ex:a ex:p 1 {| ex:q 2 |} }",
        "INSERT DATA { ex:a ex:p 1 ~ ex:r }",
        'INSERT DATA { ex:a ex:p "x"@en--ltr }',
        "INSERT { ex:a ex:p <<( ?s ?p ?o )>> } WHERE { ?s ?p ?o }",
        "INSERT { GRAPH g:one { ex:a ex:p ?t } } WHERE { BIND(TRIPLE(ex:a, ex:p, 1) AS ?t) }",
        "INSERT { ex:a ex:p ?t } WHERE { BIND(STRLANGDIR('x', 'en', 'rtl') AS ?t) }",
        "INSERT { GRAPH ?g { ex:a ex:p 1 } } WHERE { BIND(BNODE() AS ?g) }",
    ],
)
def test_only_rdf_1_1_is_kept(text: str) -> None:
    with pytest.raises(InvalidBody, match=r"is not kept|are not kept|use an IRI"):
        update(text, TWO)


def test_a_failure_of_the_engine_names_what_failed() -> None:
    text = "CREATE GRAPH g:x ;\nINSERT { ex:a ex:p ?x } WHERE { BIND(ex:f(1) AS ?x) }"
    with pytest.raises(UnsupportedFunction, match=f"line 2, column 38: .*<{BASE}f>"):
        update(text)
