import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from graph.query.sorting import sort_by_kind


def kind(expression: str) -> str:
    return f'IF(ISNUMERIC({expression}), "", STR(DATATYPE({expression})))'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("SELECT ?o {} ORDER BY ?o", f"SELECT ?o {{}} ORDER BY ASC({kind('?o')}) ?o"),
        (
            "SELECT * {} order by desc(?a) $b limit 1",
            f"SELECT * {{}} order by DESC({kind('(?a)')}) desc(?a) ASC({kind('$b')}) $b limit 1",
        ),
        (
            "SELECT * {} ORDER BY (?a + 1) <a:f>(?b) str(?c) OFFSET 1",
            (
                f"SELECT * {{}} ORDER BY ASC({kind('(?a + 1)')}) (?a + 1) "
                f"ASC({kind('<a:f>(?b)')}) <a:f>(?b) ASC({kind('str(?c)')}) str(?c) OFFSET 1"
            ),
        ),
        (
            "SELECT * { { SELECT ?a {} ORDER BY ?a } } ORDER BY ?b",
            (
                f"SELECT * {{ {{ SELECT ?a {{}} ORDER BY ASC({kind('?a')}) ?a }} }} "
                f"ORDER BY ASC({kind('?b')}) ?b"
            ),
        ),
        ("SELECT (')' AS ?order) {} #ORDER BY ?a", None),
        ("SELECT * {} ORDER BY EXISTS { ?s ?p ?o }", None),
        ("SELECT * {} ORDER BY", None),
        ("SELECT * {} ORDER BY ASC(?a", None),
        ("SELECT * {} ORDER", None),
    ],
)
def test_each_key_gets_one_for_the_kind_before_it(before: str, after: str | None) -> None:
    assert sort_by_kind(before) == (before if after is None else after)


@given(st.lists(st.integers(-50, 50)), st.sampled_from(["?o", "DESC(?o)", "ASC(?o)", "(-?o)"]))
def test_values_of_one_kind_are_sorted_as_before(values: list[int], key: str) -> None:
    query = f"SELECT ?o {{ VALUES ?o {{ {' '.join(map(str, values))} }} }} ORDER BY {key}"
    one, other = (
        [str(row["o"]) for row in Store().query(text)]  # type: ignore[union-attr]
        for text in (query, sort_by_kind(query))
    )
    assert one == other


def test_groups_can_be_sorted_by_what_is_counted() -> None:
    query = "SELECT (COUNT(*) AS ?n) { VALUES ?a { 1 1 2 } } GROUP BY ?a ORDER BY DESC(COUNT(*))"
    rows = Store().query(sort_by_kind(query))
    assert [row["n"].value for row in rows] == ["2", "1"]  # type: ignore[union-attr]
