"""The resource in the words of schema.org; nothing in it can end the element that it stands in."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.description import Reading, describe, schema_org, schema_org_json
from graph.terms import Iris

IRIS = Iris()


@pytest.mark.parametrize(
    ("kind", "slug", "type_"),
    [
        ("agent", "terumo-bct", "Organization"),
        ("place", "brazil", "Place"),
        ("claim", "aa-cgt-fig-1", "Claim"),
        ("concept", "stated", "DefinedTerm"),
        ("event", "echo-nk-launch-2025", "Event"),
        ("rule", "named-in", "Thing"),
    ],
)
def test_types(reading: Reading, kind: str, slug: str, type_: str) -> None:
    found = describe(reading, IRIS.thing(kind, slug))
    assert found is not None
    document = schema_org(found)
    assert document["@type"] == type_
    assert document["@id"] == IRIS.thing(kind, slug).value
    assert document["name"] == found.labels[document["@id"]]


def test_a_report_names_its_publisher(reading: Reading) -> None:
    found = describe(reading, IRIS.source("coherent-cellular-immunotherapy"))
    assert found is not None
    publisher = schema_org(found)["publisher"]
    assert publisher["@id"] == IRIS.thing("agent", "coherent-market-insights").value
    assert publisher["name"]


@given(st.text() | st.sampled_from(["</script>", "<!--<script>", "]]>", "&lt;", "\u2028"]))
def test_no_text_ends_the_script_element(text: str) -> None:
    written = schema_org_json({"name": text, text: 1})
    assert "<" not in written
    assert ">" not in written
    assert json.loads(written) == {"name": text, text: 1}
