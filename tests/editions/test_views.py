"""Engines, search, networks and questions: current editions unless all are asked."""

import json
from typing import Any

import pytest

from graph.journal import Author
from graph.landscape import Asking
from graph.landscape.completeness import completeness
from graph.landscape.forecasting import PUBLISHED
from graph.landscape.named import read_arguments
from graph.network.files import _folder, store_network, stored_network
from graph.network.reading import read_network
from graph.query import EmbeddedEngine, Formats, Request
from graph.release import DataDirectory, Editions, Release
from graph.search import Search
from graph.template.client import start_template
from graph.template.options import Options
from graph.update import Update
from tests.editions.made import NEW, OLD
from tests.landscape.made import IRIS

REPORTS = "SELECT ?r { ?r a kg:Report } ORDER BY ?r"
JSON = "application/sparql-results+json"


def found(engine: Any, query: str, editions: Editions = "current", **dataset: Any) -> list[str]:
    request = Request(query, Formats(JSON, None), editions=editions, **dataset)
    rows = json.loads(engine.evaluate(request).body)["results"]["bindings"]
    return [value["value"].rpartition("/")[2] for row in rows for value in row.values()]


def test_a_query_is_of_current_editions_unless_all_are_wanted(engine: EmbeddedEngine) -> None:
    assert found(engine, REPORTS) == ["acme-brief", NEW]
    assert found(engine, REPORTS, "all") == ["acme-brief", OLD, NEW]


def test_a_dataset_that_is_named_beats_the_parameter(engine: EmbeddedEngine) -> None:
    old, brief = IRIS.graph(OLD).value, IRIS.graph("acme-brief").value
    assert found(engine, REPORTS, "current", default_graphs=(old,)) == [OLD]
    assert found(engine, REPORTS, "all", default_graphs=(brief,)) == ["acme-brief"]
    named = REPORTS.replace("{", f"FROM <{old}> {{", 1)
    assert found(engine, named, "current") == [OLD]
    # Every graph can be named, whatever the default graph has.
    inside = "SELECT ?r { GRAPH ?g { ?r a kg:Report } } ORDER BY ?r"
    assert found(engine, inside) == ["acme-brief", OLD, NEW]


def test_both_are_the_same_without_superseded_editions(newer: Release) -> None:
    engine = EmbeddedEngine.over(newer)
    assert found(engine, REPORTS) == found(engine, REPORTS, "all")


def test_search_finds_what_current_editions_name(engine: EmbeddedEngine) -> None:
    now, whole = (Search.from_engine(engine, IRIS.base, e) for e in ("current", "all"))
    assert not [hit for hit in now.find("Donor Grafts") if hit.kind == "segment"]
    assert [hit.iri for hit in whole.find("Donor Grafts") if hit.kind == "segment"] == [
        IRIS.thing("segment", "ao-donor").value
    ]
    assert [hit.kind for hit in now.find("Lumen Outlook", ["series"])] == ["series"]


def test_completeness_does_not_ask_superseded_reports(asking: Asking) -> None:
    now = completeness(asking, ["Listing"])
    whole = completeness(asking.of_all_editions, ["Listing"])
    assert [one.report.label for one in now] == ["Acme, Brief (2025)", "Acme, Outlook (2025)"]
    assert len(whole) == 3


def test_figures_are_read_from_all_editions(asking: Asking) -> None:
    arguments = read_arguments(PUBLISHED.parameters, {}, lambda *_: "")
    rows = {
        (row["report"].label, row["year"]): row for row in PUBLISHED.run(asking, arguments).rows
    }
    assert rows["Acme, Outlook (2025)", 2024]["pooled"]
    assert "another edition" in rows["Acme, Outlook (2024)", 2024]["why_not"]
    # Before the later edition, the earlier one tells.
    past = arguments | {"as_of": "2024-12"}
    then = {(row["report"].label, row["year"]): row for row in PUBLISHED.run(asking, past).rows}
    assert then["Acme, Outlook (2024)", 2024]["pooled"]
    assert not then["Acme, Outlook (2025)", 2024]["pooled"]


def test_there_is_a_network_for_each_view(release: Release, newer: Release) -> None:
    now, whole = read_network(release), read_network(release, "all")
    expected = read_network(newer)
    assert list(now.iris) == list(expected.iris)
    assert set(now.edge_kinds) == set(expected.edge_kinds)
    launch = IRIS.thing("event", "lumicel-launch-sudria").value
    assert launch in set(whole.iris) - set(now.iris)


def test_networks_of_both_views_are_kept(release: Release) -> None:
    data = DataDirectory(release.path.parent.parent)
    store_network(data, release)
    names = {editions: _folder(data, release, editions) for editions in ("current", "all")}
    assert len(set(names.values())) == 2
    for editions in ("current", "all"):
        kept = stored_network(data, release, editions)
        assert kept is not None
        assert list(kept.iris) == list(read_network(release, editions).iris)


@pytest.mark.timeout(120)
def test_a_template_holds_both_views_and_writes_to_both(release: Release, tmp_path: Any) -> None:
    import shutil

    folder = shutil.copytree(release.path.parent.parent, tmp_path / "data", symlinks=True)
    options = Options(data=str(folder), release=release.id, socket="", workers=1)
    template = start_template(options)
    try:
        client = template.client
        assert found(client, REPORTS) == ["acme-brief", NEW]
        assert found(client, REPORTS, "all") == ["acme-brief", OLD, NEW]
        claim, mine = IRIS.thing("claim", "ao-fig-1"), IRIS.graph("mine")
        text = f"INSERT DATA {{ GRAPH {mine} {{ {claim} a kg:Mine, kg:MarketFigure }} }}"
        client.change(Update(text), Author("lab", "q-1"))
        query = f"SELECT ?c {{ {claim} a ?c }} ORDER BY ?c"
        assert [one.partition("#")[2] for one in found(client, query)] == ["MarketFigure", "Mine"]
        assert "ns#Mine" in found(client, query, "all")
        assert len(found(client, query, "all")) > 2
        client.change(Update(text.replace("INSERT", "DELETE")), Author("lab", "q-2"))
        # What only the history says is in its view still, and in the other no more.
        assert found(client, query) == []
        assert "ns#MarketFigure" in found(client, query, "all")
        node = {"node": IRIS.thing("event", "lumicel-launch-sudria").value}
        assert client.traverse("neighbourhood", node, None, "all")["nodes"]
        with pytest.raises(Exception, match="lumicel-launch-sudria"):
            client.traverse("neighbourhood", node)
    finally:
        template.stop()
